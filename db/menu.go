package db

import "github.com/pronote-sync/pronote-sync/pronote"

// Menus keeps what the canteen serves, one row for each dish, placed by its day.
var Menus = Table[pronote.Dish]{
	Name:    "menus",
	View:    MenusView,
	Place:   "date",
	PlaceOf: func(d pronote.Dish) string { return d.Date.String() },
	Columns: []string{"date", "meal", "menu", "course", "dish", "labels", "allergens"},
	Fields: func(d *pronote.Dish) []any {
		return []any{
			(*day)(&d.Date), (*text)(&d.Meal), &d.Menu, (*text)(&d.Course), &d.Name, (*names)(&d.Labels), (*names)(&d.Allergens),
		}
	},
}
