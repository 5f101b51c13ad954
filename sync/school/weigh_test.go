package school

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// weights are the kinds of events with why each is hardly worth a message, averages
// left out.
func weights(events []db.Event) (weights []string) {
	for _, e := range events {
		if e.Kind != "average.changed" {
			weights = append(weights, strings.TrimSpace(e.Kind+" "+e.Minor))
		}
	}
	return weights
}

func (w *testbed) wantWeights(what string, want ...string) {
	w.t.Helper()
	if got := weights(w.news()); !slices.Equal(got, want) {
		w.t.Errorf("%s: told %q, want %q", what, got, want)
	}
}

func TestATypoInHomeworkIsMinor(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		work := func(text string) world.Homework {
			return world.Homework{Subject: "ANGLAIS LV1", GivenOn: november.Date, DueOn: thursday, Text: []string{text}}
		}
		id := w.school.Do(world.Add(work("eLs exercices 81 et 82 page 12")))[0].ID
		edit := func(text string) { w.school.Do(world.Amend(id, func(h *world.Homework) { h.Text = []string{text} })) }
		events := w.news()
		if len(events) != 1 || events[0].Day != thursday || events[0].Over != onThursdayAt(12) || events[0].Minor != "" || events[0].Item == 0 {
			t.Errorf("new homework makes %+v", events)
		}
		edit("Les exercices 81 et 82 page 12")
		w.wantWeights("a typing error", "homework.changed typo")
		edit("Les exercices 18 et 82 page 12")
		w.wantWeights("another exercise", "homework.changed")
		w.school.Do(world.Amend(id, func(h *world.Homework) {
			h.Text, h.DueOn = []string{"Les exercices 18 et 82 page 12."}, thursday.AddDays(1)
		}))
		events = w.news()
		if len(events) != 1 || events[0].Day != thursday.AddDays(1) || events[0].Over.Date != thursday.AddDays(1) || events[0].Minor != "" {
			t.Errorf("homework put off makes %+v", events)
		}
		w.school.Do(world.Add(work("Pas de devoirs.")))
		w.wantWeights("no homework", "homework.new nothing")
	})
}

func TestSaysNothing(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"Pas de devoirs": true, "Aucun travail à faire.": true, "RAS": true, "Rien à faire pour demain !": true, "Néant": true,
		"Rien de particulier": true, "Pas de travail pour la prochaine séance": true, "Rien": true, "- rien -": true, "Pas de devoirs à la maison pour la semaine prochaine": true, "Pas de travail pour ce cours": true,
		"Pas de devoirs, mais apporter le livre": false, "Rien à signaler p. 12": false, "Rasoir": false, "Rendre la fiche": false, "": false,
		"Pas de calculatrice": false, "Ne rien faire avant l'exercice 3": false,
	} {
		if got := saysNothing(text); got != want {
			t.Errorf("%q: %t", text, got)
		}
	}
}

func TestCorrectionsOfATestAreMinor(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		pupil := w.school.Pupil()
		id := w.school.Do(maths(pupil, "12"))[0].ID
		w.wantWeights("a mark", "mark.new")
		edit := func(f func(*world.Test)) { w.school.Do(world.Amend(id, f)) }
		edit(func(test *world.Test) { test.Coefficient = 3 })
		w.wantWeights("a coefficient", "mark.changed coefficient")
		edit(func(test *world.Test) { test.Title = "Devoir surveillé sur les fractions" })
		w.wantWeights("a title", "mark.changed title")
		edit(func(test *world.Test) { test.Title = "Devoir surveillé sur les fraction" })
		w.wantWeights("a typing error", "mark.changed typo")
		edit(func(test *world.Test) { test.GivenOn = november.AddDays(-1) })
		w.wantWeights("a day", "mark.changed date")
		edit(func(test *world.Test) { test.Coefficient, test.OutOf = 1, 40 })
		w.wantWeights("a scale", "mark.changed")
		w.school.Do(world.Correct(id, pupil, "13"))
		w.wantWeights("the mark itself", "mark.changed")
		classmate := w.school.Pupils()[0]
		if classmate == pupil {
			classmate = w.school.Pupils()[1]
		}
		w.school.Do(world.Correct(id, classmate, "7"))
		w.wantWeights("another pupil's mark", "mark.changed drift")
	})
}

