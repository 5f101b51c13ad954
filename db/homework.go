package db

import "github.com/pronote-sync/pronote-sync/pronote"

// DaySpan is the span of the rows from one day to another, both included.
func DaySpan(from, to pronote.Date) Span { return Span{Low: from.String(), High: to.String()} }

// HomeworkView lists homework.
var HomeworkView = View{
	Name:  "homework",
	About: "Homework, by the day it is due",
	None:  "There is no homework",
	Shown: "student due_on subject done description",
	Ahead: true,
	when:  "due_on",
	order: "due_on, subject, uid",
}

// Homework keeps homework, placed by the day it is due.
var Homework = Table[pronote.Homework]{
	Name:    "homework",
	View:    HomeworkView,
	Place:   "due_on",
	PlaceOf: func(h pronote.Homework) string { return h.DueOn.String() },
	Columns: []string{
		"subject", "given_on", "due_on", "description", "description_html", "done", "difficulty", "minutes", "return_kind",
		"returned_at", "remark", "themes",
	},
	Fields: func(h *pronote.Homework) []any {
		return []any{
			&h.Subject, (*day)(&h.GivenOn), (*day)(&h.DueOn), &h.Description, &h.HTML, &h.Done,
			(*text)(&h.Difficulty), (*count)(&h.Minutes), (*text)(&h.Return),
			(*instant)(&h.ReturnedAt), &h.Remark, (*names)(&h.Themes),
		}
	},
}
