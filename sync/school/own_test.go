package school

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	psync "github.com/pronote-sync/pronote-sync/sync"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

// A poll on demand beside the daemon was a data race, and a second client for the
// school.
func TestTwoAskAnEngineThatRuns(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindParent)
		for name := range w.config.Plan.Domains {
			w.config.Plan.Domains[name] = parseCron(t, "@every 1s")
		}
		w.restart()
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- w.engine.Run(ctx) }()

		var asking sync.WaitGroup
		for range 2 {
			asking.Go(func() {
				for range 5 {
					if _, err := w.engine.Poll(ctx, "famille"); err != nil {
						t.Error(err)
					}
					if err := w.engine.Do(ctx, "famille", func(ctx context.Context, open psync.Session) error {
						s := open.(*Session)
						_, err := s.Staff(ctx, s.Students()[0])
						return err
					}); err != nil && !errors.Is(err, pronote.ErrUnchanged) {
						t.Error(err)
					}
					if _, err := w.engine.TryLogin(ctx, "famille"); err != nil {
						t.Error(err)
					}
					_ = w.engine.Status()
					time.Sleep(time.Second)
				}
			})
		}
		asking.Wait()
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if n := w.askedFor("Identification"); n != 2 {
			t.Errorf("%d logins, want that of the first mirror and one more", n)
		}
		if err := w.engine.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestAQuestionEndsWithTheEngine(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		answer := make(chan error)
		go func() {
			answer <- w.engine.Do(t.Context(), "famille", func(ctx context.Context, _ psync.Session) error {
				<-ctx.Done()
				return ctx.Err()
			})
		}()
		synctest.Wait()
		w.reload()
		if err := <-answer; !errors.Is(err, psync.ErrStopped) {
			t.Errorf("the question ends with %v", err)
		}
		if err := w.engine.Do(t.Context(), "famille", func(context.Context, psync.Session) error { return nil }); err != nil {
			t.Errorf("the next engine says %v", err)
		}
		if n := w.askedFor("Identification"); n != 1 {
			t.Errorf("%d logins, want that of the first mirror", n)
		}
	})
}

// Somebody who waits for an answer may change their mind.
func TestAQuestionWaitsForItsTurn(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		first, others := make(chan struct{}), make(chan error)
		ask := func(ctx context.Context) {
			others <- w.engine.Do(ctx, "famille", func(context.Context, psync.Session) error { return nil })
		}
		go func() {
			others <- w.engine.Do(t.Context(), "famille", func(context.Context, psync.Session) error { <-first; return nil })
		}()
		synctest.Wait()
		go ask(t.Context())
		impatient, leave := context.WithTimeout(t.Context(), time.Minute)
		defer leave()
		go ask(impatient)
		if err := <-others; !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the impatient one got %v", err)
		}
		close(first)
		for range 2 {
			if err := <-others; err != nil {
				t.Error(err)
			}
		}
	})
}

// A session that has ended is replaced under a question, once.
func TestAQuestionOutlivesItsSession(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.server.Rotate()
		if _, _, err := Calendar(t.Context(), w.engine, "famille", ""); err != nil {
			t.Error(err)
		}
		if n := w.askedFor("Identification"); n != 2 {
			t.Errorf("%d logins, want two", n)
		}
	})
}

// A passing failure does not end a suspension that a wrong password began.
func TestAnOutageDoesNotEndASuspension(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.server.SetPassword("changed")
		w.server.Rotate()
		if _, err := w.engine.Poll(t.Context(), "famille"); !errors.Is(err, pronote.ErrCredentials) {
			t.Fatal(err)
		}
		w.server.Inject(pronotetest.Fault{Kind: "reset", Function: "page"})
		if _, err := w.engine.TryLogin(t.Context(), "famille"); err == nil {
			t.Error("a login over a broken line succeeds")
		}
		if got := w.engine.Status()[0].Phase; got != "suspended" {
			t.Errorf("the account is %s", got)
		}
		w.server.ClearFaults()
		w.server.SetPassword(pronotetest.Password)
		if _, err := w.engine.TryLogin(t.Context(), "famille"); err != nil {
			t.Error(err)
		}
		if got := w.engine.Status()[0].Phase; got != "ready" {
			t.Errorf("the account is %s", got)
		}
	})
}

// stuckAfter is when the watchdog takes work for stuck.
const stuckAfter = 30 * time.Minute

// The watchdog ended the daemon in the middle of a long piece of work.
func TestLongWorkIsHealthyWhileItAsks(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		err := w.engine.Do(t.Context(), "famille", func(ctx context.Context, s psync.Session) error {
			for range 4 {
				time.Sleep(stuckAfter / 2)
				if err := s.Touch(ctx); err != nil {
					return err
				}
				if !w.engine.Healthy() {
					t.Error("work that gets on is taken for stuck")
				}
			}
			time.Sleep(stuckAfter + time.Minute)
			if w.engine.Healthy() {
				t.Error("work that is stuck is taken for healthy")
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		if !w.engine.Healthy() {
			t.Error("an engine that has nothing to do is not healthy")
		}
	})
}

// A clock that was set forward during a poll had the watchdog end the daemon.
func TestAClockSetForwardDuringAPollIsNoStuckWork(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		var ahead atomic.Int64
		w.config.Now = func() time.Time { return time.Now().Round(0).Add(time.Duration(ahead.Load())) }
		w.restart()
		err := w.engine.Do(t.Context(), "famille", func(context.Context, psync.Session) error {
			ahead.Store(int64(24 * time.Hour))
			if !w.engine.Healthy() {
				t.Error("work that has just begun is taken for stuck")
			}
			ahead.Store(-int64(24 * time.Hour))
			time.Sleep(stuckAfter + time.Minute)
			if w.engine.Healthy() {
				t.Error("work that is stuck is taken for healthy, since the clock was set back")
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}
