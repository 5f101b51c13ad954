package server

import (
	"strings"

	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

// buttons lists those whose label contains a text, of a category.
func (c *call) buttons() (any, error) {
	var s shape
	p := s.list(c.raw, 2, 2)
	term, category := s.text(p[0]), s.text(p[1])
	if s.err != nil {
		return nil, s.err
	}
	list := []ledger.Button{}
	err := c.view(func(tx *ledger.Tx) error {
		all, err := tx.Buttons(category)
		for _, b := range all {
			if strings.Contains(ledger.Fold(b.Label), ledger.Fold(term)) {
				list = append(list, b)
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}
