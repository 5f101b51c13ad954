package notekfet

import "context"

// Preinscrire takes an application and returns its number. The values are columns
// of preinscriptions; nom, prenom and mail are needed.
func (c *Client) Preinscrire(ctx context.Context, values map[string]any) (int64, error) {
	return read[int64](ctx, c, "preinscrire", values)
}

// An Application is somebody who would like to be a member.
type Application struct {
	ID        int64  `json:"preid"`
	Type      string `json:"type"`
	Name      string `json:"nom"`
	FirstName string `json:"prenom"`
	Mail      string `json:"mail"`
	Phone     string `json:"tel"`
	Address   string `json:"adresse"`
	Sex       string `json:"sexe"`
	Paid      bool   `json:"normalien"`
	Section   string `json:"section"`
	Date      string `json:"date"` // like 2019-03-01 20:00:00
}

// GetPreinscription returns an application.
func (c *Client) GetPreinscription(ctx context.Context, id int64) (Application, error) {
	return read[Application](ctx, c, "get_preinscription", id)
}

// GetPreinscriptions returns all applications.
func (c *Client) GetPreinscriptions(ctx context.Context) ([]Application, error) {
	return read[[]Application](ctx, c, "get_preinscriptions", nil)
}

// DelPreinscription removes an application.
func (c *Client) DelPreinscription(ctx context.Context, id int64) error {
	return c.do(ctx, "del_preinscription", id)
}

// GetDefaultPseudo proposes a pseudo that is free.
func (c *Client) GetDefaultPseudo(ctx context.Context, name, firstName string) (string, error) {
	return read[string](ctx, c, "get_default_pseudo", []string{name, firstName})
}

// A Joining is what somebody pays to be a member for a year.
type Joining struct {
	Year    int
	WEI     bool
	Values  map[string]any // further columns of the account
	OnNote  Cents          // put on the account besides the fee
	Payment Payment
}

func (j Joining) parameter(id int64) []any {
	values := map[string]any{"wei": j.WEI, "annee": j.Year}
	for key, value := range j.Values {
		values[key] = value
	}
	return []any{id, values, []any{j.OnNote, j.Payment.Means, j.Payment.params()}}
}

// Inscrire makes a member of an application and returns the number of the account.
func (c *Client) Inscrire(ctx context.Context, application int64, j Joining) (int64, error) {
	o, err := c.money(ctx, "inscrire", j.parameter(application))
	return o.ID, err
}

// Readherer makes an account a member for one more year.
func (c *Client) Readherer(ctx context.Context, id int64, j Joining) error {
	_, err := c.money(ctx, "readherer", j.parameter(id))
	return err
}
