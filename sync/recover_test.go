package sync

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

// TestAnEndedSessionCostsOneLogin: however a session ends that was thought alive,
// the same poll goes on with another, and nothing is lost or told for it.
func TestAnEndedSessionCostsOneLogin(t *testing.T) {
	for name, end := range map[string]func(w *world){
		"idle too long":    func(w *world) { w.at(pronote.DateTime{Date: november.Date, Hour: november.Hour, Minute: 31}) },
		"the page expired": func(w *world) { w.server.Inject(pronotetest.Fault{Kind: "expired"}) },
		"in the middle":    func(w *world) { w.server.Inject(pronotetest.Fault{Kind: "expired", Function: "PageMenus"}) },
		"while kept alive": func(w *world) {
			w.server.Rotate()
			w.engine.watchers[0].usedAt = time.Time{}
			w.engine.watchers[0].stayAlive(w.t.Context())
		},
		"the server restarts": func(w *world) { w.server = pronotetest.NewServer(w.school, pronotetest.Options{}) },
		"the server is upgraded": func(w *world) {
			next := pronotetest.Newest()
			next.Version = "2026.2.5.8"
			w.server = pronotetest.NewServer(w.school, pronotetest.Options{Profile: next, Encrypt: true, Compress: true})
		},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				w := quietWorld(t, pronote.KindStudent)
				w.config.Transport = roundTrip(func(r *http.Request) (*http.Response, error) { return w.server.Transport().RoundTrip(r) })
				w.config.Budget.LoginsPerDay = 3 // the first world's, the next line's, and one
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
				var budget *BudgetError
				if _, err := w.engine.Poll(t.Context(), "famille"); !errors.As(err, &budget) {
					t.Errorf("a fourth login: %v, want the budget's refusal", err)
				}
			})
		})
	}
}

// A filter of the network that stood in the way for a minute once had the account
// suspended until a person acted.
func TestARedirectedRequestSuspendsNothing(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := quietWorld(t, pronote.KindStudent)
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
