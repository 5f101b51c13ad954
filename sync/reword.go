package sync

import (
	"context"
	"slices"
	"time"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
)

// reword says what a letter tells as it is said on another day, when "tomorrow" is another
// one. The letter may have arrived, so it stays the same under its identity; and it stays
// as it is where it has several parts, or cannot be worded.
func (m *mailbox) reword(ctx context.Context, l db.Letter, told, merged []db.Delivery, now time.Time) (db.Letter, error) {
	group := m.joined(slices.DeleteFunc(asTold(told, merged), func(f folded) bool { return f.undone }), now)
	if len(group) == 0 {
		return l, nil
	}
	reworded := l
	err := m.draft(ctx, func(tx *db.Tx) error {
		reworded = l
		message, is, err := m.heading(ctx, tx, group, now)
		if !is {
			message, err = m.words(group, now)
		}
		parts := m.split(message)
		if err != nil || len(parts) != 1 {
			m.engine.Log.Warn("message not worded for the day", "recipient", m.Name, "error", err)
			return nil
		}
		tx.AtEnd(func(tx *db.Tx) error {
			again := l
			again.Title, again.Text = parts[0].Title, parts[0].Body
			again.Composed, again.ComposedAt = now, civil.DateTimeOf(now.In(m.Location))
			done, err := tx.Reword(ctx, again)
			if done {
				reworded = again
			}
			return err
		})
		return nil
	})
	return reworded, err
}
