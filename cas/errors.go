package cas

import (
	"fmt"
	"slices"
	"time"
)

// A Reason is why nobody came through a portal. Compare with errors.Is.
type Reason string

// The reasons. Those down to NotDelegated come from a login, the rest from the
// table.
const (
	WrongPassword   Reason = "the portal refuses the user name or the password"
	AccountLocked   Reason = "the portal has locked the account after too many attempts"
	AccountBlocked  Reason = "the portal has blocked the account"
	Captcha         Reason = "the portal asks for proof that a person is there"
	TermsToAccept   Reason = "the portal wants its terms of use accepted"
	PasswordExpired Reason = "the portal wants a new password"
	NotActivated    Reason = "the portal wants the account activated"
	IdentityCheck   Reason = "EduConnect asks for a date of birth"
	SecondFactor    Reason = "the portal asks for a second factor"
	AccountChoice   Reason = "the portal has several accounts for this person"
	UnknownThere    Reason = "the password is right, but the portal has no account for this person, or none that may use PRONOTE"
	NotTaken        Reason = "the portal lets the account through, but PRONOTE does not take it"
	NotAllowed      Reason = "the portal does not let this school's PRONOTE in"
	Overloaded      Reason = "the portal has too many visitors"
	Maintenance     Reason = "the portal is under maintenance"
	NetworkRefused  Reason = "EduConnect refuses this network, as it does with hosting providers, VPNs and some countries"
	Unsafe          Reason = "the portal leads to a place that must not see the login, which is refused"
	TooMuch         Reason = "the portal sends more than a login needs, which is refused"
	PortalChanged   Reason = "the portal has changed"
	Elsewhere       Reason = "the school does not log in through this portal"
	NotDelegated    Reason = "the school does not send logins to a portal"
	NoPortal        Reason = "there is no such portal"
	PortalGone      Reason = "this portal has been switched off"
)

// Error implements error, so that a Reason can be asked for with errors.Is.
func (r Reason) Error() string { return string(r) }

// An Error says what a portal answered. It holds no value of any page.
type Error struct {
	Reason Reason
	Portal string // id of the row
	Host   string // where it happened; "" when nowhere
	Detail string // in words of the reason, or ""
	Sent   bool   // the password was sent before
	Left   int    // attempts left after WrongPassword, as the portal says; 0 when it does not
}

// Error implements error.
func (e *Error) Error() string {
	text := "portal " + e.Portal + ": " + string(e.Reason)
	if e.Left > 0 {
		text += fmt.Sprintf(" (the portal says that %d attempts are left)", e.Left)
	}
	switch {
	case e.Reason == PortalGone && e.Detail != "":
		text += ": its schools now use " + e.Detail
	case e.Reason == NoPortal && e.Detail != "":
		text += ", or did you mean " + e.Detail
	case e.Detail != "":
		text += " (" + e.Detail + ")"
	}
	if e.Host != "" {
		text += ", at " + e.Host
	}
	return text
}

// Unwrap gives the reason.
func (e *Error) Unwrap() error { return e.Reason }

// NeedsPerson reports whether trying again is useless, or does harm, until a
// person acts.
func (e *Error) NeedsPerson() bool {
	return !slices.Contains([]Reason{Overloaded, Maintenance, TooMuch}, e.Reason)
}

// Patience is how long such an answer has to last before a person is called, where
// the portal has let the account in before: as long as no password was sent, a
// filter or a captive portal on the way may have caused it, which passes.
func (e *Error) Patience() time.Duration {
	if !e.Sent && slices.Contains([]Reason{Elsewhere, Unsafe, PortalChanged, NotDelegated, NotAllowed, NetworkRefused}, e.Reason) {
		return 24 * time.Hour
	}
	return 0
}
