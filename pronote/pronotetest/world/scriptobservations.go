package world

import (
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote"
)

func (w *writer) observations(pupil string) {
	w.daily(0.11, func(d pronote.Date, lessons []slot) pronote.Date {
		if l := pick(w.Rand, lessons...); w.chance(0.75) {
			w.observe(pupil, d, l)
		} else {
			w.enter(pupil, d, l)
		}
		return d
	})
}

// observe is a note in the book, and what becomes of it.
func (w *writer) observe(pupil string, d pronote.Date, l slot) {
	v := pick(w.Rand,
		pronote.Observation{Kind: "notebook", Title: "Carnet oublié"},
		pronote.Observation{Kind: "observation", Title: "Matériel oublié", Comment: "Cahier oublié pour la deuxième fois"},
		pronote.Observation{Kind: "observation", Title: "Travail non fait", Comment: "Exercice à rattraper pour le prochain cours"},
		pronote.Observation{Kind: "observation", Title: "Bavardages", Comment: "Bavardages incessants, merci d'en parler à la maison"},
		pronote.Observation{Kind: "encouragement", Title: "Encouragements", Comment: "Très bonne participation à l'oral"},
		pronote.Observation{Kind: "other", Title: "Remarque"},
	)
	v.Category, v.GivenOn, v.Subject, v.Giver = "Carnet de correspondance", d, l.subject, w.school.Teacher(l.subject)
	v.ReceiptWanted = w.chance(0.5)
	to := Viewer("")
	if w.chance(0.1) {
		to = pronote.KindParent
	}
	t := at(d, l.hour+l.hours-1, 20+w.IntN(40))
	id := w.add(t, Add(Observation{Observation: v, Pupil: pupil, To: to}))
	if w.chance(0.08) {
		w.add(t, Add(Observation{Observation: v, Pupil: pupil, To: to})) // a double click
		return
	}
	w.observationLife(id, t, v)
}

func (w *writer) observationLife(id int, t pronote.DateTime, v pronote.Observation) {
	if w.chance(0.15) {
		t = w.moment(t, 1)
		comment := strings.TrimSpace(v.Comment + " (voir le travail à rattraper)")
		w.plan(t, Amend(id, func(v *Observation) { v.Comment = comment }))
	}
	switch {
	case w.chance(0.08):
		w.plan(w.moment(t, 1), Remove(id))
	case w.chance(0.6):
		w.plan(w.moment(t, 3), Amend(id, func(v *Observation) { v.Read = true }))
	}
}

// enter is what else the school records of a pupil.
func (w *writer) enter(pupil string, d pronote.Date, l slot) {
	v := pick(w.Rand,
		pronote.Observation{Kind: "infirmary", Title: "Infirmerie", Comment: "Maux de ventre", StartsAt: at(d, l.hour, 10), EndsAt: at(d, l.hour, 50)},
		pronote.Observation{Kind: "exemption", Title: "Dispense", Subject: sports, StartsAt: at(d, 8, 0), EndsAt: at(d.AddDays(14), 18, 0)},
		pronote.Observation{Kind: "meal", Title: "Repas manqué"},
		pronote.Observation{Kind: "office", Title: "Rendez-vous", Comment: "Point sur le travail", Giver: counsellor},
		pronote.Observation{Kind: "incident", Title: "Bousculade", Comment: "Dans l'escalier B", Giver: supervisor},
		pronote.Observation{Kind: "commission", Title: "Commission éducative", Giver: head},
	)
	v.GivenOn = d
	t := at(d, l.hour, 30+w.IntN(30))
	id := w.add(t, Add(Observation{Observation: v, Pupil: pupil}))
	if v.Kind == "exemption" && w.chance(0.6) {
		ends := v.EndsAt.AddDays(7)
		w.plan(w.moment(t, 4), Amend(id, func(v *Observation) { v.EndsAt.Date = ends }))
	}
}
