package world

import (
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// Colleague is an adult who works with the class.
type Colleague struct {
	Name     string
	Function string
	Subject  string // that the person teaches; "" for nobody's teacher
	Hours    string

	id int
}

func (*Colleague) domain() string { return "staff" }

func (c *Colleague) enter(id int, _ pronote.DateTime) { c.id = id }

func (c *Colleague) settle(*School) {}

// colleague is the row of one pupil, who does not know the teachers of others.
func (c *Colleague) colleague(s *School, pupil string) (row pronote.Colleague, shown bool) {
	row = pronote.Colleague{Name: c.Name, Role: "staff", Function: c.Function}
	if c.Subject == "" {
		return row, true
	}
	row.Role, row.Subjects, row.Hours = "teacher", []string{c.Subject}, c.Hours
	return row, s.class.in(s.subject(c.Subject).group, pupil)
}

func (c *Colleague) facts(s *School, _ Viewer, pupil string) []fact {
	row, shown := c.colleague(s, pupil)
	if !shown {
		return nil
	}
	return []fact{{"name", row.Name}, {"function", row.Function}, {"subjects", strings.Join(row.Subjects, ", ")}, {"hours", row.Hours}}
}

// colleagues are there from the first day. In winter a teacher goes on leave,
// and another comes.
func (w *writer) colleagues() {
	c := w.school.calendar
	first := at(c.starts, 6, 30)
	if !w.school.isYounger {
		for _, person := range []Colleague{{Name: "M. DELMASSE É.", Function: "Principal"}, {Name: "Mme SORBIER L.", Function: "CPE"}} {
			w.add(first, Add(person))
		}
	}
	leaves := w.IntN(len(w.school.subjects))
	for i, subject := range w.school.subjects {
		teacher := Colleague{Name: subject.teacher, Subject: subject.name, Hours: pick(w.Rand, "1h30", "2h00", "3h30", "4h00")}
		if i == 0 {
			teacher.Function = "Professeur principal"
		}
		id := w.add(first, Add(teacher))
		if i == leaves {
			winter := c.openFrom(day(c.starts.Year+1, 1, 10+w.IntN(10)))
			w.plan(at(winter, 9, 15), Remove(id))
			teacher.Name, teacher.Function = w.substitute(), "Remplaçant"
			w.add(at(winter, 9, 20), Add(teacher))
		}
	}
}

// substitute is a teacher whom the school does not have yet.
func (w *writer) substitute() string {
	known := func(name string) bool {
		return slices.ContainsFunc(w.school.subjects, func(s subject) bool { return s.teacher == name })
	}
	return pick(w.Rand, slices.DeleteFunc(shuffled(rand.New(rand.NewPCG(1, 1)), teacherNames()), known)...)
}
