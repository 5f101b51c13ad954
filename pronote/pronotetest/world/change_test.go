package world

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// shown compares rows by what they show.
var shown = cmp.Options{cmpopts.IgnoreUnexported(pronote.Attachment{}), cmpopts.EquateEmpty()}

// tell writes edits as a test wants to read them.
func tell(edits []Edit) []string {
	var lines []string
	for _, e := range edits {
		lines = append(lines, fmt.Sprintf("%s %s%s %s %v", e.Pupil, e.Viewer, e.Domain, e.Kind, e.What))
	}
	return lines
}

func expect(t *testing.T, what string, edits []Edit, want ...string) {
	t.Helper()
	if got := tell(edits); !slices.Equal(got, want) {
		t.Errorf("%s:\ngot  %q\nwant %q", what, got, want)
	}
}

// quiet is a school in the middle of a term where nothing happens by itself.
func quiet() *School {
	s := NewSchool(1, 2025).Quiet()
	s.AdvanceTo(at(day(2025, time.November, 18), 10, 0))
	return s
}

func scores(s *School, fanny, gabin, other string) map[string]pronote.Score {
	return map[string]pronote.Score{
		firstChild: pronote.ParseScore(fanny), secondChild: pronote.ParseScore(gabin), s.Pupils()[0]: pronote.ParseScore(other),
	}
}

func TestDoMarks(t *testing.T) {
	t.Parallel()
	s := quiet()
	edits := s.Do(Add(Test{Subject: maths, Title: "Contrôle n°3", Scores: scores(s, "12,50", "|1", "8")}))
	expect(t, "added", edits, "PARENT Fanny marks added []", "PARENT Gabin marks added []")
	id := edits[0].ID

	want := pronote.Mark{
		Year: "2025-2026", Period: "Trimestre 1", OwnPeriod: "Trimestre 1", Subject: maths, GivenOn: day(2025, time.November, 18), Title: "Contrôle n°3",
		Score: pronote.ParseScore("12,50"), OutOf: pronote.Num(20), Coefficient: pronote.Num(1),
		ClassAverage: pronote.Num(10.25), ClassMin: pronote.Num(8), ClassMax: pronote.Num(12.5),
	}
	if marks := s.Truth("student", s.Pupil()).Marks; len(marks) != 1 || !cmp.Equal(marks[0].Value, want, shown) || marks[0].ID != id {
		t.Errorf("got %+v, want %+v", marks, want)
	}
	expect(t, "corrected", s.Do(Correct(id, firstChild, "13")),
		"PARENT Fanny marks changed [value class_average class_max]", "PARENT Gabin marks changed [class_average class_max]")
	expect(t, "caught up", s.Do(Correct(id, secondChild, "12")),
		"PARENT Fanny marks changed [class_average]", "PARENT Gabin marks changed [value class_average]")
	expect(t, "retitled", s.Do(Amend(id, func(t *Test) { t.Title, t.Coefficient = "DS", 2 })),
		"PARENT Fanny marks changed [title coefficient]", "PARENT Gabin marks changed [title coefficient]")
	expect(t, "another term", s.Do(Amend(id, func(t *Test) { t.GivenOn = day(2025, time.December, 2) })),
		"PARENT Fanny marks changed [period given_on]", "PARENT Gabin marks changed [period given_on]")
	expect(t, "nothing", s.Do(Amend(id, func(*Test) {})))
	expect(t, "hidden", s.Do(Amend(id, func(t *Test) { t.Hidden = true })),
		"PARENT Fanny marks removed []", "PARENT Gabin marks removed []")
	if truth := s.Truth("parent", secondChild); len(truth.Marks)+len(truth.Averages) != 0 {
		t.Errorf("a hidden test shows: %+v", truth)
	}
	shown := s.Do(Amend(id, func(t *Test) { t.Hidden = false }))
	expect(t, "shown again", shown, "PARENT Fanny marks added []", "PARENT Gabin marks added []")
	if shown[0].ID != id {
		t.Errorf("the test came back as %d, it was %d", shown[0].ID, id)
	}
	expect(t, "removed", s.Do(Remove(id)), "PARENT Fanny marks removed []", "PARENT Gabin marks removed []")
	expect(t, "too late", s.Do(Correct(id, firstChild, "20"), Remove(id)))
}

