package pronote

import (
	"crypto/rand"
	"fmt"
)

// A Device is what a machine must keep from one login to the next, for the school
// to recognise it: a school gives the token to a device, voids it at the login
// that uses it, and gives the next one. A Device serves one account. Keep it
// secret.
type Device struct {
	UUID    string // made at the first login
	Name    string // among the devices of the account; cut after 30 characters
	Browser string // given by the school at the first login

	Username string // whom the token logs in
	Token    Secret // for one login

	// Unanswered is a login whose answer never came, perhaps with a token in it:
	// the next login asks for it again. It is of no use to anybody else.
	Unanswered Secret
}

// CanLogin reports whether the device has a token.
func (d Device) CanLogin() bool { return d.UUID != "" && d.Username != "" && !d.Token.IsZero() }

// maxName is how long the name of a device may be at most, in characters.
const maxName = 30

func (d Device) name() string {
	name := []rune(d.Name)
	if len(name) == 0 {
		return "pronote-sync"
	}
	return string(name[:min(len(name), maxName)])
}

// newUUID draws a UUID of version 4.
func newUUID() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// takeToken keeps the next token before anything else is done with the session:
// from here on the one that was used is void.
func (s *Session) takeToken(token string) error {
	switch {
	case !s.way.mobile:
		return nil
	case token != "":
		s.device.Token, s.device.Unanswered = NewSecret(token), Secret{}
	case s.way == wayQR:
		return unreadable(functionAuthentication, errNoToken)
	default: // the one that was used stays good, as far as anybody knows
		s.device.Unanswered = Secret{}
	}
	s.device.Browser = s.newBrowser
	return s.keep()
}

// keep hands the device over.
func (s *Session) keep() error {
	if s.opts.KeepDevice == nil {
		return nil
	}
	if err := s.opts.KeepDevice(s.device); err != nil {
		return fmt.Errorf("the login is given up, for what the next one needs cannot be kept: %w", err)
	}
	return nil
}
