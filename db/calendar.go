package db

import "github.com/pronote-sync/pronote-sync/pronote"

// HolidaysView lists holidays.
var HolidaysView = View{
	Name:  "holidays",
	About: "The holidays of the school year",
	None:  "There are no holidays",
	Shown: "account name starts_on ends_on",
	Ahead: true,
	when:  "ends_on",
	order: "starts_on, account, student, uid",
}

// Holidays keeps the holidays of a school, placed by school year.
var Holidays = Table[pronote.Holiday]{
	Name:    "holidays",
	View:    HolidaysView,
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
