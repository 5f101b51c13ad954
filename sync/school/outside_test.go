package school

import (
	"slices"
	"testing"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// Marks and evaluations outside the terms were never asked for.
func TestWhatIsOutsideOfTheTermsIsMirrored(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		pupil := w.school.Pupil()
		w.told()
		w.school.Do(
			world.Add(world.Test{
				Subject: "MATHEMATIQUES", Title: "Brevet blanc", Outside: true, Scores: map[string]pronote.Score{pupil: pronote.ParseScore("13,5")},
			}),
			world.Add(world.Evaluation{
				Subject: "ANGLAIS LV1", Name: "Évaluation d'entrée bis", Outside: true, Levels: map[string][]world.Level{pupil: {}},
			}),
		)
		w.at(pronote.DateTime{Date: w.school.Now().Date.AddDays(1), Hour: 18}) // they are read once a day
		titles := w.told()
		for view, column := range map[string]string{"marks": "title", "evaluations": "name"} {
			rows := slices.DeleteFunc(w.rows(map[string]db.View{"marks": db.MarksView, "evaluations": db.EvaluationsView}[view]), func(r db.Record) bool {
				return r[column] != "Brevet blanc" && r[column] != "Évaluation d'entrée bis"
			})
			if len(rows) != 1 || rows[0]["period"] != w.school.Outside().Name {
				t.Errorf("%s: %v, want one row outside of the terms", view, rows)
			}
		}
		if len(titles) == 0 {
			t.Error("nobody was told")
		}
	})
}

// The average beside a mark was that of whichever teacher came first, where two have
// services of one name.
func TestAnAverageOfTwoTeachersIsNotGuessed(t *testing.T) {
	t.Parallel()
	average := func(before, after float64) mirror.Change[pronote.Average] {
		return mirror.Change[pronote.Average]{
			Kind: mirror.Changed, Old: pronote.Average{Subject: "HISTOIRE", Student: pronote.Num(before)}, New: pronote.Average{Subject: "HISTOIRE", Student: pronote.Num(after)},
		}
	}
	still, moved, other := average(12, 12), average(11, 13), average(14, 15)
	if got := averageStep("HISTOIRE", []mirror.Change[pronote.Average]{still, moved}); got == nil || got.After != 13 {
		t.Errorf("one moved: %v, want that one", got)
	}
	if got := averageStep("HISTOIRE", []mirror.Change[pronote.Average]{moved, other}); got != nil {
		t.Errorf("both moved: %v, want none", got)
	}
}

// The text beside the link to a lesson, and the period that a mark names itself,
// were lost.
func TestLinksAreMirroredWithWhatIsWrittenBesideThem(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		day := w.school.Now().Date
		lesson := w.school.Timetable(w.school.Pupil(), day)[0]
		w.school.Do(
			world.Amend(lesson.ID, func(l *world.Lesson) {
				l.Links, l.LinkComments = []string{"https://visio.example/a", "https://visio.example/b"}, []string{"", "Code 12"}
			}),
			world.Add(world.Test{Subject: "MATHEMATIQUES", Scores: map[string]pronote.Score{w.school.Pupil(): pronote.ParseScore("12")}}),
		)
		w.told()
		changes := len(w.rows(db.ChangesView))
		w.restart()
		w.told()
		if again := len(w.rows(db.ChangesView)); again != changes {
			t.Errorf("nothing changed, but the mirror has %d changes more: %s", again-changes, w.rows(db.ChangesView)[0]) // the newest comes first
		}
		rows := w.rows(db.LessonsView)
		i := slices.IndexFunc(rows, func(r db.Record) bool { return r["links"] != "" })
		if i < 0 {
			t.Fatal("no lesson has a link")
		}
		if r := rows[i]; r["links"] != "https://visio.example/a, https://visio.example/b" || r["link_labels"] != "Classe virtuelle\nClasse virtuelle" || r["link_comments"] != "\nCode 12" {
			t.Errorf("the mirror has %q, %q, %q", r["links"], r["link_labels"], r["link_comments"])
		}
		for _, m := range w.rows(db.MarksView) {
			if m["own_period"] != m["period"] {
				t.Errorf("%s is of %q by its own word, want %q", m["title"], m["own_period"], m["period"])
			}
		}
	})
}
