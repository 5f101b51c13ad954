package server

import "github.com/pronote-sync/pronote-sync/notekfet/ledger"

func (c *call) clubs() (any, error) {
	var list []ledger.Club
	err := c.view(func(tx *ledger.Tx) (err error) {
		list, err = tx.Clubs()
		return err
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}
