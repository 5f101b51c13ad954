package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// Change is one difference between two polls, as the mirror keeps it.
type Change struct {
	Item          int64
	Kind          string // "added", "changed" or "removed"
	What          []string
	Before, After json.RawMessage // nil when there is none

	Subject, Title string // of the row; "" where it has none
	Summary        string // one sentence for people
}

// RecordChange keeps a change for ever.
func (tx *Tx) RecordChange(ctx context.Context, c Change, at pronote.DateTime) error {
	what, err := json.Marshal(append([]string{}, c.What...)) // a list, even when there is none
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, `INSERT INTO _change (at, item_id, kind, what, before, after, subject, title, summary) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		at.String(), c.Item, c.Kind, string(what), text(c.Before), text(c.After), c.Subject, c.Title, c.Summary)
	if err != nil {
		return fmt.Errorf("record a change: %w", err)
	}
	return nil
}

// WasNews reports whether an item appeared after the first look at its domain, so
// that people were told of it.
func (tx *Tx) WasNews(ctx context.Context, item int64) (was bool, err error) {
	err = tx.queryRow(ctx, `SELECT EXISTS (SELECT 1 FROM _change WHERE item_id = ? AND kind = 'added')`, []any{item}, &was)
	return was, err
}

// Event is something that people may want to be told.
type Event struct {
	Kind    string // "mark.new" …
	Student int64  // 0 when it concerns the account as a whole
	Item    int64  // 0 when it concerns no row
	Data    json.RawMessage

	Cause string           // what events that share a message have in common, such as a day that changed; "" for none
	Day   pronote.Date     // that it concerns: of a lesson, or on which work is due; zero for none
	Over  pronote.DateTime // from then on it is not worth a message; zero for never
	Minor string           // why it is hardly worth one, such as "typo"; "" where it is
}

// Address says to whom an event goes, and not before when.
type Address struct {
	Recipient, Channel string
	Due                time.Time
	DueAt              pronote.DateTime // the same, on the clocks of the school
}

// Enqueue puts the events of one poll into the outbox, each with a delivery for
// every address that route gives it. It belongs in the transaction that stored
// what the events tell.
func (tx *Tx) Enqueue(ctx context.Context, account int64, at pronote.DateTime, events []Event, route func(Event) []Address) error {
	var batch int64
	for _, e := range events {
		result, err := tx.exec(ctx, `INSERT INTO _event (batch, at, account_id, student_id, item_id, kind, data, cause, day, over_at, minor)
			VALUES (?, ?, ?, nullif(?, 0), nullif(?, 0), ?, ?, ?, ?, ?, ?)`,
			batch, at.String(), account, e.Student, e.Item, e.Kind, string(e.Data), text(e.Cause), day(e.Day), instant(e.Over), text(e.Minor))
		if err != nil {
			return fmt.Errorf("enqueue %s: %w", e.Kind, err)
		}
		id, err := result.LastInsertId()
		if err != nil {
			return err
		}
		if batch == 0 { // the first event names the batch
			batch = id
			if _, err := tx.exec(ctx, `UPDATE _event SET batch = id WHERE id = ?`, id); err != nil {
				return err
			}
		}
		for _, a := range route(e) {
			_, err := tx.exec(ctx, `INSERT INTO _delivery (event_id, recipient, channel, due, due_at) VALUES (?, ?, ?, ?, ?)`,
				id, a.Recipient, a.Channel, a.Due.Unix(), a.DueAt.String())
			if err != nil {
				return fmt.Errorf("enqueue %s for %s: %w", e.Kind, a.Recipient, err)
			}
		}
	}
	return nil
}

// Pending is a delivery that is due, with its event.
type Pending struct {
	ID        int64
	Attempts  int
	TriedFor  time.Duration // waits between tries since it is pending, at it or at what goes before it
	Event     Event
	At        pronote.DateTime
	AccountID int64
	Account   string
	Student   string // as the views name it; "" when the event concerns the account
	UID       string // of the row; "" when the event concerns none
	Children  int    // pupils of the account
}

// batchReach is among how many deliveries, those to others included, the rest of a
// batch is looked for: many more than fit into a message.
const batchReach = 1000

// NextBatch reads the pending deliveries that are due to a recipient from the
// oldest batch, in order. A batch of very many comes in parts.
func (tx *Tx) NextBatch(ctx context.Context, recipient string, now time.Time) (batch []Pending, err error) {
	rows, err := tx.query(ctx, `
		WITH first (id, batch) AS (
			SELECT delivery.id, event.batch FROM _delivery AS delivery JOIN _event AS event ON event.id = delivery.event_id
			WHERE delivery.id = (SELECT min(id) FROM _delivery WHERE recipient = ?1 AND state = 'pending' AND due <= ?2))
		SELECT
			delivery.id, delivery.attempts, delivery.tried_for,
			event.kind, coalesce(event.student_id, 0), coalesce(event.item_id, 0), event.data, event.at,
			account.id, account.name, (SELECT student FROM _owner AS owner WHERE owner.id = event.student_id),
			(SELECT uid FROM _item AS item WHERE item.id = event.item_id),
			(SELECT count(*) FROM _student AS student WHERE student.account_id = account.id AND holder = 0)
		FROM first
			JOIN _delivery AS delivery ON delivery.id BETWEEN first.id AND first.id + ?3 -- and not all that is pending, which may be much
			JOIN _event AS event ON event.id = delivery.event_id
			JOIN _account AS account ON account.id = event.account_id
		WHERE +delivery.recipient = ?1 AND +delivery.state = 'pending' AND +delivery.due <= ?2 AND event.batch = first.batch
		ORDER BY delivery.id`, recipient, now.Unix(), batchReach)
	if err != nil {
		return nil, fmt.Errorf("next deliveries of %s: %w", recipient, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var p Pending
		var triedFor int64
		var data string
		err := rows.Scan(&p.ID, &p.Attempts, &triedFor, &p.Event.Kind, &p.Event.Student, &p.Event.Item, &data,
			(*instant)(&p.At), &p.AccountID, &p.Account, (*text)(&p.Student), (*text)(&p.UID), &p.Children)
		if err != nil {
			return nil, err
		}
		p.Event.Data = json.RawMessage(data)
		p.TriedFor = time.Duration(triedFor) * time.Second
		batch = append(batch, p)
	}
	return batch, rows.Err()
}

// NextDue is when the next pending delivery of a recipient is due, the zero time
// when none is pending.
func (tx *Tx) NextDue(ctx context.Context, recipient string) (time.Time, error) {
	var seconds int64
	err := tx.queryRow(ctx, `SELECT coalesce(min(due), 0) FROM _delivery WHERE recipient = ? AND state = 'pending'`, []any{recipient}, &seconds)
	if err != nil || seconds == 0 {
		return time.Time{}, err
	}
	return time.Unix(seconds, 0), nil
}

// Taken is what a channel acknowledged: one message for one or more deliveries.
type Taken struct {
	At          pronote.DateTime
	Receipt     string // the channel's own name of it; "" where it gives none
	Title, Text string // as sent
}

// Sent marks deliveries as acknowledged by their channel.
func (tx *Tx) Sent(ctx context.Context, ids []int64, t Taken) error {
	return tx.each(ctx, ids, `
		UPDATE _delivery SET state = 'sent', attempts = attempts + 1, last_error = NULL, sent_at = ?, receipt = ?, title = ?, text = ?
		WHERE id = ?`, t.At.String(), text(t.Receipt), t.Title, t.Text)
}

// Failed gives deliveries up.
func (tx *Tx) Failed(ctx context.Context, ids []int64, reason string) error {
	return tx.each(ctx, ids, `UPDATE _delivery SET state = 'failed', attempts = attempts + 1, last_error = ? WHERE id = ?`, reason)
}

// Postpone records a failed attempt at some deliveries of a recipient. All that
// is pending for the recipient waits as long, so that messages keep their order,
// and is counted as tried for that time.
func (tx *Tx) Postpone(ctx context.Context, recipient string, ids []int64, reason string, wait time.Duration, due time.Time, dueAt pronote.DateTime) error {
	if err := tx.each(ctx, ids, `UPDATE _delivery SET attempts = attempts + 1, last_error = ? WHERE id = ?`, reason); err != nil {
		return err
	}
	_, err := tx.exec(ctx, `UPDATE _delivery SET tried_for = tried_for + ? WHERE recipient = ? AND state = 'pending'`, int64(wait/time.Second), recipient)
	if err != nil {
		return err
	}
	return tx.Hold(ctx, recipient, due, dueAt)
}

// Hold lets nothing out to a recipient before an instant.
func (tx *Tx) Hold(ctx context.Context, recipient string, due time.Time, dueAt pronote.DateTime) error {
	_, err := tx.exec(ctx, `UPDATE _delivery SET due = ?1, due_at = ?2 WHERE recipient = ?3 AND state = 'pending' AND due < ?1`,
		due.Unix(), dueAt.String(), recipient)
	return err
}

// Hasten makes what is pending for a recipient, and due after an instant, due at
// an earlier one.
func (tx *Tx) Hasten(ctx context.Context, recipient string, after, due time.Time, dueAt pronote.DateTime) error {
	_, err := tx.exec(ctx, `UPDATE _delivery SET due = ?1, due_at = ?2 WHERE recipient = ?3 AND state = 'pending' AND due > ?4`,
		due.Unix(), dueAt.String(), recipient, after.Unix())
	return err
}

// Retry makes the failed deliveries of a recipient pending again, those of all
// recipients when it is "". It returns how many.
func (tx *Tx) Retry(ctx context.Context, recipient string, now time.Time, at pronote.DateTime) (int64, error) {
	result, err := tx.exec(ctx, `
		UPDATE _delivery SET state = 'pending', attempts = 0, tried_for = 0, due = ?, due_at = ?
		WHERE state = 'failed' AND (recipient = ? OR ? = '')`, now.Unix(), at.String(), recipient, recipient)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// Forward makes the deliveries that one recipient did not get pending for another,
// on the other's channel, except those that were addressed to the other anyway. It
// returns their number.
func (tx *Tx) Forward(ctx context.Context, from string, to Address) (int64, error) {
	result, err := tx.exec(ctx, `
		UPDATE OR IGNORE _delivery SET state = 'pending', recipient = ?, channel = ?, attempts = 0, tried_for = 0, due = ?, due_at = ?
		WHERE state IN ('failed', 'pending') AND recipient = ?`, to.Recipient, to.Channel, to.Due.Unix(), to.DueAt.String(), from)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (tx *Tx) each(ctx context.Context, ids []int64, query string, first ...any) error {
	for _, id := range ids {
		if _, err := tx.exec(ctx, query, append(slices.Clone(first), id)...); err != nil {
			return fmt.Errorf("delivery %d: %w", id, err)
		}
	}
	return nil
}

// Abandon gives up what is pending for recipients other than those named. It
// returns whose deliveries that were, and how many were pending.
func (tx *Tx) Abandon(ctx context.Context, recipients []string, reason string) (left []DeliveryCount, err error) {
	all, err := tx.DeliveryCounts(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		if c.Pending == 0 || slices.Contains(recipients, c.Recipient) {
			continue
		}
		if _, err := tx.exec(ctx, `UPDATE _delivery SET state = 'failed', last_error = ? WHERE state = 'pending' AND recipient = ?`, reason, c.Recipient); err != nil {
			return nil, err
		}
		left = append(left, c)
	}
	return left, nil
}

// ToldAbout reports whether an event of a kind about a recipient was stored since
// the last message that this recipient got.
func (tx *Tx) ToldAbout(ctx context.Context, kind, recipient string) (told bool, err error) {
	err = tx.queryRow(ctx, `
		SELECT EXISTS (SELECT 1 FROM _event WHERE kind = ?1 AND json_extract(data, '$.now.recipient') = ?2
			AND at >= coalesce((SELECT max(sent_at) FROM _delivery WHERE recipient = ?2 AND state = 'sent'), ''))`,
		[]any{kind, recipient}, &told)
	return told, err
}

// EventsAfter lists the events that follow the one of a number, and the number
// of the last.
func (tx *Tx) EventsAfter(ctx context.Context, after int64) (events []Event, last int64, err error) {
	last = after
	rows, err := tx.query(ctx, `
		SELECT id, kind, coalesce(student_id, 0), coalesce(item_id, 0), data, cause, day, over_at, minor FROM _event WHERE id > ? ORDER BY id`, after)
	if err != nil {
		return nil, last, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var e Event
		var data string
		err := rows.Scan(&last, &e.Kind, &e.Student, &e.Item, &data, (*text)(&e.Cause), (*day)(&e.Day), (*instant)(&e.Over), (*text)(&e.Minor))
		if err != nil {
			return nil, last, err
		}
		e.Data = json.RawMessage(data)
		events = append(events, e)
	}
	return events, last, rows.Err()
}
