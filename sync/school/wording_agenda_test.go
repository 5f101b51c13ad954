package school

import (
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// These are the events of the school's agenda.
var _ = alsoTold(func() map[string]db.Event {
	day := pronote.Date{Year: 2025, Month: 11, Day: 20}
	evening := pronote.AgendaEntry{
		Title: "Rencontre parents-professeurs", Starts: pronote.DateTime{Date: day, Hour: 17}, Ends: pronote.DateTime{Date: day, Hour: 20},
		Category: "Réunions", Author: "M. LE PROVISEUL G.", Description: "Accueil dans le hall.",
	}
	later, renamed := evening, evening
	later.Starts.Hour, later.Ends.Hour = 18, 21
	renamed.Title, renamed.Description = "Rencontre avec les professeurs", "Accueil au CDI."
	week := pronote.AgendaEntry{Title: "Semaine des arts", AllDay: true, Starts: pronote.DateTime{Date: day.AddDays(4)}, Ends: pronote.DateTime{Date: day.AddDays(8)}}
	owner := db.Owner{Student: 1}
	invited := mirror.TellingOf(db.Agenda, mirror.Change[pronote.AgendaEntry]{Kind: mirror.Added, New: evening})
	invited.Parts = mirror.PartsOf(db.Attachments, []mirror.Change[db.Part[pronote.Attachment]]{{Kind: mirror.Added, New: fileNamed("plan des salles.pdf")}})[0]
	change := func(kind mirror.Kind, old, now pronote.AgendaEntry) mirror.Telling {
		return mirror.TellingOf(db.Agenda, mirror.Change[pronote.AgendaEntry]{Kind: kind, Old: old, New: now})
	}
	return map[string]db.Event{
		"agenda.new":           invited.Event("agenda.new", owner),
		"agenda.new days":      change(mirror.Added, pronote.AgendaEntry{}, week).Event("agenda.new", owner),
		"agenda.changed hours": change(mirror.Changed, evening, later).Event("agenda.changed", owner),
		"agenda.changed text":  change(mirror.Changed, evening, renamed).Event("agenda.changed", owner),
		"agenda.removed":       change(mirror.Removed, evening, pronote.AgendaEntry{}).Event("agenda.removed", owner),
	}
})