func TestAnEvaluationWithoutALevelIsMinor(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		pupil := w.school.Pupil()
		id := w.school.Do(world.Add(world.Evaluation{
			Subject: "ANGLAIS LV1", Name: "London", Skills: []pronote.Skill{{Item: "Écouter"}}, Levels: map[string][]world.Level{pupil: {{}}},
		}))[0].ID
		w.wantWeights("no level", "evaluation.new no_level")
		w.school.Do(world.Judge(id, pupil, 0, world.Level{Abbreviation: "A"}))
		w.wantWeights("the first level", "evaluation.new")
		w.school.Do(world.Amend(id, func(e *world.Evaluation) { e.Name = "Londons" }))
		w.wantWeights("a typing error", "evaluation.changed typo")
	})
}

func TestAverageOfASubjectRidesOnItsMark(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.school.Do(maths(w.school.Pupil(), "3"))
		var overall, subject int
		for _, e := range w.news() {
			switch {
			case e.Kind != "average.changed":
			case strings.Contains(string(e.Data), `"subject":""`) && e.Minor == "":
				overall++
			case strings.Contains(string(e.Data), `"subject":"MATHEMATIQUES"`) && e.Minor == db.MinorSubject:
				subject++
			default:
				t.Errorf("%+v", e)
			}
		}
		if overall != 1 || subject != 1 {
			t.Errorf("%d overall averages and %d of a subject moved, want one and one", overall, subject)
		}
	})
}

// TestACallForAttentionIsMinor: 13 of 13 notices that changed had a prefix put before
// their title.
func TestACallForAttentionIsMinor(t *testing.T) {
	alone(t, func(t *testing.T) {
		texts, err := pronotetest.ProfileOf("2026.1.3") // in the list, read or not
		if err != nil {
			t.Fatal(err)
		}
		w := quiet(newTestbed(t, 1, pronote.KindStudent, pronotetest.Options{Profile: texts}))
		id := w.school.Do(world.Add(world.Info{
			Title: "Réunion de lundi", Author: "M. DELMASSE É.", Text: []string{"Rendez-vous à 18 h."}, EndsOn: thursday,
		}))[0].ID
		events := w.news()
		if len(events) != 1 || events[0].Over != (pronote.DateTime{Date: thursday.AddDays(1)}) {
			t.Errorf("a notice makes %+v", events)
		}
		edit := func(f func(*world.Info)) { w.school.Do(world.Amend(id, f)) }
		edit(func(i *world.Info) { i.Title = "URGENT : Réunion de lundi" })
		w.wantWeights("a call", "info.changed prefix")
		edit(func(i *world.Info) { i.Title = "Annulé : Réunion de lundi" })
		w.wantWeights("another title", "info.changed")
		edit(func(i *world.Info) { i.Text = []string{"Rendez-vous à 19 h."} })
		w.wantWeights("another text", "info.changed")
		edit(func(i *world.Info) {
			i.Files = []pronote.Attachment{{Name: "plan.pdf", Kind: "file", Role: "document"}}
		})
		events = w.news()
		if len(events) != 1 || events[0].Kind != "info.changed" || !strings.Contains(string(events[0].Data), `"parts":[{"kind":"added","now":{"kind":"file","name":"plan.pdf"`) {
			t.Errorf("a file: told %+v", events)
		}
	})
}

func TestTheLessonsAndTheHoursOfADayShareACause(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		rows := w.school.Timetable(w.school.Pupil(), thursday)
		last := rows[len(rows)-1].Value
		w.school.Do(amend(rows[0].ID, func(l *world.Lesson) { l.Cancelled = true }), amend(rows[1].ID, func(l *world.Lesson) { l.Cancelled = true }))
		events := w.news()
		if len(events) != 3 || events[2].Kind != "day.changed" {
			t.Fatalf("two adjacent hours make %+v", events)
		}
		for i, e := range events {
			over := rows[2].Value.Starts
			if i < 2 {
				over = rows[i].Value.Ends
			}
			if e.Cause != "day 2025-11-20" || e.Day != thursday || e.Over != over || e.Minor != "" {
				t.Errorf("%s of cause %q, day %s and over at %s, want those of Thursday and %s", e.Kind, e.Cause, e.Day, e.Over, over)
			}
		}
		w.school.Do(amend(rows[len(rows)-1].ID, func(l *world.Lesson) { l.Starts.Date, l.Ends.Date = l.Starts.AddDays(1), l.Ends.AddDays(1) }))
		for _, e := range w.news() {
			if e.Cause != "day 2025-11-20" || e.Kind == "lesson.moved" && (e.Day != thursday || e.Over.Compare(last.Ends) <= 0) {
				t.Errorf("a lesson that moves to Friday makes %+v", e)
			}
		}
	})
}

