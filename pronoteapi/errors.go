package pronoteapi

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/pronote-sync/pronote-sync/cas"
	"github.com/pronote-sync/pronote-sync/pronote"
)

// An apiError is an error as clients know it.
type apiError struct {
	status  int
	code    int // 0 for one that has none
	message string
}

// Error implements error.
func (e *apiError) Error() string { return e.message }

// The errors that clients know, in the words of the original.
var (
	errMissingLogin = &apiError{http.StatusBadRequest, 0, "Missing 'url', or 'username', or 'password', or header 'Content-Type: application/json'"}
	errMissingQuery = &apiError{http.StatusBadRequest, 0, "Missing 'query' field or 'Content-Type: application/json' header"}
	errMissingToken = &apiError{http.StatusUnauthorized, 0, "Missing 'Token' header"}
	errUnknownToken = &apiError{http.StatusUnauthorized, 0, "Unknown session token"}
	errBanned       = &apiError{http.StatusBadGateway, 2, "Your IP address is temporarily banned because of too many failed authentication attempts"}
	errCredentials  = &apiError{http.StatusUnauthorized, 3, "Wrong user credentials"}
	errExpired      = &apiError{http.StatusBadGateway, 5, "Session has expired due to inactivity or error"}
	errRateLimited  = &apiError{http.StatusBadGateway, 6, "You are being rate limited because of too many failed requests"}
	errClosed       = &apiError{http.StatusBadGateway, 7, "The instance is closed, try again later"}
)

// Those of this server alone.
var (
	errBudget     = &apiError{http.StatusTooManyRequests, 6, "This server has made as many requests for this account as it may: try again in some minutes"}
	errFull       = &apiError{http.StatusServiceUnavailable, 0, "This server has as many sessions as it may: log out of one, or try again in ten minutes"}
	errStopping   = &apiError{http.StatusServiceUnavailable, 0, "This server is stopping: try again in a minute"}
	errHost       = &apiError{http.StatusForbidden, 0, "This server does not speak to this school: have its host allowed with --allow-host"}
	errTooBig     = &apiError{http.StatusRequestEntityTooLarge, 0, "The body is larger than 102400 bytes: send less"}
	errUnreached  = &apiError{http.StatusBadGateway, 0, "PRONOTE cannot be reached: check the address, or try again later"}
	errInItsPlace = &apiError{http.StatusBadGateway, 0, "something else answers in PRONOTE's place: try again later"}
	errInternal   = &apiError{http.StatusInternalServerError, 0, "Something is wrong in this server: look into its log"}
)

func errUnknownAccount(name string) error {
	return &apiError{http.StatusBadRequest, 0, fmt.Sprintf("Unknown account type '%s'", name)}
}

func errUnknownCAS(name string) error {
	return &apiError{http.StatusBadRequest, 1, fmt.Sprintf("Unknown CAS '%s' (use 'none' for no CAS)", name)}
}

// known are the errors of a school by those of the original, the first that fits.
var known = []struct {
	err error
	is  *apiError
}{
	{pronote.ErrBanned, errBanned},
	{pronote.ErrRateLimited, errRateLimited},
	{pronote.ErrSessionExpired, errExpired},
	{pronote.ErrClosed, errClosed},
	{pronote.ErrBusy, errClosed},
	{pronote.ErrCredentials, errCredentials},
	{pronote.ErrPortalLogin, errCredentials},
	{cas.WrongPassword, errCredentials},
	{pronote.ErrNotPRONOTE, errCredentials},
}

// spoken are errors that are told in words which hold nothing private: their own, or
// those after them.
var spoken = []struct {
	err   error
	words string
}{
	{pronote.ErrSecondFactor, "PRONOTE asks for the PIN of this account, because it does not know this device: log in once with the PIN"},
	{pronote.ErrProtection, "PRONOTE asks this account to choose how it is protected: log in with a browser and answer the question"},
	{pronote.ErrNewPassword, "PRONOTE asks this account to choose a new password: log in with a browser, choose one, and use it here"},
	{pronote.ErrStale, "PRONOTE does not know what was asked for: log in again"},
	{pronote.ErrUnreadable, "PRONOTE's answer could not be read: try again later"},
	{pronote.ErrBlank, "PRONOTE answers nothing at all: try again later"},
}

