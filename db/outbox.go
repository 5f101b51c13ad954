package db

import (
	"context"
	"database/sql"
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

// The ways in which an event may reach a recipient.
const (
	Now    = "now"    // in a letter of its own, or with others that are due
	Digest = "digest" // in the next digest
	None   = "none"
)

// The states of a delivery. It is pending first, and ends in one of the others.
const (
	Pending = "pending"
	Sent    = "sent"
	Merged  = "merged"  // the letter about another event tells it too
	Silent  = "silent"  // it is not told
	Expired = "expired" // it was over before it could be told
	Failed  = "failed"
)

// Address is what becomes of an event for one recipient.
type Address struct {
	Recipient, Channel string
	Way                string           // None is silent
	Reason             string           // one word
	Due                time.Time        // not told before
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
			state := Pending
			if a.Way == None {
				state = Silent
			}
			_, err := tx.exec(ctx, `INSERT INTO _delivery (event_id, recipient, channel, state, way, reason, due, due_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
				id, a.Recipient, a.Channel, state, a.Way, a.Reason, a.Due.Unix(), a.DueAt.String())
			if err != nil {
				return fmt.Errorf("enqueue %s for %s: %w", e.Kind, a.Recipient, err)
			}
		}
	}
	return nil
}

// A Delivery is an event that waits for a recipient, or was told.
type Delivery struct {
	ID        int64
	Event     Event
	At        pronote.DateTime
	Way       string
	Reason    string
	Due       time.Time
	AccountID int64
	Account   string
	Student   string        // as the views name it; "" when the event concerns the account
	UID       string        // of the row; "" when the event concerns none
	Children  int           // pupils of the account
	Attempts  int           // at letters that told it and were taken apart
	TriedFor  time.Duration // in all
}

const deliveryColumns = `
	delivery.id, delivery.way, delivery.reason, delivery.due, delivery.attempts, delivery.tried_for,
	event.kind, coalesce(event.student_id, 0), coalesce(event.item_id, 0), event.data, event.at, event.cause, event.day, event.over_at, event.minor,
	account.id, account.name, (SELECT student FROM _owner AS owner WHERE owner.id = event.student_id),
	(SELECT uid FROM _item AS item WHERE item.id = event.item_id),
	(SELECT count(*) FROM _student AS student WHERE student.account_id = account.id AND holder = 0)
FROM _delivery AS delivery
	JOIN _event AS event ON event.id = delivery.event_id
	JOIN _account AS account ON account.id = event.account_id`

// mostWaiting bounds how many events are read at once: more than anybody reads.
const mostWaiting = 300

// Waiting reads what is due to a recipient and is in no letter yet, in order. Of
// very much it reads the first part.
func (tx *Tx) Waiting(ctx context.Context, recipient string, until time.Time) ([]Delivery, error) {
	list, err := tx.deliveries(ctx, `SELECT`+deliveryColumns+`
		WHERE delivery.id IN (
			SELECT id FROM _delivery INDEXED BY _delivery_due WHERE recipient = ?1 AND state = 'pending' AND letter_id IS NULL AND due <= ?2
			ORDER BY due, id LIMIT ?3)
		ORDER BY delivery.id`, recipient, until.Unix(), mostWaiting)
	if err != nil {
		return nil, fmt.Errorf("what waits for %s: %w", recipient, err)
	}
	return list, nil
}

// Told reads what a letter tells, by its first part.
func (tx *Tx) Told(ctx context.Context, letter int64) ([]Delivery, error) {
	list, err := tx.deliveries(ctx, `SELECT`+deliveryColumns+` WHERE delivery.letter_id = ? AND delivery.state IN ('pending', 'sent') ORDER BY delivery.id`, letter)
	if err != nil {
		return nil, fmt.Errorf("what letter %d tells: %w", letter, err)
	}
	return list, nil
}

// Merged reads what the events of a letter take the place of, by its first part.
func (tx *Tx) Merged(ctx context.Context, letter int64) ([]Delivery, error) {
	list, err := tx.deliveries(ctx, `SELECT`+deliveryColumns+` WHERE delivery.letter_id = ? AND delivery.state = 'merged' ORDER BY delivery.id`, letter)
	if err != nil {
		return nil, fmt.Errorf("what letter %d merges: %w", letter, err)
	}
	return list, nil
}

func (tx *Tx) deliveries(ctx context.Context, query string, args ...any) (list []Delivery, err error) {
	rows, err := tx.query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var d Delivery
		var due, triedFor int64
		var data string
		err := rows.Scan(&d.ID, &d.Way, &d.Reason, &due, &d.Attempts, &triedFor,
			&d.Event.Kind, &d.Event.Student, &d.Event.Item, &data, (*instant)(&d.At), (*text)(&d.Event.Cause), (*day)(&d.Event.Day), (*instant)(&d.Event.Over), (*text)(&d.Event.Minor),
			&d.AccountID, &d.Account, (*text)(&d.Student), (*text)(&d.UID), &d.Children)
		if err != nil {
			return nil, err
		}
		d.Event.Data = json.RawMessage(data)
		d.Due, d.TriedFor = time.Unix(due, 0), time.Duration(triedFor)*time.Second
		list = append(list, d)
	}
	return list, rows.Err()
}

// LastTold is the last event about an item that a recipient was told, and the letter
// that told it; the zero values when there is none.
func (tx *Tx) LastTold(ctx context.Context, recipient string, item int64) (e Event, letter Letter, err error) {
	var data string
	err = tx.queryRow(ctx, `
		SELECT event.kind, event.data, letter.id, coalesce(letter.receipt, ''),
			(SELECT count(*) FROM _delivery AS other WHERE other.letter_id = letter.id AND other.state = 'sent') = 1
				AND NOT EXISTS (SELECT 1 FROM _letter AS part WHERE part.first_id = letter.id)
		FROM _event AS event JOIN _delivery AS delivery ON delivery.event_id = event.id JOIN _letter AS letter ON letter.id = delivery.letter_id
		WHERE event.item_id = ?1 AND delivery.recipient = ?2 AND delivery.state IN ('sent', 'merged') AND letter.state = 'sent'
		ORDER BY event.id DESC LIMIT 1`, []any{item, recipient}, &e.Kind, &data, &letter.ID, &letter.Receipt, &letter.Alone)
	if errors.Is(err, sql.ErrNoRows) {
		return Event{}, Letter{}, nil
	}
	e.Item, e.Data = item, json.RawMessage(data)
	return e, letter, err
}

// NextDue is when something is next due to a recipient, a letter or what is in none
// yet; the zero time when nothing is pending. While a letter fails, what is in none waits
// for it.
func (tx *Tx) NextDue(ctx context.Context, recipient string) (time.Time, error) {
	var seconds int64
	err := tx.queryRow(ctx, `
		SELECT coalesce(min(due), 0) FROM (
			SELECT min(due) AS due FROM _letter WHERE recipient = ?1 AND state = 'pending'
			UNION ALL
			SELECT min(due) FROM _delivery WHERE recipient = ?1 AND state = 'pending' AND letter_id IS NULL
				AND NOT EXISTS (SELECT 1 FROM _letter WHERE recipient = ?1 AND state = 'pending' AND attempts > 0))`, []any{recipient}, &seconds)
	if err != nil || seconds == 0 {
		return time.Time{}, err
	}
	return time.Unix(seconds, 0), nil
}

// End ends deliveries that no letter tells: they are Silent, Expired or Failed.
func (tx *Tx) End(ctx context.Context, ids []int64, state, reason string) error {
	return tx.each(ctx, ids, `UPDATE _delivery SET state = ?, reason = ? WHERE id = ?`, state, reason)
}

// Hold lets nothing out to a recipient before an instant, except what may leave at any
// hour.
func (tx *Tx) Hold(ctx context.Context, recipient string, due time.Time, dueAt pronote.DateTime) error {
	return tx.hold(ctx, recipient, due, dueAt, false)
}

func (tx *Tx) hold(ctx context.Context, recipient string, due time.Time, dueAt pronote.DateTime, all bool) error {
	_, err := tx.exec(ctx, `UPDATE _letter SET due = ?1 WHERE recipient = ?2 AND state = 'pending' AND due < ?1 AND (night = 0 OR ?3)`, due.Unix(), recipient, all)
	if err != nil {
		return err
	}
	_, err = tx.exec(ctx, `
		UPDATE _delivery SET due = ?1, due_at = ?2
		WHERE recipient = ?3 AND state = 'pending' AND letter_id IS NULL AND due < ?1 AND (reason <> 'alarm' OR ?4)`,
		due.Unix(), dueAt.String(), recipient, all)
	return err
}

// Hasten makes what is pending for a recipient in a way, and due after an instant, due
// at an earlier one, and reports whether there was any. Letters count as Now.
func (tx *Tx) Hasten(ctx context.Context, recipient, way string, after, due time.Time, dueAt pronote.DateTime) (any bool, err error) {
	for _, query := range []string{
		`UPDATE _letter SET due = ?1 WHERE recipient = ?2 AND state = 'pending' AND due > ?3 AND ?4 = 'now' AND ?5 <> ''`,
		`UPDATE _delivery SET due = ?1, due_at = ?5 WHERE recipient = ?2 AND state = 'pending' AND letter_id IS NULL AND due > ?3 AND way = ?4`,
	} {
		result, err := tx.exec(ctx, query, due.Unix(), recipient, after.Unix(), way, dueAt.String())
		if err != nil {
			return any, err
		}
		n, err := result.RowsAffected()
		if any = any || n > 0; err != nil {
			return any, err
		}
	}
	return any, nil
}

// Retry makes the failed deliveries of a recipient pending again, those of all
// recipients when it is "". It returns how many.
func (tx *Tx) Retry(ctx context.Context, recipient string, now time.Time, at pronote.DateTime) (int64, error) {
	result, err := tx.exec(ctx, `
		UPDATE _delivery SET state = 'pending', letter_id = NULL, attempts = 0, tried_for = 0, due = ?, due_at = ?
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
	if _, err := tx.exec(ctx, `UPDATE _letter SET state = 'failed' WHERE recipient = ? AND state = 'pending'`, from); err != nil {
		return 0, err
	}
	result, err := tx.exec(ctx, `
		UPDATE OR IGNORE _delivery SET state = 'pending', letter_id = NULL, recipient = ?, channel = ?, attempts = 0, tried_for = 0, due = ?, due_at = ?
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
func (tx *Tx) Abandon(ctx context.Context, recipients []string, why string) (left []DeliveryCount, err error) {
	all, err := tx.DeliveryCounts(ctx)
	if err != nil {
		return nil, err
	}
	for _, c := range all {
		if c.Pending == 0 || slices.Contains(recipients, c.Recipient) {
			continue
		}
		if _, err := tx.exec(ctx, `UPDATE _letter SET state = 'failed', last_error = ? WHERE state = 'pending' AND recipient = ?`, why, c.Recipient); err != nil {
			return nil, err
		}
		if _, err := tx.exec(ctx, `UPDATE _delivery SET state = 'failed', reason = 'unknown', last_error = ? WHERE state = 'pending' AND recipient = ?`, why, c.Recipient); err != nil {
			return nil, err
		}
		left = append(left, c)
	}
	return left, nil
}

// ToldAbout reports whether an event of a kind about a recipient was stored since
// the last letter that this recipient got.
func (tx *Tx) ToldAbout(ctx context.Context, kind, recipient string) (told bool, err error) {
	err = tx.queryRow(ctx, `
		SELECT EXISTS (SELECT 1 FROM _event WHERE kind = ?1 AND json_extract(data, '$.now.recipient') = ?2
			AND at >= coalesce((SELECT max(sent_at) FROM _letter WHERE recipient = ?2 AND state = 'sent'), ''))`,
		[]any{kind, recipient}, &told)
	return told, err
}

// WasReminded finds the item of a uid, 0 for none, and whether a recipient has had an
// event of a kind about it.
func (tx *Tx) WasReminded(ctx context.Context, kind, recipient, uid string) (item int64, was bool, err error) {
	err = tx.queryRow(ctx, `
		SELECT item.id, EXISTS (SELECT 1 FROM _event AS event JOIN _delivery AS delivery ON delivery.event_id = event.id
			WHERE event.item_id = item.id AND event.kind = ?1 AND delivery.recipient = ?2)
		FROM _item AS item WHERE item.uid = ?3`, []any{kind, recipient, uid}, &item, &was)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, false, nil
	}
	return item, was, err
}

// CountEvents counts the events about the rows of an account that were stored in the
// quarter of an hour up to an instant: what a poll has found.
func (tx *Tx) CountEvents(ctx context.Context, account int64, until pronote.DateTime) (n int, err error) {
	err = tx.queryRow(ctx, `
		SELECT count(*) FROM _event WHERE account_id = ?1 AND kind NOT GLOB 'system.*' AND at <= ?2 AND at > datetime(?2, '-15 minutes')`,
		[]any{account, until.String()}, &n)
	return n, err
}

// Untold lists the events about an item that were hardly worth a message for a reason, in
// their order, since the last that was worth one: whose reason is none of some.
func (tx *Tx) Untold(ctx context.Context, item int64, reason string, silent []string) (events []Event, err error) {
	reasons, err := json.Marshal(silent)
	if err != nil {
		return nil, err
	}
	rows, err := tx.query(ctx, `
		SELECT kind, data FROM _event WHERE item_id = ?1 AND minor = ?2 AND id > coalesce(
			(SELECT max(id) FROM _event WHERE item_id = ?1 AND (minor IS NULL OR minor NOT IN (SELECT value FROM json_each(?3)))), 0)
		ORDER BY id`, item, reason, string(reasons))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		e, data := Event{Item: item, Minor: reason}, ""
		if err := rows.Scan(&e.Kind, &data); err != nil {
			return nil, err
		}
		e.Data = json.RawMessage(data)
		events = append(events, e)
	}
	return events, rows.Err()
}

// Rejoin gives the events about a detention on a student's timetable, which came before
// its punishment was known, the cause of that: of a day, and of an hour if it is known.
// The hours of the day go along where nothing else changed them.
func (tx *Tx) Rejoin(ctx context.Context, student int64, on pronote.Date, starts pronote.DateTime, cause string) error {
	hour := ""
	if !starts.IsZero() {
		hour = starts.String()
	}
	_, err := tx.exec(ctx, `
		UPDATE _event SET cause = ?1 WHERE student_id = ?2 AND day = ?3 AND kind = 'lesson.new' AND cause GLOB 'day *'
			AND json_extract(data, '$.now.detention') = 1 AND ?4 IN ('', json_extract(data, '$.now.starts_at'))`, cause, student, day(on), hour)
	if err != nil {
		return fmt.Errorf("rejoin a detention of %s: %w", on, err)
	}
	_, err = tx.exec(ctx, `
		UPDATE _event SET cause = ?1 WHERE student_id = ?2 AND day = ?3 AND kind = 'day.changed' AND cause GLOB 'day *'
			AND EXISTS (SELECT 1 FROM _event AS detention WHERE detention.batch = _event.batch AND detention.student_id = ?2 AND detention.cause = ?1)
			AND NOT EXISTS (SELECT 1 FROM _event AS other WHERE other.batch = _event.batch AND other.student_id = ?2 AND other.cause = _event.cause AND other.id <> _event.id)`,
		cause, student, day(on))
	if err != nil {
		return fmt.Errorf("rejoin the hours of %s: %w", on, err)
	}
	return nil
}

// HasTurned reports whether there is an event since an instant about the timetable that a
// student has on a day.
func (tx *Tx) HasTurned(ctx context.Context, student int64, on pronote.Date, since pronote.DateTime) (has bool, err error) {
	err = tx.queryRow(ctx, `
		SELECT EXISTS (SELECT 1 FROM _event
			WHERE at >= ?1 AND student_id = ?2 AND day = ?3 AND (kind GLOB 'lesson.*' OR kind = 'day.changed') AND minor IS NULL)`,
		[]any{since.String(), student, day(on)}, &has)
	return has, err
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
