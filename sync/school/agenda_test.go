package school

import (
	"slices"
	"testing"

	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
)

// TestTheAgendaIsTold: what is to come is told, what is over is kept alone, and
// councils are the parents' alone.
func TestTheAgendaIsTold(t *testing.T) {
	for _, kind := range []pronote.Kind{pronote.KindStudent, pronote.KindParent} {
		t.Run(string(kind), func(t *testing.T) {
			alone(t, func(t *testing.T) {
				w := quietTestbed(t, kind)
				if kind == pronote.KindParent {
					w.config.Recipients[0].Students = []string{w.school.Pupil()}
					w.restart()
				}
				entry := func(title string, days int, council bool) world.AgendaEntry {
					day := november.AddDays(days)
					return world.AgendaEntry{AgendaEntry: pronote.AgendaEntry{
						Title: title, Starts: pronote.DateTime{Date: day, Hour: 17}, Ends: pronote.DateTime{Date: day, Hour: 18}, Council: council,
					}}
				}
				who := ""
				if kind == pronote.KindParent {
					who = firstName(w.school.Pupil()) + " · "
				}
				id := w.school.Do(world.Add(entry("Portes ouvertes", 9, false)))[0].ID
				w.wantTold("an entry", who+"agenda.new")
				w.school.Do(world.Amend(id, func(e *world.AgendaEntry) { e.Starts.Minute = 30 }))
				w.wantTold("another hour", who+"agenda.changed")
				w.school.Do(world.Add(entry("Visite", -4, false)))
				w.wantTold("what is over")
				var councils []string
				if kind == pronote.KindParent {
					councils = []string{who + "agenda.new"}
				}
				w.school.Do(world.Add(entry("Conseil de classe", 9, true)))
				w.wantTold("a council", councils...)
				if got, want := len(w.rows(db.AgendaView)), 0; got == want {
					t.Error("the mirror has no agenda")
				}
			})
		})
	}
}

// A first look at a family once spent the budget of an hour on the past weeks of its
// agendas.
func TestTheFirstPollsShareTheAgendaOfTheYear(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.account.Spans = UsualSpans
		w.restart()
		weeks := func() int {
			before := w.askedFor("PageAgenda")
			w.poll()
			return w.askedFor("PageAgenda") - before
		}
		if n := weeks(); n != agendaPast+agendaSoon+UsualSpans.Agenda {
			t.Errorf("the first poll asked for %d weeks", n)
		}
		for range 8 {
			w.poll()
		}
		want := len(w.school.Mirror(pronote.KindStudent)[w.school.Pupil()].Agenda)
		if have := len(w.rows(db.AgendaView)); have != want {
			t.Errorf("the mirror has %d entries, the school %d", have, want)
		}
	})
}

// What was entered while the program was off for weeks once never reached the mirror:
// the week had been read before.
func TestTheAgendaOfWeeksWithoutTheProgramIsMirrored(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.account.Spans = UsualSpans
		w.restart()
		for range 9 {
			w.poll()
		}
		day := november.AddDays(2)
		w.school.Do(world.Add(world.AgendaEntry{AgendaEntry: pronote.AgendaEntry{
			Title: "Visite du maire", Starts: pronote.DateTime{Date: day, Hour: 17}, Ends: pronote.DateTime{Date: day, Hour: 18},
		}}))
		w.at(pronote.DateTime{Date: november.AddDays(35), Hour: 9})
		for range 2 {
			w.poll()
		}
		if !slices.ContainsFunc(w.rows(db.AgendaView), func(r db.Record) bool { return r["title"] == "Visite du maire" }) {
			t.Error("the mirror lacks what was entered meanwhile")
		}
	})
}
