package school

import (
	"context"
	"errors"

	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

// A DeviceError says that what logins keep between them cannot be used. Its text
// is that of the error inside.
type DeviceError struct{ Err error }

// Error implements error.
func (e *DeviceError) Error() string { return e.Err.Error() }

// Unwrap gives the error inside.
func (e *DeviceError) Unwrap() error { return e.Err }

// ErrNoToken: the account logs in by token, and nobody has logged in yet.
var ErrNoToken = errors.New("there is no token yet")

// credentials are those of the configuration, with what the last login left.
func (s *Source) credentials() (pronote.Credentials, error) {
	c := s.Credentials
	if s.LoadDevice != nil {
		device, err := s.LoadDevice()
		if err != nil {
			return c, &DeviceError{err}
		}
		c.Device = device
	}
	c.Device.Name = s.Device
	if s.ByToken && !c.Device.CanLogin() {
		return c, &DeviceError{ErrNoToken}
	}
	return c, nil
}

// open logs in with credentials.
func (s *Source) open(ctx context.Context, c pronote.Credentials, spend psync.Spend) (psync.Session, error) {
	session, err := s.dial(ctx, c, spend)
	if errors.Is(err, pronote.ErrToken) && c.Portal != nil {
		c.Device.Token = pronote.Secret{} // the portal gives another one
		session, err = s.dial(ctx, c, spend)
	}
	if err != nil {
		return nil, err
	}
	if session, err = s.withToken(ctx, session, c, spend); err != nil {
		return nil, err
	}
	return &Session{Session: session, source: s}, nil
}

// dial makes one login.
func (s *Source) dial(ctx context.Context, c pronote.Credentials, spend psync.Spend) (*pronote.Session, error) {
	if err := spend.Login(ctx); err != nil {
		return nil, err
	}
	return pronote.Login(ctx, s.URL, c, &pronote.Options{
		Transport: s.Transport, ServerTime: s.ServerTime, KeepDevice: s.KeepDevice, Log: s.Log,
		Before: func(ctx context.Context, _ string) error { return spend.Request(ctx) },
	})
}

// withToken turns a session that came without a token into one by token, where
// the account logs in by token, or where that spares a portal and its password the
// next login. Where the school has no tokens, the session that came through a
// portal serves as it is.
func (s *Source) withToken(ctx context.Context, session *pronote.Session, c pronote.Credentials, spend psync.Spend) (*pronote.Session, error) {
	wanted := s.ByToken || c.Portal != nil
	if !wanted || session.Device().CanLogin() || s.KeepDevice == nil {
		return session, nil
	}
	pin := pronote.RandomPIN()
	code, err := session.QR(ctx, pin)
	if err != nil {
		return s.withoutToken(session, err)
	}
	next, err := code.Open(pin)
	if err != nil {
		return nil, err
	}
	next.PIN, next.Device = c.PIN, pronote.Device{Browser: session.Device().Browser, Name: c.Device.Name}
	byToken, err := s.dial(ctx, next, spend)
	if err != nil && !Judge(err).NeedsPerson {
		return s.withoutToken(session, err)
	}
	return byToken, err
}

// withoutToken is the session that got no token, where it can serve.
func (s *Source) withoutToken(session *pronote.Session, err error) (*pronote.Session, error) {
	if s.ByToken {
		return nil, err
	}
	s.Log.Info("no token, the next login goes through the portal again", "error", err)
	return session, nil
}
