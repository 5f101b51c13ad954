package notekfet

import "context"

// A Mask is what a session gives up, though the account has it.
type Mask struct {
	Rights     []string
	OverRights []string
	Supreme    bool
}

// Login opens a session of an account.
func (c *Client) Login(ctx context.Context, pseudo, password string, m Mask) error {
	return c.do(ctx, "login", []any{pseudo, password, "bdd", []any{list(m.Rights), list(m.OverRights), m.Supreme}})
}

// LoginSpecial opens a session of a special user, who gives up some rights.
func (c *Client) LoginSpecial(ctx context.Context, name, password string, mask []string) error {
	return c.do(ctx, "login", []any{name, password, "special", list(mask)})
}

// list is never null on the wire.
func list[T any](l []T) []T { return append([]T{}, l...) }
