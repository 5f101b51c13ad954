package sync

import (
	"context"
	"time"

	"github.com/pronote-sync/pronote-sync/db"
)

// askAgain asks a school once more before people are told that it does not answer, when
// that waited for long: whoever could not be told may have been cut off together with the
// school, and both ways open again at the same time.
func (m *mailbox) askAgain(ctx context.Context) error {
	if m.engine.life == nil {
		return nil // a simulation asks nobody
	}
	now := m.engine.Now()
	var away []*watcher
	err := m.engine.Store.View(ctx, func(tx *db.Tx) error {
		waiting, err := tx.Waiting(ctx, m.Name, now)
		for _, d := range waiting {
			w, unknown := m.engine.find(d.Account)
			if d.Event.Kind == "system.unreachable" && unknown == nil && now.Sub(d.At.In(w.account.Location)) > freshFor {
				away = append(away, w)
			}
		}
		return err
	})
	for _, w := range away {
		_ = w.tryAgain(ctx) // what came of it is in the mirror
	}
	return err
}

// aMoment is how long after a try another one can tell nothing new.
const aMoment = 10 * time.Second

// tryAgain polls a school that could not be reached before its hour, unless it was tried a
// moment ago, or it is night.
func (w *watcher) tryAgain(ctx context.Context) error {
	return w.own(ctx, func(ctx context.Context) error {
		now := w.engine.Now()
		if night, _ := w.resting(now); night || w.record.Phase != db.Waiting || w.record.Reason != "network" || within(aMoment, w.triedAt, now) {
			return nil
		}
		_, err := w.poll(ctx, w.planned(), w.engine.Files)
		return err
	})
}
