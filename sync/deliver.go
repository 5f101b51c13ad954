package sync

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/notifiers"
)

// The limits of delivery.
const (
	sendTimeout  = time.Minute
	firstRetry   = 15 * time.Second // doubled after each failure
	slowestRetry = time.Hour
	beyondDigest = 8 * 24 * time.Hour // no digest is as far
	beyondDue    = 26 * time.Hour     // later than any message waits, but for a digest: for a day at most, be it the channel's wish or the recipient's
)

// A mailbox sends what is due to one recipient, in order. One goroutine at a
// time uses it, so a slow channel delays nobody else.
//
// What is due is composed, and stored as letters. A letter is pending until the channel
// acknowledged it. Letters therefore leave at least once: a crash between the
// acknowledgement and the mark sends the one letter in flight again. It is marked as begun
// before it is sent, and stays what it is from then on, under its identity, so that the
// channel may know the repeat; only its words are those of the day. Only a channel that has refused a letter, or was not
// reached, lets it be composed anew.
type mailbox struct {
	Recipient
	engine *Engine
	poke   chan struct{}
	used   sync.Mutex // by whom delivers

	setBack  atomic.Bool           // the clock was, since the last look
	digested map[string]civil.Date // when a digest of each kind was last composed; nil before the first look

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

// deliver composes and sends what is due, and returns when there is next anything to
// do, the zero time when never.
func (m *mailbox) deliver(ctx context.Context) (next time.Time, err error) {
	if err := m.engine.Timekeeper.Err(); err != nil {
		return time.Time{}, err
	}
	m.used.Lock()
	defer m.used.Unlock()
	if err := m.pay(ctx); err != nil {
		return time.Time{}, err
	}
	if err := m.engine.subjects.learn(ctx, m.engine.Store, m.engine.Now()); err != nil {
		return time.Time{}, err
	}
	for {
		if err := m.keepQuiet(ctx); err != nil {
			return time.Time{}, err
		}
		digested, err := m.composeDigests(ctx)
		if err != nil {
			return time.Time{}, err
		}
		letter, found, next, err := m.look(ctx)
		switch {
		case err != nil:
			return time.Time{}, err
		case found:
			if err := m.sendOrRecompose(ctx, letter); err != nil {
				return time.Time{}, err
			}
			continue
		}
		composed := false
		if !next.IsZero() && !next.After(m.engine.Now()) {
			if composed, err = m.compose(ctx); err != nil {
				return time.Time{}, err
			}
		}
		if composed || digested {
			continue
		}
		hastened, err := m.hasten(ctx, next)
		if err != nil || !hastened {
			return sooner(next, m.nextDigest(m.engine.Now())), err
		}
	}
}

// look finds the next letter, or when there is something to do.
func (m *mailbox) look(ctx context.Context) (letter db.Letter, found bool, next time.Time, err error) {
	err = m.engine.Store.View(ctx, func(tx *db.Tx) (err error) {
		if letter, found, err = tx.NextLetter(ctx, m.Name, m.engine.Now()); err != nil || found {
			return err
		}
		next, err = tx.NextDue(ctx, m.Name)
		return err
	})
	return letter, found, next, err
}

// sooner is the earlier of two times; the zero time is never.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// hasten makes due what waits longer than anything should, for instance because the
// clock was set back since, and reports whether there was any. Next is the first
// that is due.
func (m *mailbox) hasten(ctx context.Context, next time.Time) (hastened bool, err error) {
	now := m.engine.Now()
	after := now.Add(beyondDue + m.RevealAfter)
	if m.setBack.Swap(false) {
		after = now.Add(m.RevealAfter)
	}
	if !next.After(after) {
		return false, nil
	}
	err = m.engine.Store.Update(ctx, func(tx *db.Tx) error {
		if hastened, err = tx.Hasten(ctx, m.Name, db.Now, after, now, civil.DateTimeOf(now.In(m.Location))); err != nil {
			return err
		}
		digest := now // for somebody who gets none any more
		if next := m.NextDigest(now); !next.IsZero() {
			digest = next
		}
		early, err := tx.Hasten(ctx, m.Name, db.Digest, digest, digest, civil.DateTimeOf(digest.In(m.Location)))
		hastened = hastened || early
		return err
	})
	return hastened, err
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

// freshFor is how long a letter stays as it was composed: a later try tells what has
// come since, and no more what is over.
const freshFor = time.Hour

// sendOrRecompose sends a letter, unless it is to be composed anew.
func (m *mailbox) sendOrRecompose(ctx context.Context, l db.Letter) error {
	var told, merged []db.Delivery
	err := m.engine.Store.View(ctx, func(tx *db.Tx) (err error) {
		if told, err = tx.Told(ctx, l.Top()); err != nil {
			return err
		}
		merged, err = tx.Merged(ctx, l.Top())
		return err
	})
	if err != nil {
		return err
	}
	now := m.engine.Now()
	stale := now.Sub(l.Composed) > freshFor || now.Before(l.Composed.Add(-freshFor))
	over := m.countOver(told, now)
	switch {
	case l.First != 0: // a part of it has left
	case stale && len(told) == 0, l.Begun && over > 0 && over == len(told): // a digest of another hour, or news of the past
		return m.expire(ctx, l, slices.Concat(told, merged))
	case !l.Begun && (stale || over > 0):
		return m.engine.Store.Update(ctx, func(tx *db.Tx) error { return tx.TakeApart(ctx, l) })
	case l.Begun && len(told) > 0 && l.ComposedAt.Date != civil.DateTimeOf(now.In(m.Location)).Date:
		if l, err = m.reword(ctx, l, told, merged, now); err != nil {
			return err
		}
	}
	return m.send(ctx, l, told, merged)
}

// countOver counts what a letter tells and is not worth it any more.
func (m *mailbox) countOver(told []db.Delivery, now time.Time) (n int) {
	for _, d := range told {
		if isOverAt(d.Event, now.In(m.engine.zoneOf(d.Account, m.Location))) {
			n++
		}
	}
	return n
}

// expire ends a letter that came too late, with what it tells.
func (m *mailbox) expire(ctx context.Context, l db.Letter, its []db.Delivery) error {
	var ids []int64
	for _, d := range its {
		ids = append(ids, d.ID)
	}
	return m.engine.Store.Update(ctx, func(tx *db.Tx) error {
		if err := tx.GiveUp(ctx, l, db.Expired, ""); err != nil {
			return err
		}
		return tx.End(ctx, ids, db.Expired, ReasonOver)
	})
}

// isOverAt reports whether an event is over, on the clocks of its school.
func isOverAt(e db.Event, now time.Time) bool {
	return !e.Over.IsZero() && e.Over.Compare(civil.DateTimeOf(now)) <= 0
}

// send delivers a letter and records the outcome. Its error is that of the database, or
// of ctx, which leaves the letter begun; a channel's failure is an outcome.
func (m *mailbox) send(ctx context.Context, l db.Letter, told, merged []db.Delivery) error {
	message, err := m.message(l, told, merged)
	if err != nil {
		return err // it was composed a moment ago
	}
	if !l.Begun {
		if err := m.engine.Store.Update(ctx, func(tx *db.Tx) error { return tx.Begin(ctx, l) }); err != nil {
			return err
		}
	}
	sending, cancel := context.WithTimeout(ctx, sendTimeout)
	receipt, err := m.Notifier.Deliver(sending, message)
	cancel()
	if err != nil && ctx.Err() != nil {
		return ctx.Err() // we are stopping: not the channel's fault, and not an attempt
	}
	if err != nil {
		defer m.engine.Wake() // the others may be told of it
		l.Begun = l.Begun || mayHaveArrived(err)
	} else {
		m.engine.Log.Info("delivered", "recipient", m.Name, "channel", m.Channel, "events", len(told))
	}
	at := civil.DateTimeOf(m.engine.Now().In(m.Location))
	m.owed = func(ctx context.Context) error {
		return m.engine.Store.Update(ctx, func(tx *db.Tx) error {
			if err != nil {
				return m.recordFailure(ctx, tx, l, told, err)
			}
			return tx.Sent(ctx, l, at, string(receipt))
		})
	}
	return m.pay(context.WithoutCancel(ctx))
}

// mayHaveArrived reports whether a channel that failed may have taken the message
// nevertheless.
func mayHaveArrived(err error) bool {
	var lost interface{ MayHaveArrived() bool }
	return errors.As(err, &lost) && lost.MayHaveArrived()
}

// message is a letter as channels get it. Programs find what it tells beside its first
// part.
func (m *mailbox) message(l db.Letter, told, merged []db.Delivery) (message notifiers.Message, err error) {
	var how manner
	if err := json.Unmarshal(l.Manner, &how); err != nil {
		return message, fmt.Errorf("letter %d: %w", l.ID, err)
	}
	message = notifiers.Message{
		ID: l.Identity, Title: l.Title, Body: l.Text,
		Link: how.Link, Level: how.Level, Thread: how.Thread, School: how.School, Amends: notifiers.Receipt(l.Receipt),
		Language: m.Language, Day: m.engine.Wording.In(m.Language).Day(how.Day),
		Actions: m.buttons(l, told),
	}
	if l.First == 0 {
		message.Events, err = carried(asTold(told, merged), m.Reveal)
	}
	return message, err
}

// asTold are the events of a letter with what was merged into them.
func asTold(told, merged []db.Delivery) []folded {
	all := slices.Concat(told, merged)
	slices.SortFunc(all, func(a, b db.Delivery) int { return cmp.Compare(a.ID, b.ID) })
	return fold(all)
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
func (m *mailbox) recordFailure(ctx context.Context, tx *db.Tx, l db.Letter, told []db.Delivery, err error) error {
	attempts, triedFor := l.Attempts, l.TriedFor // with those at letters that told the same
	for _, d := range told {
		attempts, triedFor = max(attempts, d.Attempts+l.Attempts), max(triedFor, d.TriedFor+l.TriedFor)
	}
	log := m.engine.Log.With("recipient", m.Name, "channel", m.Channel, "attempt", attempts+1, "error", err)
	if hopeless(attempts, triedFor, err) {
		log.Error("message given up")
		return m.giveUp(ctx, tx, l, told, err)
	}
	wait := retryWait(attempts, m.engine.jitter(), err)
	due := m.engine.Now().Add(wait)
	log.Warn("message not delivered", "next", due)
	return tx.Postpone(ctx, l, err.Error(), wait, due, civil.DateTimeOf(due.In(m.Location)))
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

// identityOf is the same at each attempt at a part of a letter, and that of no other
// letter.
func identityOf(l db.Letter, told []int64, part int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %s %v %d %d", l.Recipient, l.Kind, l.Day, told, l.Composed.UnixNano(), part))
	return hex.EncodeToString(sum[:10])
}

// run delivers until ctx is done.
func (m *mailbox) run(ctx context.Context) {
	for ctx.Err() == nil {
		if !m.engine.Timekeeper.settled() {
			select {
			case <-m.poke:
			case <-time.After(listenFor):
			case <-ctx.Done():
			}
			continue
		}
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
