package notekfet

import "context"

// A Payment is how money comes into the ledger or leaves it. All but "especes" need
// a name, a first name and a bank.
type Payment struct {
	Means                 string // especes, cheque, virement, cb or soge
	Name, FirstName, Bank string
	Reason                string
}

func (p Payment) params() map[string]string {
	params := map[string]string{}
	for key, value := range map[string]string{"nom": p.Name, "prenom": p.FirstName, "banque": p.Bank, "motif": p.Reason} {
		if value != "" {
			params[key] = value
		}
	}
	return params
}

// Crediter puts money that was handed over on an account.
func (c *Client) Crediter(ctx context.Context, to int64, amount Cents, p Payment) (Outcome, error) {
	return c.money(ctx, "crediter", []any{to, amount, p.Means, p.params()})
}

// Retirer hands money of an account out.
func (c *Client) Retirer(ctx context.Context, from int64, amount Cents, p Payment) (Outcome, error) {
	return c.money(ctx, "retirer", []any{from, amount, p.Means, p.params()})
}
