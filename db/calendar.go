package db

import "github.com/pronote-sync/pronote-sync/pronote"

// Holidays keeps the holidays of a school, placed by school year.
var Holidays = Table[pronote.Holiday]{
	Name:    "holidays",
	Place:   "year",
	PlaceOf: func(h pronote.Holiday) string { return h.Year },
	Columns: []string{"year", "name", "starts_on", "ends_on"},
	Fields: func(h *pronote.Holiday) []any {
		return []any{&h.Year, &h.Name, (*day)(&h.Starts), (*day)(&h.Ends)}
	},
}

// Weeks keeps the kinds of the weeks of a school, placed by school year.
var Weeks = Table[pronote.Week]{
	Name:    "weeks",
	Place:   "year",
	PlaceOf: func(w pronote.Week) string { return w.Year },
	Columns: []string{"year", "starts_on", "label"},
	Fields:  func(w *pronote.Week) []any { return []any{&w.Year, (*day)(&w.Starts), &w.Label} },
}
