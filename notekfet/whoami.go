package notekfet

import "context"

// WhoAmI returns the caller's own account.
func (c *Client) WhoAmI(ctx context.Context) (Account, error) {
	return read[Account](ctx, c, "whoami", nil)
}
