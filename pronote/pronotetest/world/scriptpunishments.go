package world

import (
	"slices"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// The people of the office, who teach nothing.
const (
	counsellor = "Mme PERRAUDEAU V."
	head       = "M. LANTENOIS R."
	supervisor = "M. TABARIÈS N."
)

func (w *writer) punishments(pupil string) {
	w.daily(0.045, func(d pronote.Date, lessons []slot) pronote.Date {
		l := pick(w.Rand, lessons...)
		if w.chance(0.15) {
			w.sanction(pupil, d)
		} else {
			w.punish(pupil, d, l)
		}
		return d
	})
}

// punish is what happens in a lesson, and then to the punishment.
func (w *writer) punish(pupil string, d pronote.Date, l slot) {
	kind := pick(w.Rand, "detention", "detention", "detention", "homework", "homework", "exclusion", "other")
	p := pronote.Punishment{
		Kind: kind, GivenOn: d, GivenAt: at(d, l.hour, 0), Giver: w.school.Teacher(l.subject), ReceiptWanted: w.chance(0.7),
		Nature:  map[string]string{"detention": "Retenue", "homework": "Devoir supplémentaire", "exclusion": "Exclusion de cours", "other": "Avertissement oral"}[kind],
		Reasons: pick(w.Rand, []string{"Bavardages répétés"}, []string{"Travail non fait"}, []string{"Insolence", "Refus d'obéissance"}, []string{}),
		Circumstances: pick(w.Rand, "", "Continue à bavarder malgré trois rappels à l'ordre.",
			"Jette du papier dans la classe", "N'a pas rendu le travail demandé pour la deuxième fois"),
		Exclusion: kind == "exclusion",
	}
	if w.chance(0.2) {
		p.Giver, p.OutsideLessons, p.GivenAt = counsellor, true, pronote.DateTime{}
	}
	if kind == "homework" || kind == "detention" && w.chance(0.4) {
		p.Homework = pick(w.Rand, "Recopier la leçon", "Exercices 4 à 9 p. 112", "Rédiger une lettre d'excuses")
	}
	if kind == "detention" {
		p.Minutes = pick(w.Rand, 60, 60, 120)
	}
	t := at(d, l.hour+l.hours-1, 30+w.IntN(30))
	if w.chance(0.1) { // entered twice, until somebody tidies up
		id := w.add(t, Add(Punishment{Punishment: p, Pupil: pupil}))
		w.add(t, Add(Punishment{Punishment: p, Pupil: pupil}))
		w.plan(w.moment(t, 1), Remove(id))
		return
	}
	w.punishmentLife(w.add(t, Add(Punishment{Punishment: p, Pupil: pupil})), t, p)
}

func (w *writer) punishmentLife(id int, t pronote.DateTime, p pronote.Punishment) {
	if w.chance(0.1) {
		w.plan(w.moment(t, 1), Remove(id))
		return
	}
	if w.chance(0.2) {
		t = w.moment(t, 1)
		text := strings.TrimSpace(p.Circumstances + " Voir le rapport.")
		w.plan(t, Amend(id, func(p *Punishment) { p.Circumstances = text }))
	}
	if p.ReceiptWanted && w.chance(0.6) {
		w.plan(w.moment(t, 3), Amend(id, func(p *Punishment) { p.ReceiptGiven = true }))
	}
	if p.Kind == "detention" {
		w.detain(id, t, p.Minutes)
	}
}

// detain schedules a detention, now and then in two parts or another time, and
// says how it went.
func (w *writer) detain(id int, t pronote.DateTime, minutes int) {
	t = w.moment(t, 1)
	held := w.detention(t.Date, minutes)
	w.plan(t, Reschedule(id, 0, held))
	if minutes > 60 && w.chance(0.5) {
		second := w.detention(held.HeldOn, 60)
		w.plan(t, Reschedule(id, 1, second))
		if w.chance(0.5) {
			w.plan(w.moment(t, 1), Amend(id, func(p *Punishment) { p.Detentions = slices.Clone(p.Detentions[:1]) }))
		}
	}
	for range pick(w.Rand, 0, 0, 0, 1, 1, 2) {
		if t = w.moment(t, 2); t.Date.Compare(held.HeldOn) >= 0 {
			break
		}
		held = w.detention(held.HeldOn, minutes)
		held.State = pick(w.Rand, "scheduled", "postponed")
		w.plan(t, Reschedule(id, 0, held))
	}
	held.State = pick(w.Rand, "done", "done", "done", "missed")
	w.plan(w.moment(at(held.HeldOn, 18, 0), 1), Reschedule(id, 0, held))
}

// detention is on a school day after a day.
func (w *writer) detention(after pronote.Date, minutes int) pronote.Detention {
	day := w.school.calendar.openFrom(after.AddDays(3 + w.IntN(5)))
	return pronote.Detention{
		HeldOn: day, StartsAt: at(day, pick(w.Rand, 8, 12, 13, 16), pick(w.Rand, 0, 30)), Minutes: minutes,
		Supervisor: supervisor, State: "scheduled",
	}
}

// sanction is what the head imposes: a sanction, or a measure until one is
// decided.
func (w *writer) sanction(pupil string, d pronote.Date) {
	starts := w.school.calendar.openFrom(d.AddDays(1 + w.IntN(3)))
	p := pronote.Punishment{
		Kind: "sanction", Nature: pick(w.Rand, "Blâme", "Avertissement", "Exclusion temporaire"), GivenOn: d, Giver: counsellor, Decider: head,
		Reasons: []string{"Violence"}, Circumstances: "Bagarre dans la cour", Incident: w.chance(0.5), ReceiptWanted: true,
		StartsAt: at(starts, 8, 0), EndsAt: at(starts.AddDays(1), 17, 0),
	}
	if w.chance(0.4) {
		p.Kind, p.Nature, p.Exclusion, p.BarredFrom = "measure", "Mesure conservatoire", true, []string{"lessons", "canteen"}
		p.Comment = "Dans l'attente de la commission éducative"
	}
	t := w.moment(at(d, 12, 0), 0)
	id := w.add(t, Add(Punishment{Punishment: p, Pupil: pupil}))
	if w.chance(0.4) {
		ends := p.EndsAt.AddDays(1)
		w.plan(w.moment(t, 1), Amend(id, func(p *Punishment) { p.EndsAt.Date = ends }))
	}
}
