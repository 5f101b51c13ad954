package server

import (
	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

func (c *call) deleteActivity() (any, error) {
	var s shape
	id := s.integer(c.raw)
	if s.err != nil {
		return nil, s.err
	}
	admin := c.has("activites_admin")
	return nil, c.update(func(tx *ledger.Tx) error {
		a, err := tx.Activity(id)
		switch {
		case err != nil:
			return err
		case !admin && !c.isResponsible(a):
			return notekfet.Refuse(notekfet.DeleteNotYours, "vous n'êtes pas responsable de cette activité")
		case !admin && a.ValidatedBy.Valid:
			return notekfet.Refuse(notekfet.DeleteValidated, "cette activité est validée")
		}
		return tx.DeleteActivity(id)
	})
}
