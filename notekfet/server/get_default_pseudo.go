package server

import "github.com/pronote-sync/pronote-sync/notekfet/ledger"

// freePseudo proposes a pseudo for a name, or for an application.
func (c *call) freePseudo() (any, error) {
	var s shape
	var name, first string
	var id int64
	byName := starts(c.raw, '[')
	if byName {
		p := s.list(c.raw, 2, 2)
		name, first = s.text(p[0]), s.text(p[1])
	} else {
		id = s.integer(c.raw)
	}
	if s.err != nil {
		return nil, s.err
	}
	var pseudo string
	err := c.view(func(tx *ledger.Tx) (err error) {
		if !byName {
			a, err := tx.Application(id)
			if err != nil {
				return err
			}
			name, first = a.Name, a.FirstName
		}
		pseudo, err = tx.FreePseudo(name, first)
		return err
	})
	if err != nil {
		return nil, err
	}
	return pseudo, nil
}
