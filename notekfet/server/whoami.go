package server

import "github.com/pronote-sync/pronote-sync/notekfet/ledger"

// whoami is everything about the caller's own account.
func (c *call) whoami() (any, error) {
	if c.who.special {
		return map[string]any{"username": c.who.name, "userid": "special", "droits": c.who.acl.Sorted()}, nil
	}
	var a *ledger.Account
	err := c.view(func(tx *ledger.Tx) (err error) {
		a, err = tx.Account(c.who.id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return describe(a, true), nil
}
