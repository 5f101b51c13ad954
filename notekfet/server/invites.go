package server

import (
	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

// addGuest puts somebody on the list of an activity.
func (c *call) addGuest() (any, error) {
	var s shape
	p := s.list(c.raw, 3, 4)
	g := ledger.Guest{Activity: s.integer(p[0]), Name: s.title(p[1]), FirstName: s.title(p[2])}
	if p[3] != nil {
		g.Responsible = s.integer(p[3])
	}
	switch {
	case s.err != nil:
		return nil, s.err
	case p[3] == nil && c.who.special:
		return nil, notekfet.Refuse(notekfet.ResponsibleMissing, "un utilisateur spécial nomme le compte responsable")
	case p[3] == nil:
		g.Responsible = c.who.id
	case (c.who.special || g.Responsible != c.who.id) && !c.has("invites_admin"):
		return nil, forbidden()
	}
	var o ledger.Outcome
	err := c.update(func(tx *ledger.Tx) (err error) {
		o, err = tx.AddGuest(g, c.by())
		return err
	})
	if err != nil {
		return nil, err
	}
	return c.single(o)
}

// removeGuest takes somebody off the list.
func (c *call) removeGuest() (any, error) {
	var s shape
	id := s.integer(c.raw)
	if s.err != nil {
		return nil, s.err
	}
	return nil, c.update(func(tx *ledger.Tx) error {
		g, err := tx.Guest(id)
		if err != nil {
			return err
		}
		if !c.has("invites_admin") && (c.who.special || g.Responsible != c.who.id) {
			return notekfet.Refuse(notekfet.NotYourGuest, "vous n'êtes pas responsable de cet invité")
		}
		return tx.RemoveGuest(g)
	})
}

// guests lists the guests of an activity: all of them, or the caller's own.
func (c *call) guests() (any, error) {
	var s shape
	id := s.integer(c.raw)
	if s.err != nil {
		return nil, s.err
	}
	list := []ledger.Guest{}
	err := c.view(func(tx *ledger.Tx) error {
		if _, err := tx.Activity(id); err != nil {
			return err
		}
		responsible := int64(0)
		if !c.has("invites_admin") {
			if c.who.special {
				return nil // he has no guests
			}
			responsible = c.who.id
		}
		var err error
		list, err = tx.Guests(id, responsible)
		return err
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}
