package notekfet

import "context"

// Alias gives an account one more name.
func (c *Client) Alias(ctx context.Context, id int64, alias string) error {
	return c.do(ctx, "alias", []any{id, alias})
}

// Unalias takes one alias away.
func (c *Client) Unalias(ctx context.Context, alias string) error {
	return c.do(ctx, "unalias", alias)
}

// UnaliasAll takes all aliases of an account away.
func (c *Client) UnaliasAll(ctx context.Context, id int64) error { return c.do(ctx, "unalias", id) }
