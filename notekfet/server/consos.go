package server

import (
	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

// mostElementary is how many elementary transactions one request may make.
const mostElementary = 500

// An entry of an answer: a code, whom it is about, and a sentence.
type entry [3]any

// consos charges buttons to accounts.
func (c *call) consos() (any, error) {
	items, err := saleItems(c.raw)
	if err != nil {
		return nil, err
	}
	var outcomes []ledger.Outcome
	err = c.update(func(tx *ledger.Tx) (err error) {
		outcomes, err = tx.Sell(items, c.by())
		return err
	})
	if err != nil {
		return nil, err
	}
	entries := make([]entry, len(items))
	for i, o := range outcomes {
		entries[i] = entry{o.Code, items[i].Account, o.Text}
	}
	return entries, nil
}

func saleItems(raw []byte) ([]ledger.Item, error) {
	var s shape
	list := s.any(raw)
	if s.err == nil && (len(list) == 0 || len(list) > mostElementary) {
		s.fail("la liste compte de 1 à %d éléments", mostElementary)
	}
	var items []ledger.Item
	technical, negative := false, false
	for _, e := range list {
		p := s.list(e, 3, 3)
		item := ledger.Item{Button: s.integer(p[0]), Account: s.integer(p[1]), Quantity: s.integer(p[2])}
		if s.err == nil && item.Quantity == 0 {
			s.fail("une quantité est nulle")
		}
		if s.err != nil {
			return nil, s.err
		}
		technical = technical || item.Account < 0
		negative = negative || item.Quantity < 0
		items = append(items, item)
	}
	switch {
	case s.err != nil:
		return nil, s.err
	case technical:
		return nil, technicalAccount()
	case negative:
		return nil, notekfet.Refuse(notekfet.NegativeQuantity, "une quantité est négative, rien n'a été fait")
	}
	return items, nil
}

func technicalAccount() error {
	return notekfet.Refuse(notekfet.TechnicalAccount, "un compte négatif est un moyen de paiement, rien n'a été fait")
}

func negativeAmount() error {
	return notekfet.Refuse(notekfet.NegativeAmount, "le montant est négatif, rien n'a été fait")
}
