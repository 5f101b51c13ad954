package main

import (
	"net/http"
	"os"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

// withhold keeps the answer to one request, the one after so many, until the
// client hangs up. It returns a channel that is closed when it begins to.
func (c *campus) withhold(after int64) <-chan struct{} {
	withheld := make(chan struct{})
	var seen atomic.Int64
	c.around.Store(ptr(func(w http.ResponseWriter, r *http.Request, answer func()) {
		answer()
		if seen.Add(1) == after+1 {
			close(withheld)
			untilGone(r)
		}
	}))
	return withheld
}

// loggedOut reports whether the school has been told good-bye.
func (c *campus) loggedOut() bool {
	return slices.ContainsFunc(c.server.Load().Requests(), func(r pronotetest.Request) bool { return r.Function == "SaisieDeconnexion" })
}

// Ctrl-C in a command that asked a school left the session there open.
func TestInterruptedCommandsLogOut(t *testing.T) {
	t.Parallel()
	for name, args := range map[string][]string{
		"sync":     {"sync"},
		"files":    {"files", "--download"},
		"request":  {"request", "famille", "PageActualites", "--tab", "8"},
		"calendar": {"calendar", "famille"},
		"check":    {"check", "--online"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHome(t)
			stalled := h.withhold(5) // a login takes five
			if name == "check" {     // which asks nothing else, but goes on with another account
				second := openCampus(t, 2, autumn, pronotetest.Options{})
				h.configure(h.settings("pronotevs", "maman") + account("autre", second.url, "pronotevs"))
				h.around.Store(nil)
				stalled = second.withhold(2)
			}
			p := h.start(args...)
			select {
			case <-stalled:
			case <-p.ended:
				t.Fatalf("it ended by itself: %s", p.stderr.String())
			case <-time.After(patience):
				t.Fatal("the school is not asked")
			}
			p.signal(os.Interrupt)
			if code := p.wait(); code != exitFailure {
				t.Errorf("it exits with %d, want %d: %s", code, exitFailure, p.stderr.String())
			}
			if !h.loggedOut() {
				t.Error("the session is left open")
			}
		})
	}
}
