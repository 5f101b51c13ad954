package school

import (
	"slices"
	"strings"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

var _ = inYears("absences", yearDomain{
	function: "PagePresence",
	expect: func(y *year, of mirror.Snapshot) ([]string, bool) {
		s, ours := of.(lifeSnapshot)
		if !ours {
			return nil, false
		}
		return schoolLifeEvents(y, s), true
	},
	mirrored: map[string]func(*year, *db.Tx, db.Owner) ([]string, error){
		"absences":     mirrored(db.Absences),
		"delays":       mirrored(db.Delays),
		"punishments":  mirrored(db.Punishments),
		"detentions":   mirrored(db.Detentions),
		"observations": mirrored(db.Observations),

		"attachments/absences":    mirroredAttachments(db.Absences),
		"attachments/punishments": mirroredAttachments(db.Punishments),
	},
})

func schoolLifeEvents(y *year, s lifeSnapshot) []string {
	owner, span := s.absences.Owner, s.absences.Span
	truth := y.school.Truth(y.kind, owner.StudentName)
	missed := func(a pronote.Absence) string { return a.Year + " " + a.Period }
	followAttachments(y, db.Absences, owner, span, truth.Absences, missed, func(a pronote.Absence) []pronote.Attachment { return a.Attachments })
	events := follow(y, db.Absences, owner, span, truth.Absences, func(a pronote.Absence) entry {
		return entry{place: missed(a), absence: a}
	}, func(kind mirror.Kind, what []string, before, now entry) string {
		if kind == mirror.Removed && slices.ContainsFunc(truth.Absences, func(row world.Row[pronote.Absence]) bool {
			return row.Value.StartsAt.Compare(before.absence.EndsAt) < 0 && before.absence.StartsAt.Compare(row.Value.EndsAt) < 0
		}) {
			return "" // two were made one
		}
		over := intersects(what, "ends_at", "open") && strings.Contains(now.json, `"open":0`)
		return newsOf("absence", kind, over || intersects(what, "starts_at", "justified", "reasons"))
	})
	events = append(events, follow(y, db.Delays, owner, span, truth.Delays, func(d pronote.Delay) entry {
		return entry{place: d.Year + " " + d.Period}
	}, func(kind mirror.Kind, what []string, _, _ entry) string {
		return newsOf("delay", kind, intersects(what, "starts_at", "minutes", "justified", "reasons"))
	})...)
	events = append(events, punishmentEvents(y, owner, span, truth.Punishments)...)
	return append(events, follow(y, db.Observations, owner, span, truth.Observations, func(o pronote.Observation) entry {
		return entry{place: o.Year + " " + o.Period}
	}, func(kind mirror.Kind, what []string, _, _ entry) string {
		return newsOf("observation", kind, intersects(what, "title", "kind", "comment", "subject", "starts_at", "ends_at"))
	})...)
}

func newsOf(family string, kind mirror.Kind, worthTelling bool) string {
	switch {
	case kind == mirror.Added:
		return family + ".new"
	case kind == mirror.Changed && worthTelling:
		return family + ".changed"
	case kind == mirror.Removed:
		return family + ".removed"
	}
	return ""
}

// punishmentEvents are those of punishments, of their detentions and of what hangs
// on them: whatever happened to all in one poll is one event.
func punishmentEvents(y *year, owner db.Owner, span db.Span, truth []world.Row[pronote.Punishment]) []string {
	key := db.Punishments.Name + " " + owner.StudentName
	before := map[int]bool{}
	if m := y.known[key]; m != nil {
		for id := range m.rows {
			before[id] = true
		}
	}
	place := func(p pronote.Punishment) string { return p.Year + " " + p.Period }
	followAttachments(y, db.Punishments, owner, span, truth, place, func(p pronote.Punishment) []pronote.Attachment { return p.Attachments })
	events := follow(y, db.Punishments, owner, span, truth, func(p pronote.Punishment) entry {
		var hung []string
		for _, a := range p.Attachments {
			hung = append(hung, a.Role+a.Kind+a.Name+a.URL)
		}
		slices.Sort(hung)
		return entry{place: place(p), parts: strings.Join(hung, "|")}
	}, func(kind mirror.Kind, what []string, before, now entry) string {
		return newsOf("punishment", kind, before.parts != now.parts || intersects(what, "kind", "nature", "reasons", "circumstances", "homework", "comment", "minutes", "starts_at", "ends_at", "barred_from"))
	})
	var detentions []world.Row[db.Part[pronote.Detention]]
	places := map[int64]string{}
	for _, row := range truth {
		places[int64(row.ID)] = place(row.Value)
		for i, d := range row.Value.Detentions {
			detentions = append(detentions, world.Row[db.Part[pronote.Detention]]{ID: 100*row.ID + i, Value: db.Part[pronote.Detention]{Of: int64(row.ID), Value: d}})
		}
	}
	moved := map[int]bool{}
	follow(y, db.Detentions, owner, span, detentions, func(d db.Part[pronote.Detention]) entry {
		return entry{place: places[d.Of], part: int(d.Of)}
	}, func(kind mirror.Kind, what []string, was, now entry) string {
		if kind != mirror.Changed || intersects(what, "held_on", "starts_at", "minutes") {
			moved[max(was.part, now.part)] = true
		}
		return ""
	})
	for id := range moved {
		now, shown := y.known[key].rows[id]
		if event := "punishment.changed " + now.json; shown && before[id] && !slices.Contains(events, event) {
			events = append(events, event)
		}
	}
	return events
}
