package school

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// lasting is a failure that is final once it has lasted so long.
type lasting struct {
	error
	patience time.Duration
}

func (l lasting) Patience() time.Duration { return l.patience }

// out makes a channel fail from now on, with an error that may be nil.
func (b *inbox) out(err error) {
	b.failures = nil
	for range 1000 {
		b.failures = append(b.failures, err)
	}
}

// giveUp tries until nothing is pending, and returns how long that took and how
// many tries.
func (w *testbed) giveUp() (lasted time.Duration, tries int) {
	w.t.Helper()
	began := time.Now()
	for wait := w.next(); wait > 0; wait = w.next() {
		time.Sleep(wait)
		tries++
	}
	return time.Since(began), tries
}

func TestAWeekWithoutPowerGivesNoMessageUp(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.inbox.out(errors.New("no route to host"))
		w.school.Do(maths(w.school.Pupil(), "12"))
		w.poll()
		w.next()
		for range 3 { // each time power comes back before the network does
			time.Sleep(7 * 24 * time.Hour)
			w.restart()
			if w.next() == 0 {
				t.Fatal("given up after days in which nothing could be tried")
			}
		}
		if _, pending, failed := w.counts(); pending != 3 || failed != 0 {
			t.Errorf("%d pending, %d failed, want 3 and 0", pending, failed)
		}
		w.inbox.out(nil)
		time.Sleep(2 * time.Hour)
		w.deliver()
		if len(w.inbox.messages) != 1 {
			t.Errorf("told %v, want the message", w.inbox.messages)
		}
	})
}

// What joins a message that has failed for days is not given up with it.
func TestWhatJoinsAFailingMessageHasTriesOfItsOwn(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.inbox.out(errors.New("down"))
		w.school.Do(maths(w.school.Pupil(), "12"))
		w.poll()
		for began := time.Now(); time.Since(began) < 48*time.Hour; {
			time.Sleep(w.next())
		}
		w.school.Do(maths(w.school.Pupil(), "13"))
		w.poll()
		if lasted, tries := w.giveUp(); lasted < 72*time.Hour || tries < 60 {
			t.Errorf("the second was given up after %s and %d tries", lasted, tries)
		}
	})
}

func TestAServerAtHomeHasADay(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.inbox.out(lasting{errors.New("nothing at this address"), 24 * time.Hour})
		w.school.Do(maths(w.school.Pupil(), "12"))
		w.poll()
		if lasted, tries := w.giveUp(); lasted < 24*time.Hour || lasted > 36*time.Hour || tries < 31 {
			t.Errorf("given up after %s and %d tries, want a day", lasted, tries)
		}
	})
}

// TestWhatIsGivenUpIsToldElsewhereOnce: one 404 gave 13 events up, and nobody knew.
func TestWhatIsGivenUpIsToldElsewhereOnce(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		papa := &inbox{}
		other := w.config.Recipients[0]
		other.Name, other.Notifier = "papa", papa
		w.config.Recipients = append(w.config.Recipients, other)
		w.restart()
		both := func() {
			t.Helper()
			w.poll()
			w.deliver()
			if _, err := w.engine.Deliver(t.Context(), "papa"); err != nil {
				t.Fatal(err)
			}
		}
		notices := func() (n int) {
			for _, m := range papa.take() {
				if strings.Contains(m.Title+m.Body, "maman ne reçoit plus") {
					n++
					if !strings.Contains(m.Body, "token is void") || !strings.Contains(m.Body, "pronote-sync notify retry maman") {
						t.Errorf("papa is told %v", m)
					}
				}
			}
			return n
		}
		for i, step := range []struct {
			err  error
			want int
		}{
			{refused{errors.New("token is void")}, 1}, {refused{errors.New("token is void")}, 0}, {nil, 0}, {refused{errors.New("token is void")}, 1},
		} {
			w.inbox.out(step.err)
			w.school.Do(maths(w.school.Pupil(), fmt.Sprint(10+i)))
			both()
			if got := notices(); got != step.want {
				t.Errorf("step %d: %d notices, want %d", i, got, step.want)
			}
			time.Sleep(time.Hour)
		}
		for _, m := range w.inbox.messages {
			if strings.Contains(m.Title, "ne reçoit plus") {
				t.Errorf("maman herself is told %v", m)
			}
		}
	})
}

// Two channels that refuse do not tell each other for ever.
func TestTwoChannelsThatRefuse(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		papa := &inbox{}
		other := w.config.Recipients[0]
		other.Name, other.Notifier = "papa", papa
		w.config.Recipients = append(w.config.Recipients, other)
		w.restart()
		w.inbox.out(refused{errors.New("no")})
		papa.out(refused{errors.New("no")})
		w.school.Do(maths(w.school.Pupil(), "12"))
		w.poll()
		for range 5 {
			for _, name := range []string{"maman", "papa"} {
				if _, err := w.engine.Deliver(t.Context(), name); err != nil {
					t.Fatal(err)
				}
			}
		}
		if _, pending, failed := w.counts(); pending != 0 || failed > 8 {
			t.Errorf("%d pending, %d failed", pending, failed)
		}
	})
}

// Renaming a recipient gave up what waited for the old name, without a word.
func TestARenamedRecipientIsSaidAtTheNextStart(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.school.Do(maths(w.school.Pupil(), "12"))
		w.poll()
		w.config.Recipients[0].Name = "mère"
		var said strings.Builder
		w.config.Log = slog.New(slog.NewTextHandler(&said, nil))
		w.restart()
		w.runFor(time.Second)
		if got := said.String(); !strings.Contains(got, "pronote-sync notify retry maman") || !strings.Contains(got, "messages=3") {
			t.Errorf("the log says %q", got)
		}
		said.Reset()
		if w.runFor(time.Second); strings.Contains(said.String(), "notify retry") {
			t.Errorf("again: %q", said.String())
		}
	})
}
