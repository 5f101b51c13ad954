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
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// thursday is two days after november; it has lessons from eight o'clock on.
var thursday = november.AddDays(2)

// lessonOn is the lesson of the student account's pupil that begins at an hour of
// Thursday.
func (w *testbed) lessonOn(hour int) world.Row[pronote.Lesson] {
	w.t.Helper()
	for _, row := range w.school.Timetable(w.school.Pupil(), thursday) {
		if row.Value.Starts.Hour == hour {
			return row
		}
	}
	w.t.Fatalf("no lesson at %d", hour)
	panic("unreachable")
}

func amend(id int, edit func(*world.Lesson)) world.Change {
	return world.Amend(id, edit)
}

func onThursdayAt(hour int) pronote.DateTime { return pronote.DateTime{Date: thursday, Hour: hour} }

// kinds polls and returns the kinds of events it made.
func (w *testbed) kinds() (kinds []string) {
	w.t.Helper()
	for _, e := range w.news() {
		kinds = append(kinds, e.Kind)
	}
	return kinds
}

// news polls and returns the events it made.
func (w *testbed) news() (events []db.Event) {
	w.t.Helper()
	var last int64
	err := w.store.View(w.t.Context(), func(tx *db.Tx) (err error) {
		_, last, err = tx.EventsAfter(w.t.Context(), 0)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.poll()
	err = w.store.View(w.t.Context(), func(tx *db.Tx) (err error) {
		events, _, err = tx.EventsAfter(w.t.Context(), last)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return events
}

// TestLessonsAreToldApart lets the school do one thing after another to a lesson
// in the middle of the day, so that the day begins and ends as before.
func TestLessonsAreToldApart(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(w *testbed, l world.Row[pronote.Lesson]) []world.Change
		want string // the kinds of events
	}{
		{"flagged", func(_ *testbed, l world.Row[pronote.Lesson]) []world.Change {
			return []world.Change{amend(l.ID, func(l *world.Lesson) { l.Cancelled = true })}
		}, "lesson.cancelled"},
		{"only a status says so", func(_ *testbed, l world.Row[pronote.Lesson]) []world.Change {
			return []world.Change{amend(l.ID, func(l *world.Lesson) { l.Status = "Prof. absent" })}
		}, "lesson.cancelled"},
		{"gone without a word", func(_ *testbed, l world.Row[pronote.Lesson]) []world.Change {
			return []world.Change{world.Remove(l.ID)}
		}, "lesson.cancelled"},
		{"another subject beside it", func(_ *testbed, l world.Row[pronote.Lesson]) []world.Change {
			return []world.Change{
				amend(l.ID, func(l *world.Lesson) { l.Cancelled, l.Status = true, "Cours annulé" }),
				world.Add(world.Lesson{Starts: l.Value.Starts, Ends: l.Value.Ends, Subject: "EDUCATION MUSICALE", Status: "Remplacement"}),
			}
		}, "lesson.replaced"},
		{"another subject instead", func(_ *testbed, l world.Row[pronote.Lesson]) []world.Change {
			return []world.Change{
				world.Remove(l.ID),
				world.Add(world.Lesson{Starts: l.Value.Starts, Ends: l.Value.Ends, Subject: "EDUCATION MUSICALE"}),
			}
		}, "lesson.replaced"},
		{"another subject in the same entry", func(_ *testbed, l world.Row[pronote.Lesson]) []world.Change {
			return []world.Change{amend(l.ID, func(l *world.Lesson) { l.Subject = "EDUCATION MUSICALE" })}
		}, "lesson.replaced"},
		{"another room beside it", func(_ *testbed, l world.Row[pronote.Lesson]) []world.Change {
			return []world.Change{
				amend(l.ID, func(l *world.Lesson) { l.Cancelled, l.Status = true, "Cours annulé" }),
				world.Add(world.Lesson{Starts: l.Value.Starts, Ends: l.Value.Ends, Subject: l.Value.Subject, Teachers: l.Value.Teachers, Rooms: []string{"CDI"}}),
			}
		}, "lesson.room"},
		{"another room in the same entry", func(_ *testbed, l world.Row[pronote.Lesson]) []world.Change {
			return []world.Change{amend(l.ID, func(l *world.Lesson) { l.Rooms, l.Status = []string{"CDI"}, "Changement de salle" })}
		}, "lesson.room"},
		{"another room under another number", func(_ *testbed, l world.Row[pronote.Lesson]) []world.Change {
			return []world.Change{amend(l.ID, func(l *world.Lesson) { l.Rooms, l.Number = []string{"CDI"}, 4711 })}
		}, "lesson.room"},
		{"the rooms in another order", func(_ *testbed, l world.Row[pronote.Lesson]) []world.Change {
			return []world.Change{amend(l.ID, func(l *world.Lesson) { l.Number = 4711 })}
		}, ""},
		{"a substitute, in another room", func(_ *testbed, l world.Row[pronote.Lesson]) []world.Change {
			return []world.Change{amend(l.ID, func(l *world.Lesson) { l.Teachers, l.Rooms = []string{"M. X"}, []string{"CDI"} })}
		}, "lesson.teacher"},
		{"moved in the same entry", func(_ *testbed, l world.Row[pronote.Lesson]) []world.Change {
			return []world.Change{amend(l.ID, func(l *world.Lesson) { l.Starts, l.Ends = onThursdayAt(12), onThursdayAt(13) })}
		}, "lesson.moved"},
		{"moved by a new entry", func(_ *testbed, l world.Row[pronote.Lesson]) []world.Change {
			return []world.Change{
				amend(l.ID, func(l *world.Lesson) { l.Cancelled, l.Status = true, "Cours annulé" }),
				world.Add(world.Lesson{
					Starts: onThursdayAt(12), Ends: onThursdayAt(13), Subject: l.Value.Subject, Teachers: l.Value.Teachers, Status: "Cours déplacé",
				}),
			}
		}, "lesson.moved"},
		{"a test", func(_ *testbed, l world.Row[pronote.Lesson]) []world.Change {
			return []world.Change{amend(l.ID, func(l *world.Lesson) { l.Test = "Interrogation" })}
		}, "lesson.test"},
		{"a note, a link, an exemption", func(w *testbed, l world.Row[pronote.Lesson]) []world.Change {
			return []world.Change{amend(l.ID, func(l *world.Lesson) {
				l.Memo, l.Links, l.Exempted = "Apporter le livre", []string{"https://visio.example/"}, []string{w.school.Pupil()}
			})}
		}, ""},
		{"an extra lesson", func(_ *testbed, l world.Row[pronote.Lesson]) []world.Change {
			return []world.Change{world.Add(world.Lesson{Starts: onThursdayAt(12), Ends: onThursdayAt(13), Subject: "LCA LATIN"})}
		}, "lesson.new"},
		{"a class council", func(_ *testbed, l world.Row[pronote.Lesson]) []world.Change {
			return []world.Change{world.Add(world.Lesson{Starts: onThursdayAt(17), Ends: onThursdayAt(18), Kind: "council", Title: "Conseil de classe"})}
		}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			alone(t, func(t *testing.T) {
				w := quietTestbed(t, pronote.KindStudent)
				lesson := w.lessonOn(10)
				w.school.Do(tt.do(w, lesson)...)
				w.server.Rotate()
				if got := strings.Join(w.kinds(), " "); got != tt.want {
					t.Errorf("told %q, want %q", got, tt.want)
				}
				if got := w.kinds(); got != nil {
					t.Errorf("told again: %q", got)
				}
			})
		})
	}
}

// TestALessonIsToldStepByStep follows a lesson whose teacher is away.
func TestALessonIsToldStepByStep(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		lesson := w.lessonOn(10)
		w.school.Do(amend(lesson.ID, func(l *world.Lesson) { l.Status = "Prof. absent" }))
		w.wantTold("the teacher is away", "lesson.cancelled")
		by := w.school.Do(world.Add(world.Lesson{Starts: lesson.Value.Starts, Ends: lesson.Value.Ends, Subject: "EDUCATION MUSICALE"}))[0].ID
		w.wantTold("another takes the hour", "lesson.replaced")
		w.school.Do(world.Remove(by))
		w.wantTold("that one is away too", "lesson.cancelled")
		w.school.Do(amend(lesson.ID, func(l *world.Lesson) { l.Status = "" }))
		w.wantTold("the first is back", "lesson.restored")
		w.school.Do(world.Remove(lesson.ID))
		w.wantTold("it was a mistake", "lesson.cancelled")
	})
}