// portalAdvice is what to do about a portal, for people who have a client and no
// configuration.
var portalAdvice = map[cas.Reason]string{
	cas.AccountLocked:   "the portal has locked the account after too many attempts: wait an hour, then log in with a browser first",
	cas.AccountBlocked:  "the portal has blocked the account: ask the school",
	cas.Captcha:         "the portal asks for proof that a person is there: log in once with a browser, then try again",
	cas.TermsToAccept:   "the portal wants its terms of use accepted: log in once with a browser and accept them",
	cas.NotActivated:    "the portal wants the account activated: log in once with a browser",
	cas.IdentityCheck:   "EduConnect asks for a date of birth: log in once with a browser and answer it",
	cas.UnknownThere:    "the password is right, but the portal has no account for this person, or none that may use PRONOTE: ask the school",
	cas.NotTaken:        "the portal lets the account through, but PRONOTE does not take it: open PRONOTE once through the portal with a browser",
	cas.NotAllowed:      "the portal does not let this school's PRONOTE in: check the address of PRONOTE and the portal's name",
	cas.Overloaded:      "the portal has too many visitors: try again later",
	cas.Maintenance:     "the portal is under maintenance: try again later",
	cas.NetworkRefused:  "EduConnect refuses this network, as it does with hosting providers, VPNs and some countries: use a connection at home",
	cas.AccountChoice:   "the portal has several accounts for this person, between which this server cannot choose: if the school gave a password for PRONOTE itself, log in with that and without 'cas'",
	cas.PasswordExpired: "the portal wants a new password: log in with a browser, change it, and log in here with the new one",
	cas.SecondFactor:    "the portal asks for a second factor: log in with a browser and answer it, then try again",
	cas.NotDelegated:    "the school does not send logins to a portal: leave 'cas' out, and use the user name and password of PRONOTE itself",
}

// translate makes of any error one that clients know. What it does not recognise
// may name addresses and is not told.
func translate(err error) *apiError {
	var (
		ours     *apiError
		refused  *pronote.ServerError
		access   *pronote.AccessError
		portal   *cas.Error
		version  *pronote.VersionError
		elsewhre *pronote.PortalError
		status   *pronote.HTTPError
	)
	if errors.As(err, &ours) {
		return ours
	}
	for _, k := range known {
		if errors.Is(err, k.err) {
			return k.is
		}
	}
	for _, s := range spoken {
		if errors.Is(err, s.err) {
			return &apiError{http.StatusBadGateway, -1, cmp.Or(s.words, s.err.Error())}
		}
	}
	switch {
	case errors.As(err, &refused):
		words := slices.DeleteFunc([]string{refused.Title, refused.Message}, func(s string) bool { return s == "" })
		return &apiError{http.StatusBadGateway, -1, cmp.Or(strings.Join(words, " - "), "PRONOTE refuses this and does not say why")}
	case errors.As(err, &access):
		return &apiError{http.StatusBadGateway, -1, access.Error() + "; ask the school"}
	case errors.As(err, &version):
		return &apiError{http.StatusBadGateway, -1, version.Error()}
	case errors.As(err, &portal):
		return &apiError{http.StatusBadGateway, -1, cmp.Or(portalAdvice[portal.Reason], portal.Reason.Error())}
	case errors.As(err, &status) && status.Status == http.StatusTooManyRequests:
		return errRateLimited
	case errors.As(err, &status):
		return &apiError{http.StatusBadGateway, 0, fmt.Sprintf("PRONOTE answers with the HTTP status %d: try again later", status.Status)}
	case errors.As(err, &elsewhre):
		return &apiError{http.StatusBadRequest, -1, "This school sends logins to a portal: name it as 'cas'"}
	}
	return errUnreached
}

// translateField is translate for a query: what is in PRONOTE's place for a moment
// says nothing about the password.
func translateField(err error) *apiError {
	if errors.Is(err, pronote.ErrNotPRONOTE) {
		return errInItsPlace
	}
	return translate(err)
}

// sentence is the message of a field that failed. Errors with a code were objects
// that the original's library could only quote.
func sentence(err error) string {
	if plain, ok := plainError(err); ok {
		return plain
	}
	e := translateField(err)
	if e.code == 0 {
		return e.message
	}
	return fmt.Sprintf("Unexpected error value: { code: %d, message: %s }", e.code, inspected(e.message))
}

// inspected quotes a text as Node shows it inside an object.
func inspected(text string) string {
	quoted, err := plainJSON(text)
	if err != nil {
		return `""`
	}
	return string(quoted)
}

// codeOf is the code of an error, 0 for one that has none.
func codeOf(err error) int {
	if _, ok := plainError(err); ok {
		return 0
	}
	return translateField(err).code
}

// A plainError is one that this package words for the client.
func plainError(err error) (string, bool) {
	var p *saying
	if errors.As(err, &p) {
		return p.text, true
	}
	return "", false
}

// A saying is an error in words that are meant for the client as they are.
type saying struct{ text string }

// Error implements error.
func (s *saying) Error() string { return s.text }

func say(format string, args ...any) error { return &saying{fmt.Sprintf(format, args...)} }
