package server

import (
	"slices"

	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

// transferts moves an amount from each emitter to each recipient.
func (c *call) transferts() (any, error) {
	var s shape
	p := s.list(c.raw, 4, 4)
	from, to, amount, reason := s.integers(p[0]), s.integers(p[1]), s.amount(p[2]), s.text(p[3])
	if s.err == nil && len(from)*len(to) > mostElementary {
		s.fail("plus de %d transferts à la fois", mostElementary)
	}
	switch {
	case s.err != nil:
		return nil, s.err
	case slices.ContainsFunc(from, technical), slices.ContainsFunc(to, technical):
		return nil, technicalAccount()
	case amount < 0:
		return nil, negativeAmount()
	}
	var outcomes []ledger.Outcome
	err := c.update(func(tx *ledger.Tx) (err error) {
		outcomes, err = tx.Transfer(from, to, amount, reason, c.by())
		return err
	})
	if err != nil {
		return nil, err
	}
	entries := make([]entry, len(outcomes))
	for i, o := range outcomes {
		entries[i] = entry{o.Code, [2]int64{from[i/len(to)], to[i%len(to)]}, o.Text}
	}
	return entries, nil
}

func technical(id int64) bool { return id < 0 }