func TestARoomWithACommaHasNotChanged(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		lesson := w.lessonOn(10)
		w.school.Do(amend(lesson.ID, func(l *world.Lesson) { l.Rooms = []string{"Gymnase, salle 2"} }))
		w.poll()
		w.school.Do(amend(lesson.ID, func(l *world.Lesson) { l.Memo = "Apporter des baskets" }))
		if got := w.kinds(); got != nil {
			t.Errorf("told %q of a memo", got)
		}
	})
}

func TestAReplacementThatIsTakenBackIsOneMessage(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		lesson := w.lessonOn(10)
		w.school.Do(amend(lesson.ID, func(l *world.Lesson) { l.Cancelled = true }))
		by := w.school.Do(world.Add(world.Lesson{Starts: lesson.Value.Starts, Ends: lesson.Value.Ends, Subject: "EDUCATION MUSICALE"}))[0].ID
		w.kinds()
		w.school.Do(world.Remove(by), amend(lesson.ID, func(l *world.Lesson) { l.Cancelled = false }))
		if got := w.kinds(); !slices.Equal(got, []string{"lesson.restored"}) {
			t.Errorf("told %q, want that it takes place after all", got)
		}
	})
}

// An outing cancels a whole day of lessons, and speaks for them.
func TestAnOutingIsOneMessage(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		changes := []world.Change{world.Add(world.Lesson{Starts: onThursdayAt(7), Ends: onThursdayAt(19), Title: "Musée", Outing: true})}
		for _, row := range w.school.Timetable(w.school.Pupil(), thursday) {
			changes = append(changes, amend(row.ID, func(l *world.Lesson) { l.Cancelled, l.Status = true, "Sortie pédagogique" }))
		}
		w.school.Do(changes...)
		if got := w.kinds(); !slices.Equal(got, []string{"lesson.new", "day.changed"}) {
			t.Errorf("told %q, want the outing, and that the day is longer", got)
		}
	})
}

