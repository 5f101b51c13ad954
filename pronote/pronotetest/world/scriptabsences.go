package world

import (
	"slices"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// schoolLife goes through the days of the children of the class.
func (w *writer) schoolLife() {
	for _, pupil := range w.school.class.children {
		w.absences(pupil)
		w.delays(pupil)
		w.punishments(pupil)
		w.observations(pupil)
	}
}

// daily calls write on a share of the school days that are not too late in the
// year for what follows from them. It goes on after the day that write returns.
func (w *writer) daily(share float64, write func(d pronote.Date, lessons []slot) (last pronote.Date)) {
	c := w.school.calendar
	for d := c.starts; d.Compare(c.ends.AddDays(-12)) < 0; d = d.AddDays(1) {
		if lessons := w.school.lessons(d); len(lessons) > 0 && w.chance(share) {
			d = write(d, lessons)
		}
	}
}

func (w *writer) absences(pupil string) {
	w.daily(0.07, func(d pronote.Date, lessons []slot) pronote.Date {
		first, last := lessons[0], lessons[len(lessons)-1]
		ends := last.hour + last.hours
		switch w.IntN(6) {
		case 0, 1:
			return w.illness(pupil, d, first.hour, ends)
		case 2:
			w.halves(pupil, d, first.hour, ends)
		case 3:
			w.appointment(pupil, d, ends)
		default:
			w.missedLesson(pupil, d, pick(w.Rand, lessons...))
		}
		return d
	})
}

// illness is entered in the first lesson, and stays open while the pupil is
// away: its end moves on.
func (w *writer) illness(pupil string, d pronote.Date, first, ends int) pronote.Date {
	a := pronote.Absence{StartsAt: at(d, first, 0), EndsAt: at(d, first+1, 0), Open: true, ToJustify: true}
	t := at(d, first, 12+w.IntN(30))
	id := w.add(t, Add(Absence{Absence: a, Pupil: pupil}))
	until := func(d pronote.Date, hour int, open bool) {
		t = at(d, hour, 10+w.IntN(20))
		w.plan(t, Amend(id, func(a *Absence) { a.EndsAt, a.Open = at(d, hour, 0), open }))
	}
	for hour := first + 2; hour < ends; hour += 1 + w.IntN(2) {
		until(d, hour, true)
	}
	until(d, ends, true)
	for range w.IntN(3) {
		if next := w.school.calendar.openFrom(d.AddDays(1)); next.DaysSince(d) <= 3 {
			d = next
			until(d, 17, true)
		}
	}
	last := d
	w.plan(w.moment(t, 1), Amend(id, func(a *Absence) { a.Open = false }))
	w.justify(id, w.moment(t, 1), a)
	return last.AddDays(1)
}

// missedLesson is one that a teacher noticed; now and then the pupil was only
// late, or elsewhere.
func (w *writer) missedLesson(pupil string, d pronote.Date, l slot) {
	a := pronote.Absence{StartsAt: at(d, l.hour, 0), EndsAt: at(d, l.hour+l.hours, 0), ToJustify: true}
	t := at(d, l.hour, 8+w.IntN(45))
	id := w.add(t, Add(Absence{Absence: a, Pupil: pupil}))
	if !w.chance(0.25) {
		w.justify(id, t, a)
		return
	}
	t = w.moment(t, 0)
	w.plan(t, Remove(id))
	if w.chance(0.6) {
		w.add(t, Add(Delay{Pupil: pupil, Delay: pronote.Delay{StartsAt: at(d, l.hour, 10), Minutes: 10, ToJustify: true}}))
	}
}

// halves are two absences of one day, which the office later makes one.
func (w *writer) halves(pupil string, d pronote.Date, first, ends int) {
	morning := pronote.Absence{StartsAt: at(d, first, 0), EndsAt: at(d, first+1, 0), ToJustify: true}
	later := pronote.Absence{StartsAt: at(d, ends-1, 0), EndsAt: at(d, ends, 0), ToJustify: true}
	id := w.add(at(d, first, 20), Add(Absence{Absence: morning, Pupil: pupil}))
	other := w.add(at(d, ends-1, 20), Add(Absence{Absence: later, Pupil: pupil}))
	t := w.moment(at(d, ends, 0), 1)
	w.plan(t, Amend(id, func(a *Absence) { a.EndsAt = later.EndsAt }))
	w.plan(t, Remove(other))
	w.justify(id, t, pronote.Absence{})
}

// appointment is an absence that the parents announced.
func (w *writer) appointment(pupil string, d pronote.Date, ends int) {
	w.add(w.moment(at(d.AddDays(-4), 9, 0), 3), Add(Absence{Pupil: pupil, Absence: pronote.Absence{
		StartsAt: at(d, ends-2, 0), EndsAt: at(d, ends, 0), Justified: true, Settled: true,
		Reasons: []string{"Rendez-vous médical"}, Justification: "Orthodontiste",
	}}))
}

// justify is how the family and the office settle an absence, of which only the
// times known at first are given where they may be corrected.
func (w *writer) justify(id int, t pronote.DateTime, a pronote.Absence) {
	if hour := a.StartsAt.Hour; hour > 8 && w.chance(0.2) {
		t = w.moment(t, 1)
		w.plan(t, Amend(id, func(a *Absence) { a.StartsAt.Hour = hour - 1 }))
	}
	if !w.chance(0.85) {
		return
	}
	reasons := []string{pick(w.Rand, "Maladie sans certificat", "Maladie avec certificat", "Raison familiale", "Transport")}
	note := pick(w.Rand, "", "", "Fièvre", "Voir le mot dans le carnet")
	t = w.moment(t, 4)
	w.plan(t, Amend(id, func(a *Absence) {
		a.Justified, a.ToJustify, a.Reasons, a.Justification = true, false, slices.Clone(reasons), note
	}))
	if w.chance(0.7) {
		t = w.moment(t, 3)
		w.plan(t, Amend(id, func(a *Absence) { a.Settled = true }))
	}
	if w.chance(0.15) {
		w.plan(w.moment(t, 3), Amend(id, func(a *Absence) { a.Reasons = []string{"Maladie avec certificat", "Infirmerie"} }))
	}
}

func (w *writer) delays(pupil string) {
	w.daily(0.08, func(d pronote.Date, lessons []slot) pronote.Date {
		w.late(pupil, d, lessons[0].hour)
		if last := lessons[len(lessons)-1].hour; w.chance(0.15) && last > lessons[0].hour+1 {
			w.late(pupil, d, last)
		}
		return d
	})
}

// late is a delay, and what becomes of it.
func (w *writer) late(pupil string, d pronote.Date, hour int) {
	minutes := 4 + w.IntN(25)
	t := at(d, hour, minutes+w.IntN(20))
	id := w.add(t, Add(Delay{Pupil: pupil, Delay: pronote.Delay{StartsAt: at(d, hour, 0), Minutes: minutes, ToJustify: true}}))
	if w.chance(0.2) {
		t = w.moment(t, 0)
		w.plan(t, Amend(id, func(d *Delay) { d.Minutes = minutes + 5 }))
	}
	if w.chance(0.1) {
		t = w.moment(t, 1)
		w.plan(t, Amend(id, func(d *Delay) { d.StartsAt.Minute = 5 }))
	}
	switch {
	case w.chance(0.08):
		w.plan(w.moment(t, 1), Remove(id))
	case w.chance(0.6):
		reason := pick(w.Rand, "Panne de réveil", "Transport", "Rendez-vous médical")
		t = w.moment(t, 4)
		w.plan(t, Amend(id, func(d *Delay) {
			d.Justified, d.ToJustify, d.Reasons, d.Justification = true, false, []string{reason}, "Mot des parents"
		}))
		if w.chance(0.5) {
			w.plan(w.moment(t, 4), Amend(id, func(d *Delay) { d.Settled = true }))
		}
	}
}
