package server

import "github.com/pronote-sync/pronote-sync/notekfet"

func (c *call) deluser() (any, error) {
	var s shape
	name := s.text(c.raw)
	if s.err != nil {
		return nil, s.err
	}
	if name == c.who.name {
		return nil, notekfet.Refuse(notekfet.DeletesSelf, "on ne se supprime pas soi-même")
	}
	err := c.s.Specials.Change(func(users map[string]Special) error {
		if _, ok := users[name]; !ok {
			return notekfet.Refuse(notekfet.NoSuchUser, "cet utilisateur n'existe pas")
		}
		delete(users, name)
		return nil
	})
	if err != nil {
		return nil, err
	}
	c.cut(name)
	return nil, nil
}
