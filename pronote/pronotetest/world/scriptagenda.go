package world

import (
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// agenda has the office plan what families come to, and the councils of the class, of
// which only parents are told.
func (w *writer) agenda() {
	c := w.school.calendar
	for _, period := range c.periods {
		council := pronote.AgendaEntry{
			Title: "Conseil de classe " + w.school.class.name, Category: "Conseils de classe", Author: "Mme SORBIER L.", Council: true,
			Starts: at(c.openFrom(period.Ends.AddDays(-10)), 17, 0), Ends: at(c.openFrom(period.Ends.AddDays(-10)), 18, 30),
		}
		w.planned(AgendaEntry{AgendaEntry: council, For: pronote.KindParent}, 20)
		if w.school.isYounger {
			continue // the rest is the whole school's
		}
		meeting := pronote.AgendaEntry{
			Title: "Rencontre parents-professeurs", Category: "Réunions", Author: "M. LE PROVISEUL G.", Description: "Prendre rendez-vous par le carnet.\nAccueil dans le hall.",
			Starts: at(c.openFrom(period.Starts.AddDays(40)), 17, 0), Ends: at(c.openFrom(period.Starts.AddDays(40)), 20, 0),
			Attachments: []pronote.Attachment{{Name: "plan des salles.pdf"}},
		}
		w.planned(AgendaEntry{AgendaEntry: meeting}, 15)
	}
	if w.school.isYounger {
		return
	}
	monday := onOrAfter(day(c.ends.Year, time.May, 18), time.Monday)
	w.planned(AgendaEntry{AgendaEntry: pronote.AgendaEntry{
		Title: "Semaine des arts", Category: "Vie de l'établissement", AllDay: true, Starts: at(monday, 0, 0), Ends: at(monday.AddDays(4), 0, 0),
	}}, 25)
}

// planned is the life of an entry: it is made known some days before, and now and then
// put off by an hour, or called off.
func (w *writer) planned(e AgendaEntry, daysBefore int) {
	published := w.moment(at(e.Starts.AddDays(-daysBefore), 9, 0), 3)
	if published.Compare(w.school.now) <= 0 {
		published = at(w.school.calendar.starts, 7, 10)
	}
	id := w.add(published, Add(e))
	t := w.moment(published, 5)
	if t.Compare(e.Starts) >= 0 {
		return
	}
	switch chance := w.Float64(); {
	case chance < 0.3:
		w.plan(t, Amend(id, func(e *AgendaEntry) {
			e.Starts, e.Ends = after(e.Starts, time.Hour), after(e.Ends, time.Hour)
		}))
	case chance < 0.4:
		w.plan(t, Remove(id))
	}
}
