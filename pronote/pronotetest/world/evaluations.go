package world

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// Evaluation is a piece of work that a teacher judged by skills. Subject is one
// of School.Subjects, and its teacher judges.
type Evaluation struct {
	Subject     string
	Name        string
	Date        pronote.Date // today when left out of a new evaluation
	Text        []string     // what the teacher says of it; tidy lines
	Coefficient float64      // 1 when left out
	Domain      string
	Cycles      []string
	Skills      []pronote.Skill    // what is judged; the levels are in Levels
	Levels      map[string][]Level // by pupil, one for each skill; the others do not see the evaluation
	Outside     bool               // it belongs to no term
	Hidden      bool               // not shown, or not shown any longer

	id int
}

// Level is what a pupil reached in one skill: the abbreviation of a level, ""
// before it was judged, and a remark.
type Level struct{ Abbreviation, Comment string }

// level is one of the school's levels.
type level struct {
	abbreviation, label, kind string
}

// levels are those that schools have unless they change them, and one of the
// school's own.
func levels() []level {
	return []level{
		{"", "Aucune évaluation", ""},
		{"A+", "Très bonne maîtrise", "expert"},
		{"A", "Maîtrise satisfaisante", "acquired"},
		{"B", "Presque maîtrisé", "nearly_acquired"},
		{"C", "Maîtrise fragile", "in_progress"},
		{"D", "Début de maîtrise", "beginning"},
		{"E", "Maîtrise insuffisante", "not_acquired"},
		{"Abs", "Absent", "absent"},
		{"Ne", "Non évalué", "not_evaluated"},
		{"Dsp", "Dispensé", "exempt"},
		{"Nr", "Non rendu", "not_handed_in"},
		{"Cf", "Voir cahier", ""},
	}
}

// levelOf finds a level by its abbreviation.
func levelOf(abbreviation string) level {
	all := levels()
	return all[max(0, slices.IndexFunc(all, func(l level) bool { return l.abbreviation == abbreviation }))]
}

func (*Evaluation) domain() string { return "evaluations" }

func (e *Evaluation) enter(id int, now pronote.DateTime) {
	e.id = id
	e.Date = cmp.Or(e.Date, now.Date)
	e.Coefficient = cmp.Or(e.Coefficient, 1)
	e.Skills = slices.Clone(e.Skills)
	levels := map[string][]Level{}
	maps.Copy(levels, e.Levels)
	e.Levels = levels
}

func (*Evaluation) settle(*School) {}

// evaluation is the row of one pupil.
func (e *Evaluation) evaluation(s *School, pupil string) (v pronote.Evaluation, shown bool) {
	reached, has := e.Levels[pupil]
	if !has || e.Hidden {
		return v, false
	}
	v = pronote.Evaluation{
		Year: s.calendar.year, Period: s.calendar.periodOf(e.Date, e.Outside).Name,
		Subject: e.Subject, Name: e.Name, Date: e.Date, Teacher: s.Teacher(e.Subject), Description: plainText(e.Text),
		Coefficient: pronote.Num(e.Coefficient), Domain: e.Domain, Cycles: e.Cycles, Skills: slices.Clone(e.Skills),
	}
	for i := range v.Skills {
		skill := &v.Skills[i]
		skill.Position = i + 1
		if !skill.Coefficient.Known {
			skill.Coefficient = pronote.Num(1)
		}
		if i < len(reached) {
			level := levelOf(reached[i].Abbreviation)
			skill.Level, skill.Abbreviation, skill.Kind = level.label, level.abbreviation, level.kind
			skill.Comment = reached[i].Comment
		}
	}
	return v, true
}

func (e *Evaluation) facts(s *School, _ Viewer, pupil string) []fact {
	v, shown := e.evaluation(s, pupil)
	if !shown {
		return nil
	}
	return []fact{
		{"period", v.Period}, {"subject", v.Subject}, {"name", v.Name}, {"date", v.Date}, {"teacher", v.Teacher},
		{"description", v.Description}, {"coefficient", v.Coefficient}, {"domain", v.Domain},
		{"cycles", strings.Join(v.Cycles, ", ")}, {"skills", fmt.Sprintf("%+v", v.Skills)},
	}
}

// relevel corrects a pupil's level in one skill.
func (e *Evaluation) relevel(pupil string, skill int, level Level) {
	if skill < len(e.Levels[pupil]) {
		reached := slices.Clone(e.Levels[pupil])
		reached[skill] = level
		e.Levels[pupil] = reached
	}
}
