package server

import "github.com/pronote-sync/pronote-sync/notekfet/ledger"

func (c *call) addActivity() (any, error) {
	var s shape
	f := s.object(c.raw, "titre", "debut", "fin", "lieu", "description", "signature", "liste", "responsable")
	s.require(f, "titre", "debut", "fin")
	var a ledger.Activity
	s.activity(f, &a)
	_, named := f["responsable"]
	if s.err == nil && !named && c.who.special {
		s.fail("un utilisateur spécial nomme le responsable")
	}
	if s.err != nil {
		return nil, s.err
	}
	if !named {
		a.Responsible = c.who.id
	} else if !c.mayPlan(&a) {
		return nil, forbidden()
	}
	var id int64
	err := c.update(func(tx *ledger.Tx) (err error) {
		id, err = tx.AddActivity(a)
		return err
	})
	if err != nil {
		return nil, err
	}
	return id, nil
}

// activity reads the fields of an activity.
func (s *shape) activity(f fields, a *ledger.Activity) {
	set(f, "titre", &a.Title, s.name)
	set(f, "debut", &a.Begin, s.instant)
	set(f, "fin", &a.End, s.instant)
	set(f, "lieu", &a.Place, s.text)
	set(f, "description", &a.Description, s.text)
	set(f, "signature", &a.Club, s.integer)
	set(f, "liste", &a.List, s.flag)
	set(f, "responsable", &a.Responsible, s.integer)
}
