package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// A Fate is what became of an event for a recipient.
type Fate struct {
	Delivery
	State  string
	SentAt pronote.DateTime // of the letter that told it; zero for none
}

// Fates reads what became of the last events for a recipient, newest first, except
// those that were silent for some reasons.
func (tx *Tx) Fates(ctx context.Context, recipient string, but []string, limit int) (list []Fate, err error) {
	reasons, err := json.Marshal(append([]string{}, but...))
	if err != nil {
		return nil, err
	}
	rows, err := tx.query(ctx, `
		SELECT delivery.id, delivery.state, letter.sent_at
		FROM _delivery AS delivery LEFT JOIN _letter AS letter ON letter.id = delivery.letter_id
		WHERE delivery.recipient = ? AND NOT (delivery.state = 'silent' AND delivery.reason IN (SELECT value FROM json_each(?)))
		ORDER BY delivery.id DESC LIMIT ?`, recipient, string(reasons), limit)
	if err != nil {
		return nil, fmt.Errorf("what became of the events for %s: %w", recipient, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var f Fate
		if err := rows.Scan(&f.ID, &f.State, (*instant)(&f.SentAt)); err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	for i, f := range list {
		found, err := tx.deliveries(ctx, `SELECT`+deliveryColumns+` WHERE delivery.id = ?`, f.ID)
		if err != nil {
			return nil, err
		}
		list[i].Delivery = found[0] // the same transaction has just seen it
	}
	return list, nil
}
