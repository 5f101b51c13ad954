package server

import (
	"encoding/json"
	"strings"

	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

// crediter puts money that was handed over on an account.
func (c *call) crediter() (any, error) { return c.pay((*ledger.Tx).Credit) }

// pay is what crediter and retirer have in common.
func (c *call) pay(move func(*ledger.Tx, int64, notekfet.Cents, ledger.Payment, ledger.By) (ledger.Outcome, error)) (any, error) {
	var s shape
	p := s.list(c.raw, 3, 4)
	id, amount := s.integer(p[0]), s.amount(p[1])
	payment := s.payment(p[2], p[3], "nom", "prenom", "banque", "motif")
	switch {
	case s.err != nil:
		return nil, s.err
	case id < 0:
		return nil, technicalAccount()
	case amount < 0:
		return nil, negativeAmount()
	}
	var o ledger.Outcome
	err := c.update(func(tx *ledger.Tx) (err error) {
		o, err = move(tx, id, amount, payment, c.by())
		return err
	})
	if err != nil {
		return nil, err
	}
	return c.single(o)
}

// single is the answer about one transaction: its number.
func (c *call) single(o ledger.Outcome) (any, error) {
	if !o.Code.Success() {
		return nil, &notekfet.Error{Code: o.Code, Text: o.Text}
	}
	c.code, c.errmsg = o.Code, o.Text
	return o.ID, nil
}

// payment reads a means of payment and what is known of who pays, which cash needs
// not have.
func (s *shape) payment(means, params json.RawMessage, known ...string) (p ledger.Payment) {
	p.Means = s.text(means)
	if s.err == nil && !ledger.IsMeans(p.Means) {
		s.fail("le type de paiement est especes, cheque, virement, cb ou soge")
	}
	f := fields{}
	if text := strings.TrimSpace(string(params)); params != nil && text != "null" && !(starts(params, '[') && len(s.any(params)) == 0) {
		f = s.object(params, known...)
	}
	set(f, "nom", &p.Name, s.text)
	set(f, "prenom", &p.FirstName, s.text)
	set(f, "banque", &p.Bank, s.text)
	set(f, "motif", &p.Reason, s.text)
	if p.Means != "especes" && (strings.TrimSpace(p.Name) == "" || strings.TrimSpace(p.FirstName) == "" || strings.TrimSpace(p.Bank) == "") {
		s.fail("nom, prenom et banque sont nécessaires pour ce paiement")
	}
	return p
}
