package server

import "github.com/pronote-sync/pronote-sync/notekfet/ledger"

func (c *call) updateButton() (any, error) {
	s := shape{}
	f := s.object(c.raw, "id", "label", "montant", "destinataire", "categorie", "affiche", "description", "consigne")
	s.require(f, "id")
	id := s.integer(f["id"])
	s.button(f, &ledger.Button{}) // for its shape
	if s.err != nil {
		return nil, s.err
	}
	return nil, c.update(func(tx *ledger.Tx) error {
		b, err := tx.Button(id)
		if err != nil {
			return err
		}
		s.button(f, b)
		return tx.UpdateButton(*b)
	})
}
