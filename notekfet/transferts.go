package notekfet

import "context"

// Transferts moves an amount from each emitter to each recipient and returns an
// entry for each pair, emitters outside.
func (c *Client) Transferts(ctx context.Context, from, to []int64, amount Cents, reason string) ([]Entry, error) {
	return c.entries(ctx, "transferts", []any{list(from), list(to), amount, reason})
}
