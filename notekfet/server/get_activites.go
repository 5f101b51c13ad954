package server

import (
	"strings"
	"time"

	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

// showActivity makes the answer about one activity.
func showActivity(a ledger.Activity) map[string]any {
	return map[string]any{
		"id": a.ID, "debut": a.Begin, "fin": a.End, "titre": a.Title, "lieu": a.Place, "description": a.Description, "signature": a.Club,
		"responsable": a.Responsible, "responsable_pseudo": a.Pseudo, "validepar": orNil(a.ValidatedBy), "liste": a.List,
		"listeimprimee": a.Printed, "ouvert": a.Open,
	}
}

// isResponsible reports whether an activity is the caller's own.
func (c *call) isResponsible(a *ledger.Activity) bool {
	return c.who != nil && !c.who.special && c.who.id == a.Responsible
}

// mayPlan reports whether the caller may change an activity: his own, or any.
func (c *call) mayPlan(a *ledger.Activity) bool {
	return c.has("activites_admin") || c.isResponsible(a)
}

// activity shows one. Those that are over, and those of others that are not
// public, are for the holders of activites_admin.
func (c *call) activity() (any, error) {
	var s shape
	id := s.integer(c.raw)
	if s.err != nil {
		return nil, s.err
	}
	var a *ledger.Activity
	err := c.view(func(tx *ledger.Tx) (err error) {
		if a, err = tx.Activity(id); err != nil || c.has("activites_admin") {
			return err
		}
		if a.End.Before(tx.Now) || !a.ValidatedBy.Valid && !c.isResponsible(a) {
			return forbidden()
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return showActivity(*a), nil
}

// activities lists the public ones to come whose title, place or description
// contains a text. The option o adds those that are over, n those that are not
// validated, each as far as the caller may see them.
func (c *call) activities() (any, error) {
	var s shape
	term, flags := "", ""
	if c.raw != nil && string(c.raw) != "null" {
		p := s.list(c.raw, 0, 2)
		if p[0] != nil {
			term = s.text(p[0])
		}
		if p[1] != nil {
			flags = s.text(p[1])
		}
	}
	if s.err == nil && strings.Trim(flags, "on") != "" {
		s.fail("les options sont o et n")
	}
	if s.err != nil {
		return nil, s.err
	}
	list := []map[string]any{}
	err := c.view(func(tx *ledger.Tx) error {
		from := ledger.Time{Time: tx.Now}
		if strings.Contains(flags, "o") && c.has("activites_admin") {
			from.Time = time.Time{}.AddDate(1, 0, 0)
		}
		all, err := tx.Activities(from)
		for _, a := range all {
			public := a.ValidatedBy.Valid || strings.Contains(flags, "n") && c.mayPlan(&a)
			if public && contains(term, a.Title, a.Place, a.Description) {
				list = append(list, showActivity(a))
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return list, nil
}

// contains reports whether one of some texts contains a term, in any case.
func contains(term string, texts ...string) bool {
	folded := ledger.Fold(term)
	for _, text := range texts {
		if strings.Contains(ledger.Fold(text), folded) {
			return true
		}
	}
	return false
}
