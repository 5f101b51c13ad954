package notekfet

import "context"

// Speak sends a message, any value that JSON can hold, to one connection.
func (c *Client) Speak(ctx context.Context, connection int64, message any) error {
	return c.do(ctx, "client_speak", []any{connection, message})
}

// Broadcast sends a message to all other connections.
func (c *Client) Broadcast(ctx context.Context, message any) error {
	return c.do(ctx, "client_broadcast", message)
}
