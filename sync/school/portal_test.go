package school

import (
	"net/http"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// A gate is a portal that gives everybody the same ticket.
type gate struct {
	passed  int
	refusal error
}

func (g *gate) fetch(client *http.Client, page *http.Request) (*http.Response, error) {
	g.passed++
	if g.refusal != nil {
		return nil, g.refusal
	}
	ticket := page.Clone(page.Context())
	ticket.URL = page.URL.ResolveReference(&url.URL{Path: "/pronote/", RawQuery: "ticket=1"})
	resp, err := client.Transport.RoundTrip(ticket)
	if err != nil {
		return nil, err
	}
	next := page.Clone(page.Context())
	if next.URL, err = ticket.URL.Parse(resp.Header.Get("Location")); err != nil {
		return nil, err
	}
	return client.Transport.RoundTrip(next)
}

// A refusal is what a portal says when a person has to act.
type refusal struct{}

func (refusal) Error() string           { return "the portal refuses the password: check it" }
func (refusal) NeedsPerson() bool       { return true }
func (refusal) Patience() time.Duration { return 0 }

// newPortalTestbed is a testbed whose school sends logins to a portal.
func newPortalTestbed(t *testing.T) (*testbed, *drawer, *gate) {
	t.Helper()
	w, d, g := newTestbed(t, 1, pronote.KindStudent, pronotetest.Options{Delegation: &pronotetest.Delegation{
		Login: "https://cas.example/login", Validate: func(string, string) (world.Viewer, bool) { return pronote.KindStudent, true },
	}}), &drawer{}, &gate{}
	a := &w.account
	a.Credentials.Portal = g.fetch
	a.LoadDevice = func() (pronote.Device, error) { return d.device, nil }
	a.KeepDevice = func(device pronote.Device) error { d.device = device; return nil }
	w.restart()
	return w, d, g
}

// TestPortalIsAskedOnce goes through the portal for a token, and again when that
// was revoked.
func TestPortalIsAskedOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, d, g := newPortalTestbed(t)
		w.poll()
		first := d.device.Token.Reveal()
		for range 3 {
			w.restart()
			w.poll()
		}
		if g.passed != 1 || first == "" || d.device.Token.Reveal() == first {
			t.Errorf("the portal was asked %d times; the first token was %q", g.passed, first)
		}
		w.server.Revoke()
		w.server.Rotate()
		w.poll() // of the session that the restart of the server ended
		w.restart()
		w.poll()
		if g.passed != 2 || w.phase() != db.Ready {
			t.Errorf("the portal was asked %d times, phase %s", g.passed, w.phase())
		}
	})
}

// TestPortalWithoutToken goes through the portal at each login where the school
// gives no token.
func TestPortalWithoutToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, d, g := newPortalTestbed(t)
		w.server.HideTab(7, true)
		for range 2 {
			w.restart()
			w.poll()
		}
		if g.passed != 2 || d.device.CanLogin() {
			t.Errorf("the portal was asked %d times", g.passed)
		}
	})
}

// TestPortalRefusesOnce leaves a portal alone that has refused the password.
func TestPortalRefusesOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, _, g := newPortalTestbed(t)
		g.refusal = refusal{}
		for range 3 {
			if _, err := w.engine.Poll(t.Context(), "famille"); err == nil {
				t.Error("it was let in")
			}
			time.Sleep(24 * time.Hour)
			w.restart()
		}
		if g.passed != 1 || w.phase() != db.Suspended {
			t.Errorf("the portal was asked %d times, phase %s", g.passed, w.phase())
		}
	})
}
