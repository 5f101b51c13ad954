package sync

import (
	"context"
	"slices"
	"time"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
)

// digestKinds are the digests there are.
var digestKinds = []string{db.Evening, db.Week, db.Morning}

// lateBy is how long after its hour a digest still makes sense.
var lateBy = map[string]time.Duration{db.Evening: 4 * time.Hour, db.Week: 4 * time.Hour, db.Morning: 2 * time.Hour}

// dueDigest is a digest that is due and was not composed, "" for none.
func (m *mailbox) dueDigest(now time.Time) string {
	now = now.In(m.Location)
	for _, kind := range digestKinds {
		at := m.digestAt(kind, now)
		if !at.IsZero() && !now.Before(at) && now.Before(at.Add(lateBy[kind])) && m.digested[kind] != civil.DateTimeOf(now).Date {
			return kind
		}
	}
	return ""
}

// nextDigest is when a digest of any kind is due next, the zero time for never.
func (m *mailbox) nextDigest(now time.Time) (next time.Time) {
	for _, kind := range digestKinds {
		for days := range 8 {
			if at := m.digestAt(kind, now.In(m.Location).AddDate(0, 0, days)); at.After(now) {
				next = sooner(next, at)
				break
			}
		}
	}
	return next
}

// composeDigests makes letters of the digests that are due, and reports whether any
// was.
func (m *mailbox) composeDigests(ctx context.Context) (bool, error) {
	if !m.Digest.Set && !m.Morning.Set && !m.Weekly.Set {
		return false, nil
	}
	if m.digested == nil {
		if err := m.rememberDigests(ctx); err != nil {
			return false, err
		}
	}
	now := m.engine.Now()
	kind := m.dueDigest(now)
	if kind == "" {
		return false, nil
	}
	if err := m.engine.Store.Update(ctx, func(tx *db.Tx) error { return m.composeDigest(ctx, tx, kind, now) }); err != nil {
		return false, err
	}
	m.digested[kind] = civil.DateTimeOf(now.In(m.Location)).Date
	return true, nil
}

// rememberDigests reads which digests were composed last.
func (m *mailbox) rememberDigests(ctx context.Context) error {
	last := map[string]civil.Date{}
	err := m.engine.Store.View(ctx, func(tx *db.Tx) error {
		for _, kind := range digestKinds {
			day, err := tx.LastDigest(ctx, m.Name, kind)
			if err != nil {
				return err
			}
			last[kind] = day
		}
		return nil
	})
	if err == nil {
		m.digested = last
	}
	return err
}

// composeDigest makes a letter of what waits for a digest.
func (m *mailbox) composeDigest(ctx context.Context, tx *db.Tx, kind string, now time.Time) error {
	l := db.Letter{Recipient: m.Name, Channel: m.Channel, Kind: kind, Day: civil.DateTimeOf(now.In(m.Location)).Date, Composed: now, ComposedAt: civil.DateTimeOf(now.In(m.Location)), Due: now}
	waiting, err := tx.Waiting(ctx, m.Name, now)
	if err != nil {
		return err
	}
	waiting = slices.DeleteFunc(waiting, func(d db.Delivery) bool { return d.Way != db.Digest })
	tellings, err := m.tellings(ctx, tx, waiting, now)
	if err != nil {
		return err
	}
	if len(tellings) == 0 || kind == db.Morning {
		return tx.Skip(ctx, l)
	}
	message, err := m.words(tellings, now)
	if err != nil {
		return err
	}
	return m.postMessage(ctx, tx, l, message, tellings, now)
}
