package server

import (
	"errors"
	"fmt"
	"strings"

	"github.com/pronote-sync/pronote-sync/notekfet/internal/password"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

// generateReset mails a token to the owner of an account.
func (c *call) generateReset() (any, error) {
	var s shape
	f := s.object(c.raw, "nom", "prenom", "mail")
	s.require(f, "nom", "prenom", "mail")
	name, first, mail := s.text(f["nom"]), s.text(f["prenom"]), s.mail(f["mail"])
	if s.err != nil {
		return nil, s.err
	}
	var token string
	var a *ledger.Account
	err := c.update(func(tx *ledger.Tx) (err error) {
		a, token, err = tx.NewToken(name, first, mail)
		return err
	})
	if err != nil {
		return nil, err
	}
	if !ledger.IsMail(a.Mail) { // it did not come from a client
		return nil, &mailError{errors.New("the account's address is none")}
	}
	return nil, c.s.mailing.send(a.Mail, "NoteKfet: nouveau mot de passe", fmt.Sprintf(
		"Bonjour %s,\n\nquelqu'un, sans doute vous, a demandé un nouveau mot de passe pour le compte %s.\nLe jeton pour le choisir :\n\n%s\n\n"+
			"Il sert une fois, pendant %s. Si vous n'avez rien demandé, ignorez ce message.\n",
		a.FirstName, a.Pseudo, token, strings.TrimSuffix(c.s.Ledger.Rules().TokenFor.String(), "0s")))
}

// confirmReset sets a password with a token.
func (c *call) confirmReset() (any, error) {
	var s shape
	p := s.list(c.raw, 2, 2)
	token, word := s.text(p[0]), s.text(p[1])
	if s.err == nil && word == "" {
		s.fail("le nouveau mot de passe est vide")
	}
	if s.err != nil {
		return nil, s.err
	}
	if err := c.view(func(tx *ledger.Tx) error { return tx.CheckToken(token) }); err != nil {
		return nil, err // before the work of hashing
	}
	fresh := password.Hash(word)
	err := c.update(func(tx *ledger.Tx) error { return tx.UseToken(token, fresh) })
	c.s.rights.forget()
	return nil, err
}
