package db

import "github.com/pronote-sync/pronote-sync/pronote"

// StaffView lists the adults who work with a pupil.
var StaffView = View{
	Name:  "staff",
	About: "The teachers and other adults who work with a pupil",
	None:  "There are no teachers",
	Shown: "student name function subjects hours",
	when:  "first_seen_at",
	order: "student, role DESC, name, uid",
}

// Staff keeps the adults who work with a pupil.
var Staff = Table[pronote.Colleague]{
	Name:    "staff",
	View:    StaffView,
	Columns: []string{"name", "role", "function", "subjects", "hours", "email"},
	Fields: func(c *pronote.Colleague) []any {
		return []any{&c.Name, (*text)(&c.Role), &c.Function, (*names)(&c.Subjects), &c.Hours, &c.Email}
	},
}
