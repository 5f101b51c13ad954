package notekfet

import "context"

// A Guest is somebody without an account who comes to an activity.
type Guest struct {
	ID          int64  `json:"id"`
	Name        string `json:"nom"`
	FirstName   string `json:"prenom"`
	Responsible int64  `json:"responsable"`
	Pseudo      string `json:"responsable_pseudo"`
	Entered     bool   `json:"entre"`
}

// AddInvite puts somebody on the list of an activity, on the caller's account when
// responsible is 0. Forced is why he would normally have been refused.
func (c *Client) AddInvite(ctx context.Context, activity int64, name, firstName string, responsible int64) (id int64, forced string, err error) {
	parameter := []any{activity, name, firstName}
	if responsible != 0 {
		parameter = append(parameter, responsible)
	}
	a, err := c.ask(ctx, "add_invite", parameter, false)
	if err != nil {
		return 0, "", err
	}
	return id, a.Text, a.decode("add_invite", &id)
}

// DelInvite takes a guest off the list.
func (c *Client) DelInvite(ctx context.Context, id int64) error { return c.do(ctx, "del_invite", id) }

// GetInvites lists the guests of an activity that the caller may see.
func (c *Client) GetInvites(ctx context.Context, activity int64) ([]Guest, error) {
	return read[[]Guest](ctx, c, "get_invites", activity)
}

// Invitations pays the entry of a guest.
func (c *Client) Invitations(ctx context.Context, responsible, guest, activity int64) (Outcome, error) {
	return c.money(ctx, "invitations", []int64{responsible, guest, activity})
}

// ListeInvites returns the guest list of an activity as a PDF. Nobody can be
// invited afterwards.
func (c *Client) ListeInvites(ctx context.Context, activity int64) ([]byte, error) {
	return read[[]byte](ctx, c, "liste_invites", activity)
}
