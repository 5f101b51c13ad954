package sync

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
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
	busyWait     = time.Hour
	closedWait   = 12 * time.Hour
	soonWait     = 5 * time.Minute
	soonTries    = 12
	banHold      = 6 * time.Hour
	longestHold  = 48 * time.Hour

	// No wait is as long, what the server may ask for and the spread included. A
	// phase that ends later was written down by a clock that was ahead.
	beyondWaiting = 31 * time.Hour
	beyondBanned  = 61 * time.Hour
)

// next is the state of an account after a poll that ended with err. Jitter, in
// [0, 1), spreads the tries of many machines. Fingerprint names the credentials
// that were used, so that new ones are recognised after a refusal.
func next(a db.Account, err error, now time.Time, jitter float64, fingerprint string) db.Account {
	if err == nil {
		a.Phase, a.PhaseUntil, a.Failures, a.FailingSince, a.LastError, a.Refused = db.Ready, 0, 0, 0, "", ""
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
	spread := func(d time.Duration) time.Duration { return d + time.Duration(jitter*float64(d)/4) }
	var blocked *pronote.BlockedError
	switch {
	case errors.As(err, &blocked):
		hold := min(banHold<<min(a.Failures-1, 3), longestHold)
		a.Phase, a.PhaseUntil = db.Banned, now.Add(spread(max(hold, blocked.Wait))).Unix()
	case NeedsPerson(err):
		a.Phase, a.PhaseUntil, a.Refused = db.Suspended, 0, fingerprint
	default:
		a.Phase, a.PhaseUntil = db.Waiting, now.Add(spread(waitAfter(err, a.Failures))).Unix()
	}
	return a
}

// NeedsPerson reports whether trying again would do harm or be useless until a
// person acts.
func NeedsPerson(err error) bool {
	var access *pronote.AccessError
	var portal *pronote.PortalError
	var version *pronote.VersionError
	var device *DeviceError
	var elsewhere interface{ NeedsPerson() bool } // of a portal
	if errors.As(err, &elsewhere) {
		return elsewhere.NeedsPerson()
	}
	return slices.ContainsFunc(forAPerson, func(refused error) bool { return errors.Is(err, refused) }) ||
		errors.As(err, &access) || errors.As(err, &portal) || errors.As(err, &version) || errors.As(err, &device)
}

var forAPerson = []error{
	pronote.ErrCredentials, pronote.ErrToken, pronote.ErrQRCode, pronote.ErrQRPIN, pronote.ErrNotQR, pronote.ErrNotFamily,
	pronote.ErrSecondFactor, pronote.ErrPIN, pronote.ErrProtection, pronote.ErrNewPassword, pronote.ErrPortalLogin,
}

func waitAfter(err error, failures int) time.Duration {
	wait := min(shortestWait<<min(failures-1, 10), longestWait)
	var status *pronote.HTTPError
	switch asked := errors.As(err, &status); {
	case errors.Is(err, pronote.ErrUnanswered) && failures <= soonTries: // while the school has the answer
		wait = min(wait, soonWait)
		if asked {
			wait = max(wait, status.Wait)
		}
	case errors.Is(err, pronote.ErrClosed):
		return closedWait
	case errors.Is(err, pronote.ErrBusy):
		return busyWait
	case asked && status.Status == http.StatusTooManyRequests:
		return max(busyWait, status.Wait)
	case asked:
		return max(wait, status.Wait)
	}
	return wait
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

// endsPoll reports whether an error leaves no hope for the rest of a poll: the
// session, the address or the line is lost, not one domain.
func endsPoll(err error) bool {
	var refused *pronote.ServerError
	switch {
	case errors.Is(err, pronote.ErrSessionExpired):
		return true
	case errors.Is(err, pronote.ErrNotAvailable), errors.Is(err, pronote.ErrStale), errors.Is(err, pronote.ErrUnreadable):
		return false
	default:
		return !errors.As(err, &refused)
	}
}
