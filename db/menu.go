package db

import "github.com/pronote-sync/pronote-sync/pronote"

// MenusView lists what the canteen serves.
var MenusView = View{
	Name:  "menus",
	About: "What the canteen serves",
	None:  "There are no menus",
	Shown: "date course dish labels",
	Ahead: true,
	when:  "date",
	order: "date, meal DESC, CASE course WHEN 'starter' THEN 1 WHEN 'main' THEN 2 WHEN 'side' THEN 3 WHEN 'cheese' THEN 4 WHEN 'dessert' THEN 5 ELSE 6 END, uid",
}

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
