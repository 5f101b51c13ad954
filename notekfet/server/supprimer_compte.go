package server

import "github.com/pronote-sync/pronote-sync/notekfet/ledger"

// deleteAccount marks an account as deleted.
func (c *call) deleteAccount() (any, error) {
	var s shape
	id := s.integer(c.raw)
	if s.err != nil {
		return nil, s.err
	}
	err := c.update(func(tx *ledger.Tx) error { return tx.DeleteAccount(id) })
	c.s.rights.forget()
	return nil, err
}
