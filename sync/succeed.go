package sync

import (
	"context"
	"errors"
	"maps"
	"time"
)

// goodbye is how long schools that do not answer a logout may hold up a successor.
const goodbye = 2 * time.Second

// Succeed makes the engine of another configuration, which replaces e once that
// has stopped running. An account of the same credentials keeps its session: a
// reload costs no login. One of the same name keeps its budget as far as it is
// spent, whatever else has changed. Other sessions are logged out of. Everything
// else in the new configuration applies from the next poll on.
//
// Where the new engine cannot be made, e still wants to be closed.
func (e *Engine) Succeed(ctx context.Context, c Config) (*Engine, error) {
	e.end()
	for _, o := range e.watchers {
		if err := o.acquire(ctx); err != nil {
			return nil, err
		}
		defer o.release()
	}
	leave, cancel := context.WithTimeout(ctx, goodbye)
	defer cancel()
	for _, o := range e.watchers {
		if !o.hasSuccessor(c.Accounts) {
			o.leave(leave)
		}
	}
	var errs []error
	for _, o := range e.watchers {
		errs = append(errs, o.flush(ctx))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	next, err := New(ctx, c)
	if err != nil {
		return nil, err
	}
	for _, w := range next.watchers {
		for _, o := range e.watchers {
			if w.account.Name == o.account.Name {
				w.inherit(o)
			}
		}
	}
	return next, nil
}

// hasSuccessor reports whether one of some accounts may go on with the session.
func (w *watcher) hasSuccessor(accounts []Account) bool {
	for _, account := range accounts {
		if account.continues(w.account) {
			return true
		}
	}
	return false
}

// continues reports whether an account may go on with the session of another.
func (a Account) continues(b Account) bool {
	return a.Name == b.Name && a.URL == b.URL && a.Fingerprint == b.Fingerprint &&
		a.Location.String() == b.Location.String() && maps.Equal(a.Aliases, b.Aliases)
}

// inherit copies what is known about an account of the same name.
func (w *watcher) inherit(o *watcher) {
	children := w.purse.children
	w.purse = o.purse // which the session spends from
	w.purse.loc, w.purse.children = w.account.Location, children
	w.purse.limit(w.engine.Budget.of(w.account))
	if w.account.continues(o.account) {
		if o.session != nil {
			w.polledAt = o.polledAt // or else this is a start, which is answered at any hour
			o.session = w.account.Source.Resume(o.session)
		}
		w.sitting, o.sitting = o.sitting, sitting{}
		w.missing, w.readAt, w.unkept, w.freshAt = o.missing, o.readAt, o.unkept, o.freshAt
	}
	w.publish()
}
