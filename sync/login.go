package sync

import (
	"context"
	"errors"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
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
		return c, &DeviceError{ErrNoToken}
	}
	return c, nil
}

// withToken turns a session that came without a token into one by token, where
// the account logs in by token, or where that spares a portal and its password the
// next login. Where the school has no tokens, the session that came through a
// portal serves as it is.
func (w *watcher) withToken(ctx context.Context, session *pronote.Session, c pronote.Credentials) (*pronote.Session, error) {
	wanted := w.account.ByToken || c.Portal != nil
	if !wanted || session.Device().CanLogin() || w.account.KeepDevice == nil {
		return session, nil
	}
	pin := pronote.RandomPIN()
	code, err := session.QR(ctx, pin)
	if err != nil {
		return w.withoutToken(session, err)
	}
	next, err := code.Open(pin)
	if err != nil {
		return nil, err
	}
	next.PIN, next.Device = c.PIN, pronote.Device{Browser: session.Device().Browser, Name: c.Device.Name}
	byToken, err := w.dial(ctx, next)
	if err != nil && !NeedsPerson(err) {
		return w.withoutToken(session, err)
	}
	return byToken, err
}

// withoutToken is the session for which no token was to be had, where it can serve.
func (w *watcher) withoutToken(session *pronote.Session, err error) (*pronote.Session, error) {
	if w.account.ByToken {
		return nil, err
	}
	w.log.Info("no token, the next login goes through the portal again", "error", err)
	return session, nil
}

// A Welcome is what a login finds, for people.
type Welcome struct {
	School  string  `json:"school"`
	Version string  `json:"version"` // of PRONOTE
	Pupils  []Pupil `json:"pupils"`
}

// A Pupil is one of an account, as the school names them.
type Pupil struct {
	Name  string `json:"name"`
	Class string `json:"class"`
}

// TryLogin sees to it that an account has a session, whatever its phase but a ban,
// because a person asked for it. A success ends a suspension.
func (e *Engine) TryLogin(ctx context.Context, account string) (Welcome, error) {
	return e.loginBy(ctx, account, func(ctx context.Context, w *watcher) error { return w.learn(ctx, w.open(ctx)) })
}

// LoginWith is TryLogin with other credentials than those of the configuration.
// The device that comes of it is kept. A refusal says nothing about the
// credentials that are configured, and leaves the phase as it is.
func (e *Engine) LoginWith(ctx context.Context, account string, c pronote.Credentials) (Welcome, error) {
	return e.loginBy(ctx, account, func(ctx context.Context, w *watcher) error {
		w.leave(ctx)
		c.Device.Name = w.account.Device
		return w.login(ctx, c)
	})
}

func (e *Engine) loginBy(ctx context.Context, account string, login func(context.Context, *watcher) error) (welcome Welcome, err error) {
	w, err := e.find(account)
	if err != nil {
		return Welcome{}, err
	}
	err = w.own(ctx, func(ctx context.Context) error {
		if err := w.barred(); err != nil && w.record.Phase == db.Banned {
			return err
		}
		if err := login(ctx, w); err != nil {
			return err
		}
		w.record = next(w.record, nil, e.Now(), 0, "")
		welcome = w.welcome()
		w.schedule.nudge()
		return w.flush(ctx)
	})
	return welcome, err
}

func (w *watcher) welcome() Welcome {
	welcome := Welcome{School: w.session.School().Name, Version: w.session.Version().String()}
	for _, s := range w.session.Students() {
		welcome.Pupils = append(welcome.Pupils, Pupil{s.Name, s.Class})
	}
	return welcome
}
