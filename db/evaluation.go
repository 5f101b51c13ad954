package db

import "github.com/pronote-sync/pronote-sync/pronote"

// EvaluationsView lists evaluations by skills.
var EvaluationsView = View{
	Name:  "evaluations",
	About: "Evaluations by skills, newest first",
	None:  "There are no evaluations",
	Shown: "student date subject levels name teacher",
	when:  "date",
	order: "date DESC, subject, uid",
}

// Evaluations keeps evaluations, placed by period. Their skills are apart.
var Evaluations = Table[pronote.Evaluation]{
	Name:    "evaluations",
	View:    EvaluationsView,
	Place:   "year || ' ' || period",
	PlaceOf: func(e pronote.Evaluation) string { return e.Year + " " + e.Period },
	Columns: []string{"year", "period", "subject", "name", "date", "teacher", "description", "coefficient", "domain", "cycles"},
	Fields: func(e *pronote.Evaluation) []any {
		return []any{
			&e.Year, &e.Period, &e.Subject, &e.Name, (*day)(&e.Date), &e.Teacher, &e.Description,
			number{&e.Coefficient}, &e.Domain, (*names)(&e.Cycles),
		}
	},
}

// SkillsView lists the skills of evaluations.
var SkillsView = View{
	Name:  "skills",
	About: "The skills that evaluations are about, newest first",
	None:  "There are no skills",
	Shown: "student date subject level item domain",
	from: `(
		SELECT skills.*, evaluations.date, evaluations.subject, evaluations.name
		FROM skills JOIN evaluations ON evaluations.uid = evaluation_uid)`,
	joined: true,
	when:   "date",
	order:  "date DESC, subject, evaluation_uid, position, uid",
}

// Skills keeps the skills that evaluations are about.
var Skills = parts("skills", "evaluation_id",
	[]string{
		"position", "item", "domain", "pillar", "pillar_codes", "level", "abbreviation", "level_kind", "coefficient", "comment",
	},
	func(s *pronote.Skill) []any {
		return []any{
			&s.Position, &s.Item, &s.Domain, &s.Pillar, &s.PillarCodes, &s.Level, &s.Abbreviation,
			(*text)(&s.Kind), number{&s.Coefficient}, &s.Comment,
		}
	}).listedAs(SkillsView)
