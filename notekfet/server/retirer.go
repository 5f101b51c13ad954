package server

import "github.com/pronote-sync/pronote-sync/notekfet/ledger"

// retirer hands money of an account out.
func (c *call) retirer() (any, error) { return c.pay((*ledger.Tx).Withdraw) }
