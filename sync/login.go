package sync

import (
	"context"

	"github.com/pronote-sync/pronote-sync/db"
)

// A Welcome is what a login finds, for people.
type Welcome struct {
	School  string  `json:"school"`
	Version string  `json:"version"` // of its software
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

// LoginBy is TryLogin by a login of the caller's, which gets the source of the
// account. A refusal says nothing about the credentials that are configured, and
// leaves the phase as it is.
func (e *Engine) LoginBy(ctx context.Context, account string, open func(context.Context, Source, Spend) (Session, error)) (Welcome, error) {
	return e.loginBy(ctx, account, func(ctx context.Context, w *watcher) error {
		w.leave(ctx)
		return w.login(ctx, func(ctx context.Context, spend Spend) (Session, error) { return open(ctx, w.account.Source, spend) })
	})
}

func (e *Engine) loginBy(ctx context.Context, account string, login func(context.Context, *watcher) error) (welcome Welcome, err error) {
	w, err := e.find(account)
	if err != nil {
		return Welcome{}, err
	}
	err = w.own(ctx, func(ctx context.Context) error {
		if err := w.barred(); err != nil && (w.record.Phase == db.Banned || As[*ClockError](err)) {
			return err
		}
		if err := login(ctx, w); err != nil {
			return err
		}
		w.record = next(w.record, nil, Verdict{}, e.Now(), 0, "")
		welcome = w.welcome()
		w.schedule.nudge()
		return w.flush(ctx)
	})
	return welcome, err
}

func (w *watcher) welcome() Welcome {
	welcome := Welcome{School: w.record.School, Version: w.record.Version}
	for _, s := range w.students {
		welcome.Pupils = append(welcome.Pupils, Pupil{s.Name, s.Class})
	}
	return welcome
}
