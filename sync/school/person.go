package school

import (
	"context"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// persons asks who is logged in: the pupil, or the parent, who is the same person
// whichever child is looked at.
var persons = domain{
	Domain: psync.Domain{
		Name:     "persons",
		Schedule: "50 7 * * 1",
		Tables:   []db.View{db.Persons.Listed()},
		Events:   []string{"person.changed"},
	},
	read: func(ctx context.Context, v *visit) ([]mirror.Snapshot, error) {
		if !v.first {
			return nil, nil
		}
		person, err := v.session.Person(ctx)
		if err != nil {
			return nil, err
		}
		return []mirror.Snapshot{personSnapshot{mirror.ListOf(db.Persons, personMatcher, v.holder, db.Span{}, []pronote.Person{person})}}, nil
	},
}

var personMatcher = mirror.Matcher[pronote.Person]{
	Identities: []func(pronote.Person) string{
		func(p pronote.Person) string { return mirror.Identity(string(p.Kind)) }, // an account has one
	},
}

type personSnapshot struct{ mirror.List[pronote.Person] }

// Store tells which columns changed and not what they say: an address has no
// business on anybody's channel.
func (s personSnapshot) Store(ctx context.Context, tx *db.Tx, at pronote.DateTime) (mirror.Outcome, error) {
	changes, o, err := s.List.Store(ctx, tx, at)
	for _, c := range changes {
		if c.Kind == mirror.Changed {
			t := mirror.Telling{Now: db.Persons.JSON(c.New, "name", "kind"), What: db.Persons.Differences(c.Old, c.New), Item: c.Item}
			o.Events = append(o.Events, t.Event("person.changed", s.Owner))
		}
	}
	return o, err
}
