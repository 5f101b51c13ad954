package server

import (
	"encoding/json"
	"time"

	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

// newcomer are the rights of an account that inscrire makes.
const newcomer = "basic"

// enrol makes a member of an application.
func (c *call) enrol() (any, error) {
	var s shape
	p := s.list(c.raw, 3, 3)
	application := s.integer(p[0])
	f := s.object(p[1], "wei", "annee", "pseudo", "section", "tel", "adresse", "sexe", "normalien", "mail", "pbsante", "numsecu")
	j := s.joining(f, p[2], c.s.Ledger.Rules())
	s.enrolled(f, &ledger.Account{}) // for its shape
	if s.err != nil {
		return nil, s.err
	}
	if j.OnNote < 0 {
		return nil, negativeAmount()
	}
	var id int64
	err := c.update(func(tx *ledger.Tx) error {
		pre, err := tx.Application(application)
		if err != nil {
			return err
		}
		if pre.Type != "personne" {
			return notekfet.Refuse(notekfet.BadParameter, "un club n'adhère pas")
		}
		a := &ledger.Account{
			Type: "personne", Name: pre.Name, FirstName: pre.FirstName, Mail: pre.Mail, Phone: pre.Phone, Address: pre.Address, Sex: pre.Sex,
			Paid: pre.Paid, Section: pre.Section, Rights: newcomer, SocialNumber: pre.SocialNumber, Health: pre.Health,
		}
		s.enrolled(f, a)
		if a.Section == "" {
			return notekfet.Refuse(notekfet.BadParameter, "la section manque")
		}
		if a.Pseudo == "" {
			if a.Pseudo, err = tx.FreePseudo(a.Name, a.FirstName); err != nil {
				return err
			}
		}
		j := j
		j.Section = a.Section
		id, err = tx.Enrol(application, a, j, c.by())
		return err
	})
	if err != nil {
		return nil, err
	}
	return id, nil
}

// enrolled reads what is added to an application.
func (s *shape) enrolled(f fields, a *ledger.Account) {
	set(f, "pseudo", &a.Pseudo, s.name)
	set(f, "section", &a.Section, s.text)
	set(f, "tel", &a.Phone, s.text)
	set(f, "adresse", &a.Address, s.text)
	set(f, "sexe", &a.Sex, s.letter)
	set(f, "normalien", &a.Paid, s.flag)
	set(f, "mail", &a.Mail, s.mail)
	set(f, "pbsante", &a.Health, s.text)
	set(f, "numsecu", &a.SocialNumber, s.text)
}

// joining reads what somebody pays to be a member.
func (s *shape) joining(f fields, payment json.RawMessage, rules ledger.Rules) (j ledger.Joining) {
	s.require(f, "wei", "annee")
	set(f, "wei", &j.WEI, s.flag)
	year := s.integer(f["annee"])
	set(f, "section", &j.Section, s.text)
	p := s.list(payment, 3, 3)
	j.OnNote = s.amount(p[0])
	j.Payment = s.payment(p[1], p[2], "nom", "prenom", "banque", "motif")
	current := int64(rules.Year(time.Now()))
	if s.err == nil && year != current && year != current+1 {
		s.fail("l'année est %d ou %d", current, current+1)
	}
	if s.err == nil && j.Payment.Means == "cb" {
		s.fail("l'adhésion se paie par especes, cheque, virement ou soge")
	}
	j.Year = int(year)
	return j
}
