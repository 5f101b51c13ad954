package sync

import (
	"errors"
	"net/http"
	"syscall"
	"time"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
)

// A Verdict is all that an error means to an account, to what is left of a poll, and
// to people.
type Verdict struct {
	Reason      string        // its name, by which people are told and programs may tell errors apart
	NeedsPerson bool          // trying again is useless, or does harm, until a person acts
	Patience    time.Duration // how long it has to last before that is believed of an account that was let in before
	Banned      bool          // this address may ask nothing
	Stop        bool          // it leaves no hope for the rest of a poll: the session, the address or the line is lost, not one domain
	Relogin     bool          // a new login is the remedy
	Soon        bool          // what is asked for is lost unless it is asked for again within minutes
	Wait        time.Duration // until the next try, at least, where it is not for the failures in a row to say
	Asked       time.Duration // until the next try, as the server wants it; 0 when it does not say
}

// aDay is how long what may be somebody else's doing has to last: a captive portal,
// a filter, a proxy that garbles answers.
const aDay = 24 * time.Hour

// verdicts is the table, of which the first row that fits counts.
var verdicts = []struct {
	fits func(error) bool
	Verdict
}{
	{is[*BudgetError], Verdict{Reason: "budget", Stop: true}},
	{isPhase(db.Suspended), Verdict{Reason: "suspended", NeedsPerson: true, Stop: true}},
	{isPhase(db.Banned), Verdict{Reason: "banned", Banned: true, Stop: true}},
	{among(pronote.ErrRateLimited), Verdict{Reason: "rate_limited", Banned: true, Stop: true}},
	{is[*pronote.BlockedError], Verdict{Reason: "banned", Banned: true, Stop: true}},
	{is[*DeviceError], Verdict{Reason: "device", NeedsPerson: true, Stop: true}},
	{isPortal, Verdict{Reason: "ent", Stop: true}}, // which says the rest itself
	{among(pronote.ErrPortalLogin), Verdict{Reason: "ent", NeedsPerson: true, Stop: true}},
	{isNewer(pronote.ErrCredentials, pronote.ErrToken, pronote.ErrQRCode), Verdict{Reason: "version", NeedsPerson: true, Stop: true}},
	{is[*pronote.VersionError], Verdict{Reason: "version", NeedsPerson: true, Patience: aDay, Stop: true}},
	{among(pronote.ErrCredentials), Verdict{Reason: "credentials", NeedsPerson: true, Stop: true}},
	{among(pronote.ErrToken), Verdict{Reason: "token", NeedsPerson: true, Stop: true}},
	{among(pronote.ErrQRCode), Verdict{Reason: "qr_code", NeedsPerson: true, Stop: true}},
	{among(pronote.ErrQRPIN), Verdict{Reason: "qr_pin", NeedsPerson: true, Stop: true}},
	{among(pronote.ErrNotQR), Verdict{Reason: "not_qr", NeedsPerson: true, Stop: true}},
	{among(pronote.ErrNotFamily), Verdict{Reason: "not_family", NeedsPerson: true, Stop: true}},
	{among(pronote.ErrSecondFactor), Verdict{Reason: "second_factor", NeedsPerson: true, Stop: true}},
	{among(pronote.ErrPIN), Verdict{Reason: "pin", NeedsPerson: true, Stop: true}},
	{among(pronote.ErrProtection), Verdict{Reason: "protection", NeedsPerson: true, Stop: true}},
	{among(pronote.ErrNewPassword), Verdict{Reason: "new_password", NeedsPerson: true, Stop: true}},
	{is[*pronote.AccessError], Verdict{Reason: "access", NeedsPerson: true, Stop: true}},
	{is[*pronote.PortalError], Verdict{Reason: "portal", NeedsPerson: true, Patience: aDay, Stop: true}},

	{among(pronote.ErrSessionExpired), Verdict{Reason: "expired", Stop: true, Relogin: true}},
	{among(pronote.ErrClosed), Verdict{Reason: "closed", Stop: true, Wait: closedWait}},
	{among(pronote.ErrBusy), Verdict{Reason: "busy", Stop: true, Wait: busyWait}},
	{isStatus(http.StatusTooManyRequests), Verdict{Reason: "busy", Stop: true, Wait: busyWait}},
	{is[*pronote.HTTPError], Verdict{Reason: "busy", Stop: true}},
	{among(pronote.ErrNotPRONOTE), Verdict{Reason: "not_pronote", Stop: true}},

	{among(pronote.ErrUnchanged), Verdict{Reason: "unchanged"}},
	{among(pronote.ErrNotAvailable), Verdict{Reason: "not_available"}},
	{among(pronote.ErrBlank), Verdict{Reason: "blank"}},
	{among(pronote.ErrStale), Verdict{Reason: "stale"}},
	{among(pronote.ErrNoFile), Verdict{Reason: "no_file"}},
	{among(pronote.ErrTooLarge), Verdict{Reason: "too_large"}},
	{among(pronote.ErrTruncated), Verdict{Reason: "truncated"}},
	{among(pronote.ErrUnreadable), Verdict{Reason: "unreadable"}},
	{is[*pronote.ServerError], Verdict{Reason: "refused"}},
	{among(ErrNoStudent), Verdict{Reason: "no_student"}},
	{among(db.ErrWho), Verdict{Reason: "who"}},

	{among(syscall.ENOSPC), Verdict{Reason: "disk_full", Stop: true}},
	{among(db.ErrFull), Verdict{Reason: "disk_full", Stop: true}},
	{among(db.ErrUnusable), Verdict{Reason: "database", Stop: true}},
	{func(error) bool { return true }, Verdict{Reason: "network", Stop: true}},
}

