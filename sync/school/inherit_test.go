package school

import (
	"errors"
	"testing"

	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"

	psync "github.com/pronote-sync/pronote-sync/sync"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// reload replaces the engine by one of the present configuration, which takes over
// the session.
func (w *testbed) reload() {
	w.t.Helper()
	next, err := w.engine.Succeed(w.t.Context(), w.settings())
	if err != nil {
		w.t.Fatal(err)
	}
	w.engine = next
}

// A reload with an open session ended the program at the next look at a parent's
// notices.
func TestAReloadGoesOnWithTheSession(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindParent)
		w.account.Opening = OpenAlways
		w.reload()
		w.wantTold("a reload")
		w.school.Do(world.Add(world.Info{Title: "Kermesse", Author: "M. LE PROVISEUL G.", To: pronote.KindParent}))
		w.reload()
		w.wantTold("a reload and an information", "info.new")
		if n := w.engine.Status()[0].Logins; n != 1 {
			t.Errorf("%d logins, want that of the first mirror", n)
		}
		w.config.Accounts[0].Aliases = map[string]string{w.school.Pupil(): "Fanny"}
		w.reload()
		w.poll()
		if n := w.engine.Status()[0].Logins; n != 2 || w.owners()[w.school.Pupil()].Alias != "Fanny" {
			t.Errorf("%d logins and %+v, want another login, which gives the pupil the new name", n, w.owners())
		}
	})
}

// A budget of a new configuration held from the next start of the program on.
func TestAReloadChangesTheBudget(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		spent := w.engine.Status()[0].Requests
		w.config.Budget.PerDay = spent + 2
		w.reload()
		_, err := w.engine.Poll(t.Context(), "famille")
		var budget *psync.BudgetError
		if got := w.engine.Status()[0].Requests; !errors.As(err, &budget) || got != spent+2 {
			t.Errorf("%d requests and %v, want %d and the budget's refusal", got, err, spent+2)
		}
	})
}

// After a reload with a changed password the account had a new budget, and the
// school a session that nobody used.
func TestAReloadWithAnotherPasswordKeepsWhatWasSpent(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.config.Budget.PerHour = 60
		w.reload()
		w.poll() // which finds nothing, and writes nothing
		spent, logouts := w.engine.Status()[0].Requests, w.askedFor("SaisieDeconnexion")
		w.config.Accounts[0].Fingerprint = "second"
		w.reload()
		if got := w.engine.Status()[0]; got.Requests < spent || got.LoggedIn {
			t.Errorf("%d requests are remembered of %d, and logged in is %t", got.Requests, spent, got.LoggedIn)
		}
		if n := w.askedFor("SaisieDeconnexion") - logouts; n != 1 {
			t.Errorf("%d logouts, want that of the old session", n)
		}
		before := len(w.server.Requests())
		for err := error(nil); err == nil; {
			_, err = w.engine.Poll(t.Context(), "famille")
		}
		if n := len(w.server.Requests()) - before; n >= 60 {
			t.Errorf("%d requests more were made, of 60 an hour", n)
		}
	})
}

// An account that is no longer configured leaves the school.
func TestAReloadLogsOutOfWhatIsGone(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.config.Accounts = nil
		w.reload()
		if n := w.askedFor("SaisieDeconnexion"); n != 1 {
			t.Errorf("%d logouts, want one", n)
		}
	})
}
