package db

import "github.com/pronote-sync/pronote-sync/pronote"

// PeriodSpan is the span of the rows of one period of one school year.
func PeriodSpan(p pronote.Period) Span {
	place := p.Year + " " + p.Name
	return Span{Low: place, High: place}
}

// MarksView lists marks.
var MarksView = View{
	Name:  "marks",
	About: "Marks, newest first",
	None:  "There are no marks",
	Shown: "student given_on subject value_text coefficient class_average title",
	when:  "given_on",
	order: "given_on DESC, first_seen_at DESC, uid",
}

// Marks keeps marks, placed by period.
var Marks = Table[pronote.Mark]{
	Name:    "marks",
	View:    MarksView,
	Place:   "year || ' ' || period",
	PlaceOf: func(m pronote.Mark) string { return m.Year + " " + m.Period },
	Columns: []string{
		"year", "period", "own_period", "subject", "given_on", "title", "comment", "value", "value_text", "out_of", "coefficient",
		"class_average", "class_min", "class_max", "bonus", "optional", "rescaled",
	},
	Fields: func(m *pronote.Mark) []any {
		return []any{
			&m.Year, &m.Period, &m.OwnPeriod, &m.Subject, (*day)(&m.GivenOn), &m.Title, &m.Comment,
			number{&m.Score.Number}, &m.Score.Text, number{&m.OutOf}, number{&m.Coefficient},
			number{&m.ClassAverage}, number{&m.ClassMin}, number{&m.ClassMax}, &m.Bonus, &m.Optional, &m.Rescaled,
		}
	},
}

// AveragesView lists averages.
var AveragesView = View{
	Name:  "averages",
	About: "Averages by subject and of all, the last term first",
	None:  "There are no averages",
	Shown: "student period subject student_average class_average class_min class_max",
	when:  "changed_at",
	order: "year DESC, period DESC, student, subject = '', subject, uid",
}

// Averages keeps averages, placed by period.
var Averages = Table[pronote.Average]{
	Name:    "averages",
	View:    AveragesView,
	Place:   "year || ' ' || period",
	PlaceOf: func(a pronote.Average) string { return a.Year + " " + a.Period },
	Columns: []string{"year", "period", "subject", "student_average", "class_average", "class_min", "class_max", "out_of"},
	Fields: func(a *pronote.Average) []any {
		return []any{
			&a.Year, &a.Period, &a.Subject, number{&a.Student},
			number{&a.ClassAverage}, number{&a.ClassMin}, number{&a.ClassMax}, number{&a.OutOf},
		}
	},
}