func TestDoHomework(t *testing.T) {
	t.Parallel()
	s := quiet()
	group := spanish
	if !s.class.in(spanish, firstChild) {
		group = german
	}
	edits := s.Do(
		Add(Homework{Subject: maths, DueOn: day(2025, time.November, 21), Text: []string{"Finir :", "- n°4", "- n°5"}, Minutes: 20}),
		Add(Homework{Subject: english, DueOn: day(2025, time.November, 19), Text: []string{"Relire"}, Group: group}),
	)
	expect(t, "added", edits,
		"PARENT Fanny homework added []", "PARENT Gabin homework added []", "PARENT Fanny homework added []")
	id := edits[0].ID

	got := s.Truth("parent", firstChild).Homework
	want := pronote.Homework{
		Subject: maths, GivenOn: day(2025, time.November, 18), DueOn: day(2025, time.November, 21), Minutes: 20,
		Description: "Finir :\n- n°4\n- n°5", HTML: "<div>Finir :</div><ul><li>n°4</li><li>n°5</li></ul>",
	}
	if len(got) != 2 || got[0].Value.Subject != english || !cmp.Equal(got[1].Value, want, shown) {
		t.Errorf("got %+v, want English and then %+v", got, want)
	}
	expect(t, "ticked", s.Do(Tick(id, firstChild, true)), "PARENT Fanny homework changed [done]")
	expect(t, "ticked twice", s.Do(Tick(id, firstChild, true)))
	expect(t, "not done after all", s.Do(Tick(id, firstChild, false)), "PARENT Fanny homework changed [done]")
	expect(t, "reworded and moved", s.Do(Amend(id, func(h *Homework) {
		h.Text[0], h.DueOn = "Terminer :", day(2025, time.November, 24)
	})), "PARENT Fanny homework changed [due_on description]", "PARENT Gabin homework changed [due_on description]")
	expect(t, "removed", s.Do(Remove(id)), "PARENT Fanny homework removed []", "PARENT Gabin homework removed []")
}

func TestDoInfos(t *testing.T) {
	t.Parallel()
	s := quiet()
	everyone := s.Do(Add(Info{Title: "Cross", Author: "M. X", Category: "Sport", Text: []string{"Jeudi"}, EndsOn: day(2025, time.November, 20)}))
	expect(t, "to everyone", everyone, "PARENT Fanny infos added []", "PARENT Gabin infos added []")
	parents := s.Do(Add(Info{Title: "Réunion", To: "parent", ToClass: true}))
	expect(t, "to parents", parents, "PARENT Fanny parentinfos added []", "PARENT Gabin parentinfos added []")
	expect(t, "about one child", s.Do(Add(Info{Title: "Livre", Pupil: secondChild})), "PARENT Gabin infos added []")

	id := everyone[0].ID
	expect(t, "read by the pupil", s.Do(MarkRead(id, s.Pupil())), "PARENT Fanny studentinfos changed [read]")
	expect(t, "read by the parent", s.Do(MarkRead(id, s.Parent())),
		"PARENT Fanny parentinfos changed [read]", "PARENT Gabin parentinfos changed [read]")
	expect(t, "read again", s.Do(MarkRead(id, s.Parent())))

	infos := s.Truth("parent", s.Pupil()).Infos
	if len(infos) != 2 || infos[0].Value.Recipient != s.Class() || infos[1].Value.Recipient != s.Parent() || !infos[1].Value.Read {
		t.Errorf("the parent sees %+v", infos)
	}
	expect(t, "its last day", s.AdvanceTo(at(day(2025, time.November, 20), 23, 59)))
	ended := s.AdvanceTo(at(day(2025, time.November, 21), 8, 0))
	expect(t, "ended", ended, "PARENT Fanny infos removed []", "PARENT Gabin infos removed []")
	if got, want := ended[0].At.String(), "2025-11-21 00:00:00"; got != want {
		t.Errorf("it ended at %s, want %s", got, want)
	}
	later := Info{Title: "Photo", StartsOn: day(2025, time.November, 24)}
	expect(t, "prepared", s.Do(Add(later)))
	expect(t, "begun", s.AdvanceTo(at(day(2025, time.November, 24), 0, 0)), "PARENT Fanny infos added []", "PARENT Gabin infos added []")
}

