package server

import "github.com/pronote-sync/pronote-sync/notekfet/ledger"

func (c *call) deleteButton() (any, error) {
	var s shape
	id := s.integer(c.raw)
	if s.err != nil {
		return nil, s.err
	}
	return nil, c.update(func(tx *ledger.Tx) error { return tx.DeleteButton(id) })
}
