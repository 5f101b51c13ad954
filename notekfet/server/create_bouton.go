package server

import (
	"encoding/json"

	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

func (c *call) createButton() (any, error) {
	var s shape
	f := s.object(c.raw, "label", "montant", "destinataire", "categorie", "affiche", "description", "consigne")
	s.require(f, "label", "montant", "destinataire", "categorie")
	b := ledger.Button{Shown: true}
	s.button(f, &b)
	if s.err != nil {
		return nil, s.err
	}
	var id int64
	var made bool
	err := c.update(func(tx *ledger.Tx) (err error) {
		id, made, err = tx.AddButton(b)
		return err
	})
	if err != nil {
		return nil, err
	}
	if !made {
		c.code, c.errmsg = notekfet.ButtonExists, "ce bouton existe déjà"
	}
	return id, nil
}

// button reads the fields of a button.
func (s *shape) button(f fields, b *ledger.Button) {
	set(f, "label", &b.Label, s.name)
	set(f, "montant", &b.Price, s.price)
	set(f, "destinataire", &b.Recipient, s.integer)
	set(f, "categorie", &b.Category, s.text)
	set(f, "affiche", &b.Shown, s.flag)
	set(f, "description", &b.Description, s.text)
	set(f, "consigne", &b.Deposit, s.flag)
}

// price is an amount that is not negative.
func (s *shape) price(raw json.RawMessage) notekfet.Cents {
	n := s.amount(raw)
	if n < 0 {
		s.fail("un prix n'est pas négatif")
	}
	return n
}
