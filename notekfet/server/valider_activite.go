package server

import (
	"database/sql"
	"strings"

	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

// validateActivity makes an activity public, and says which others it overlaps.
func (c *call) validateActivity() (any, error) {
	var others []ledger.Activity
	_, err := c.changeActivity(func(tx *ledger.Tx, a *ledger.Activity) (err error) {
		// Account 0 stands for a special user, who has none.
		a.ValidatedBy = sql.Null[int64]{V: c.who.id, Valid: true}
		others, err = tx.Overlapping(a)
		return err
	})
	if err != nil || len(others) == 0 {
		return nil, err
	}
	var titles []string
	for _, o := range others {
		titles = append(titles, o.Title)
	}
	c.code, c.errmsg = notekfet.Overlaps, "l'activité en chevauche d'autres : "+strings.Join(titles, ", ")
	return nil, nil
}

func (c *call) invalidateActivity() (any, error) {
	return c.changeActivity(func(_ *ledger.Tx, a *ledger.Activity) error {
		a.ValidatedBy = sql.Null[int64]{}
		return nil
	})
}

// openActivity opens the guest list and the entries.
func (c *call) openActivity() (any, error) {
	return c.changeActivity(func(_ *ledger.Tx, a *ledger.Activity) error {
		if !a.List {
			return notekfet.Refuse(notekfet.OpenWithoutList, "cette activité n'a pas de liste d'invités")
		}
		a.Open = true
		return nil
	})
}

func (c *call) closeActivity() (any, error) {
	return c.changeActivity(func(_ *ledger.Tx, a *ledger.Activity) error {
		a.Open = false
		return nil
	})
}

// changeActivity reads an activity, has it changed, and stores it.
func (c *call) changeActivity(change func(*ledger.Tx, *ledger.Activity) error) (any, error) {
	var s shape
	id := s.integer(c.raw)
	if s.err != nil {
		return nil, s.err
	}
	return nil, c.update(func(tx *ledger.Tx) error {
		a, err := tx.Activity(id)
		if err != nil {
			return err
		}
		if err := change(tx, a); err != nil {
			return err
		}
		return tx.UpdateActivity(*a)
	})
}
