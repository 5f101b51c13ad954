package server

import (
	"database/sql"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

// ownFields are what anybody may change of his own account.
var ownFields = []string{"mail", "tel", "adresse", "pseudo"}

// updateCompte changes an account.
func (c *call) updateCompte() (any, error) {
	s := shape{}
	f := s.object(c.raw, "idbde", "pseudo", "nom", "prenom", "mail", "tel", "adresse", "fonction", "normalien", "sexe", "idcrans", "section",
		"commentaire", "bloque", "pbsante", "numsecu", "droits", "surdroits", "supreme")
	s.require(f, "idbde")
	id := s.integer(f["idbde"])
	s.change(f, &ledger.Account{}) // for its shape
	if s.err != nil {
		return nil, s.err
	}
	if err := c.mayChange(f, id); err != nil {
		return nil, err
	}
	err := c.update(func(tx *ledger.Tx) error {
		a, err := tx.Account(id)
		if err != nil {
			return err
		}
		if id < 0 {
			return notekfet.Refuse(notekfet.NotFound, "le compte %d n'existe pas", id)
		}
		before := *a
		s.change(f, a)
		if err := c.mayGrant(&before, a); err != nil {
			return err
		}
		return tx.UpdateAccount(a)
	})
	if err != nil {
		return nil, err
	}
	c.s.rights.forget()
	return nil, nil
}

// mayChange checks the rights that fields need, whatever they change to.
func (c *call) mayChange(f fields, id int64) error {
	if !c.granted {
		foreign := func(key string) bool { return key != "idbde" && !slices.Contains(ownFields, key) }
		if !c.isOwn(id) || slices.ContainsFunc(slices.Collect(maps.Keys(f)), foreign) {
			return forbidden()
		}
		return nil
	}
	for right, keys := range map[string][]string{"adherents_strong": {"nom", "prenom"}, "wei": {"numsecu", "pbsante"}} {
		if slices.ContainsFunc(keys, func(key string) bool { return f[key] != nil }) && !c.has(right) {
			return forbidden()
		}
	}
	return nil
}

// change reads the new values into an account.
func (s *shape) change(f fields, a *ledger.Account) {
	set(f, "pseudo", &a.Pseudo, s.name)
	set(f, "nom", &a.Name, s.title)
	set(f, "prenom", &a.FirstName, s.title)
	set(f, "mail", &a.Mail, s.mail)
	set(f, "tel", &a.Phone, s.text)
	set(f, "adresse", &a.Address, s.text)
	set(f, "fonction", &a.Office, s.text)
	set(f, "normalien", &a.Paid, s.flag)
	set(f, "sexe", &a.Sex, s.letter)
	set(f, "idcrans", &a.Crans, s.numberOrNull)
	set(f, "section", &a.Section, s.text)
	set(f, "commentaire", &a.Comment, s.text)
	set(f, "bloque", &a.Blocked, s.flag)
	set(f, "pbsante", &a.Health, s.text)
	set(f, "numsecu", &a.SocialNumber, s.text)
	set(f, "droits", &a.Rights, s.rights)
	set(f, "surdroits", &a.OverRights, s.rights)
	set(f, "supreme", &a.Supreme, s.flag)
}

// title is a name in title case.
func (s *shape) title(raw json.RawMessage) string {
	text := ledger.Title(s.text(raw))
	if s.err == nil && (strings.TrimSpace(text) == "" || len(text) > 1000) {
		s.fail("un nom est vide ou trop long")
	}
	return text
}

func (s *shape) mail(raw json.RawMessage) string {
	text := s.text(raw)
	if s.err == nil && !ledger.IsMail(text) {
		s.fail("l'adresse mail n'en est pas une")
	}
	return text
}

// letter is a text of one character at most.
func (s *shape) letter(raw json.RawMessage) string {
	text := s.text(raw)
	if len([]rune(text)) > 1 {
		s.fail("le sexe est une lettre")
	}
	return text
}

func (s *shape) numberOrNull(raw json.RawMessage) sql.Null[int64] {
	if string(raw) == "null" {
		return sql.Null[int64]{}
	}
	return sql.Null[int64]{V: s.integer(raw), Valid: true}
}

// rights is a list of words in one text.
func (s *shape) rights(raw json.RawMessage) string {
	text := s.text(raw)
	if _, ok := notekfet.SplitRights(text); s.err == nil && !ok {
		s.fail("les droits sont des mots de lettres minuscules, séparés par des virgules")
	}
	return text
}

// mayGrant checks a change of rights: each right that comes or goes needs its
// over-right; over-rights and supreme need a supreme caller, as does everything
// about the rights of a supreme account.
func (c *call) mayGrant(before, after *ledger.Account) error {
	rights, over := before.Rights != after.Rights, before.OverRights != after.OverRights
	supreme := before.Supreme != after.Supreme
	switch {
	case !rights && !over && !supreme, c.isSupreme():
		return nil
	case over, supreme, before.Supreme:
		return forbidden()
	}
	for _, word := range difference(before.Rights, after.Rights) {
		members, unknown := notekfet.Expand([]string{word}, false)
		if len(unknown) > 0 {
			members, _ = notekfet.Expand([]string{"all"}, false) // nobody's over-right names it
		}
		for right := range members {
			if !c.hasOver(right) {
				return forbidden()
			}
		}
	}
	return nil
}

// difference lists the words that are in one text alone.
func difference(a, b string) []string {
	before, _ := notekfet.SplitRights(a)
	after, _ := notekfet.SplitRights(b)
	var list []string
	for _, word := range append(slices.Clone(before), after...) {
		if slices.Contains(before, word) != slices.Contains(after, word) {
			list = append(list, word)
		}
	}
	return list
}
