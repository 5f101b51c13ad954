package notekfet

import "context"

// Dons gives an amount of the caller's money to each recipient and returns an
// entry for each.
func (c *Client) Dons(ctx context.Context, to []int64, amount Cents, reason string) ([]Entry, error) {
	return c.entries(ctx, "dons", []any{list(to), amount, reason})
}
