package notekfet

import "context"

// A Button is something that is sold.
type Button struct {
	ID          int64  `json:"id"`
	Label       string `json:"label"`
	Price       Cents  `json:"montant"`
	Recipient   int64  `json:"destinataire"` // a club
	Category    string `json:"categorie"`
	Shown       bool   `json:"affiche"`
	Description string `json:"description"`
	Deposit     bool   `json:"consigne"`
}

// GetBoutons lists the buttons whose label contains a text, of a category; empty
// texts let everything through.
func (c *Client) GetBoutons(ctx context.Context, term, category string) ([]Button, error) {
	return read[[]Button](ctx, c, "get_boutons", []string{term, category})
}

// GetUnBouton returns a button.
func (c *Client) GetUnBouton(ctx context.Context, id int64) (Button, error) {
	return read[Button](ctx, c, "get_un_bouton", id)
}

// GetBoutonsCategories lists the categories.
func (c *Client) GetBoutonsCategories(ctx context.Context) ([]string, error) {
	return read[[]string](ctx, c, "get_boutons_categories", nil)
}

// A Club is an account that buttons can pay.
type Club struct {
	ID     int64  `json:"idbde"`
	Pseudo string `json:"pseudo"`
}

// GetClubs lists the clubs.
func (c *Client) GetClubs(ctx context.Context) ([]Club, error) {
	return read[[]Club](ctx, c, "get_clubs", nil)
}

// CreateBouton makes a button and returns its number; made is false when there was
// one like it.
func (c *Client) CreateBouton(ctx context.Context, b Button) (id int64, made bool, err error) {
	a, err := c.ask(ctx, "create_bouton", map[string]any{
		"label": b.Label, "montant": b.Price, "destinataire": b.Recipient, "categorie": b.Category, "affiche": b.Shown,
		"description": b.Description, "consigne": b.Deposit,
	}, false)
	if err != nil {
		return 0, false, err
	}
	return id, a.Code == OK, a.decode("create_bouton", &id)
}

// UpdateBouton stores a button that was read and changed.
func (c *Client) UpdateBouton(ctx context.Context, b Button) error {
	return c.do(ctx, "update_bouton", b)
}

// DeleteBouton removes a button.
func (c *Client) DeleteBouton(ctx context.Context, id int64) error {
	return c.do(ctx, "delete_bouton", id)
}
