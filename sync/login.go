package sync

import (
	"context"
	"errors"
	"fmt"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// A DeviceError says that what logins keep between them cannot be used. Its text
// is that of the error inside.
type DeviceError struct{ Err error }

// Error implements error.
func (e *DeviceError) Error() string { return e.Err.Error() }

// Unwrap gives the error inside.
func (e *DeviceError) Unwrap() error { return e.Err }

// errNoToken says that nobody has logged in yet.
var errNoToken = errors.New("there is no token yet")

// credentials are those of the configuration, with what the last login left.
func (w *watcher) credentials() (pronote.Credentials, error) {
	c := w.account.Credentials
	if w.account.LoadDevice != nil {
		device, err := w.account.LoadDevice()
		if err != nil {
			return c, &DeviceError{err}
		}
		c.Device = device
	}
	c.Device.Name = w.account.Device
	if w.account.ByToken && !c.Device.CanLogin() {
		return c, &DeviceError{fmt.Errorf("%w: run pronote-sync login %s", errNoToken, w.account.Name)}
	}
	return c, nil
}

// withToken turns the first session that came through a portal into one by
// token, so that the portal and its password are not needed again. Where the
// school has no tokens, the session serves as it is.
func (w *watcher) withToken(ctx context.Context, session *pronote.Session, c pronote.Credentials) (*pronote.Session, error) {
	if c.Portal == nil || c.Device.CanLogin() || w.account.KeepDevice == nil {
		return session, nil
	}
	pin := pronote.RandomPIN()
	code, err := session.QR(ctx, pin)
	if err != nil {
		w.log.Info("no token, the next login goes through the portal again", "error", err)
		return session, nil
	}
	next, err := code.Open(pin)
	if err != nil {
		return nil, err
	}
	next.PIN, next.Device = c.PIN, pronote.Device{Browser: session.Device().Browser, Name: c.Device.Name}
	byToken, err := w.dial(ctx, next)
	if err != nil && !NeedsPerson(err) {
		w.log.Info("no token, the next login goes through the portal again", "error", err)
		return session, nil
	}
	return byToken, err
}

// TryLogin logs in to an account, whatever its phase, because a person asked
// for it. A success ends a suspension.
func (e *Engine) TryLogin(ctx context.Context, account string) (*pronote.Session, error) {
	w, err := e.find(account)
	if err != nil {
		return nil, err
	}
	if err := w.open(ctx); err != nil {
		return nil, err
	}
	w.record = next(w.record, nil, e.Now(), 0, "")
	return w.session, nil
}

// LoginWith is TryLogin with other credentials than those of the configuration.
// The device that comes of it is kept.
func (e *Engine) LoginWith(ctx context.Context, account string, c pronote.Credentials) (*pronote.Session, error) {
	w, err := e.find(account)
	if err != nil {
		return nil, err
	}
	w.leave(ctx)
	c.Device.Name = w.account.Device
	if err := w.login(ctx, c); err != nil {
		return nil, err
	}
	w.record = next(w.record, nil, e.Now(), 0, "")
	return w.session, nil
}
