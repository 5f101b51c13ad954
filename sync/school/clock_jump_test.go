package school

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// A clock that was set back once silenced the daemon until it had caught up: polls,
// waits and messages, while the watchdog was content.
func TestAClockThatIsSetSilencesNothing(t *testing.T) {
	for name, jump := range map[string]time.Duration{
		"back by two hours": -2 * time.Hour, "back by a fortnight": -14 * 24 * time.Hour, "back by a month": -40 * 24 * time.Hour,
		"forward by two hours": 2 * time.Hour, "forward by a week": 7 * 24 * time.Hour,
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				w := quietTestbed(t, pronote.KindStudent)
				var offset atomic.Int64
				var down atomic.Bool
				w.config.Now = func() time.Time { return time.Now().Round(0).Add(time.Duration(offset.Load())) }
				w.config.Plan.Rest = psync.Quiet{}
				w.config.Plan.Domains["lessons"] = parseCron(t, "*/15 * * * *")
				w.account.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
					if down.Load() {
						return nil, errors.New("no route to host")
					}
					return w.server.Transport().RoundTrip(r)
				})
				w.restart()
				ctx, stop := context.WithCancel(t.Context())
				ended := make(chan error)
				go func() { ended <- w.engine.Run(ctx) }()
				time.Sleep(40 * time.Minute)
				w.server.Rotate() // so that the next poll fails at its login
				down.Store(true)
				time.Sleep(40 * time.Minute)
				w.inbox.mu.Lock()
				w.inbox.failures = []error{later{errors.New("slow down"), 10 * time.Minute}}
				w.inbox.mu.Unlock()
				w.school.Do(maths(w.school.Pupil(), "12"))
				offset.Add(int64(jump))
				synctest.Wait()
				down.Store(false)
				before := w.askedFor("PageEmploiDuTemps")
				time.Sleep(16*time.Minute + 64*time.Minute) // an interval, and what was left of the wait after failures
				if n := w.askedFor("PageEmploiDuTemps") - before; n == 0 {
					t.Error("the school was not asked within an interval")
				}
				offset.Add(int64(jump)) // again, while the message waits
				time.Sleep(31 * time.Minute)
				if got := w.inbox.take(); len(got) == 0 {
					t.Error("the message was not sent")
				}
				stop()
				if err := <-ended; err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// A clock that was ahead for a while once barred the account until the date that it
// had shown: by the logins of that time, by the end of the phase, and the messages
// by when they were due.
func TestAClockThatWasAheadBarsNothing(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		offset := 300 * 24 * time.Hour
		w.config.Now = func() time.Time { return time.Now().Round(0).Add(offset) }
		w.config.Budget.LoginsPerDay = 3
		w.restart()
		down := true
		w.account.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
			if down {
				return nil, errors.New("no route to host")
			}
			return w.server.Transport().RoundTrip(r)
		})
		w.inbox.failures = []error{errors.New("down")}
		w.restart()
		for range 3 {
			if _, err := w.engine.Poll(t.Context(), "famille"); err == nil {
				t.Fatal("polled without a network")
			}
			w.restart()
		}
		w.tell(mirror.FactsEvent("system.recovered", 0, map[string]any{"account": "famille"}))
		w.deliver() // which fails, and puts it off

		offset, down = 0, false
		w.restart()
		w.runFor(time.Minute)
		if got := w.engine.Status()[0].LastError; !strings.Contains(got, "budget") {
			t.Errorf("the account was not looked at: %q", got)
		}
		w.deliver()
		if got := w.inbox.take(); len(got) != 1 {
			t.Errorf("%d messages, want the one that was due in ten months", len(got))
		}
		if _, err := w.engine.Poll(t.Context(), "famille"); !psync.As[*psync.BudgetError](err) {
			t.Errorf("poll: %v, want the logins of a clock that was ahead to count as of now", err)
		}
		time.Sleep(24*time.Hour + time.Minute)
		if _, err := w.engine.Poll(t.Context(), "famille"); err != nil {
			t.Errorf("a day later: %v", err)
		}
	})
}
