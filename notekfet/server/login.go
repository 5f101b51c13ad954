package server

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/internal/password"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

// login checks who somebody is. One that fails leaves the session as it was.
func (c *call) login() (any, error) {
	var s shape
	p := s.list(c.raw, 4, 4)
	name, word, kind := s.text(p[0]), s.text(p[1]), s.text(p[2])
	if s.err == nil && kind != "bdd" && kind != "special" {
		s.fail("le type d'authentification est bdd ou special")
	}
	m := s.mask(p[3], kind == "special")
	if s.err != nil {
		return nil, s.err
	}
	keys := []string{kind + " " + ledger.Fold(name), "address " + c.origin}
	authenticate := c.account
	if kind == "special" {
		authenticate = c.specialUser
	}
	who, networks, err := authenticate(name, word)
	if err != nil {
		return nil, err
	}
	if who == nil {
		c.pause(c.s.guard.failed(keys...))
		return nil, notekfet.Refuse(notekfet.LoginFailed, "pseudo ou mot de passe incorrect")
	}
	c.s.guard.passed(keys...)
	who.mask = m
	held, err := c.s.rights.of(who)
	switch {
	case err != nil:
		return nil, err
	case !held.rights.Has("login"): // whatever the mask says
		return nil, notekfet.Refuse(notekfet.Forbidden, "ce compte n'a pas le droit login")
	case !within(c.origin, networks):
		return nil, notekfet.Refuse(notekfet.AddressNotAllowed, "ce compte ne peut pas se connecter depuis cette adresse")
	}
	c.mu.Lock()
	c.conn.who = who
	c.mu.Unlock()
	c.logged.Store(true)
	return nil, nil
}

// mask reads what a session gives up. It may name rights that one has not, and
// words that are no rights.
func (s *shape) mask(raw json.RawMessage, special bool) (m mask) {
	if special {
		m.rights, _ = notekfet.Expand(s.texts(raw), true)
		return m
	}
	p := s.list(raw, 3, 3)
	m.rights, _ = notekfet.Expand(s.texts(p[0]), false)
	m.over, _ = notekfet.Expand(s.texts(p[1]), false)
	m.supreme = s.flag(p[2])
	return m
}

// account is who has that pseudo and password, nil when nobody has.
func (c *call) account(pseudo, word string) (*identity, []string, error) {
	var id int64
	var networks []string
	stored := password.None
	err := c.view(func(tx *ledger.Tx) error {
		n, text, found, err := tx.Credentials(pseudo)
		if err != nil || !found {
			return err
		}
		id, stored = n, text
		networks, err = tx.Networks(id)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	ok, outdated := password.Verify(stored, word)
	if !ok {
		return nil, nil, nil
	}
	if outdated {
		c.renew(id, stored, word)
	}
	return &identity{id: id, name: pseudo}, networks, nil
}

// renew replaces an old hash, unless the password was changed meanwhile. The login
// does not depend on it.
func (c *call) renew(id int64, old, word string) {
	fresh := password.Hash(word)
	err := c.update(func(tx *ledger.Tx) error {
		now, err := tx.StoredPassword(id)
		if err != nil || now != old {
			return err
		}
		return tx.SetPassword(id, fresh)
	})
	if err != nil {
		c.s.Log.Warn("old password not rehashed", "idbde", id, "error", err)
	}
}

// specialUser is the special user of that name and password, nil when nobody is.
func (c *call) specialUser(name, word string) (*identity, []string, error) {
	users, err := c.s.Specials.All()
	if err != nil {
		return nil, nil, err
	}
	stored := password.None
	user, found := users[name]
	if found {
		stored = user.Password
	}
	ok, outdated := password.Verify(stored, word)
	if !ok {
		return nil, nil, nil
	}
	if outdated {
		fresh := password.Hash(word)
		err := c.s.Specials.Change(func(users map[string]Special) error {
			if now, ok := users[name]; ok && now.Password == stored {
				now.Password = fresh
				users[name] = now
			}
			return nil
		})
		if err != nil {
			c.s.Log.Warn("old password not rehashed", "user", name, "error", err)
		}
	}
	acl, unknown := notekfet.Expand(user.ACL, true)
	if len(unknown) > 0 {
		c.s.unknownRights(name, unknown)
	}
	return &identity{special: true, name: name, acl: acl}, user.IPs, nil
}

// pause waits, unless the server stops.
func (c *call) pause(d time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	select {
	case <-ctx.Done():
	case <-c.s.stop:
	}
}

// unknownRights says once for each user that words of his list are no rights.
func (s *Server) unknownRights(user string, words []string) {
	slices.Sort(words)
	if _, told := s.told.LoadOrStore(user, true); !told {
		s.Log.Warn("words that are no rights are ignored", "user", user, "words", words)
	}
}
