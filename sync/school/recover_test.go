package school

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	psync "github.com/pronote-sync/pronote-sync/sync"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

// TestAnEndedSessionCostsOneLogin: however a session ends that was thought alive,
// the same poll goes on with another, and nothing is lost or told for it.
func TestAnEndedSessionCostsOneLogin(t *testing.T) {
	for name, end := range map[string]func(w *testbed){
		"idle too long":    func(w *testbed) { w.at(pronote.DateTime{Date: november.Date, Hour: november.Hour, Minute: 31}) },
		"the page expired": func(w *testbed) { w.server.Inject(pronotetest.Fault{Kind: "expired"}) },
		"in the middle":    func(w *testbed) { w.server.Inject(pronotetest.Fault{Kind: "expired", Function: "PageMenus"}) },
		"while kept alive": func(w *testbed) {
			domains := w.config.Plan.Domains
			w.config.Plan.Domains = nil
			w.reload()
			w.server.Rotate()
			w.runFor(25 * time.Minute)
			if w.engine.Status()[0].LoggedIn {
				w.t.Error("nobody has noticed that the session has ended")
			}
			w.config.Plan.Domains = domains
			w.reload()
		},
		"the server restarts": func(w *testbed) { w.server = pronotetest.NewServer(w.school, pronotetest.Options{}) },
		"the server is upgraded": func(w *testbed) {
			next := pronotetest.Newest()
			next.Version = "2026.2.5.8"
			w.server = pronotetest.NewServer(w.school, pronotetest.Options{Profile: next, Encrypt: true, Compress: true})
		},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				w := quietTestbed(t, pronote.KindStudent)
				w.account.Transport = roundTrip(func(r *http.Request) (*http.Response, error) { return w.server.Transport().RoundTrip(r) })
				w.config.Budget.LoginsPerDay = 3 // the first testbed's, the next line's, and one
				w.restart()
				w.wantTold("a session")
				end(w)
				w.school.Do(maths(w.school.Pupil(), "12"))
				if got := w.told(); len(got) != 1 || w.phase() != db.Ready {
					t.Errorf("told %q in phase %s, want the mark", got, w.phase())
				}
				if n := w.engine.Status()[0].Logins; n != 3 {
					t.Errorf("%d logins, want one more than two", n)
				}
				for range 3 {
					w.poll() // with the session that there is
				}
				w.server.Rotate()
				var budget *psync.BudgetError
				if _, err := w.engine.Poll(t.Context(), "famille"); !errors.As(err, &budget) {
					t.Errorf("a fourth login: %v, want the budget's refusal", err)
				}
			})
		})
	}
}

// One redirect of a captive portal at a login once suspended the account for good,
// and told the family of a portal that their school does not have.
func TestACaptivePortalSuspendsNothingBeforeADay(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		captive := true
		w.account.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
			if captive {
				return &http.Response{StatusCode: http.StatusFound, Header: http.Header{"Location": {"https://wifi.test/login"}}, Body: http.NoBody, Request: r}, nil
			}
			return w.server.Transport().RoundTrip(r)
		})
		w.restart()
		try := func() {
			t.Helper()
			if _, err := w.engine.Poll(t.Context(), "famille"); !psync.As[*pronote.PortalError](err) {
				t.Fatalf("poll: %v, want a PortalError", err)
			}
			w.restart()
		}
		for range 23 {
			try()
			if w.phase() != db.Waiting {
				t.Fatalf("phase %s, want to wait", w.phase())
			}
			time.Sleep(time.Hour)
		}
		w.deliver()
		told := w.inbox.take()
		if len(told) != 1 || gist(told[0]) != "system.unreachable" || !strings.Contains(told[0].Body, "check --online") || strings.Contains(told[0].Body, "ENT") {
			t.Errorf("told %v, want once that something else answers", told)
		}
		captive = false
		w.poll()
		if got := w.titles(); w.phase() != db.Ready || len(got) != 1 || !strings.Contains(got[0], "répond de nouveau") {
			t.Errorf("told %q in phase %s, want that it is over", got, w.phase())
		}

		w.server.Rotate()
		captive = true
		w.restart()
		try()
		time.Sleep(24 * time.Hour)
		try()
		if got := w.titles(); w.phase() != db.Suspended || len(got) != 1 {
			t.Errorf("after a day: told %q in phase %s, want to be suspended", got, w.phase())
		}
	})
}

// An account that was never let in is configured for a school that has a portal.
func TestAPortalBeforeTheFirstLoginSuspendsAtOnce(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := newTestbed(t, 1, pronote.KindStudent, pronotetest.Options{})
		w.server.Inject(pronotetest.Fault{Kind: "redirect", Function: "page"})
		if _, err := w.engine.Poll(t.Context(), "famille"); !psync.As[*pronote.PortalError](err) || w.phase() != db.Suspended {
			t.Errorf("poll: %v in phase %s, want to be suspended", err, w.phase())
		}
	})
}

// A filter of the network that stood in the way for a minute once had the account
// suspended until a person acted.
func TestARedirectedRequestSuspendsNothing(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.server.Inject(pronotetest.Fault{Kind: "redirect", Function: "DernieresNotes"})
		if _, err := w.engine.Poll(t.Context(), "famille"); !errors.Is(err, pronote.ErrNotPRONOTE) || w.phase() != db.Waiting {
			t.Errorf("poll: %v in phase %s, want ErrNotPRONOTE and to wait", err, w.phase())
		}
		time.Sleep(time.Hour)
		w.school.Do(maths(w.school.Pupil(), "12"))
		if got := w.told(); len(got) != 1 || w.phase() != db.Ready {
			t.Errorf("an hour later: told %q in phase %s, want the mark", got, w.phase())
		}
	})
}
