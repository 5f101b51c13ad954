package db

import "github.com/pronote-sync/pronote-sync/pronote"

// AgendaView lists the school's agenda.
var AgendaView = View{
	Name:  "agenda",
	About: "The school's agenda: meetings, outings, class councils",
	None:  "There is nothing in the agenda",
	Shown: "student starts_at ends_at title category",
	Ahead: true,
	when:  "starts_at",
	order: "starts_at, uid",
}

// Agenda keeps the school's agenda, placed by the day on which an entry starts.
var Agenda = Table[pronote.AgendaEntry]{
	Name:    "agenda",
	View:    AgendaView,
	Place:   "substr(starts_at, 1, 10)",
	PlaceOf: func(e pronote.AgendaEntry) string { return e.Starts.Date.String() },
	Columns: []string{"title", "starts_at", "ends_at", "all_day", "category", "author", "description", "council"},
	Fields: func(e *pronote.AgendaEntry) []any {
		return []any{
			&e.Title, (*instant)(&e.Starts), (*instant)(&e.Ends), &e.AllDay, &e.Category, &e.Author, &e.Description, &e.Council,
		}
	},
}
