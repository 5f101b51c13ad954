package world

import (
	"fmt"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// outside writes what belongs to no term: in September what the class brings along
// from the year before, in the spring a mock exam.
func (w *writer) outside() {
	c := w.school.calendar
	for n, day := range []pronote.Date{c.starts.AddDays(9), onOrAfter(day(c.ends.Year, time.March, 20), time.Tuesday)} {
		title := []string{"Évaluation d'entrée", "Brevet blanc"}[n]
		for _, name := range []string{french, maths} {
			if w.school.class.marked {
				w.mockExam(w.school.subject(name), title, day)
			}
		}
		if n == 0 {
			w.entranceTest(w.school.subject(english), title, day)
		}
	}
}

// mockExam is a test whose marks come late, and of which one is corrected.
func (w *writer) mockExam(subject subject, title string, day pronote.Date) {
	p := paper{subject: subject, test: Test{
		Subject: subject.name, GivenOn: day, Title: fmt.Sprintf("%s – %s", title, subject.chapters[0]), OutOf: 40, Coefficient: 1, Outside: true,
	}}
	w.sit(&p)
	published := w.moment(at(day.AddDays(3), 17, 0), 6)
	id := w.add(published, Add(p.test))
	w.plan(w.moment(published, 9), Amend(id, w.shift(pick(w.Rand, w.school.class.children...))))
}

// entranceTest is an evaluation of the whole class.
func (w *writer) entranceTest(subject subject, title string, day pronote.Date) {
	e := Evaluation{
		Subject: subject.name, Name: title, Date: day, Cycles: []string{w.school.class.cycle}, Coefficient: 1, Skills: w.someSkills(subject), Outside: true,
	}
	w.judge(&e, subject)
	w.add(w.moment(at(day, 17, 0), 6), Add(e))
}
