package sync

import (
	"context"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
)

// persons asks who is logged in: the pupil, or the parent, who is the same person
// whichever child is looked at.
var persons = Domain{
	Name:     "persons",
	Schedule: "50 7 * * 1",
	Tables:   []string{db.Persons.Name},
	Events:   seldom("person.changed"),
	read: func(ctx context.Context, v *visit) ([]snapshot, error) {
		if !v.first {
			return nil, nil
		}
		person, err := v.session.Person(ctx)
		if err != nil {
			return nil, err
		}
		return []snapshot{personSnapshot{listOf(db.Persons, personMatcher, v.holder, db.Span{}, []pronote.Person{person})}}, nil
	},
}

var personMatcher = Matcher[pronote.Person]{
	Identities: []func(pronote.Person) string{
		func(p pronote.Person) string { return identity(string(p.Kind)) }, // an account has one
	},
}

type personSnapshot struct{ list[pronote.Person] }

// store tells which columns changed and not what they say: an address has no
// business on anybody's channel.
func (s personSnapshot) store(ctx context.Context, tx *db.Tx, at pronote.DateTime) (outcome, error) {
	changes, o, err := s.list.store(ctx, tx, at)
	for _, c := range changes {
		if c.Kind == Changed {
			t := telling{Now: db.Persons.JSON(c.New, "name", "kind"), What: db.Persons.Differences(c.Old, c.New), item: c.Item}
			o.events = append(o.events, t.event("person.changed", s.owner))
		}
	}
	return o, err
}
