package server

import (
	"slices"

	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

// dons gives money of the caller to others.
func (c *call) dons() (any, error) {
	var s shape
	p := s.list(c.raw, 3, 3)
	to, amount, reason := s.integers(p[0]), s.amountOrText(p[1]), s.text(p[2])
	switch {
	case s.err != nil:
		return nil, s.err
	case slices.ContainsFunc(to, technical):
		return nil, technicalAccount()
	case amount < 0:
		return nil, negativeAmount()
	}
	var outcomes []ledger.Outcome
	err := c.update(func(tx *ledger.Tx) (err error) {
		outcomes, err = tx.Give(to, amount, reason, c.by())
		return err
	})
	if err != nil {
		return nil, err
	}
	entries := make([]entry, len(to))
	for i, o := range outcomes {
		entries[i] = entry{o.Code, to[i], o.Text}
	}
	return entries, nil
}
