package server

import (
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

// applicationFields are what is known of somebody who would like to be a member.
var applicationFields = []string{"type", "nom", "prenom", "mail", "tel", "adresse", "sexe", "normalien", "section", "pbsante", "numsecu"}

// apply takes an application for membership.
func (c *call) apply() (any, error) {
	var s shape
	f := s.object(c.raw, applicationFields...)
	s.require(f, "nom", "prenom", "mail")
	a := ledger.Application{Type: "personne"}
	set(f, "type", &a.Type, s.text)
	if s.err == nil && a.Type != "personne" && a.Type != "club" {
		s.fail("le type est personne ou club")
	}
	set(f, "nom", &a.Name, s.title)
	set(f, "prenom", &a.FirstName, s.title)
	set(f, "mail", &a.Mail, s.mail)
	set(f, "tel", &a.Phone, s.text)
	set(f, "adresse", &a.Address, s.text)
	set(f, "sexe", &a.Sex, s.letter)
	set(f, "normalien", &a.Paid, s.flag)
	set(f, "section", &a.Section, s.text)
	set(f, "pbsante", &a.Health, s.text)
	set(f, "numsecu", &a.SocialNumber, s.text)
	if s.err != nil {
		return nil, s.err
	}
	var id int64
	err := c.update(func(tx *ledger.Tx) (err error) {
		id, err = tx.AddApplication(a)
		return err
	})
	if err != nil {
		return nil, err
	}
	return id, nil
}
