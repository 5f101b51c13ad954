package server

import (
	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

func (c *call) alias() (any, error) {
	var s shape
	p := s.list(c.raw, 2, 2)
	id, alias := s.integer(p[0]), s.name(p[1])
	if s.err != nil {
		return nil, s.err
	}
	return nil, c.update(func(tx *ledger.Tx) error {
		if id < 0 {
			return notekfet.Refuse(notekfet.NotFound, "le compte %d n'existe pas", id)
		}
		return tx.AddAlias(id, alias)
	})
}

// unalias takes one alias away, or all of an account.
func (c *call) unalias() (any, error) {
	var s shape
	if starts(c.raw, '"') {
		alias := s.text(c.raw)
		if s.err != nil {
			return nil, s.err
		}
		return nil, c.update(func(tx *ledger.Tx) error { return tx.RemoveAlias(alias) })
	}
	id := s.integer(c.raw)
	if s.err != nil {
		return nil, s.err
	}
	return nil, c.update(func(tx *ledger.Tx) error { return tx.RemoveAliases(id) })
}
