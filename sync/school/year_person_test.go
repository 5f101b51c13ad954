package school

import (
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

var _ = inYears("persons", yearDomain{
	function: "PageInfosPerso",
	expect: func(y *year, of mirror.Snapshot) (events []string, ours bool) {
		s, ours := of.(personSnapshot)
		if !ours {
			return nil, false
		}
		pupil := y.school.Children()[0] // of whichever account: the parent is the same for all
		follow(y, db.Persons, s.Owner, s.Span, y.school.Truth(y.kind, pupil).Persons, func(p pronote.Person) entry {
			return entry{parts: string(db.Persons.JSON(p, "name", "kind"))}
		}, func(kind mirror.Kind, _ []string, _, now entry) string {
			if kind == mirror.Changed {
				events = append(events, "person.changed "+now.parts) // and not what changed
			}
			return ""
		})
		return events, true
	},
	mirrored: map[string]func(*year, *db.Tx, db.Owner) ([]string, error){
		"persons": mirrored(db.Persons),
	},
})
