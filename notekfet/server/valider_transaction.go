package server

import (
	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

// validate makes a transaction count.
func (c *call) validate() (any, error) { return c.settle(true) }

// invalidate undoes one.
func (c *call) invalidate() (any, error) { return c.settle(false) }

func (c *call) settle(valid bool) (any, error) {
	var s shape
	id := s.integer(c.raw)
	if s.err != nil {
		return nil, s.err
	}
	var o ledger.Outcome
	err := c.update(func(tx *ledger.Tx) (err error) {
		o, err = tx.Validate(id, valid, c.by())
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case !o.Code.Success():
		return nil, &notekfet.Error{Code: o.Code, Text: o.Text}
	}
	c.code, c.errmsg = o.Code, o.Text
	return nil, nil
}
