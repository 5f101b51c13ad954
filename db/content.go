package db

import "github.com/pronote-sync/pronote-sync/pronote"

// ContentsView lists what was done in the lessons.
var ContentsView = View{
	Name:  "contents",
	About: "What was done in the lessons, newest first",
	None:  "There is nothing about lessons",
	Shown: "student starts_at subject title description",
	when:  "starts_at",
	order: "starts_at DESC, uid",
}

// Contents keeps what was done in the lessons, placed by the day of the lesson.
var Contents = Table[pronote.Content]{
	Name:    "contents",
	View:    ContentsView,
	Place:   "substr(starts_at, 1, 10)",
	PlaceOf: func(c pronote.Content) string { return c.Starts.Date.String() },
	Columns: []string{
		"starts_at", "ends_at", "subject", "teachers", "groups", "title", "description", "description_html", "category", "themes", "path",
	},
	Fields: func(c *pronote.Content) []any {
		return []any{
			(*instant)(&c.Starts), (*instant)(&c.Ends), &c.Subject, (*names)(&c.Teachers), (*names)(&c.Groups), &c.Title,
			&c.Description, &c.HTML, &c.Category, (*names)(&c.Themes), (*text)(&c.Path),
		}
	},
}