func TestASubstituteForWeeksIsOneCause(t *testing.T) {
	t.Parallel()
	substitute := func(week int) story {
		old := pronote.Lesson{Starts: pronote.DateTime{Date: thursday.AddDays(7 * week), Hour: 8}, Subject: "ARTS PLASTIQUES", Teachers: []string{"M. SALVATERRE N."}}
		by := old
		by.Teachers = []string{"Mme VACATAIRE L."}
		return story{kind: "lesson.teacher", old: old, new: by}
	}
	first, second := substitute(0).weigh(november), substitute(1).weigh(november)
	if first.Cause != "teacher ARTS PLASTIQUES Mme VACATAIRE L." || second.Cause != first.Cause || second.Day != thursday.AddDays(7) {
		t.Errorf("two weeks make %+v and %+v", first, second)
	}
}

// TestADetentionSeenBeforeItsPunishmentIsToldWithIt: the timetable was looked at first, and
// one detention was two messages.
func TestADetentionSeenBeforeItsPunishmentIsToldWithIt(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.config.Recipients[0].Policy = psync.Policy{Group: 15 * time.Minute}
		w.restart()
		w.school.Do(world.Add(world.Lesson{Starts: onThursdayAt(17), Ends: onThursdayAt(18), Title: "Retenue", Detention: true}))
		w.poll()
		w.deliver()
		id := w.school.Do(world.Add(world.Punishment{Pupil: w.school.Pupil(), Punishment: pronote.Punishment{
			Kind: "detention", Nature: "Retenue", Reasons: []string{"Bavardages"}, Giver: "Mme FAURELLE S.", GivenAt: onTuesday(9), Minutes: 60,
		}}))[0].ID
		w.school.Do(world.Reschedule(id, 0, pronote.Detention{HeldOn: thursday, StartsAt: onThursdayAt(17), Minutes: 60, State: "scheduled"}))
		w.poll()
		for range 2 {
			time.Sleep(16 * time.Minute)
			w.deliver()
		}
		got := w.inbox.take()
		if len(got) != 1 || !strings.HasPrefix(got[0].Title, "📕 Retenue jeu. 20, 17\u00a0h–18\u00a0h") || strings.Contains(got[0].Title, "(+") || !strings.Contains(got[0].Body, "bavardages") {
			t.Errorf("told %v, want one message", got)
		}
	})
}

func TestADetentionOnTheTimetableIsToldWithItsPunishment(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		held := pronote.Detention{HeldOn: thursday, StartsAt: onThursdayAt(17), Minutes: 60, State: "scheduled"}
		id := w.school.Do(world.Add(world.Punishment{Pupil: w.school.Pupil(), Punishment: pronote.Punishment{
			Kind: "detention", Nature: "Retenue", Giver: "Mme FAURELLE S.", GivenAt: onTuesday(9), Minutes: 60,
		}}))[0].ID
		w.school.Do(world.Reschedule(id, 0, held))
		events := w.news()
		if len(events) != 1 || events[0].Kind != "punishment.new" || events[0].Day != thursday || !strings.HasPrefix(events[0].Cause, "punishment ") {
			t.Fatalf("a detention makes %+v", events)
		}
		cause := events[0].Cause
		lesson := w.school.Do(world.Add(world.Lesson{Starts: onThursdayAt(17), Ends: onThursdayAt(18), Title: "Retenue", Detention: true}))[0].ID
		events = w.news()
		if got := weights(events); !slices.Equal(got, []string{"lesson.new told", "day.changed told"}) {
			t.Errorf("its place on the timetable: told %q", got)
		}
		for _, e := range events {
			if e.Cause != cause {
				t.Errorf("%s has the cause %q, want %q", e.Kind, e.Cause, cause)
			}
		}
		w.school.Do(world.Remove(lesson))
		events = w.news()
		if got := weights(events); !slices.Equal(got, []string{"lesson.cancelled", "day.changed"}) || events[0].Cause != cause {
			t.Errorf("it is off: told %+v", events)
		}
		w.school.Do(world.Amend(id, func(p *world.Punishment) { p.Circumstances = "Bavardages" }))
		w.wantWeights("words", "punishment.changed text")
		held.HeldOn = thursday.AddDays(1)
		w.school.Do(world.Reschedule(id, 0, held))
		w.wantWeights("another day", "punishment.changed")
	})
}

