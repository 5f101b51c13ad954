package server

import "github.com/pronote-sync/pronote-sync/notekfet/ledger"

func (c *call) categories() (any, error) {
	var list []string
	err := c.view(func(tx *ledger.Tx) (err error) {
		list, err = tx.Categories()
		return err
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}
