package sync

import (
	"context"
	"errors"
	"time"

	"github.com/pronote-sync/pronote-sync/db"
)

// ErrStopped: the engine was closed, or another took its place, before it could
// answer.
var ErrStopped = errors.New("the engine has stopped")

// Do puts a question to the session of an account, opening one if there is none.
// It waits for whoever else uses the account, whether or not the engine runs, and
// others wait for f: a school sees one client, and all that f asks comes out of
// the account's budget. The context of f ends with the engine, too.
//
// Where the session turns out to have ended, f is called once more with another. An
// account that is suspended or banned is refused with a *PhaseError; a question
// that the engine's end cut short ends with ErrStopped.
func (e *Engine) Do(ctx context.Context, account string, f func(context.Context, Session) error) error {
	w, err := e.find(account)
	if err != nil {
		return err
	}
	return w.own(ctx, func(ctx context.Context) error {
		if err := w.barred(); err != nil {
			return err
		}
		return w.ask(ctx, f)
	})
}

// ask calls f with a session, and with a second one where the first has ended.
func (w *watcher) ask(ctx context.Context, f func(context.Context, Session) error) error {
	for retried := false; ; retried = true {
		if err := w.open(ctx); err != nil {
			return w.learn(ctx, err)
		}
		err := f(ctx, w.session)
		w.usedAt = w.engine.Now()
		if !w.judge(err).Relogin {
			return w.learn(ctx, err)
		}
		w.session = nil
		if retried {
			return err
		}
	}
}

// learn records what a question found out about the account: a ban or a refusal
// counts, whoever asked. It returns err.
func (w *watcher) learn(ctx context.Context, err error) error {
	if err == nil || ctx.Err() != nil {
		return err
	}
	v := w.judge(err)
	if !v.Banned && !v.NeedsPerson && (w.session != nil || w.record.Phase == db.Suspended) { // of no account, or no reason to end what is worse
		return err
	}
	return w.settle(ctx, &poll{watcher: w}, err)
}

// own calls f once nobody else uses the watcher, and keeps others from it
// meanwhile.
func (w *watcher) own(ctx context.Context, f func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(w.engine.life, cancel)()
	err := w.acquire(ctx)
	if err == nil {
		defer w.release()
		if err = ctx.Err(); err == nil {
			err = f(ctx)
		}
	}
	if err != nil && w.engine.life.Err() != nil {
		return ErrStopped
	}
	return err
}

// acquire waits until nobody uses the watcher. It succeeds also when ctx is done,
// if there is nobody to wait for.
func (w *watcher) acquire(ctx context.Context) error {
	select {
	case w.used <- struct{}{}:
	default:
		select {
		case w.used <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	began := time.Now()
	w.busySince.Store(&began)
	return nil
}

// release lets others use the watcher.
func (w *watcher) release() {
	w.publish()
	w.busySince.Store(nil)
	<-w.used
}
