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
