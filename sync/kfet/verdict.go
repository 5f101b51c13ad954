package kfet

import (
	"errors"
	"time"

	"github.com/pronote-sync/pronote-sync/notekfet"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

// ErrEnded: the connection has ended since it was logged in.
var ErrEnded = errors.New("the connection to the bar has ended")

// errUntrusted: nobody that is trusted vouches for the bar's certificate. That of a
// school is another source's affair.
var errUntrusted = errors.New("the bar cannot prove who it is")

// aDay is how long what may be somebody else's doing has to last.
const aDay = 24 * time.Hour

// verdicts is the table, of which the first row that fits counts.
var verdicts = []psync.Rule{
	{psync.Is(ErrEnded), psync.Verdict{Reason: "expired", Stop: true, Relogin: true}},
	{refused(notekfet.LoginFailed), psync.Verdict{Reason: "bar_credentials", NeedsPerson: true, Stop: true}},
	{refused(notekfet.Forbidden, notekfet.ClientRefused, notekfet.AddressNotAllowed), psync.Verdict{Reason: "bar_access", NeedsPerson: true, Patience: aDay, Stop: true}},
	{psync.Is(notekfet.ErrCertificate), psync.Verdict{Reason: "bar_certificate", NeedsPerson: true, Patience: aDay, Stop: true}},
	{psync.Is(errUntrusted), psync.Verdict{Reason: "bar_certificate", NeedsPerson: true, Patience: aDay, Stop: true}},
	{psync.Is(notekfet.ErrShape), psync.Verdict{Reason: "bar_unreadable"}},
	{psync.As[*notekfet.Error], psync.Verdict{Reason: "bar_busy", Stop: true}},
}

// Judge finds the verdict of what a bar can be wrong with. That of any other error is
// the zero Verdict.
func Judge(err error) psync.Verdict { return psync.FirstOf(verdicts, err) }

// refused fits refusals with one of some codes.
func refused(codes ...notekfet.Code) func(error) bool {
	return func(err error) bool {
		var refusal *notekfet.Error
		if !errors.As(err, &refusal) {
			return false
		}
		for _, code := range codes {
			if refusal.Code == code {
				return true
			}
		}
		return false
	}
}
