package world

import (
	"math"
	"slices"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// paper is a test with what the script must know to write its life.
type paper struct {
	test      Test
	subject   subject
	period    pronote.Period
	published pronote.DateTime
	deadline  pronote.DateTime // two weeks after the term nobody touches its marks any more
}

// marks goes through the terms and their subjects.
func (w *writer) marks() {
	numbers := map[string]int{} // of the last test, by subject
	for _, period := range w.school.calendar.periods {
		var papers []paper
		for _, subject := range w.school.subjects {
			for _, day := range w.testDays(subject, period) {
				numbers[subject.name]++
				p := w.paper(subject, period, day, numbers[subject.name])
				papers = append(papers, p)
				if w.chance(0.06) {
					papers = append(papers, w.second(p))
				}
			}
		}
		w.rush(papers, period)
		for _, p := range papers {
			w.testLife(p)
		}
	}
}

// testDays spreads the tests of a subject over the term. The last weeks are for
// class councils and books to return.
func (w *writer) testDays(subject subject, period pronote.Period) []pronote.Date {
	last := period.Ends.AddDays(-4)
	if period.Ends == w.school.calendar.ends {
		last = period.Ends.AddDays(-21)
	}
	lessons := w.school.lessonDays(subject.name, subject.group, period.Starts.AddDays(7), last)
	count := subject.tests
	if w.chance(0.1) {
		count++
	}
	var days []pronote.Date
	for i := range count {
		days = append(days, pick(w.Rand, lessons[i*len(lessons)/count:(i+1)*len(lessons)/count]...))
	}
	return days
}

func (w *writer) paper(subject subject, period pronote.Period, day pronote.Date, number int) paper {
	p := paper{subject: subject, period: period, deadline: at(period.Ends.AddDays(14), 20, 0)}
	p.test = Test{
		Subject: subject.name, GivenOn: day,
		Title:       w.fill(pick(w.Rand, subject.forms...), subject, number, day),
		OutOf:       pick(w.Rand, 20.0, 20, 20, 20, 20, 20, 20, 20, 20, 20, 10, 10, 5, 40),
		Coefficient: pick(w.Rand, 1.0, 1, 1, 1, 1, 2, 2, 0.5, 0.5, 3),
	}
	if len(subject.parts) > 0 {
		p.test.Part = subject.parts[number%len(subject.parts)]
	}
	p.test.Second = subject.second != "" && number%3 == 2
	if w.chance(0.03) {
		p.test.Title = "" // some teachers leave it empty
	}
	p.test.Rescaled = p.test.OutOf != 20 && w.chance(0.5)
	switch {
	case w.chance(0.04):
		p.test.Optional = true
	case w.chance(0.03):
		p.test.Bonus = true
	}
	w.sit(&p)
	p.published = w.moment(at(day, 17, 0), 12)
	return p
}

// sit has the class sit a test.
func (w *writer) sit(p *paper) {
	p.test.Scores, p.test.Comments = map[string]pronote.Score{}, map[string]string{}
	ease := w.NormFloat64()
	for _, pupil := range w.school.class.groups[p.subject.group] {
		p.test.Scores[pupil] = w.result(p, pupil, ease)
		if w.chance(0.05) {
			p.test.Comments[pupil] = pick(w.Rand, "Travail soigné.", "À refaire", "Attention à l'orthographe", "Bon début, fin bâclée")
		}
	}
}

// result is a mark, or why there is none.
func (w *writer) result(p *paper, pupil string, ease float64) pronote.Score {
	exempt := 0.005
	if p.test.Subject == sports {
		exempt = 0.05
	}
	switch chance := w.Float64(); {
	case chance < 0.045:
		return pronote.ParseScore("|1")
	case chance < 0.06:
		return pronote.ParseScore("|5")
	case chance < 0.07:
		return pronote.ParseScore("|3")
	case chance < 0.07+exempt:
		return pronote.ParseScore("|2")
	}
	return w.number(p, pupil, ease)
}

// number is a mark in the steps that teachers use for a scale.
func (w *writer) number(p *paper, pupil string, ease float64) pronote.Score {
	step := 0.5
	if p.test.OutOf <= 10 {
		step = 0.25
	}
	value := (w.talent[pupil] + ease + 2.5*w.NormFloat64()) / 20 * p.test.OutOf
	return scoreOf(min(p.test.OutOf, max(0, math.Round(value/step)*step)))
}

// second is another test of the same subject on the same day. Half of them even
// look the same, down to the first child's mark.
func (w *writer) second(p paper) paper {
	child := w.school.class.children[0]
	first := p.test.Scores[child]
	w.sit(&p)
	if w.chance(0.5) {
		if _, has := p.test.Scores[child]; has {
			p.test.Scores[child] = first
		}
	} else {
		p.test.Title = w.fill(pick(w.Rand, "Oral {chapter}", "Cahier", "Participation", "Interrogation {chapter}"), p.subject, 0, p.test.GivenOn)
	}
	if w.chance(0.5) {
		p.published = w.moment(p.published, 2)
	}
	return p
}

// rush is the evening before the marks are due for the class council, when eight
// of the latest tests of the whole class are entered within half an hour.
func (w *writer) rush(papers []paper, period pronote.Period) {
	evening := w.school.calendar.openFrom(period.Ends.AddDays(-6))
	slices.SortStableFunc(papers, func(a, b paper) int { return b.published.Compare(a.published) })
	entered := 0
	for i := range papers {
		p := &papers[i]
		if entered < 8 && p.subject.group == everybody && p.test.GivenOn.Compare(evening) <= 0 {
			p.published = at(evening, 18, 15+5*w.IntN(6)) // few different minutes
			entered++
		}
	}
}
