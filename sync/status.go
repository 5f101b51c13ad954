package sync

import (
	"time"

	"github.com/pronote-sync/pronote-sync/db"
)

// AccountStatus is how an account fares, for people.
type AccountStatus struct {
	Name        string   `json:"name"`
	Phase       db.Phase `json:"phase"`
	Until       string   `json:"until,omitempty"` // end of the phase, when time ends it
	LastSuccess string   `json:"last_success,omitempty"`
	LastError   string   `json:"last_error,omitempty"`
	Reason      string   `json:"reason,omitempty"` // name of the last error, as Verdict has it
	School      string   `json:"school,omitempty"`
	Version     string   `json:"version,omitempty"` // of PRONOTE, or of whatever the source is
	Newer       bool     `json:"newer,omitempty"`   // than this program knows
	Logins      int      `json:"logins"`            // in the last 24 hours
	Requests    int      `json:"requests"`          // today
	Budget      int      `json:"budget,omitempty"`  // of requests for a day, where a daemon runs
	LoggedIn    bool     `json:"logged_in"`         // a session is open
}

// StatusOf tells what the mirror remembers of an account. It leaves out what the
// source knows better.
func StatusOf(a db.Account, logins int) AccountStatus {
	s := AccountStatus{
		Name: a.Name, Phase: a.Phase, LastSuccess: a.LastSuccessAt.String(), LastError: a.LastError, Reason: a.Reason,
		School: a.School, Version: a.Version, Logins: logins, Requests: a.Requests,
	}
	if a.PhaseUntil != 0 {
		s.Until = time.Unix(a.PhaseUntil, 0).Format("2006-01-02 15:04")
	}
	return s
}

// Status tells how the accounts fare now. It may be called at any time.
func (e *Engine) Status() []AccountStatus {
	list := make([]AccountStatus, len(e.watchers))
	for i, w := range e.watchers {
		list[i] = *w.published.Load()
		if wrong := e.Timekeeper.Err(); wrong != nil {
			list[i].Phase, list[i].Until, list[i].Reason, list[i].LastError = db.Waiting, "", Judge(wrong).Reason, wrong.Error()
		}
	}
	return list
}

// Healthy reports whether every account's goroutine gets on: none has been at one
// piece of work for longer than any takes. It goes by the monotonic clock: setting
// the wall clock makes nothing hang.
func (e *Engine) Healthy() bool {
	for _, w := range e.watchers {
		began, asked := w.busySince.Load(), w.purse.lastAt.Load()
		if began == nil || asked != nil && time.Since(*asked) <= stuckAfter {
			continue
		}
		if time.Since(*began) > stuckAfter {
			return false
		}
	}
	return true
}

// stuckAfter is longer than any honest piece of work goes without a request, each of
// which may time out. All files of a year may take hours.
const stuckAfter = 30 * time.Minute

// publish makes the state of the account visible to Status.
func (w *watcher) publish() {
	s := StatusOf(w.record, w.logins)
	s.Newer = w.account.Source.Newer(w.record.Version)
	s.Requests, s.Budget, s.LoggedIn = w.purse.spent, w.purse.perDay(), w.session != nil
	w.published.Store(&s)
}