// Judge finds the verdict of an error. That of nil is the zero Verdict.
func Judge(err error) Verdict {
	if err == nil {
		return Verdict{}
	}
	var v Verdict
	for _, row := range verdicts {
		if row.fits(err) {
			v = row.Verdict
			break
		}
	}
	var blocked *pronote.BlockedError
	var status *pronote.HTTPError
	var portal portalError
	switch {
	case errors.As(err, &blocked):
		v.Asked = blocked.Wait
	case errors.As(err, &status):
		v.Asked = status.Wait
	case errors.As(err, &portal):
		v.NeedsPerson, v.Patience = portal.NeedsPerson(), portal.Patience()
	}
	if errors.Is(err, pronote.ErrUnanswered) {
		v.Soon, v.Relogin, v.Stop = true, false, true
	}
	return v
}

// A portalError is what a portal (ENT) says. Package cas has them.
type portalError interface {
	error
	NeedsPerson() bool
	Patience() time.Duration
}

func isPortal(err error) bool {
	var portal portalError
	return errors.As(err, &portal)
}

func is[T error](err error) bool {
	var target T
	return errors.As(err, &target)
}

func among(sentinel error) func(error) bool {
	return func(err error) bool { return errors.Is(err, sentinel) }
}

func isPhase(phase db.Phase) func(error) bool {
	return func(err error) bool {
		var barred *PhaseError
		return errors.As(err, &barred) && barred.Phase == phase
	}
}

func isStatus(code int) func(error) bool {
	return func(err error) bool {
		var status *pronote.HTTPError
		return errors.As(err, &status) && status.Status == code
	}
}

// isNewer is for the refusal by a server that is newer than this program: it may be
// of the secret, which must not be tried twice.
func isNewer(refusals ...error) func(error) bool {
	return func(err error) bool {
		for _, refused := range refusals {
			if is[*pronote.VersionError](err) && errors.Is(err, refused) {
				return true
			}
		}
		return false
	}
}

// NeedsPerson reports whether trying again would do harm or be useless until a
// person acts.
func NeedsPerson(err error) bool { return Judge(err).NeedsPerson }
