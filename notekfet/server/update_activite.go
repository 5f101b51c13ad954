package server

import (
	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

func (c *call) updateActivity() (any, error) {
	s := shape{}
	f := s.object(c.raw, "id", "titre", "debut", "fin", "lieu", "description", "signature", "liste", "responsable")
	s.require(f, "id")
	id := s.integer(f["id"])
	s.activity(f, &ledger.Activity{}) // for its shape
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
			return notekfet.Refuse(notekfet.UpdateNotYours, "vous n'êtes pas responsable de cette activité")
		case !admin && a.ValidatedBy.Valid:
			return notekfet.Refuse(notekfet.UpdateValidated, "cette activité est validée")
		case !admin && f["responsable"] != nil:
			return forbidden()
		}
		s.activity(f, a)
		return tx.UpdateActivity(*a)
	})
}
