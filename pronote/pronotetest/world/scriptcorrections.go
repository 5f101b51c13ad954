package world

import "github.com/pronote-sync/pronote-sync/pronote"

// testLife is what happens to a test once its marks are entered.
func (w *writer) testLife(p paper) {
	id := w.add(p.published, Add(p.test))
	w.catchUp(id, p)
	t := p.published
	for range pick(w.Rand, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3) {
		t = w.moment(t, 9)
		if t.Compare(p.deadline) > 0 {
			return
		}
		switch n := w.IntN(100); {
		case n < 6:
			w.plan(t, Remove(id))
			return
		case n < 12:
			back := w.moment(at(t.AddDays(1), 0, 0), 4)
			if back.Compare(p.deadline) > 0 {
				return
			}
			w.plan(t, Amend(id, func(t *Test) { t.Hidden = true }))
			w.plan(back, Amend(id, func(t *Test) { t.Hidden = false }))
			t = back
		default:
			w.plan(t, Amend(id, w.correction(p, n)))
		}
	}
}

// catchUp replaces the mark of pupils who were absent, or handed in late.
func (w *writer) catchUp(id int, p paper) {
	for _, pupil := range w.school.class.pupils {
		chances := map[string]float64{"Abs": 0.7, "N.Rdu": 0.4}
		if !w.chance(chances[p.test.Scores[pupil].Text]) {
			continue
		}
		t := w.moment(at(p.published.AddDays(3), 12, 0), 10)
		if t.Compare(p.deadline) <= 0 {
			w.plan(t, Correct(id, pupil, RawScore(w.number(&p, pupil, 0))))
		}
	}
}

// correction is what a teacher got wrong, in a hundred cases.
func (w *writer) correction(p paper, n int) func(*Test) {
	title := w.retitled(p)
	coefficient := p.test.Coefficient + pick(w.Rand, 0.5, 1, 2)
	switch {
	case n < 50:
		return w.shift(pick(w.Rand, w.school.class.children...))
	case n < 58:
		return w.shift(pick(w.Rand, w.school.class.pupils...))
	case n < 72:
		return func(t *Test) { t.Title = title }
	case n < 80:
		return func(t *Test) { t.Coefficient = coefficient }
	case n < 84:
		return func(t *Test) { t.OutOf += max(5, t.OutOf/2) } // never below the best mark
	case n < 95:
		day := w.otherDay(p)
		return func(t *Test) { t.GivenOn = day }
	default:
		return func(t *Test) { t.Title, t.Coefficient = title, coefficient }
	}
}

// shift corrects a pupil's mark by some points, in the direction that the scale
// allows.
func (w *writer) shift(pupil string) func(*Test) {
	part := pick(w.Rand, -0.1, -0.05, 0.05, 0.05, 0.1, 0.15)
	return func(t *Test) {
		score := t.Scores[pupil]
		if !score.Known {
			return
		}
		by := part * t.OutOf
		if moved := score.Value + by; moved < 0 || moved > t.OutOf {
			by = -by
		}
		t.Scores[pupil] = scoreOf(score.Value + by)
	}
}

func (w *writer) retitled(p paper) string {
	if p.test.Title == "" {
		return w.fill(p.subject.forms[0], p.subject, 1, p.test.GivenOn)
	}
	return p.test.Title + pick(w.Rand, " (noté)", " bis", " – sujet B", " (groupe 1)", " : rattrapage", " & corrigé")
}

// otherDay is a day with the subject near the test's, of the same term and not
// after the marks were entered; the same day when there is no other.
func (w *writer) otherDay(p paper) pronote.Date {
	from := p.test.GivenOn.AddDays(-8)
	if from.Compare(p.period.Starts) < 0 {
		from = p.period.Starts
	}
	to := p.published.Date
	if to.Compare(p.period.Ends) > 0 {
		to = p.period.Ends
	}
	days := without(w.school.lessonDays(p.subject.name, p.subject.group, from, to), p.test.GivenOn)
	if len(days) == 0 {
		return p.test.GivenOn
	}
	return pick(w.Rand, days...)
}
