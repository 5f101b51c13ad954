package school

import (
	"slices"
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// onTuesday is an hour of the day of quietTestbed.
func onTuesday(hour int) pronote.DateTime { return pronote.DateTime{Date: november.Date, Hour: hour} }

func absence(pupil string, from, to int, open bool) world.Change {
	return world.Add(world.Absence{Pupil: pupil, Absence: pronote.Absence{
		StartsAt: onTuesday(from), EndsAt: onTuesday(to), Open: open, ToJustify: true,
	}})
}

// The end of an open absence moves on every hour, which would be a message each.
func TestTheEndOfAnAbsenceIsToldOnce(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		id := w.school.Do(absence(w.school.Pupil(), 8, 9, true))[0].ID
		w.wantTold("an absence", "absence.new")
		for hour := 10; hour < 12; hour++ {
			w.school.Do(world.Amend(id, func(a *world.Absence) { a.EndsAt.Hour = hour }))
			w.wantTold("still absent")
		}
		w.school.Do(world.Amend(id, func(a *world.Absence) { a.EndsAt.Hour, a.Open = 12, false }))
		w.wantTold("back again", "absence.changed")
		w.school.Do(world.Amend(id, func(a *world.Absence) { a.Settled = true }))
		w.wantTold("what only the office cares about")
		w.school.Do(world.Amend(id, func(a *world.Absence) { a.Justified, a.Reasons = true, []string{"Maladie"} }))
		w.wantTold("justified", "absence.changed")
	})
}

func TestAbsencesThatAreMadeOneAreNoNewAbsence(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		pupil := w.school.Pupil()
		morning := w.school.Do(absence(pupil, 9, 10, false))[0].ID
		evening := w.school.Do(absence(pupil, 15, 16, false))[0].ID
		w.wantTold("two absences", "2 absence.new")
		before := len(w.rows(db.AbsencesView))
		w.school.Do(world.Amend(morning, func(a *world.Absence) { a.EndsAt.Hour = 16 }), world.Remove(evening))
		w.wantTold("made one", "absence.changed")
		w.school.Do(world.Amend(morning, func(a *world.Absence) { a.StartsAt.Hour = 8 }))
		w.wantTold("begun earlier", "absence.changed")
		if after := len(w.rows(db.AbsencesView)); after != before-1 {
			t.Errorf("%d rows, want one less than %d", after, before)
		}
	})
}

func TestAMovedDetentionIsAChangeOfItsPunishment(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		punishment := world.Punishment{Pupil: w.school.Pupil(), Punishment: pronote.Punishment{
			Kind: "detention", Nature: "Retenue", Giver: "Mme FAURELLE S.", GivenAt: onTuesday(9), Minutes: 60,
		}}
		id := w.school.Do(world.Add(punishment))[0].ID
		w.wantTold("a punishment", "punishment.new")
		held := pronote.Detention{HeldOn: november.AddDays(8), Minutes: 60, State: "scheduled"}
		held.StartsAt = pronote.DateTime{Date: held.HeldOn, Hour: 13}
		w.school.Do(world.Reschedule(id, 0, held))
		w.wantTold("its date", "punishment.changed")
		held.StartsAt.Hour = 16
		w.school.Do(world.Reschedule(id, 0, held))
		w.wantTold("another hour", "punishment.changed")
		held.State = "done"
		w.school.Do(world.Reschedule(id, 0, held))
		w.wantTold("served")
		w.school.Do(world.Amend(id, func(p *world.Punishment) { p.ReceiptGiven = true }))
		w.wantTold("confirmed by a parent")
		w.server.Rotate()
		w.wantTold("other identifiers")
	})
}

