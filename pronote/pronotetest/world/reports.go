package world

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// Report is the report cards of the class for one period. The averages are those
// of the day on which it was published.
type Report struct {
	Period        string                       // one of School.Periods
	Comments      map[string][]string          // by pupil, on the report as a whole: "heading : text"
	Appreciations map[string]map[string]string // by pupil and subject
	Hidden        bool                         // not published, or not any longer

	id    int
	cards map[string]pronote.Report // by pupil, without what teachers write
}

func (*Report) domain() string { return "reports" }

func (r *Report) enter(id int, _ pronote.DateTime) {
	r.id = id
	r.Comments = maps.Clone(r.Comments)
	appreciations := map[string]map[string]string{}
	for pupil, texts := range r.Appreciations {
		appreciations[pupil] = maps.Clone(texts)
	}
	r.Appreciations = appreciations
}

// settle prints the averages, once.
func (r *Report) settle(s *School) {
	if r.cards != nil {
		return
	}
	r.cards = map[string]pronote.Report{}
	averages := s.sorted().averages
	for i, pupil := range s.class.pupils {
		card := pronote.Report{
			Year: s.calendar.year, Period: r.Period, Class: s.class.name, OutOf: pronote.Num(20),
			Absences: fmt.Sprintf("%d demi-journée(s) d'absence", i%4), Delays: fmt.Sprintf("%d retard(s)", i%3),
			Subjects: []pronote.ReportSubject{},
		}
		if !s.class.marked { // what teachers write is all there is
			for _, subject := range s.subjects {
				card.Subjects = append(card.Subjects, reportSubjects(s, pronote.Average{Subject: subject.name})...)
			}
		}
		for _, row := range averages[pupil] {
			switch a := row.Value; {
			case a.Period != r.Period:
			case a.Subject == "":
				card.StudentAverage, card.ClassAverage = a.Student, a.ClassAverage
			case SecondAverage(row.ID):
				shared := reportSubject(s, a)
				shared.Teachers = []string{s.subject(a.Subject).second}
				card.Subjects = append(card.Subjects, shared)
			case !strings.Contains(a.Subject, partOf):
				card.Subjects = append(card.Subjects, reportSubjects(s, a)...)
			}
		}
		for i := range card.Subjects {
			card.Subjects[i].Position = i + 1
		}
		r.cards[pupil] = card
	}
}

func reportSubject(s *School, a pronote.Average) pronote.ReportSubject {
	return pronote.ReportSubject{
		Subject: a.Subject, Group: groupOf(a.Subject), Teachers: []string{s.Teacher(a.Subject)}, Coefficient: pronote.Num(1),
		Student: a.Student, ClassAverage: a.ClassAverage, ClassMin: a.ClassMin, ClassMax: a.ClassMax,
	}
}

// reportSubjects are the subject of an average, and the parts of a language.
func reportSubjects(s *School, a pronote.Average) []pronote.ReportSubject {
	subject := reportSubject(s, a)
	if a.Subject != english {
		return []pronote.ReportSubject{subject}
	}
	spoken, written := subject, subject
	spoken.Subject, spoken.Within, spoken.Group = "Oral", english, ""
	written.Subject, written.Within, written.Group = "Écrit", english, ""
	return []pronote.ReportSubject{subject, spoken, written}
}

func groupOf(subject string) string {
	switch {
	case slices.Contains([]string{maths, biology, physics, technology, sciences}, subject):
		return "SCIENCES"
	case slices.Contains([]string{english, spanishLV2, germanLV2}, subject):
		return "LANGUES"
	}
	return ""
}

// report is the row of one pupil.
func (r *Report) report(pupil string) (card pronote.Report, shown bool) {
	card, has := r.cards[pupil]
	if !has || r.Hidden {
		return card, false
	}
	card.Comments = plainText(r.Comments[pupil])
	card.Subjects = slices.Clone(card.Subjects)
	card.PDF = pronote.Attachment{Name: "Bulletin " + card.Period + " " + card.Year + ".pdf", Kind: "file", Role: "report"}
	for i := range card.Subjects {
		subject := &card.Subjects[i]
		if subject.Within == "" {
			subject.Appreciation = r.Appreciations[pupil][subject.Subject]
		}
	}
	return card, true
}

func (r *Report) facts(_ *School, _ Viewer, pupil string) []fact {
	card, shown := r.report(pupil)
	if !shown {
		return nil
	}
	return []fact{{"period", card.Period}, {"comments", card.Comments}, {"subjects", fmt.Sprintf("%+v", card.Subjects)}}
}
