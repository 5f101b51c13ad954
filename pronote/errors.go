package pronote

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// Errors that callers branch on. Each reaches the caller wrapped; compare with
// errors.Is.
var (
	// ErrCredentials: the school refused the user name or the password. Asking
	// again leads to a ban; a person must act.
	ErrCredentials = errors.New("PRONOTE refuses the user name or the password")

	// ErrToken: the school no longer takes the token of this device: it was used
	// elsewhere, revoked, or has expired. A person must log in anew.
	ErrToken = errors.New("PRONOTE no longer takes the token of this device")

	// ErrUnanswered: an earlier login by token was cut off, and its answer, which
	// holds the next token, could not be fetched yet. The token is not lost: Login
	// asks for the answer again, and should be called again soon, while the school has
	// it.
	ErrUnanswered = errors.New("the answer to an earlier login, which was cut off, is still to be had")

	// ErrNotQR: a text is not that of a QR code for PRONOTE's mobile application.
	ErrNotQR = errors.New("this is not a QR code of PRONOTE")

	// ErrNotFamily: a QR code is of a teacher or somebody else whose pages this
	// package does not know.
	ErrNotFamily = errors.New("this QR code is neither of a pupil nor of a parent")

	// ErrQRPIN: the PIN is not the one under which the QR code was made.
	ErrQRPIN = errors.New("the PIN does not fit the QR code")

	// ErrQRCode: the school does not take the QR code, though the PIN fits.
	ErrQRCode = errors.New("PRONOTE does not take this QR code, which works once and for ten minutes")

	// ErrSecondFactor: the school does not know this device, and asks for the PIN
	// of the account.
	ErrSecondFactor = errors.New("PRONOTE asks for the PIN of this account, because it does not know this device")

	// ErrPIN: the school refused the PIN of the account. It takes three tries.
	ErrPIN = errors.New("PRONOTE refuses the PIN of this account, which three wrong ones lock")

	// ErrProtection: the account must first choose how it is protected, or a PIN.
	ErrProtection = errors.New("PRONOTE asks this account to choose how it is protected")

	// ErrNewPassword: the account must first get a new password.
	ErrNewPassword = errors.New("PRONOTE asks this account to choose a new password")

	// ErrPortalLogin: the portal let the account through, but PRONOTE does not accept
	// what the portal says about it.
	ErrPortalLogin = errors.New("the portal lets the account through, but PRONOTE does not know it")

	// ErrSessionExpired: the session is over. A new Login is the remedy.
	ErrSessionExpired = errors.New("the PRONOTE session has ended")

	// ErrStale: the request named an object of an earlier session, or one that
	// is no longer there.
	ErrStale = errors.New("PRONOTE does not know what was asked for")

	// ErrUnchanged: the answer is the one that the caller has had the session
	// Remember. It is no failure: what was seen before is what there is.
	ErrUnchanged = errors.New("PRONOTE answers as it did before")

	// ErrNotAvailable: the school does not show this part of PRONOTE to the
	// account. It is no failure, and says nothing about what was seen before.
	ErrNotAvailable = errors.New("the school does not show this part of PRONOTE to the account")

	// ErrBlank: the answer holds nothing, not even a word on why. PRONOTE sends
	// such a report card before the school publishes it, and where it does not
	// understand which period is meant.
	ErrBlank = errors.New("PRONOTE answers nothing at all, neither what was asked for nor why it is not there")

	// ErrRateLimited: there were too many requests or tries; the next step is a ban.
	// It is a *BlockedError.
	ErrRateLimited = errors.New("PRONOTE has had too many requests or logins")

	// ErrBanned: the server refuses the internet address of this machine. It is a
	// *BlockedError.
	ErrBanned = errors.New("PRONOTE has blocked this internet address for some hours, after too many attempts")

	// ErrClosed: the school's site is stopped, as many are in the summer.
	ErrClosed = errors.New("the school has closed its PRONOTE for now")

	// ErrBusy: the site says that it is momentarily unavailable.
	ErrBusy = errors.New("PRONOTE is busy or under maintenance")

	// ErrNotPRONOTE: the address answered with the page of something else, as
	// proxies and filters also do for a while in front of a good address.
	ErrNotPRONOTE = errors.New("this address does not answer as PRONOTE")

	// ErrNoFile: an attachment is not a file that the school keeps, or comes from
	// no session.
	ErrNoFile = errors.New("this attachment is no file of the school's")

	// ErrProxy: a proxy on the way does not let requests through.
	ErrProxy = errors.New("the proxy does not let requests through")

	// ErrTooLarge: a file has more bytes than may be read.
	ErrTooLarge = errors.New("the file is larger than allowed")

	// ErrTruncated: a file broke off before its end.
	ErrTruncated = errors.New("the file broke off before its end")

	// ErrUnreadable: an answer came and could not be read, or lacked what it
	// must have. Nothing may be concluded from it.
	ErrUnreadable = errors.New("PRONOTE's answer could not be read")
)

