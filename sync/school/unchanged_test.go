package school

import (
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

// settledTestbed is a quiet testbed of which each answer has been seen before.
func settledTestbed(t *testing.T, kind pronote.Kind) *testbed {
	t.Helper()
	w := quietTestbed(t, kind)
	w.poll()
	w.wantRead("an unchanged school", false)
	return w
}

// wantRead polls, and checks whether the poll found anything to store.
func (w *testbed) wantRead(what string, want bool) {
	w.t.Helper()
	result := w.poll()
	seen := 0
	for _, d := range result.Domains {
		seen += d.Seen
		if d.Err != nil || d.Added+d.Changed+d.Removed > 0 {
			w.t.Errorf("%s: %+v", what, d)
		}
	}
	if got := len(result.Stored) > 0; got != want || got != (seen > 0) {
		w.t.Errorf("%s: %d lists with %d rows were stored, want any: %t", what, len(result.Stored), seen, want)
	}
}

func TestUnchangedAnswersAreLeftAlone(t *testing.T) {
	for _, kind := range []pronote.Kind{pronote.KindStudent, pronote.KindParent} {
		t.Run(string(kind), func(t *testing.T) {
			alone(t, func(t *testing.T) {
				w := settledTestbed(t, kind)
				w.school.Do(maths(w.school.Pupil(), "12,50"))
				if got := w.told(); len(got) != 1 {
					t.Errorf("told %q of a new mark, want one message", got)
				}
				w.wantRead("the mark again", false)
				for range 61 {
					time.Sleep(20 * time.Minute)
					w.keepAlive()
				}
				w.school.AdvanceTo(pronote.DateTimeOf(time.Now().In(w.paris)))
				w.wantRead("an old session", true)
				w.poll()
				w.wantRead("that once more", false)
				w.server.Rotate()
				w.wantRead("another session", true)
				w.wantRead("the same session again", false)
				w.restart()
				w.wantRead("another process", true)
			})
		})
	}
}

func TestAnUnchangedAnswerInDoubtIsReadAgain(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := settledTestbed(t, pronote.KindStudent)
		before := len(w.rows(db.HomeworkView))
		for _, doubted := range []bool{true, false} {
			w.server.Inject(pronotetest.Fault{Kind: "half", Function: "PageCahierDeTexte"})
			if got := w.poll().Doubted; got != doubted {
				t.Errorf("half a list is doubted: %t, want %t", got, doubted)
			}
		}
		if after := len(w.rows(db.HomeworkView)); after >= before {
			t.Errorf("%d rows, want about half of %d", after, before)
		}
	})
}

func TestAnUnchangedAnswerThatWasNotStoredIsReadAgain(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := settledTestbed(t, pronote.KindStudent)
		w.school.Do(maths(w.school.Pupil(), "12,50"))
		w.run(`CREATE TRIGGER full BEFORE INSERT ON _marks BEGIN SELECT raise(ABORT, 'full'); END`)
		if _, err := w.engine.Poll(t.Context(), "famille"); err == nil {
			t.Fatal("the poll succeeds though its mark cannot be stored")
		}
		w.run(`DROP TRIGGER full`)
		w.wantTold("the mark at last", "mark.new 2 average.changed")
	})
}

// A domain that could not be asked says nothing about what another has read.
func TestAPollThatBreaksOffLosesNothing(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := settledTestbed(t, pronote.KindStudent)
		w.school.Do(maths(w.school.Pupil(), "12,50"))
		w.server.Inject(pronotetest.Fault{Kind: "500", Function: "PageCahierDeTexte"})
		if _, err := w.engine.Poll(t.Context(), "famille"); err == nil {
			t.Fatal("the poll succeeds though the server fails")
		}
		w.deliver()
		if got := w.inbox.take(); len(got) != 1 {
			t.Errorf("told %v, want the mark that was read before", got)
		}
		w.wantRead("the poll after it", true)
		w.wantRead("the poll after that", false)
	})
}
