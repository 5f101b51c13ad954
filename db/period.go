package db

import "github.com/pronote-sync/pronote-sync/pronote"

// Periods keeps terms and semesters, placed by school year.
var Periods = Table[pronote.Period]{
	Name:    "periods",
	Place:   "year",
	PlaceOf: func(p pronote.Period) string { return p.Year },
	Columns: []string{"year", "name", "starts_on", "ends_on", "kind"},
	Fields: func(p *pronote.Period) []any {
		return []any{&p.Year, &p.Name, (*day)(&p.Starts), (*day)(&p.Ends), &p.Kind}
	},
}
