package server

import "github.com/pronote-sync/pronote-sync/notekfet/ledger"

func (c *call) button() (any, error) {
	var s shape
	id := s.integer(c.raw)
	if s.err != nil {
		return nil, s.err
	}
	var b *ledger.Button
	err := c.view(func(tx *ledger.Tx) (err error) {
		b, err = tx.Button(id)
		return err
	})
	if err != nil {
		return nil, err
	}
	return b, nil
}