func TestTheDayBeginsLater(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		rows := w.school.Timetable(w.school.Pupil(), thursday)
		first, second := rows[0], rows[1]
		w.school.Do(amend(first.ID, func(l *world.Lesson) { l.Cancelled = true }))
		w.wantTold("the first hour is cancelled", "lesson.cancelled day.changed")
		w.school.Do(amend(second.ID, func(l *world.Lesson) { l.Cancelled = true }), amend(first.ID, func(l *world.Lesson) { l.Memo = "Travail en ligne" }))
		w.poll()
		w.deliver()
		messages := w.inbox.take()
		if len(messages) != 1 || !strings.Contains(messages[0].Title+messages[0].Body, fmt.Sprintf("début à %d\u00a0h", rows[2].Value.Starts.Hour)) {
			t.Errorf("told %v, want the new begin", messages)
		}
	})
}

func TestLessonsOfThePastAreSilent(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		lesson := w.lessonOn(10)
		w.at(onThursdayAt(11))
		w.school.Do(amend(lesson.ID, func(l *world.Lesson) { l.Cancelled = true }))
		w.wantWeights("a lesson that is over", "lesson.cancelled over")
		w.school.Do(amend(w.lessonOn(11).ID, func(l *world.Lesson) { l.Cancelled = true }))
		if got := w.kinds(); !slices.Contains(got, "lesson.cancelled") {
			t.Errorf("told %q of the lesson that begins, want that it is cancelled", got)
		}
	})
}

// A week of which nothing was known is a timetable that was published.
func TestAPublishedWeekIsSilent(t *testing.T) {
	monday := november.Monday().AddDays(7)
	var week []mirror.Change[pronote.Lesson]
	var seen []pronote.Lesson
	for hour := 8; hour < 17; hour++ {
		l := pronote.Lesson{Starts: pronote.DateTime{Date: monday, Hour: hour}, Ends: pronote.DateTime{Date: monday, Hour: hour + 1}, Subject: "MATHS", Kind: "lesson"}
		week = append(week, mirror.Change[pronote.Lesson]{Kind: mirror.Added, New: l, At: len(seen)})
		seen = append(seen, l)
	}
	if got := withoutPublished(week, seen); len(got) != 0 {
		t.Errorf("%d of %d lessons are news", len(got), len(week))
	}
	known := append(slices.Clone(seen), pronote.Lesson{Starts: pronote.DateTime{Date: monday, Hour: 7}})
	if got := withoutPublished(week, known); len(got) != len(week) {
		t.Errorf("%d of %d lessons are news in a week that was known", len(got), len(week))
	}
	if got := withoutPublished(week[:2], seen[:2]); len(got) != 2 {
		t.Errorf("%d of 2 lessons are news in a week of holidays", len(got))
	}
}

