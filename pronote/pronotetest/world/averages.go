package world

import (
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// averages are those of every pupil, period by period, over all subjects first.
// A service is listed as soon as it has a test that the pupil sees. What is outside
// of the terms has no average over all subjects.
func (s *School) averages(tests []*Test) map[string][]Row[pronote.Average] {
	terms := make([]term, len(s.calendar.periods)+1)
	for _, t := range tests {
		if t.Hidden {
			continue
		}
		p := s.calendar.periodAt(t.GivenOn)
		if t.Outside {
			p = len(terms) - 1
		}
		terms[p].mark(t)
	}
	all := map[string][]Row[pronote.Average]{}
	for p := range terms {
		t := &terms[p]
		t.school, t.number, t.rows = s, p, map[string][]Row[pronote.Average]{}
		outside := p == len(terms)-1
		if t.name = s.calendar.outside.Name; !outside {
			t.name = s.calendar.periods[p].Name
		}
		for i, subject := range s.subjects {
			t.addSubject(i+1, subject)
		}
		for i, overall := range t.overall() {
			pupil := s.class.pupils[i]
			if !outside && (overall.Value.Student.Known || overall.Value.ClassAverage.Known) {
				all[pupil] = append(all[pupil], overall)
			}
			all[pupil] = append(all[pupil], t.rows[pupil]...)
		}
	}
	return all
}

// term gathers the averages of one period.
type term struct {
	school *School
	name   string
	number int
	marked map[service][]*Test
	rows   map[string][]Row[pronote.Average]
}

// mark takes down a test for its services: that of a part counts for the whole too.
func (t *term) mark(test *Test) {
	if t.marked == nil {
		t.marked = map[service][]*Test{}
	}
	own := test.service()
	t.marked[own] = append(t.marked[own], test)
	if own.part != "" {
		own.part = ""
		t.marked[own] = append(t.marked[own], test)
	}
}

// row is an average with what all averages of the term share. Its number says
// of which term and service it is.
func (t *term) row(number int) Row[pronote.Average] {
	return Row[pronote.Average]{ID: 100*(t.number+1) + number, Value: pronote.Average{
		Year: t.school.calendar.year, Period: t.name, OutOf: pronote.Num(20),
	}}
}

// There are fewer than twenty subjects, and the services of one are numbered by twenties.
const (
	services      = 20
	secondService = 3
)

// SecondAverage reports whether an average is of its subject's other teacher.
func SecondAverage(average int) bool { return average%100/services == secondService }

// addSubject adds the services of a subject.
func (t *term) addSubject(number int, subject subject) {
	t.add(number, subject, service{subject: subject.name})
	for i, part := range subject.parts {
		t.add(number+services*(i+1), subject, service{subject: subject.name, part: part})
	}
	t.add(number+services*secondService, subject, service{subject: subject.name, second: true})
}

func (t *term) add(number int, subject subject, of service) {
	tests := t.marked[of]
	pupils := t.school.class.pupils
	numbers := make([]pronote.Number, len(pupils))
	for i, pupil := range pupils {
		numbers[i] = averageOf(tests, pupil)
	}
	average, lowest, highest := spread(numbers)
	for i, pupil := range pupils {
		if !sees(tests, pupil) {
			continue
		}
		row := t.row(number)
		row.Value.Subject = of.name()
		row.Value.Student = numbers[i]
		if !subject.hidden {
			row.Value.ClassAverage, row.Value.ClassMin, row.Value.ClassMax = average, lowest, highest
		}
		t.rows[pupil] = append(t.rows[pupil], row)
	}
}

// overall is the mean of the services' averages as shown, parts left out, for each
// pupil in the order of the register; the class's is the mean of those. PRONOTE sends
// no lowest and highest one.
func (t *term) overall() []Row[pronote.Average] {
	var numbers []pronote.Number
	for _, pupil := range t.school.class.pupils {
		var subjects []pronote.Number
		for _, row := range t.rows[pupil] {
			if !strings.Contains(row.Value.Subject, partOf) {
				subjects = append(subjects, row.Value.Student)
			}
		}
		average, _, _ := spread(subjects)
		numbers = append(numbers, average)
	}
	mean, _, _ := spread(numbers)
	overall := make([]Row[pronote.Average], len(numbers))
	for i, number := range numbers {
		overall[i] = t.row(0)
		overall[i].Value.Student, overall[i].Value.ClassAverage = number, mean
	}
	return overall
}

func sees(tests []*Test, pupil string) bool {
	for _, t := range tests {
		if _, has := t.Scores[pupil]; has {
			return true
		}
	}
	return false
}

// averageOf is a pupil's average over 20 in one subject. Compulsory tests weigh
// their coefficient times their scale, or times 20 when they are rescaled; an
// optional one counts only above the average of those, and of a bonus only the
// points above half.
func averageOf(tests []*Test, pupil string) pronote.Number {
	var compulsory, extra weighing
	var optional []weighing
	for _, t := range tests {
		value, counts := counted(t.Scores[pupil])
		if !counts {
			continue
		}
		w := weigh(t, value)
		switch {
		case t.Bonus:
			extra.points += max(0, w.points-w.outOf/2)
		case t.Optional:
			optional = append(optional, w)
		default:
			compulsory = compulsory.plus(w)
		}
	}
	total := compulsory
	for _, w := range optional {
		if w.ratio() > compulsory.ratio() {
			total = total.plus(w)
		}
	}
	if total.outOf == 0 {
		return pronote.Number{}
	}
	return rounded(min(20, 20*total.plus(extra).ratio()))
}

// weighing is a number of points out of the number there were to get.
type weighing struct{ points, outOf float64 }

func weigh(t *Test, value float64) weighing {
	if t.Rescaled {
		return weighing{t.Coefficient * value * 20 / t.OutOf, t.Coefficient * 20}
	}
	return weighing{t.Coefficient * value, t.Coefficient * t.OutOf}
}

func (w weighing) plus(v weighing) weighing { return weighing{w.points + v.points, w.outOf + v.outOf} }

// ratio is negative when there was nothing to get, so that anything beats it.
func (w weighing) ratio() float64 {
	if w.outOf == 0 {
		return -1
	}
	return w.points / w.outOf
}
