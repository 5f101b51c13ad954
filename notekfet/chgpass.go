package notekfet

import "context"

// ChgPass changes the password of somebody else.
func (c *Client) ChgPass(ctx context.Context, id int64, password string) error {
	return c.do(ctx, "chgpass", []any{id, password})
}

// ChgOwnPass changes the caller's own password.
func (c *Client) ChgOwnPass(ctx context.Context, id int64, password, old string) error {
	return c.do(ctx, "chgpass", []any{id, password, old})
}
