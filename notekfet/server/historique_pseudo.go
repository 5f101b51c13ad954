package server

import "github.com/pronote-sync/pronote-sync/notekfet/ledger"

// pastPseudos lists the pseudos that an account had.
func (c *call) pastPseudos() (any, error) {
	var s shape
	id := s.integer(c.raw)
	if s.err != nil {
		return nil, s.err
	}
	if err := c.about(id); err != nil {
		return nil, err
	}
	var past []string
	err := c.view(func(tx *ledger.Tx) error {
		a, err := tx.Account(id)
		if err == nil {
			past = a.Past
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return past, nil
}

// searchPastPseudos lists who had a pseudo that begins like this.
func (c *call) searchPastPseudos() (any, error) {
	var s shape
	term := s.text(c.raw)
	if s.err != nil {
		return nil, s.err
	}
	var list []ledger.PastPseudo
	err := c.view(func(tx *ledger.Tx) (err error) {
		list, err = tx.PastPseudos(term, mostRows)
		return err
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}
