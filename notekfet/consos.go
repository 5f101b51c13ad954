package notekfet

import "context"

// An Item is a button pressed for an account, some times.
type Item struct{ Button, Account, Quantity int64 }

// Consos charges buttons to accounts and returns an entry for each item.
func (c *Client) Consos(ctx context.Context, items []Item) ([]Entry, error) {
	list := make([][3]int64, len(items))
	for i, item := range items {
		list[i] = [3]int64{item.Button, item.Account, item.Quantity}
	}
	return c.entries(ctx, "consos", list)
}
