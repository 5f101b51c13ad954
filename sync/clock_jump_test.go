package sync

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
)

// Whatever the clock on the wall does, and whenever: what is to be done every
// quarter of an hour is done again within one.
func TestNoJumpOfTheClockSilencesThePlan(t *testing.T) {
	t.Parallel()
	const interval = 15 * time.Minute
	chance := rand.New(rand.NewPCG(8, 3))
	for range 300 {
		real := time.Date(2026, 3, 28, 12, 0, 0, 0, time.UTC) // the night before summer time
		offset := time.Duration(0)
		wall := func() time.Time { return real.Add(offset) }
		a := newAlarms(map[string]cron.Schedule{"lessons": parseCron(t, "*/15 * * * *"), "menus": parseCron(t, "50 7 * * *")}, time.UTC, wall(), real)
		c := clock{wall(), real}
		since, asleep := real, time.Duration(0) // the last time, or the last jump
		for range 8 * 60 {                      // minutes, at each of which the clocks are compared
			if jump := c.jump(wall(), real); jump.Abs() >= leastJump {
				asleep = 0 // it is woken
			}
			if asleep <= 0 {
				names, wait := a.due(wall(), real)
				for _, name := range names {
					if name == "lessons" {
						since = real
					}
				}
				asleep = wait
			}
			if gap := real.Sub(since); gap > interval+clockEvery {
				t.Fatalf("nothing for %s, with the clock off by %s", gap, offset)
			}
			step := min(asleep, clockEvery)
			real, asleep = real.Add(step), asleep-step
			if chance.IntN(40) == 0 {
				since = real
				offset += time.Duration((chance.Float64()*2 - 1) * float64([]time.Duration{time.Minute, 3 * time.Hour, 400 * 24 * time.Hour}[chance.IntN(3)]))
			}
		}
	}
}

// A plan that was slept through is made up for once.
func TestWhatAClockSetForwardLeavesOutIsMadeUpFor(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 12, 6, 0, 0, 0, time.UTC)
	a := newAlarms(map[string]cron.Schedule{"menus": parseCron(t, "50 7 * * *")}, time.UTC, now, now)
	if names, wait := a.due(now, now); len(names) > 0 || wait != 110*time.Minute {
		t.Errorf("at six: %q, and the next in %s", names, wait)
	}
	later := now.Add(5 * time.Hour)
	if names, _ := a.due(later, now.Add(time.Minute)); len(names) != 1 {
		t.Errorf("at eleven: %q, want menus", names)
	}
	if names, _ := a.due(later.Add(time.Hour), now.Add(time.Hour)); len(names) > 0 {
		t.Errorf("at noon: %q, want nothing", names)
	}
}

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
				w.config.Plan.Rest = Quiet{}
				w.config.Plan.Domains["lessons"] = parseCron(t, "*/15 * * * *")
				w.config.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
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
				time.Sleep(16*time.Minute + shortestWait<<6) // an interval, and what was left of the wait after failures
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
		w.config.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
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
		if err := w.store.Update(t.Context(), func(tx *db.Tx) error {
			return tx.Enqueue(t.Context(), 1, november, []db.Event{systemEvent("system.recovered", map[string]any{"account": "famille"})}, w.engine.router(w.engine.watchers[0]))
		}); err != nil {
			t.Fatal(err)
		}
		w.deliver() // which fails, and puts it off

		offset, down = 0, false
		w.restart()
		watcher := w.engine.watchers[0]
		watcher.schedule.want("marks")
		if wait, ready := watcher.wait(t.Context()); !ready {
			t.Errorf("the account waits for %s", wait)
		}
		w.deliver()
		if got := w.inbox.take(); len(got) != 1 {
			t.Errorf("%d messages, want the one that was due in ten months", len(got))
		}
		if _, err := w.engine.Poll(t.Context(), "famille"); !is[*BudgetError](err) {
			t.Errorf("poll: %v, want the logins of a clock that was ahead to count as of now", err)
		}
		time.Sleep(24*time.Hour + time.Minute)
		if _, err := w.engine.Poll(t.Context(), "famille"); err != nil {
			t.Errorf("a day later: %v", err)
		}
	})
}
