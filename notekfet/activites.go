package notekfet

import "context"

// An Activity is a party or something like it. Instants are like
// 2019-03-01 20:00:00, in the server's zone.
type Activity struct {
	ID          int64  `json:"id"`
	Begin       string `json:"debut"`
	End         string `json:"fin"`
	Title       string `json:"titre"`
	Place       string `json:"lieu"`
	Description string `json:"description"`
	Club        int64  `json:"signature"`
	Responsible int64  `json:"responsable"`
	Pseudo      string `json:"responsable_pseudo"`
	ValidatedBy *int64 `json:"validepar"`
	List        bool   `json:"liste"` // guests are allowed
	Printed     bool   `json:"listeimprimee"`
	Open        bool   `json:"ouvert"`
}

// GetActivite returns an activity.
func (c *Client) GetActivite(ctx context.Context, id int64) (Activity, error) {
	return read[Activity](ctx, c, "get_activite", id)
}

// GetActivites lists the activities to come that are validated.
func (c *Client) GetActivites(ctx context.Context) ([]Activity, error) {
	return read[[]Activity](ctx, c, "get_activites", nil)
}

// AddActivite proposes an activity and returns its number.
func (c *Client) AddActivite(ctx context.Context, a Activity) (int64, error) {
	return read[int64](ctx, c, "add_activite", map[string]any{
		"titre": a.Title, "debut": a.Begin, "fin": a.End, "lieu": a.Place, "description": a.Description, "signature": a.Club, "liste": a.List,
	})
}

// UpdateActivite changes columns of an activity, by their names in the protocol.
func (c *Client) UpdateActivite(ctx context.Context, id int64, values map[string]any) error {
	parameter := map[string]any{"id": id}
	for key, value := range values {
		parameter[key] = value
	}
	return c.do(ctx, "update_activite", parameter)
}

// DelActivite removes an activity without guests.
func (c *Client) DelActivite(ctx context.Context, id int64) error {
	return c.do(ctx, "del_activite", id)
}

// ValiderActivite makes an activity public. Overlaps names those at the same time.
func (c *Client) ValiderActivite(ctx context.Context, id int64) (overlaps string, err error) {
	a, err := c.ask(ctx, "valider_activite", id, false)
	return a.Text, err
}

// DevaliderActivite takes that back.
func (c *Client) DevaliderActivite(ctx context.Context, id int64) error {
	return c.do(ctx, "devalider_activite", id)
}

// OuvrirActivite opens the guest list and the entries.
func (c *Client) OuvrirActivite(ctx context.Context, id int64) error {
	return c.do(ctx, "ouvrir_activite", id)
}

// FermerActivite closes them.
func (c *Client) FermerActivite(ctx context.Context, id int64) error {
	return c.do(ctx, "fermer_activite", id)
}
