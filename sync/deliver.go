package sync

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/notifiers"
	"github.com/pronote-sync/pronote-sync/sync/internal/wording"
)

// The limits of delivery.
const (
	sendTimeout  = time.Minute
	firstRetry   = 15 * time.Second // doubled after each failure
	slowestRetry = time.Hour
	beyondDue    = 26 * time.Hour // later than any message waits: for a day at most, be it the channel's wish or the recipient's
)

// A mailbox sends what is due to one recipient, in order. One goroutine at a
// time uses it, so a slow channel delays nobody else.
//
// A delivery is pending until the channel acknowledged it. Messages therefore
// leave at least once: a crash between the acknowledgement and the mark sends
// the one message in flight again, under the same identity.
type mailbox struct {
	Recipient
	engine *Engine
	poke   chan struct{}
	used   sync.Mutex // by whom delivers

	setBack atomic.Bool // the clock was, since the last look

	// owed writes the outcome of an attempt that the database did not take: a message
	// that was delivered is not sent again because a disk is full.
	owed func(context.Context) error
}

// wake tells the mailbox that there may be something to send.
func (m *mailbox) wake() {
	select {
	case m.poke <- struct{}{}:
	default: // it was told already
	}
}

// deliver sends what is due and returns when the next message is, the zero time
// when none is pending.
func (m *mailbox) deliver(ctx context.Context) (next time.Time, err error) {
	m.used.Lock()
	defer m.used.Unlock()
	if err := m.pay(ctx); err != nil {
		return time.Time{}, err
	}
	for {
		if err := m.keepQuiet(ctx); err != nil {
			return time.Time{}, err
		}
		var batch []db.Pending
		err := m.engine.Store.View(ctx, func(tx *db.Tx) (err error) {
			if batch, err = tx.NextBatch(ctx, m.Name, m.engine.Now()); err != nil || len(batch) > 0 {
				return err
			}
			next, err = tx.NextDue(ctx, m.Name)
			return err
		})
		if err != nil {
			return next, err
		}
		if len(batch) == 0 {
			if hastened, err := m.hasten(ctx, next); err != nil || !hastened {
				return next, err
			}
			continue
		}
		if err := m.send(ctx, batch); err != nil {
			return time.Time{}, err
		}
	}
}

// hasten makes due what waits longer than anything should, for instance because the
// clock was set back since, and reports whether there was any. Next is the first
// that is due.
func (m *mailbox) hasten(ctx context.Context, next time.Time) (bool, error) {
	now := m.engine.Now()
	after := now.Add(beyondDue)
	if m.setBack.Swap(false) {
		after = now
	}
	if !next.After(after) {
		return false, nil
	}
	return true, m.engine.Store.Update(ctx, func(tx *db.Tx) error {
		return tx.Hasten(ctx, m.Name, after, now, civil.DateTimeOf(now.In(m.Location)))
	})
}

// keepQuiet puts off what falls due during the recipient's quiet hours.
func (m *mailbox) keepQuiet(ctx context.Context) error {
	now := m.engine.Now().In(m.Location)
	end := m.Quiet.After(now)
	if end.Equal(now) {
		return nil
	}
	return m.engine.Store.Update(ctx, func(tx *db.Tx) error {
		return tx.Hold(ctx, m.Name, end, civil.DateTimeOf(end))
	})
}

// send delivers the first message of a batch and records the outcome. Its error
// is that of the database, or of ctx; a channel's failure is an outcome.
func (m *mailbox) send(ctx context.Context, batch []db.Pending) error {
	message, told, err := m.worded(batch)
	if err != nil { // a mistake of ours, which must not hold up what comes after
		return m.engine.Store.Update(ctx, func(tx *db.Tx) error {
			m.engine.Log.Error("message given up", "recipient", m.Name, "event", batch[0].Event.Kind, "error", err)
			return tx.Failed(ctx, []int64{batch[0].ID}, err.Error())
		})
	}
	events, err := carried(batch[:told], m.Reveal)
	if err != nil {
		return err // it was read a moment ago
	}
	ids := make([]int64, told)
	for i := range ids {
		ids[i] = batch[i].ID
	}
	sending, cancel := context.WithTimeout(ctx, sendTimeout)
	sent := notifiers.Message{ID: messageID(m.Name, batch[0]), Title: message.Title, Body: message.Body, Events: events}
	receipt, err := m.Notifier.Deliver(sending, sent)
	cancel()
	if err != nil && ctx.Err() != nil {
		return ctx.Err() // we are stopping: not the channel's fault, and not an attempt
	}
	if err != nil {
		defer m.engine.Wake() // the others may be told of it
	}
	taken := db.Taken{
		At: civil.DateTimeOf(m.engine.Now().In(m.Location)), Receipt: string(receipt),
		Title: wording.Uncovered(message.Title), Text: wording.Uncovered(message.Body),
	}
	if err == nil {
		m.engine.Log.Info("delivered", "recipient", m.Name, "channel", m.Channel, "events", len(ids))
	}
	m.owed = func(ctx context.Context) error {
		return m.engine.Store.Update(ctx, func(tx *db.Tx) error {
			if err != nil {
				return m.recordFailure(ctx, tx, batch[0], ids, err)
			}
			return tx.Sent(ctx, ids, taken)
		})
	}
	return m.pay(context.WithoutCancel(ctx))
}

// pay writes what is owed.
func (m *mailbox) pay(ctx context.Context) error {
	if m.owed == nil {
		return nil
	}
	if err := m.owed(ctx); err != nil {
		return err
	}
	m.owed = nil
	return nil
}

// recordFailure writes the outcome of an attempt that failed.
func (m *mailbox) recordFailure(ctx context.Context, tx *db.Tx, first db.Pending, ids []int64, err error) error {
	log := m.engine.Log.With("recipient", m.Name, "channel", m.Channel, "attempt", first.Attempts+1, "error", err)
	if hopeless(first, err) {
		log.Error("message given up")
		return m.giveUp(ctx, tx, first, ids, err)
	}
	wait := retryWait(first.Attempts, m.engine.jitter(), err)
	due := m.engine.Now().Add(wait)
	log.Warn("message not delivered", "next", due)
	return tx.Postpone(ctx, m.Name, ids, err.Error(), wait, due, civil.DateTimeOf(due.In(m.Location)))
}

// retryWait is the wait after one more failure, the channel's own wish first.
func retryWait(attempts int, jitter float64, err error) time.Duration {
	wait := min(firstRetry<<min(attempts, 20), slowestRetry)
	wait += time.Duration(jitter * float64(wait) / 4)
	var wish interface{ RetryAfter() time.Duration }
	if errors.As(err, &wish) {
		wait = max(wait, wish.RetryAfter())
	}
	return wait
}

// messageID is the same at each attempt at the same message, and at no other's.
func messageID(recipient string, first db.Pending) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %d %q %q %s", recipient, first.ID, first.Event.Kind, first.At, first.Event.Data))
	return hex.EncodeToString(sum[:10])
}

// run delivers until ctx is done.
func (m *mailbox) run(ctx context.Context) {
	for ctx.Err() == nil {
		next, err := m.deliver(ctx)
		if err != nil && ctx.Err() == nil {
			m.engine.siren.hear(err, m.engine.Now())
			m.engine.Log.Error("delivery stopped for a minute", "recipient", m.Name, "error", err)
			next = m.engine.Now().Add(time.Minute)
		}
		var alarm <-chan time.Time
		if !next.IsZero() {
			alarm = time.After(max(0, next.Sub(m.engine.Now())))
		}
		select {
		case <-alarm:
		case <-m.poke:
		case <-ctx.Done():
		}
	}
}
