package world

import (
	"cmp"
	"slices"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// life is what a shelf has of school life, of all pupils.
type life struct {
	absences     []*Absence
	delays       []*Delay
	punishments  []*Punishment
	observations []*Observation
}

func (l *life) put(thing object) {
	switch o := thing.(type) {
	case *Absence:
		l.absences = append(l.absences, o)
	case *Delay:
		l.delays = append(l.delays, o)
	case *Punishment:
		l.punishments = append(l.punishments, o)
	case *Observation:
		l.observations = append(l.observations, o)
	}
}

func (l *life) sort() {
	slices.SortFunc(l.absences, func(a, b *Absence) int { return cmp.Or(a.StartsAt.Compare(b.StartsAt), a.id-b.id) })
	slices.SortFunc(l.delays, func(a, b *Delay) int { return cmp.Or(a.StartsAt.Compare(b.StartsAt), a.id-b.id) })
	slices.SortFunc(l.punishments, func(a, b *Punishment) int { return cmp.Or(a.GivenOn.Compare(b.GivenOn), a.id-b.id) })
	slices.SortFunc(l.observations, func(a, b *Observation) int { return cmp.Or(a.GivenOn.Compare(b.GivenOn), a.id-b.id) })
}

// show fills in what a truth has of it.
func (l *life) show(t *Truth, viewer Viewer, pupil string) {
	t.Absences, t.Delays = []Row[pronote.Absence]{}, []Row[pronote.Delay]{}
	t.Punishments, t.Observations = []Row[pronote.Punishment]{}, []Row[pronote.Observation]{}
	for _, a := range l.absences {
		if a.Pupil == pupil {
			t.Absences = append(t.Absences, Row[pronote.Absence]{a.id, a.Absence})
		}
	}
	for _, d := range l.delays {
		if d.Pupil == pupil {
			t.Delays = append(t.Delays, Row[pronote.Delay]{d.id, d.Delay})
		}
	}
	for _, p := range l.punishments {
		if p.Pupil == pupil {
			t.Punishments = append(t.Punishments, Row[pronote.Punishment]{p.id, p.Punishment})
		}
	}
	for _, o := range l.observations {
		if o.shown(viewer, pupil) {
			t.Observations = append(t.Observations, Row[pronote.Observation]{o.id, o.Observation})
		}
	}
}
