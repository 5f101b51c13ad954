package db

import "github.com/pronote-sync/pronote-sync/pronote"

// ReportsView lists report cards.
var ReportsView = View{
	Name:  "reports",
	About: "Report cards, newest first",
	None:  "There are no report cards",
	Shown: "student year period student_average class_average comments",
	when:  "first_seen_at",
	order: "year DESC, period DESC, student, uid",
}

// Reports keeps report cards, placed by period. Their subjects are apart.
var Reports = Table[pronote.Report]{
	Name:    "reports",
	View:    ReportsView,
	Place:   "year || ' ' || period",
	PlaceOf: func(r pronote.Report) string { return r.Year + " " + r.Period },
	Columns: []string{
		"year", "period", "class", "student_average", "class_average", "out_of", "comments", "absences", "delays", "punishments", "sanctions",
	},
	Fields: func(r *pronote.Report) []any {
		return []any{
			&r.Year, &r.Period, &r.Class, number{&r.StudentAverage}, number{&r.ClassAverage}, number{&r.OutOf},
			&r.Comments, &r.Absences, &r.Delays, &r.Punishments, &r.Sanctions,
		}
	},
}

// ReportSubjects keeps what reports say of each subject.
var ReportSubjects = parts("report_subjects", "report_id",
	[]string{
		"position", "subject", "within", "subject_group", "teachers", "coefficient",
		"student_average", "class_average", "class_min", "class_max", "appreciation",
	},
	func(s *pronote.ReportSubject) []any {
		return []any{
			&s.Position, &s.Subject, &s.Within, &s.Group, (*names)(&s.Teachers), number{&s.Coefficient},
			number{&s.Student}, number{&s.ClassAverage}, number{&s.ClassMin}, number{&s.ClassMax}, &s.Appreciation,
		}
	})
