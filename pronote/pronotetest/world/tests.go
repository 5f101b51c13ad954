package world

import (
	"cmp"
	"maps"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// A Test is a piece of work that a teacher marked, with what each pupil got for
// it. Subject is one of School.Subjects.
type Test struct {
	Subject     string
	Part        string // of the subject, which has marks of its own; "" for the subject as a whole
	Second      bool   // it is of the subject's other teacher, whose service has the same name
	Outside     bool   // it belongs to no term
	Title       string
	GivenOn     pronote.Date             // today when left out of a new test
	OutOf       float64                  // 20 when left out
	Coefficient float64                  // 1 when left out
	Scores      map[string]pronote.Score // by pupil; the others do not see the test
	Comments    map[string]string        // by pupil, where the teacher made a remark
	Bonus       bool
	Optional    bool
	Rescaled    bool
	Hidden      bool   // not shown, or not shown any longer
	Paper       string // name of the file with the questions
	Solution    string // name of the file with the answers

	id                       int
	average, lowest, highest pronote.Number // of the class
}

func (*Test) domain() string { return "marks" }

func (t *Test) enter(id int, now pronote.DateTime) {
	t.id = id
	t.GivenOn = cmp.Or(t.GivenOn, now.Date)
	t.OutOf = cmp.Or(t.OutOf, 20)
	t.Coefficient = cmp.Or(t.Coefficient, 1)
	scores := map[string]pronote.Score{}
	maps.Copy(scores, t.Scores)
	t.Scores = scores
	t.Comments = maps.Clone(t.Comments)
}

func (t *Test) settle(s *School) {
	numbers := make([]pronote.Number, 0, len(t.Scores))
	for _, pupil := range s.class.pupils {
		numbers = append(numbers, t.Scores[pupil].Number)
	}
	t.average, t.lowest, t.highest = spread(numbers)
}

// mark is the row of one pupil.
func (t *Test) mark(s *School, pupil string) (m pronote.Mark, shown bool) {
	score, has := t.Scores[pupil]
	if !has || t.Hidden {
		return m, false
	}
	m = pronote.Mark{
		Year: s.calendar.year, Period: s.calendar.periodOf(t.GivenOn, t.Outside).Name,
		OwnPeriod: s.calendar.periodOf(t.GivenOn, t.Outside).Name,
		Subject:   t.service().name(), GivenOn: t.GivenOn, Title: t.Title, Comment: t.Comments[pupil],
		Score: score, OutOf: pronote.Num(t.OutOf), Coefficient: pronote.Num(t.Coefficient),
		Bonus: t.Bonus, Optional: t.Optional, Rescaled: t.Rescaled, Attachments: t.attached(),
	}
	if !s.subject(t.Subject).hidden {
		m.ClassAverage, m.ClassMin, m.ClassMax = t.average, t.lowest, t.highest
	}
	return m, true
}

// A service is what has an average of its own: a subject, a part of one, or the
// share of its other teacher.
type service struct {
	subject, part string
	second        bool
}

func (t *Test) service() service { return service{t.Subject, t.Part, t.Second} }

func (s service) name() string {
	if s.part == "" {
		return s.subject
	}
	return s.subject + partOf + s.part
}

// SecondService reports whether the mark of a number is of its subject's other teacher.
func (s *School) SecondService(mark int) bool {
	s = s.holder(mark)
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.objects[mark].(*Test)
	return ok && t.Second
}

func (t *Test) attached() []pronote.Attachment {
	files := []pronote.Attachment{}
	for _, file := range []struct{ name, role string }{{t.Paper, "subject"}, {t.Solution, "correction"}} {
		if file.name != "" {
			files = append(files, pronote.Attachment{Name: file.name, Kind: "file", Role: file.role})
		}
	}
	return files
}

func (t *Test) facts(s *School, _ Viewer, pupil string) []fact {
	m, shown := t.mark(s, pupil)
	if !shown {
		return nil
	}
	return []fact{
		{"period", m.Period}, {"subject", m.Subject}, {"given_on", m.GivenOn}, {"title", m.Title},
		{"comment", m.Comment}, {"value", m.Score}, {"out_of", m.OutOf}, {"coefficient", m.Coefficient},
		{"class_average", m.ClassAverage}, {"class_min", m.ClassMin}, {"class_max", m.ClassMax},
		{"bonus", m.Bonus}, {"optional", m.Optional}, {"rescaled", m.Rescaled},
		{"attachments", attachmentText(m.Attachments)},
	}
}
