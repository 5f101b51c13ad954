package notekfet

import (
	"context"
	"maps"
)

// UpdateCompte changes columns of an account, by their names in the protocol.
func (c *Client) UpdateCompte(ctx context.Context, id int64, values map[string]any) error {
	parameter := maps.Clone(values)
	if parameter == nil {
		parameter = map[string]any{}
	}
	parameter["idbde"] = id
	return c.do(ctx, "update_compte", parameter)
}

// SupprimerCompte deletes an account without money.
func (c *Client) SupprimerCompte(ctx context.Context, id int64) error {
	return c.do(ctx, "supprimer_compte", id)
}
