package notekfet

import "context"

// HistoriquePseudo lists the pseudos that an account had, oldest first.
func (c *Client) HistoriquePseudo(ctx context.Context, id int64) ([]string, error) {
	return read[[]string](ctx, c, "historique_pseudo", id)
}

// A PastPseudo is a pseudo that somebody once had.
type PastPseudo struct {
	ID     int64  `json:"idbde"`
	Pseudo string `json:"pseudo"`
	Date   string `json:"date"` // like 2019-03-01 20:00:00
}

// SearchHistoriquePseudo lists past pseudos that begin with a text.
func (c *Client) SearchHistoriquePseudo(ctx context.Context, beginning string) ([]PastPseudo, error) {
	return read[[]PastPseudo](ctx, c, "search_historique_pseudo", beginning)
}
