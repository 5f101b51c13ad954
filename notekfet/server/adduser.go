package server

import (
	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/internal/password"
)

// adduser adds a special user or changes one.
func (c *call) adduser() (any, error) {
	var s shape
	p := s.list(c.raw, 3, 3)
	name, word, acl := s.name(p[0]), s.text(p[1]), s.texts(p[2])
	if s.err == nil {
		s.err = CheckACL(acl)
	}
	if s.err == nil && word == "" {
		s.fail("le mot de passe est vide")
	}
	if s.err != nil {
		return nil, s.err
	}
	fresh := ""
	if word != "-" {
		fresh = password.Hash(word)
	}
	err := c.s.Specials.Change(func(users map[string]Special) error {
		user, exists := users[name]
		if fresh != "" {
			user.Password = fresh
		} else if !exists {
			return notekfet.Refuse(notekfet.BadParameter, "cet utilisateur n'existe pas encore : donnez un mot de passe")
		}
		user.ACL = append([]string{}, acl...)
		users[name] = user
		return nil
	})
	if err != nil {
		return nil, err
	}
	c.cut(name)
	return nil, nil
}

// cut closes the sessions of a special user who has changed, where that is wanted.
func (c *call) cut(name string) {
	if !c.s.CutChangedSpecials {
		return
	}
	for _, other := range c.s.connections() {
		other.mu.Lock()
		his := other.who != nil && other.who.special && other.who.name == name && other != c.conn
		other.mu.Unlock()
		if his {
			other.abort()
		}
	}
}