var (
	errNoToken  = errors.New("no token")
	errNoReason = errors.New("neither a key nor a refusal")
)

// A BlockedError says that the server refuses this address, or too many
// requests. Every further request before Wait is over prolongs the ban. errors.Is
// finds either ErrRateLimited or ErrBanned in it.
type BlockedError struct {
	Reason  string        // the server's own sentence
	Wait    time.Duration // as the server asked; 0 when it did not say
	Limited bool          // it is the step before the ban
}

// Error implements error.
func (e *BlockedError) Error() string {
	text := e.kind().Error()
	if e.Reason != "" {
		text += " (" + e.Reason + ")"
	}
	return text
}

// Is implements the comparison of errors.Is.
func (e *BlockedError) Is(target error) bool { return target == e.kind() }

func (e *BlockedError) kind() error {
	if e.Limited {
		return ErrRateLimited
	}
	return ErrBanned
}

// A ServerError is a refusal of one function call, in the server's words.
// errors.Is recognises ErrSessionExpired, ErrStale and ErrNotAvailable in it.
type ServerError struct {
	Function string // the function called
	Code     int    // the server's number, "G"
	Title    string
	Message  string
}

// Error implements error.
func (e *ServerError) Error() string {
	return fmt.Sprintf("PRONOTE refuses %s (code %d, %s)", e.Function, e.Code, cmp.Or(e.Title, e.Message, "no reason given"))
}

// Is implements the comparison of errors.Is. The titles count as well as the
// codes, because no list of codes is complete.
func (e *ServerError) Is(target error) bool {
	switch e.Code {
	case 3:
		return target == ErrNotAvailable
	case 7, 8, 10, 11, 14, 18:
		return target == ErrSessionExpired
	case 22:
		return target == ErrStale
	}
	return strings.HasPrefix(e.Title, "La page a expiré") && target == ErrSessionExpired ||
		strings.HasPrefix(e.Title, "Accès refusé") && target == ErrNotAvailable
}

// refusal turns the server's error into ours.
func refusal(function string, e *wire.Error) error {
	refused := &ServerError{Function: function, Code: int(e.Code), Title: label(e.Title), Message: line(textOf(string(e.Message)))}
	reason := cmp.Or(refused.Title, refused.Message)
	switch {
	case wire.ReadRefusal(refused.Title+" "+refused.Message) == wire.AddressBanned:
		return &BlockedError{Reason: reason}
	case refused.Code == 25, strings.HasPrefix(refused.Title, "Vous avez dépassé le nombre d'autorisations"):
		return &BlockedError{Reason: reason, Limited: true}
	}
	return refused
}

// An AccessError is a login that the school refuses for another reason than
// the password. The codes are the server's: 2 not authorised, 4 no person
// behind the account, 6 pupil blocked, 9 a message, 10 account disabled.
type AccessError struct {
	Code    int
	Message string // the school's own words, when it gave some
}

// Error implements error.
func (e *AccessError) Error() string {
	reason := map[int]string{
		2: "the account is not authorised", 4: "no person is behind the account",
		6: "the school has blocked this pupil", 10: "the account is disabled",
	}[e.Code]
	if e.Message != "" {
		reason = e.Message
	}
	if reason == "" {
		reason = fmt.Sprintf("access code %d", e.Code)
	}
	return "PRONOTE refuses the login: " + reason
}

// A PortalError says that the school sends logins to a portal (ENT) and that its
// own login page could not be reached.
type PortalError struct {
	Host string // where it sends them
}

// Error implements error.
func (e *PortalError) Error() string {
	return "this school logs in through the portal at " + e.Host + ", not through PRONOTE's own page"
}

// An HTTPError is an answer with a status other than 200.
type HTTPError struct {
	Status int
	Wait   time.Duration // from Retry-After; 0 when absent
}

// Error implements error.
func (e *HTTPError) Error() string {
	return fmt.Sprintf("the server answers with HTTP status %d", e.Status)
}

// A VersionError says that a login to a version newer than Newest failed in a
// way that may be this program's fault.
type VersionError struct {
	Version Version
	Err     error
}

// Error implements error.
func (e *VersionError) Error() string {
	return fmt.Sprintf("PRONOTE %s is newer than what is known here (%s): %v", e.Version, Newest, e.Err)
}

// Unwrap gives the failure itself.
func (e *VersionError) Unwrap() error { return e.Err }

func unreadable(what string, err error) error {
	return fmt.Errorf("%w: %s: %w", ErrUnreadable, what, wire.Explain(err))
}
