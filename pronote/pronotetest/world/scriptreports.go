package world

import (
	"maps"
	"slices"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// reports are published some days after the end of a term, and before that of
// the year.
func (w *writer) reports() {
	c := w.school.calendar
	for _, period := range c.periods {
		day := period.Ends.AddDays(4)
		if period.Ends == c.ends {
			day = period.Ends.AddDays(-14)
		}
		w.reportLife(w.report(period), w.moment(at(day, 16, 0), 3))
	}
}

func (w *writer) report(period pronote.Period) Report {
	r := Report{Period: period.Name, Comments: map[string][]string{}, Appreciations: map[string]map[string]string{}}
	for _, pupil := range w.school.class.pupils {
		r.Comments[pupil] = []string{"Appréciation globale : " + w.verdict()}
		texts := map[string]string{}
		for _, subject := range w.school.subjects {
			if !w.chance(0.1) { // some teachers are late, or never write any
				texts[subject.name] = w.verdict()
			}
		}
		r.Appreciations[pupil] = texts
	}
	return r
}

func (w *writer) verdict() string {
	return pick(w.Rand, "Bon trimestre", "Ensemble satisfaisant", "Des efforts à poursuivre", "Trimestre en demi-teinte", "Excellent travail") +
		pick(w.Rand, ".", " ; continuez.", ", malgré des bavardages.", " & participation active.", " : il faut < se relire >.")
}

// reportLife is what happens to reports once they show: a teacher who was late
// writes, another corrects a text, and the head corrects the whole.
func (w *writer) reportLife(r Report, published pronote.DateTime) {
	id := w.add(published, Add(r))
	t := published
	for range 1 + w.IntN(4) {
		t = w.moment(t, 3)
		pupil, text := pick(w.Rand, w.school.class.children...), w.verdict()
		subject := pick(w.Rand, slices.Sorted(maps.Keys(r.Appreciations[pupil]))...)
		switch w.IntN(6) {
		case 0:
			back := w.moment(at(t.AddDays(2), 0, 0), 2)
			w.plan(t, Amend(id, func(r *Report) { r.Hidden = true }))
			w.plan(back, Amend(id, func(r *Report) { r.Hidden = false }))
			t = back
		case 1:
			w.plan(t, Amend(id, func(r *Report) {
				r.Comments[pupil] = []string{"Appréciation globale : " + text, "Mention : Félicitations"}
			}))
		default:
			w.plan(t, Amend(id, func(r *Report) { r.Appreciations[pupil][subject] = text }))
		}
	}
}
