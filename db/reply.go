package db

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// See records that a recipient has seen some items, so that nobody is reminded of
// them. Who was the first to see one stays.
func (tx *Tx) See(ctx context.Context, recipient string, items []int64, at pronote.DateTime) error {
	for _, item := range items {
		_, err := tx.exec(ctx, `INSERT INTO _seen (item_id, recipient, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`, item, recipient, at.String())
		if err != nil {
			return fmt.Errorf("item %d is seen: %w", item, err)
		}
	}
	return nil
}

// Seen reports whether somebody has seen an item.
func (tx *Tx) Seen(ctx context.Context, item int64) (seen bool, err error) {
	err = tx.queryRow(ctx, `SELECT EXISTS (SELECT 1 FROM _seen WHERE item_id = ?)`, []any{item}, &seen)
	return seen, err
}

// A Mute is what a recipient does not want to be told at once.
type Mute struct {
	Recipient string
	Family    string // of events: "homework" for "homework.new" and its like
	Student   int64  // whom they concern; 0 for anybody
	Until     time.Time
}

// Mute adds a mute, or gives one that is there another end.
func (tx *Tx) Mute(ctx context.Context, m Mute) error {
	_, err := tx.exec(ctx, `
		INSERT INTO _mute (recipient, family, student_id, until) VALUES (?, ?, nullif(?, 0), ?)
		ON CONFLICT (recipient, family, coalesce(student_id, 0)) DO UPDATE SET until = excluded.until`,
		m.Recipient, m.Family, m.Student, m.Until.Unix())
	if err != nil {
		return fmt.Errorf("mute %s for %s: %w", m.Family, m.Recipient, err)
	}
	return nil
}

// Mutes lists what is muted at an instant.
func (tx *Tx) Mutes(ctx context.Context, now time.Time) (list []Mute, err error) {
	rows, err := tx.query(ctx, `SELECT recipient, family, coalesce(student_id, 0), until FROM _mute WHERE until > ? ORDER BY recipient, family, student_id`, now.Unix())
	if err != nil {
		return nil, fmt.Errorf("what is muted: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var m Mute
		var until int64
		if err := rows.Scan(&m.Recipient, &m.Family, &m.Student, &until); err != nil {
			return nil, err
		}
		m.Until = time.Unix(until, 0)
		list = append(list, m)
	}
	return list, rows.Err()
}

// ToldBy reads what a letter to a recipient told, by its first part, nothing of a
// letter to somebody else.
func (tx *Tx) ToldBy(ctx context.Context, letter int64, recipient string) ([]Delivery, error) {
	list, err := tx.deliveries(ctx, `SELECT`+deliveryColumns+` WHERE delivery.letter_id = ? AND delivery.recipient = ? ORDER BY delivery.id`, letter, recipient)
	if err != nil {
		return nil, fmt.Errorf("what letter %d told: %w", letter, err)
	}
	return list, nil
}

// Waits reports whether an event of the same kind about the same row waits for a
// recipient.
func (tx *Tx) Waits(ctx context.Context, recipient string, e Event) (waits bool, err error) {
	err = tx.queryRow(ctx, `
		SELECT EXISTS (SELECT 1 FROM _delivery AS delivery JOIN _event AS event ON event.id = delivery.event_id
			WHERE delivery.recipient = ? AND delivery.state = 'pending' AND event.kind = ? AND coalesce(event.item_id, 0) = ?)`,
		[]any{recipient, e.Kind, e.Item}, &waits)
	return waits, err
}
