package notekfet

import "context"

// Users lists the special users with their rights.
func (c *Client) Users(ctx context.Context) (map[string][]string, error) {
	return read[map[string][]string](ctx, c, "users", nil)
}

// AddUser adds a special user, or changes his password and rights.
func (c *Client) AddUser(ctx context.Context, name, password string, rights []string) error {
	return c.do(ctx, "adduser", []any{name, password, list(rights)})
}

// DelUser deletes a special user.
func (c *Client) DelUser(ctx context.Context, name string) error { return c.do(ctx, "deluser", name) }

// Die stops the server.
func (c *Client) Die(ctx context.Context) error { return c.do(ctx, "die", nil) }
