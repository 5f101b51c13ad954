package notekfet

import "context"

// Powers are what a session may do.
type Powers struct {
	Rights     []string `json:"droits"`
	OverRights []string `json:"surdroits"`
	Supreme    bool     `json:"supreme"`
}

// MayI tells what the session may do, after its mask.
func (c *Client) MayI(ctx context.Context) (Powers, error) {
	return read[Powers](ctx, c, "mayi", nil)
}