// A new timetable from some week on would be hundreds of messages.
func TestANewTimetableIsToldOfTheNextDaysOnly(t *testing.T) {
	t.Parallel()
	var changes []mirror.Change[pronote.Lesson]
	var seen []pronote.Lesson
	for day := range 60 {
		starts := pronote.DateTime{Date: november.AddDays(day), Hour: 18}
		old := pronote.Lesson{Starts: starts, Ends: pronote.DateTime{Date: starts.Date, Hour: 19}, Subject: "MATHS", Rooms: []string{"1"}}
		now := old
		now.Rooms = []string{"2"}
		changes = append(changes, mirror.Change[pronote.Lesson]{Kind: mirror.Changed, Old: old, New: now, At: len(seen)})
		seen = append(seen, now)
	}
	if got := lessonStories(changes, seen, november); len(got) != soonDays {
		t.Errorf("%d stories, want those of %d days", len(got), soonDays)
	}
	if got := lessonStories(changes[:manyStories], seen, november); len(got) != manyStories {
		t.Errorf("%d stories, want all %d", len(got), manyStories)
	}
}

// Schools may show some weeks only, and refuse to speak of the others.
func TestWeeksThatAreRefusedKeepNothingFromBeingRead(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := newTestbed(t, 1, pronote.KindStudent, pronotetest.Options{})
		w.school.AdvanceTo(november)
		w.school.Quiet()
		w.at(november)
		w.server.Inject(pronotetest.Fault{Kind: "no fault", Function: "PageEmploiDuTemps"}, pronotetest.Fault{Kind: "error", Function: "PageEmploiDuTemps"})
		result := w.poll()
		rows := w.rows(db.LessonsView)
		if result.Domains[slices.Index(Domains().Names(), "lessons")].Err != nil || len(rows) == 0 {
			t.Fatalf("%d lessons, %+v", len(rows), result.Domains)
		}
		for _, row := range rows {
			if day := row["starts_at"].(string)[:10]; day < november.Monday().String() {
				t.Errorf("a lesson of %s, though those weeks were refused", day)
			}
		}
	})
}

func TestASessionThatEndsAtTheLastSpanLosesNoWeeks(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := newTestbed(t, 1, pronote.KindStudent, pronotetest.Options{})
		w.school.AdvanceTo(november)
		w.school.Quiet()
		w.at(november)
		for _, kind := range []string{"no fault", "no fault", "expired"} {
			w.server.Inject(pronotetest.Fault{Kind: kind, Function: "PageEmploiDuTemps"})
		}
		w.poll()
		weeks := map[pronote.Date]bool{}
		for _, row := range w.rows(db.LessonsView) {
			day, err := pronote.ParseDate(row["starts_at"].(string)[:10])
			if err != nil {
				t.Fatal(err)
			}
			weeks[day.Monday()] = true
		}
		if len(weeks) < 30 {
			t.Errorf("lessons of %d weeks, want those of the year", len(weeks))
		}
	})
}

func TestAWholeYearIsMirroredInThreeRequests(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := newTestbed(t, 1, pronote.KindStudent, pronotetest.Options{})
		w.school.AdvanceTo(november)
		w.school.Quiet()
		w.at(november)
		w.poll()
		asked := func() (n int) {
			for _, r := range w.server.Requests() {
				if r.Function == "PageEmploiDuTemps" {
					n++
				}
			}
			return n
		}
		if rows := w.rows(db.LessonsView); len(rows) < 700 || asked() != 3 {
			t.Errorf("%d lessons in %d requests", len(rows), asked())
		}
		w.poll()
		time.Sleep(time.Hour)
		w.poll()
		if asked() != 5 {
			t.Errorf("%d requests after two more polls, want one each", asked())
		}
	})
}
