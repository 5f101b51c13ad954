package world

import (
	"slices"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// evaluations goes through the terms and the subjects that judge by skills.
func (w *writer) evaluations() {
	c := w.school.calendar
	for _, period := range c.periods {
		for _, subject := range w.school.subjects {
			if skillsOf(subject.name) == nil {
				continue
			}
			for _, day := range w.testDays(subject, period) {
				if !w.chance(0.6) {
					continue
				}
				e := w.evaluation(subject, day)
				published := w.moment(at(day, 17, 0), 10)
				deadline := at(period.Ends.AddDays(14), 20, 0)
				w.evaluationLife(e, subject, period, published, deadline)
				if w.chance(0.15) {
					w.copiedEvaluation(e, subject, published)
				}
			}
		}
	}
}

// copiedEvaluation is another one of the same name and day, with skills and
// levels of its own. Like homework that was copied it is never edited, but may be
// withdrawn.
func (w *writer) copiedEvaluation(e Evaluation, subject subject, published pronote.DateTime) {
	e.Skills = w.someSkills(subject)
	w.judge(&e, subject)
	id := w.add(published, Add(e))
	if w.chance(0.3) {
		w.plan(w.moment(published, 9), Remove(id))
	}
}

func (w *writer) someSkills(subject subject) (some []pronote.Skill) {
	skills := skillsOf(subject.name)
	for _, i := range w.Perm(len(skills))[:1+w.IntN(len(skills))] {
		some = append(some, skills[i])
	}
	return some
}

func (w *writer) evaluation(subject subject, day pronote.Date) Evaluation {
	e := Evaluation{
		Subject: subject.name, Date: day, Cycles: []string{w.school.class.cycle},
		Name:        w.fill(pick(w.Rand, "{chapter}", "Évaluation – {chapter}", "Bilan de compétences", "Exposé : {chapter}", ""), subject, 0, day),
		Coefficient: pick(w.Rand, 1.0, 1, 1, 2),
	}
	if w.chance(0.3) {
		e.Text = []string{pick(w.Rand, "Travail de groupe & présentation orale.", "À refaire si le niveau est < B.", "Noté sur le cahier.")}
	}
	if w.chance(0.2) {
		e.Domain = skillsOf(subject.name)[0].Domain
	}
	if w.chance(0.1) {
		e.Cycles = []string{"Cycle 3", "Cycle 4"}
	}
	e.Skills = w.someSkills(subject)
	if w.chance(0.1) { // the same skill twice, as in two exercises
		e.Skills = append(e.Skills, e.Skills[0])
	}
	w.judge(&e, subject)
	return e
}

// judge gives each pupil levels. Some evaluations show before they are judged.
func (w *writer) judge(e *Evaluation, subject subject) {
	e.Levels = map[string][]Level{}
	early := w.chance(0.1)
	for _, pupil := range w.school.class.groups[subject.group] {
		reached := make([]Level, len(e.Skills))
		for i := range reached {
			if reached[i] = w.level(pupil); early {
				reached[i] = Level{}
			}
		}
		e.Levels[pupil] = reached
	}
}

func (w *writer) level(pupil string) Level {
	level := Level{Abbreviation: pick(w.Rand, "E", "D", "C", "B", "B", "A", "A", "A", "A+")}
	if w.chance((w.talent[pupil] - 8) / 10) {
		level.Abbreviation = pick(w.Rand, "A", "A+")
	}
	if w.chance(0.06) {
		level.Abbreviation = pick(w.Rand, "Abs", "Ne", "Dsp", "Nr", "Cf")
	}
	if w.chance(0.05) {
		level.Comment = pick(w.Rand, "En progrès", "Bien participé", "Attention aux consignes", "À revoir")
	}
	return level
}

// evaluationLife is what happens to an evaluation once it shows.
func (w *writer) evaluationLife(e Evaluation, subject subject, period pronote.Period, published, deadline pronote.DateTime) {
	id := w.add(published, Add(e))
	t := published
	if levels := e.Levels[w.school.class.children[0]]; levels != nil && levels[0] == (Level{}) {
		t = w.moment(t, 5)
		w.judge(&e, subject)
		judged := e.Levels
		w.plan(t, Amend(id, func(e *Evaluation) { e.Levels = judged }))
	}
	for range pick(w.Rand, 0, 0, 0, 1, 1, 2) {
		t = w.moment(t, 9)
		switch n := w.IntN(20); {
		case t.Compare(deadline) > 0:
			return
		case n == 0:
			w.plan(t, Remove(id))
			return
		case n == 1:
			back := w.moment(at(t.AddDays(1), 0, 0), 4)
			w.plan(t, Amend(id, func(e *Evaluation) { e.Hidden = true }))
			w.plan(back, Amend(id, func(e *Evaluation) { e.Hidden = false }))
			return
		default:
			w.plan(t, Amend(id, w.reconsidered(e, n, subject, period, published.Date)))
		}
	}
}

// reconsidered is what a teacher corrects of an evaluation, in twenty cases.
func (w *writer) reconsidered(e Evaluation, n int, subject subject, period pronote.Period, last pronote.Date) func(*Evaluation) {
	extra := pick(w.Rand, skillsOf(subject.name)...)
	switch {
	case n < 12:
		children := w.school.class.children
		pupil, level, at := pick(w.Rand, children...), w.level(children[0]), w.IntN(len(e.Skills))
		return func(e *Evaluation) { e.relevel(pupil, at, level) }
	case n == 12:
		name := strings.TrimSpace(e.Name + pick(w.Rand, " (rattrapage)", " bis", " – groupe 1"))
		return func(e *Evaluation) { e.Name = name }
	case n == 13:
		day := w.otherDay(paper{test: Test{GivenOn: e.Date}, subject: subject, period: period, published: at(last, 0, 0)})
		return func(e *Evaluation) { e.Date = day }
	case n == 14:
		return func(e *Evaluation) { e.Coefficient += 0.5 }
	case n == 15:
		return func(e *Evaluation) { e.Text = append(slices.Clone(e.Text), "Correction disponible.") }
	case n < 18: // a skill that was forgotten, not judged yet
		return func(e *Evaluation) { e.Skills = append(slices.Clone(e.Skills), extra) }
	default: // one too many
		return func(e *Evaluation) {
			if len(e.Skills) > 1 {
				e.Skills = e.Skills[:len(e.Skills)-1]
			}
		}
	}
}
