package pronote_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

func TestCancelledWhileWaitingForTheTurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		session, r, _ := open(t, pronotetest.Options{})
		r.instead = func(string, *http.Request) (*http.Response, error) { time.Sleep(time.Minute); return nil, nil }
		done := make(chan error)
		go func() { done <- ask(context.WithoutCancel(t.Context()), session) }()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		if err := askElse(ctx, session); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Second {
			t.Errorf("waiting: %v after %s, want DeadlineExceeded after 1s", err, time.Since(start))
		}
		<-done // later than its own limit, which does not matter here
		if r.count(infos) > 0 {
			t.Error("the request was sent nevertheless")
		}
		r.instead = nil
		if err := askElse(t.Context(), session); err != nil || r.misfit > 0 {
			t.Errorf("afterwards: %v, %d out of order", err, r.misfit)
		}
	})
}

func TestCancelledInFlight(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		session, r, server := open(t, pronotetest.Options{})
		server.Inject(pronotetest.Fault{Kind: "stall", Function: marks})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		if err := ask(ctx, session); !errors.Is(err, context.Canceled) || r.count(marks) != 1 {
			t.Fatalf("%s after %d attempts, want Canceled after one", describe(err), r.count(marks))
		}
		if err := askElse(t.Context(), session); err != nil || r.misfit > 0 || r.count(marks) != 2 {
			t.Errorf("afterwards: %v, %d out of order, the first request sent %d times, want 2", err, r.misfit, r.count(marks))
		}
	})
}

func TestCancelledInThePauseBeforeARepetition(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		session, r, server := open(t, pronotetest.Options{})
		server.Inject(pronotetest.Fault{Kind: "lost", Function: marks})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		if err := ask(ctx, session); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != time.Second || r.count(marks) != 1 {
			t.Fatalf("%s after %s and %d attempts, want DeadlineExceeded after 1s and one", describe(err), time.Since(start), r.count(marks))
		}
		if err := askElse(t.Context(), session); err != nil || r.misfit > 0 {
			t.Errorf("afterwards: %v, %d out of order", err, r.misfit)
		}
	})
}

func TestNothingIsSentForACallerThatHasGivenUp(t *testing.T) {
	t.Parallel()
	session, r, _ := open(t, pronotetest.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	before := r.total()
	for range 20 { // a select would choose the wrong way sooner or later
		if err := ask(ctx, session); !errors.Is(err, context.Canceled) {
			t.Fatalf("%s, want Canceled", describe(err))
		}
	}
	if _, err := loginThrough(ctx, r, student); !errors.Is(err, context.Canceled) {
		t.Errorf("login: %s, want Canceled", describe(err))
	}
	if n := r.total() - before; n > 0 {
		t.Errorf("%d requests, want none", n)
	}
}

func TestBeforeRefuses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		spent := errors.New("the budget is spent")
		server := newServer(pronotetest.Options{})
		r := relayTo(server)
		var refusal error
		session, err := pronote.Login(t.Context(), pronotetest.Address, student, &pronote.Options{
			Transport: r, Before: func(context.Context, string) error { return refusal },
		})
		if err != nil {
			t.Fatal(err)
		}
		refusal = spent
		before := r.total()
		if err := ask(t.Context(), session); err != spent {
			t.Errorf("%s, want Before's own error", describe(err))
		}
		if _, err := pronote.Login(t.Context(), pronotetest.Address, student, &pronote.Options{
			Transport: r, Before: func(context.Context, string) error { return spent },
		}); err != spent {
			t.Errorf("login: %s, want Before's own error", describe(err))
		}
		if n := r.total() - before; n > 0 {
			t.Errorf("%d requests, want none", n)
		}
		refusal = nil
		if err := ask(t.Context(), session); err != nil || r.misfit > 0 {
			t.Errorf("afterwards: %v, %d out of order", err, r.misfit)
		}
	})
}

func TestBeforeRefusesARepetition(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		spent := errors.New("the budget is spent")
		server := newServer(pronotetest.Options{})
		r := relayTo(server)
		left := 6
		session, err := pronote.Login(t.Context(), pronotetest.Address, student, &pronote.Options{
			Transport: r, Before: func(context.Context, string) error {
				if left--; left < 0 {
					return spent
				}
				return nil
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		server.Inject(pronotetest.Fault{Kind: "lost", Function: marks})
		if err := ask(t.Context(), session); !errors.Is(err, spent) || r.count(marks) != 1 {
			t.Fatalf("%s after %d attempts, want the budget's error after one", describe(err), r.count(marks))
		}
		left = 10
		if err := askElse(t.Context(), session); err != nil || r.misfit > 0 || r.count(marks) != 2 {
			t.Errorf("afterwards: %v, %d out of order, the first request sent %d times, want 2", err, r.misfit, r.count(marks))
		}
	})
}

func TestCancelledWhileTheServerIsNotReady(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		session, r, server := open(t, pronotetest.Options{})
		server.Inject(pronotetest.Fault{Kind: "wait", Function: marks})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := ask(ctx, session); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s, want DeadlineExceeded", describe(err))
		}
		if err := askElse(t.Context(), session); err != nil || r.misfit > 0 {
			t.Errorf("afterwards: %v, %d out of order", err, r.misfit)
		}
	})
}
