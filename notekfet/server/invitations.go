package server

import "github.com/pronote-sync/pronote-sync/notekfet/ledger"

// invitations pays the entry of a guest.
func (c *call) invitations() (any, error) {
	var s shape
	p := s.list(c.raw, 3, 3)
	responsible, guest, activity := s.integer(p[0]), s.integer(p[1]), s.integer(p[2])
	if s.err != nil {
		return nil, s.err
	}
	var o ledger.Outcome
	err := c.update(func(tx *ledger.Tx) (err error) {
		o, err = tx.Enter(responsible, guest, activity, c.by())
		return err
	})
	if err != nil {
		return nil, err
	}
	return c.single(o)
}
