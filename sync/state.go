package sync

import (
	"errors"
	"time"

	"github.com/pronote-sync/pronote-sync/db"
)

// An account is in one of four phases, which the mirror remembers:
//
//	ready ──failure──► waiting ──success──► ready
//	  │                   │ (longer after each failure)
//	  ├──login refused──► suspended ──new credentials──► ready
//	  └──address banned─► banned ──hold is over──► waiting, ready
//
// next is the whole policy.

// The waits of the policy. Each failure in a row doubles the first, up to the
// second; the rest are what the reference advises.
const (
	shortestWait = time.Minute
	longestWait  = time.Hour
	soonWait     = 5 * time.Minute
	soonTries    = 12
	banHold      = 6 * time.Hour
	longestHold  = 48 * time.Hour

	// No wait is as long, what the server may ask for and the spread included. A
	// phase that ends later was written down by a clock that was ahead.
	beyondWaiting = 31 * time.Hour
	beyondBanned  = 61 * time.Hour
)

// next is the state of an account after a poll that ended with err, whose verdict is
// v. Jitter, in [0, 1), spreads the tries of many machines. Fingerprint names the
// credentials that were used, so that new ones are recognised after a refusal.
func next(a db.Account, err error, v Verdict, now time.Time, jitter float64, fingerprint string) db.Account {
	if err == nil {
		a.Phase, a.PhaseUntil, a.Failures, a.FailingSince, a.LastError, a.Refused = db.Ready, 0, 0, 0, "", ""
		a.Reason, a.ReasonSince = "", 0
		return a
	}
	a.LastError = err.Error()
	var budget *BudgetError
	if errors.As(err, &budget) { // our own brake is no failure of theirs
		a.Phase, a.PhaseUntil = db.Waiting, budget.Until.Unix()
		return a
	}
	a.Failures++
	if a.FailingSince == 0 || a.FailingSince > now.Unix() { // by a clock that was ahead
		a.FailingSince = now.Unix()
	}
	if a.Reason != v.Reason || a.ReasonSince > now.Unix() {
		a.Reason, a.ReasonSince = v.Reason, now.Unix()
	}
	spread := func(d time.Duration) time.Duration { return d + time.Duration(jitter*float64(d)/4) }
	switch {
	case v.Banned:
		hold := min(banHold<<min(a.Failures-1, 3), longestHold)
		a.Phase, a.PhaseUntil = db.Banned, now.Add(spread(max(hold, v.Asked))).Unix()
	case v.NeedsPerson && lasts(a, v, now):
		a.Phase, a.PhaseUntil, a.Refused = db.Suspended, 0, fingerprint
	default:
		a.Phase, a.PhaseUntil = db.Waiting, now.Add(spread(waitAfter(v, a.Failures))).Unix()
	}
	return a
}

// lasts reports whether a failure has lasted long enough to call a person. An
// account that was never let in is most likely configured wrong.
func lasts(a db.Account, v Verdict, now time.Time) bool {
	letIn := !a.MirroredAt.IsZero() || !a.LastSuccessAt.IsZero()
	return !letIn || now.Unix()-a.ReasonSince >= int64(v.Patience.Seconds())
}

// waitAfter is the wait after a number of failures in a row.
func waitAfter(v Verdict, failures int) time.Duration {
	wait := max(v.Wait, min(shortestWait<<min(failures-1, 10), longestWait))
	if v.Soon && failures <= soonTries {
		wait = min(shortestWait<<min(failures-1, 10), soonWait)
	}
	return max(wait, v.Asked)
}

// due reports whether an account may be polled now.
func due(a db.Account, now time.Time) bool {
	switch a.Phase {
	case db.Suspended:
		return false
	case db.Waiting, db.Banned:
		return !phaseEnd(a, now).After(now)
	}
	return true
}

// phaseEnd is when a phase that time ends is over: now, where it lies further ahead
// than such a phase is long.
func phaseEnd(a db.Account, now time.Time) time.Time {
	beyond := beyondWaiting
	if a.Phase == db.Banned {
		beyond = beyondBanned
	}
	if until := time.Unix(a.PhaseUntil, 0); until.Before(now.Add(beyond)) {
		return until
	}
	return now
}
