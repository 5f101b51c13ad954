package db

import "github.com/pronote-sync/pronote-sync/pronote"

// LessonsView lists the timetable.
var LessonsView = View{
	Name:  "lessons",
	None:  "There are no lessons",
	when:  "starts_at",
	order: "starts_at, number, uid",
}

// TestsView lists the lessons in which a test is announced.
var TestsView = View{
	Name:  "tests",
	About: "The tests announced in the timetable",
	None:  "There are no tests announced",
	Shown: "student starts_at subject test_kind memo teachers rooms",
	Ahead: true,
	from:  "(SELECT * FROM lessons WHERE test AND NOT cancelled)",
	when:  "starts_at",
	order: "starts_at, number, uid",
}

// Lessons keeps the timetable, placed by the day of the lesson.
var Lessons = Table[pronote.Lesson]{
	Name:    "lessons",
	View:    LessonsView,
	Place:   "substr(starts_at, 1, 10)",
	PlaceOf: func(l pronote.Lesson) string { return l.Starts.Date.String() },
	Columns: []string{
		"starts_at", "ends_at", "subject", "title", "teachers", "rooms", "groups", "number", "kind", "status", "cancelled", "replaced",
		"detention", "outing", "test", "test_kind", "exempted", "exemption", "memo", "links",
		"link_labels", "link_comments", "reason",
	},
	Fields: func(l *pronote.Lesson) []any {
		return []any{
			(*instant)(&l.Starts), (*instant)(&l.Ends), &l.Subject, &l.Title,
			(*names)(&l.Teachers), (*names)(&l.Rooms), (*names)(&l.Groups), (*count)(&l.Number),
			&l.Kind, &l.Status, &l.Cancelled, &l.Replaced, &l.Detention, &l.Outing,
			&l.Test, (*text)(&l.TestKind), &l.Exempted, (*text)(&l.Exemption), (*text)(&l.Memo), (*names)(&l.Links),
			(*lines)(&l.LinkLabels), (*lines)(&l.LinkComments), &l.Reason,
		}
	},
}
