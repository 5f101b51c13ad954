package school

import (
	"errors"
	"net/http"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

// The waits of a school, as the reference advises.
const (
	busyWait   = time.Hour
	closedWait = 12 * time.Hour
)

// aDay is how long what may be somebody else's doing has to last: a captive portal,
// a filter, a proxy that garbles answers.
const aDay = 24 * time.Hour

var verdicts = []psync.Rule{
	{psync.Is(pronote.ErrRateLimited), psync.Verdict{Reason: "rate_limited", Banned: true, Stop: true}},
	{psync.As[*pronote.BlockedError], psync.Verdict{Reason: "banned", Banned: true, Stop: true}},
	{psync.As[*DeviceError], psync.Verdict{Reason: "device", NeedsPerson: true, Stop: true}},
	{isPortal, psync.Verdict{Reason: "ent", Stop: true}}, // which says the rest itself
	{psync.Is(pronote.ErrPortalLogin), psync.Verdict{Reason: "ent", NeedsPerson: true, Stop: true}},
	{isNewer(pronote.ErrCredentials, pronote.ErrToken, pronote.ErrQRCode), psync.Verdict{Reason: "version", NeedsPerson: true, Stop: true}},
	{psync.As[*pronote.VersionError], psync.Verdict{Reason: "version", NeedsPerson: true, Patience: aDay, Stop: true}},
	{psync.Is(pronote.ErrCredentials), psync.Verdict{Reason: "credentials", NeedsPerson: true, Stop: true}},
	{psync.Is(pronote.ErrToken), psync.Verdict{Reason: "token", NeedsPerson: true, Stop: true}},
	{psync.Is(pronote.ErrQRCode), psync.Verdict{Reason: "qr_code", NeedsPerson: true, Stop: true}},
	{psync.Is(pronote.ErrQRPIN), psync.Verdict{Reason: "qr_pin", NeedsPerson: true, Stop: true}},
	{psync.Is(pronote.ErrNotQR), psync.Verdict{Reason: "not_qr", NeedsPerson: true, Stop: true}},
	{psync.Is(pronote.ErrNotFamily), psync.Verdict{Reason: "not_family", NeedsPerson: true, Stop: true}},
	{psync.Is(pronote.ErrSecondFactor), psync.Verdict{Reason: "second_factor", NeedsPerson: true, Stop: true}},
	{psync.Is(pronote.ErrPIN), psync.Verdict{Reason: "pin", NeedsPerson: true, Stop: true}},
	{psync.Is(pronote.ErrProtection), psync.Verdict{Reason: "protection", NeedsPerson: true, Stop: true}},
	{psync.Is(pronote.ErrNewPassword), psync.Verdict{Reason: "new_password", NeedsPerson: true, Stop: true}},
	{psync.As[*pronote.AccessError], psync.Verdict{Reason: "access", NeedsPerson: true, Stop: true}},
	{psync.As[*pronote.PortalError], psync.Verdict{Reason: "portal", NeedsPerson: true, Patience: aDay, Stop: true}},
	{psync.Is(pronote.ErrSessionExpired), psync.Verdict{Reason: "expired", Stop: true, Relogin: true}},
	{psync.Is(pronote.ErrClosed), psync.Verdict{Reason: "closed", Stop: true, Wait: closedWait}},
	{psync.Is(pronote.ErrBusy), psync.Verdict{Reason: "busy", Stop: true, Wait: busyWait}},
	{isStatus(http.StatusTooManyRequests), psync.Verdict{Reason: "busy", Stop: true, Wait: busyWait}},
	{psync.As[*pronote.HTTPError], psync.Verdict{Reason: "busy", Stop: true}},
	{psync.Is(pronote.ErrNotPRONOTE), psync.Verdict{Reason: "not_pronote", Stop: true}},
	{psync.Is(pronote.ErrUnchanged), psync.Verdict{Reason: "unchanged"}},
	{psync.Is(pronote.ErrNotAvailable), psync.Verdict{Reason: "not_available"}},
	{psync.Is(pronote.ErrBlank), psync.Verdict{Reason: "blank"}},
	{psync.Is(pronote.ErrStale), psync.Verdict{Reason: "stale"}},
	{psync.Is(pronote.ErrNoFile), psync.Verdict{Reason: "no_file"}},
	{psync.Is(pronote.ErrTooLarge), psync.Verdict{Reason: "too_large"}},
	{psync.Is(pronote.ErrTruncated), psync.Verdict{Reason: "truncated"}},
	{psync.Is(pronote.ErrUnreadable), psync.Verdict{Reason: "unreadable"}},
	{psync.As[*pronote.ServerError], psync.Verdict{Reason: "refused"}},
	{psync.Is(ErrNotSchool), psync.Verdict{Reason: "not_school"}},
	{psync.Is(ErrNoStudent), psync.Verdict{Reason: "no_student"}},
}

// Judge finds the verdict of what PRONOTE, a portal or a login can be wrong with. That
// of any other error is the zero Verdict.
func Judge(err error) psync.Verdict {
	v := psync.FirstOf(verdicts, err)
	v.TokenLost = errors.Is(err, pronote.ErrToken)
	v.Unavailable = errors.Is(err, pronote.ErrNotAvailable)
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
			if psync.As[*pronote.VersionError](err) && errors.Is(err, refused) {
				return true
			}
		}
		return false
	}
}