func TestARoomOfTheSameNameIsMinor(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		lesson := w.lessonOn(10)
		rooms := func(names ...string) {
			w.school.Do(amend(lesson.ID, func(l *world.Lesson) { l.Rooms = names }))
		}
		rooms("B 12")
		w.wantWeights("a room", "lesson.room")
		rooms("Salle B12")
		w.wantWeights("the same", "lesson.room same")
		rooms("Salle B13")
		w.wantWeights("another", "lesson.room")
	})
}

// TestALessonThatOnlyGotLongerIsToldApart: it was said to have moved.
func TestALessonThatOnlyGotLongerIsToldApart(t *testing.T) {
	t.Parallel()
	old := pronote.Lesson{Starts: onThursdayAt(9), Ends: onThursdayAt(10), Subject: "EPS"}
	longer, later := old, old
	longer.Ends, later.Starts, later.Ends = onThursdayAt(11), onThursdayAt(10), onThursdayAt(11)
	for now, want := range map[*pronote.Lesson]string{&longer: "[ends_at]", &later: "[starts_at ends_at]"} {
		s := story{turn(old, *now), old, *now, -1, 0}
		if got := fmt.Sprint(s.telling(nil).What); s.kind != "lesson.moved" || got != want {
			t.Errorf("%s of %s, want that %s changed", s.kind, got, want)
		}
	}
}

func TestTheEndOfAnAbsenceAlreadyToldIsMinor(t *testing.T) {
	t.Parallel()
	open := pronote.Absence{StartsAt: onTuesday(8), EndsAt: onTuesday(12), Open: true}
	ended, longer, planned := open, open, open
	ended.Open, longer.Open, longer.EndsAt = false, false, onTuesday(16)
	planned.Justified, planned.StartsAt, planned.EndsAt = true, onThursdayAt(8), onThursdayAt(18)
	weigh := func(kind mirror.Kind, old, now pronote.Absence) db.Event {
		c := mirror.Change[pronote.Absence]{Kind: kind, Old: old, New: now}
		return announceAbsence(c, mirror.TellingOf(db.Absences, c), november)
	}
	if e := weigh(mirror.Changed, open, ended); e.Kind != "absence.changed" || e.Minor != db.MinorEnded || !e.Over.IsZero() {
		t.Errorf("the end: %+v", e)
	}
	if e := weigh(mirror.Changed, open, longer); e.Kind != "absence.changed" || e.Minor != "" {
		t.Errorf("a later end: %+v", e)
	}
	if e := weigh(mirror.Added, pronote.Absence{}, planned); e.Day != thursday || e.Over != onThursdayAt(18) {
		t.Errorf("a planned absence: %+v", e)
	}
	if e := weigh(mirror.Added, pronote.Absence{}, open); e.Day != november.Date || !e.Over.IsZero() {
		t.Errorf("an absence: %+v", e)
	}
}

func TestMessagesOfOneDiscussionShareACause(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindParent)
		w.school.Do(world.Add(world.Discussion{
			Subject: "Sortie", With: "M. DELMASSE É.", Messages: []world.Message{{Text: []string{"Bonjour"}}, {Text: []string{"Encore un mot"}}},
		}))
		causes := map[string]int{}
		for _, e := range w.news() {
			if e.Kind == "message.new" {
				causes[e.Cause]++
			}
		}
		if len(causes) != 1 || causes[""] > 0 {
			t.Errorf("the causes are %v, want one", causes)
		}
	})
}

// TestSmallTyposThatAddUpAreTold: each was compared with the version before, so that
// nobody was told that pages had become cards.
func TestSmallTyposThatAddUpAreTold(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		id := w.school.Do(world.Add(world.Homework{Subject: "FRANCAIS", DueOn: november.AddDays(7), Text: []string{"Lire les trente pages de Gavroche"}}))[0].ID
		w.wantWeights("work", "homework.new")
		says := func(text string) {
			w.school.Do(world.Amend(id, func(h *world.Homework) { h.Text = []string{text} }))
		}
		says("Lire les trente pages de Garoche")
		w.wantWeights("a letter", "homework.changed typo")
		says("Lire les trente cages de Garoches")
		w.wantWeights("two more", "homework.changed typo")
		says("Lire les trente cartes de Garoches")
		events := w.news()
		if got := weights(events); !slices.Equal(got, []string{"homework.changed"}) || !strings.Contains(string(events[0].Data), "pages de Gavroche") {
			t.Errorf("another text in all: told %q, %s", got, events[0].Data)
		}
		says("Lire les trente cartes de Garochas")
		w.wantWeights("a letter of what was told", "homework.changed typo")
	})
}
