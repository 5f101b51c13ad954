package notekfet

import "context"

// A Hit is an account that QuickSearch has found, and the name that matched.
type Hit struct {
	ID        int64  `json:"idbde"`
	Negative  int    `json:"negatif"` // 0 not, 1 negative, 2 needs forced, 3 overforced
	Name      string `json:"nom"`
	FirstName string `json:"prenom"`
	Balance   Cents  `json:"solde"`
	Term      string `json:"terme"`
	Was       string `json:"was"` // pseudo, alias, historique or idbde
}

// QuickSearch looks for accounts by the beginning of a name, or of a number behind
// a #. Expired also finds those that are not up to date.
func (c *Client) QuickSearch(ctx context.Context, term string, expired bool) ([]Hit, error) {
	parameter := []any{term}
	if expired {
		parameter = append(parameter, "o")
	}
	return read[[]Hit](ctx, c, "quick_search", parameter)
}
