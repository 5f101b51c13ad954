package notekfet

import "context"

// Help lists the commands of the server.
func (c *Client) Help(ctx context.Context) ([]string, error) {
	return read[[]string](ctx, c, "help", nil)
}

// Man explains a command.
func (c *Client) Man(ctx context.Context, command string) (string, error) {
	return read[string](ctx, c, "man", command)
}