func TestFilesOfAPunishment(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		before := w.attachments("punishments")
		file := func(role, name string) pronote.Attachment {
			return pronote.Attachment{Name: name, Kind: "file", Role: role}
		}
		punishment := world.Punishment{Pupil: w.school.Pupil(), Punishment: pronote.Punishment{
			Kind: "homework", Nature: "Devoir supplémentaire", Giver: "Mme FAURELLE S.", Attachments: []pronote.Attachment{file("circumstances", "rapport.pdf")},
		}}
		id := w.school.Do(world.Add(punishment))[0].ID
		w.wantBody("a punishment", "📎 rapport.pdf")
		hang := func(files ...pronote.Attachment) {
			w.school.Do(world.Amend(id, func(p *world.Punishment) { p.Attachments = files }))
		}
		hang(file("homework", "rapport.pdf"), file("homework", "exercices.pdf"))
		w.wantBody("work to do", "📎 retiré\u00a0: rapport.pdf\n📎 ajouté\u00a0: rapport.pdf\n📎 ajouté\u00a0: exercices.pdf")
		want := append(slices.Clone(before), "homework file rapport.pdf", "homework file exercices.pdf")
		slices.Sort(want)
		if got := w.attachments("punishments"); !slices.Equal(got, want) {
			t.Errorf("the mirror has %q, want %q", got, want)
		}
		w.server.Rotate()
		w.wantTold("other identifiers")
		w.school.Do(world.Remove(id))
		w.wantTold("a punishment that goes with its files")
		w.wantTold("and is believed to be gone", "punishment.removed") // there are few
		if got := w.attachments("punishments"); !slices.Equal(got, before) {
			t.Errorf("the mirror has %q, want %q", got, before)
		}
	})
}

// wantBody expects one message, whose text ends like this.
func (w *testbed) wantBody(what, end string) {
	w.t.Helper()
	w.poll()
	w.deliver()
	if got := w.inbox.take(); len(got) != 1 || !strings.HasSuffix(got[0].Body, end) {
		w.t.Errorf("%s: told %v, want one that ends in %q", what, got, end)
	}
}

// TestAPunishmentEnteredTwiceKeepsItsFile: of two that differ in a file alone, one
// goes. The other has not changed.
func TestAPunishmentEnteredTwiceKeepsItsFile(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		punishment := world.Punishment{Pupil: w.school.Pupil(), Punishment: pronote.Punishment{Kind: "other", Nature: "Avertissement", Giver: "Mme FAURELLE S."}}
		first := w.school.Do(world.Add(punishment))[0].ID
		punishment.Attachments = []pronote.Attachment{{Name: "rapport.pdf", Kind: "file", Role: "circumstances"}}
		w.school.Do(world.Add(punishment))
		w.wantTold("one punishment, twice", "2 punishment.new")
		w.school.Do(world.Remove(first))
		w.wantTold("one of two")
	})
}

func TestAProofOfAnAbsenceIsMirroredAndNotTold(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindParent)
		id := w.school.Do(absence(w.school.Pupil(), 9, 10, false))[0].ID
		w.poll()
		w.deliver()
		w.inbox.take()
		before := w.attachments("absences")
		w.school.Do(world.Amend(id, func(a *world.Absence) {
			a.Attachments = []pronote.Attachment{{Name: "certificat.pdf", Kind: "file", Role: "document"}}
		}))
		w.wantTold("a certificate")
		want := append(slices.Clone(before), "document file certificat.pdf")
		slices.Sort(want)
		if got := w.attachments("absences"); !slices.Equal(got, want) {
			t.Errorf("the mirror has %q, want %q", got, want)
		}
	})
}

// Losses of one table were once believed at once, though half of the answer was
// missing: what came back was told as new.
func TestHalfABookIsDoubtedInEachTable(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		for day := range 9 { // the latest come first, and stay when half is missing
			w.school.Do(world.Add(world.Delay{Pupil: w.school.Pupil(), Delay: pronote.Delay{
				StartsAt: pronote.DateTime{Date: november.AddDays(-day / 4), Hour: 8 + 2*(day%4)}, Minutes: 5 + day,
			}}))
		}
		w.told()
		views := []db.View{db.AbsencesView, db.PunishmentsView, db.ObservationsView}
		before := 0
		for _, v := range views {
			before += len(w.rows(v))
		}
		w.server.Inject(pronotetest.Fault{Kind: "half", Function: "PagePresence"})
		if result := w.poll(); !result.Doubted {
			t.Error("half a book is believed at once")
		}
		after := 0
		for _, v := range views {
			after += len(w.rows(v))
		}
		if after != before {
			t.Errorf("%d rows, want the %d of before", after, before)
		}
		w.wantTold("the book is whole again")
	})
}