func TestDoSchoolLife(t *testing.T) {
	t.Parallel()
	s := quiet()
	now := s.Now()
	absence := s.Do(Add(Absence{Pupil: firstChild, Absence: pronote.Absence{StartsAt: at(now.Date, 8, 0), EndsAt: at(now.Date, 9, 0), Open: true}}))
	expect(t, "absent", absence, "PARENT Fanny absences added []")
	id := absence[0].ID
	expect(t, "still absent", s.Do(Amend(id, func(a *Absence) { a.EndsAt.Hour = 11 })), "PARENT Fanny absences changed [ends_at hours]")
	expect(t, "longer than a day", s.Do(Amend(id, func(a *Absence) { a.EndsAt.Date = now.AddDays(1) })),
		"PARENT Fanny absences changed [ends_at hours days]")
	expect(t, "justified", s.Do(Amend(id, func(a *Absence) { a.Justified, a.Reasons = true, []string{"Maladie"} })),
		"PARENT Fanny absences changed [justified reasons]")
	if got := s.Truth("parent", firstChild).Absences; len(got) != 1 || got[0].Value.Hours != pronote.Num(12) || got[0].Value.Days != pronote.Num(2) {
		t.Errorf("absences are %+v, want one of two days", got)
	}
	punishment := s.Do(Add(Punishment{Pupil: secondChild, Punishment: pronote.Punishment{Kind: "detention", Nature: "Retenue"}}))
	expect(t, "punished", punishment, "PARENT Gabin punishments added []")
	held := pronote.Detention{HeldOn: now.AddDays(7), StartsAt: at(now.AddDays(7), 13, 0), Minutes: 60}
	expect(t, "scheduled", s.Do(Reschedule(punishment[0].ID, 0, held)), "PARENT Gabin punishments changed [detentions]")
	held.StartsAt.Hour = 16
	expect(t, "moved", s.Do(Reschedule(punishment[0].ID, 0, held)), "PARENT Gabin punishments changed [detentions]")
	if got := s.Truth("student", secondChild).Punishments; len(got) != 1 || len(got[0].Value.Detentions) != 1 || got[0].Value.GivenOn != now.Date {
		t.Errorf("punishments are %+v, want one with one detention", got)
	}
	expect(t, "for the parents", s.Do(Add(Observation{Pupil: firstChild, To: pronote.KindParent, Observation: pronote.Observation{Kind: "other"}})),
		"PARENT Fanny parentobservations added []")
	late := s.Do(Add(Delay{Pupil: firstChild, Delay: pronote.Delay{StartsAt: now, Minutes: 5}}))
	expect(t, "late", late, "PARENT Fanny delays added []")
	expect(t, "not late after all", s.Do(Remove(late[0].ID)), "PARENT Fanny delays removed []")
}

// What was added no longer depends on the value it was made from.
func TestAddCopies(t *testing.T) {
	t.Parallel()
	s := quiet()
	test := Test{Subject: maths, Scores: scores(s, "10", "11", "12")}
	add := Add(test)
	first, second := s.Do(add)[0].ID, s.Do(add)[0].ID
	if first == second {
		t.Fatal("one change made the same object twice")
	}
	s.Do(Correct(first, firstChild, "20"))
	for _, row := range s.Truth("student", firstChild).Marks {
		if row.ID == second && row.Value.Score.Text != "10" {
			t.Errorf("correcting one test changed another: %+v", row.Value)
		}
	}
	if test.Scores[firstChild].Text != "10" {
		t.Error("correcting a test changed the value it was made from")
	}
}
