package server

import (
	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/internal/password"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

// chgpass changes a password: one's own with the old one, or somebody else's.
func (c *call) chgpass() (any, error) {
	var s shape
	p := s.list(c.raw, 2, 3)
	id, word := s.integer(p[0]), s.text(p[1])
	if s.err == nil && word == "" {
		s.fail("le nouveau mot de passe est vide")
	}
	old := ""
	if p[2] != nil {
		old = s.text(p[2])
	}
	if s.err != nil {
		return nil, s.err
	}
	own := !c.who.special && c.who.id == id
	if err := c.about(id); err != nil {
		return nil, err
	}
	if own && p[2] == nil {
		return nil, notekfet.Refuse(notekfet.BadParameter, "l'ancien mot de passe manque")
	}
	stored, err := c.passwordOf(id, own)
	if err != nil {
		return nil, err
	}
	if own {
		if ok, _ := password.Verify(stored, old); !ok {
			c.pause(c.s.guard.failed("chgpass "+c.who.name, "address "+c.origin))
			return nil, notekfet.Refuse(notekfet.LoginFailed, "l'ancien mot de passe est incorrect")
		}
	}
	fresh := password.Hash(word)
	err = c.update(func(tx *ledger.Tx) error {
		if err := c.mayHavePassword(tx, id, own); err != nil { // again: it was a while ago
			return err
		}
		return tx.SetPassword(id, fresh)
	})
	c.s.rights.forget()
	return nil, err
}

// passwordOf returns what is stored of an account whose password the caller may
// change.
func (c *call) passwordOf(id int64, own bool) (stored string, err error) {
	err = c.view(func(tx *ledger.Tx) error {
		if err := c.mayHavePassword(tx, id, own); err != nil {
			return err
		}
		stored, err = tx.StoredPassword(id)
		return err
	})
	return stored, err
}

func (c *call) mayHavePassword(tx *ledger.Tx, id int64, own bool) error {
	a, err := tx.Account(id)
	switch {
	case err != nil:
		return err
	case id < 0:
		return notekfet.Refuse(notekfet.NotFound, "le compte %d n'existe pas", id)
	case a.Supreme && !own:
		return notekfet.Refuse(notekfet.PasswordProtected, "le mot de passe de ce compte ne peut pas être changé")
	case a.Type == "club":
		return notekfet.Refuse(notekfet.BadParameter, "un club n'a pas de mot de passe")
	}
	return nil
}
