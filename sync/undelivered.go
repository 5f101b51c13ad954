package sync

import (
	"context"
	"errors"
	"time"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
)

// A message is given up when its channel has refused it for good, or when it was
// tried often enough for long enough. The waits between tries count, not the
// clock: a week without power costs a message nothing.
const (
	giveUpAfter = 72 * time.Hour
	fewestTries = 32 // whose waits add up to more than a day
)

// hopeless reports whether to give up what failed once more, after so many tries whose
// waits add up to so long.
func hopeless(attempts int, triedFor time.Duration, err error) bool {
	var permanent interface{ Permanent() bool }
	if errors.As(err, &permanent) && permanent.Permanent() {
		return true
	}
	enough := giveUpAfter
	var patient interface{ Patience() time.Duration }
	if errors.As(err, &patient) && patient.Patience() > 0 {
		enough = patient.Patience()
	}
	return triedFor >= enough && attempts+1 >= fewestTries
}

// giveUp records that a letter is not tried any more, except for what has joined it
// late, and tells the rest of the household: once, until something gets through again.
func (m *mailbox) giveUp(ctx context.Context, tx *db.Tx, l db.Letter, told []db.Delivery, err error) error {
	if err := tx.GiveUp(ctx, l, db.Failed, err.Error()); err != nil || len(told) == 0 {
		return err
	}
	var spared []int64
	for _, d := range told {
		if !hopeless(d.Attempts+l.Attempts, d.TriedFor+l.TriedFor, err) {
			spared = append(spared, d.ID)
		}
	}
	if err := tx.Spare(ctx, l, spared); err != nil {
		return err
	}
	const kind = "system.undelivered"
	if told, err := tx.ToldAbout(ctx, kind, m.Name); err != nil || told {
		return err
	}
	now := m.engine.Now()
	event := systemEvent(kind, map[string]any{
		"account": told[0].Account, "recipient": m.Name, "channel": m.Channel, "error": err.Error(), "events": len(told) - len(spared),
	})
	return tx.Enqueue(ctx, told[0].AccountID, civil.DateTimeOf(now.In(m.Location)), []db.Event{event}, func(e db.Event) []db.Address {
		return m.engine.addresses(e, db.Student{}, m.Location, nil, m.Name)
	})
}

// abandonUnknown gives up what waits for recipients that are no longer configured:
// nobody would ever send it. A recipient that was renamed can have it on request.
func (e *Engine) abandonUnknown(ctx context.Context) error {
	var names []string
	for _, m := range e.recipients {
		names = append(names, m.Name)
	}
	return e.Store.Update(ctx, func(tx *db.Tx) error {
		left, err := tx.Abandon(ctx, names, "the recipient is no longer configured")
		for _, l := range left {
			e.Log.Warn("messages given up, nobody is configured under this name: pronote-sync notify retry "+l.Recipient+" hands them to whoever has the channel now",
				"recipient", l.Recipient, "channel", l.Channel, "messages", l.Pending)
		}
		return err
	})
}
