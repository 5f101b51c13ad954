package sync

import (
	"context"
	"time"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/sync/internal/today"
)

// remindAt is when a recipient is reminded: just before the digest, which takes the
// reminders along.
func (r Recipient) remindAt() Hour {
	if r.Digest.Set {
		return Hour{Set: true, Minute: max(0, r.Digest.Minute-1)}
	}
	return Hour{Set: true, Minute: 18*60 + 30}
}

// remindsOf names the daily reminding among the digests.
const remindsOf = "reminders"

// remind stores reminders of what waits for an answer, each of them once. A digest says
// most of it every evening.
func (m *mailbox) remind(ctx context.Context, tx *db.Tx, now time.Time) error {
	reminders, err := m.lookingAt(now).Reminders(ctx, tx, !m.Digest.Set)
	if err != nil {
		return err
	}
	for _, r := range reminders {
		if err := m.remindOf(ctx, tx, r, now); err != nil {
			return err
		}
	}
	return nil
}

func (m *mailbox) remindOf(ctx context.Context, tx *db.Tx, r today.Reminder, now time.Time) error {
	const kind = "reminder.due"
	item, reminded, err := tx.WasReminded(ctx, kind, m.Name, r.UID)
	if err != nil || reminded || item == 0 {
		return err
	}
	w, err := m.engine.find(r.Account)
	if err != nil {
		return nil // of an account that is configured no more
	}
	event := db.Event{Kind: kind, Student: r.ID, Item: item, Data: r.Data}
	at := civil.DateTimeOf(now.In(w.account.Location))
	tx.AtEnd(func(tx *db.Tx) error {
		return tx.Enqueue(ctx, w.accountID, at, []db.Event{event}, func(e db.Event) []db.Address {
			d := Route(e, db.Student{}, m.Recipient, nil, now)
			return []db.Address{{
				Recipient: m.Name, Channel: m.Channel, Way: d.Way, Reason: d.Reason, Due: d.Due, DueAt: civil.DateTimeOf(d.Due.In(w.account.Location)),
			}}
		})
	})
	return nil
}
