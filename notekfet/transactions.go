package notekfet

import "context"

// A Transaction is a row of the ledger. What it moves is Quantity times Unit.
type Transaction struct {
	ID          int64  `json:"id"`
	Date        string `json:"date"` // like 2019-03-01 20:00:00, in the server's zone
	Kind        string `json:"type"`
	From        int64  `json:"emetteur"`
	To          int64  `json:"destinataire"`
	Quantity    int64  `json:"quantite"`
	Unit        Cents  `json:"montant"`
	Description string `json:"description"`
	Valid       bool   `json:"valide"`
	Frozen      bool   `json:"cantinvalidate"`
	Category    string `json:"categorie"`
	FromPseudo  string `json:"emetteur_pseudo"`
	ToPseudo    string `json:"destinataire_pseudo"`
}

// A History is a page of an account's transactions, newest first.
type History struct {
	Total        int64         `json:"total"`
	Transactions []Transaction `json:"transactions"`
}

// HistoriqueTransactions returns a page; pages count from 0 and have 1 to 500 rows.
func (c *Client) HistoriqueTransactions(ctx context.Context, id int64, page, size int) (History, error) {
	return read[History](ctx, c, "historique_transactions", []any{id, page, size})
}

// ValiderTransaction makes a transaction count.
func (c *Client) ValiderTransaction(ctx context.Context, id int64) (Outcome, error) {
	return c.money(ctx, "valider_transaction", id)
}

// DevaliderTransaction undoes a transaction.
func (c *Client) DevaliderTransaction(ctx context.Context, id int64) (Outcome, error) {
	return c.money(ctx, "devalider_transaction", id)
}
