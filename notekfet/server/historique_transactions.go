package server

import "github.com/pronote-sync/pronote-sync/notekfet/ledger"

// mostRows is how many rows of the history a page may have.
const mostRows = 500

// history is a page of an account's transactions, newest first.
func (c *call) history() (any, error) {
	var s shape
	p := s.list(c.raw, 3, 3)
	id, page, size := s.integer(p[0]), s.integer(p[1]), s.integer(p[2])
	if s.err == nil && (page < 0 || size < 1 || size > mostRows) {
		s.fail("les pages se comptent à partir de 0 et ont de 1 à %d lignes", mostRows)
	}
	if s.err != nil {
		return nil, s.err
	}
	if err := c.about(id); err != nil {
		return nil, err
	}
	var answer struct {
		Total        int64                `json:"total"`
		Transactions []ledger.Transaction `json:"transactions"`
	}
	err := c.view(func(tx *ledger.Tx) (err error) {
		if _, err = tx.Account(id); err != nil {
			return err
		}
		answer.Total, answer.Transactions, err = tx.Transactions(id, page, size)
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer, nil
}
