package server

import (
	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

// renew makes an account a member for one more year.
func (c *call) renewMembership() (any, error) {
	var s shape
	p := s.list(c.raw, 3, 3)
	id := s.integer(p[0])
	f := s.object(p[1], "wei", "annee", "section")
	j := s.joining(f, p[2], c.s.Ledger.Rules())
	switch {
	case s.err != nil:
		return nil, s.err
	case id < 0:
		return nil, notekfet.Refuse(notekfet.NotEnrollable, "le compte %d ne peut pas adhérer", id)
	case j.OnNote < 0:
		return nil, negativeAmount()
	}
	return nil, c.update(func(tx *ledger.Tx) error { return tx.Renew(id, j, c.by()) })
}
