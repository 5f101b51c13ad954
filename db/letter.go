package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// The kinds of letters.
const (
	News    = "news"
	Evening = "evening" // the digests
	Morning = "morning"
	Week    = "week"
)

// A Letter is what was composed for a recipient, and leaves as it is; of a long
// message one part.
type Letter struct {
	ID                 int64
	First              int64 // the letter whose further part it is; 0 for none
	Recipient, Channel string
	Kind               string
	Day                pronote.Date // on which a digest was due
	Identity           string       // the same at each attempt, and that of no other letter
	Composed           time.Time
	ComposedAt         pronote.DateTime // the same on the recipient's clock
	Title, Text        string           // with the covers of what is hidden until it is tapped
	Manner             json.RawMessage  // how it is shown
	Night              bool             // it leaves in quiet hours, too
	Amends             int64            // the letter that it corrects; 0 for none
	Due                time.Time
	Begun              bool // it may have arrived, by an attempt that was begun and not refused
	Attempts           int
	TriedFor           time.Duration
	Receipt            string // the channel's own name of what it took
	Alone              bool   // it tells one event only
}

// Top is the number of its first part.
func (l Letter) Top() int64 {
	if l.First != 0 {
		return l.First
	}
	return l.ID
}

// Post stores the parts of a message in their order. It tells the deliveries named,
// and those merged along with them. It returns the parts with their numbers.
func (tx *Tx) Post(ctx context.Context, parts []Letter, told, merged []int64) ([]Letter, error) {
	for i := range parts {
		l := &parts[i]
		if i > 0 {
			l.First = parts[0].ID
		}
		result, err := tx.exec(ctx, `
			INSERT INTO _letter (first_id, recipient, channel, kind, day, identity, composed, composed_at, title, text, manner, night, amends_id, attempts, tried_for, due)
			VALUES (nullif(?, 0), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, nullif(?, 0), ?, ?, ?)`,
			l.First, l.Recipient, l.Channel, l.Kind, day(l.Day), l.Identity, l.Composed.Unix(), l.ComposedAt.String(), l.Title, l.Text, string(l.Manner), l.Night,
			l.Amends, l.Attempts, int64(l.TriedFor/time.Second), l.Due.Unix())
		if err != nil {
			return nil, fmt.Errorf("letter to %s: %w", l.Recipient, err)
		}
		if l.ID, err = result.LastInsertId(); err != nil {
			return nil, err
		}
	}
	if err := tx.each(ctx, told, `UPDATE _delivery SET letter_id = ? WHERE id = ?`, parts[0].ID); err != nil {
		return nil, err
	}
	return parts, tx.each(ctx, merged, `UPDATE _delivery SET letter_id = ?, state = 'merged' WHERE id = ?`, parts[0].ID)
}

// NextLetter is the first letter that is due to a recipient, and whether there is one.
func (tx *Tx) NextLetter(ctx context.Context, recipient string, now time.Time) (l Letter, found bool, err error) {
	var composed, due, triedFor int64
	var manner string
	err = tx.queryRow(ctx, `
		SELECT id, coalesce(first_id, 0), recipient, channel, kind, day, identity, composed, composed_at, title, text, manner, night, coalesce(amends_id, 0), begun, attempts, tried_for, due,
			coalesce((SELECT amended.receipt FROM _letter AS amended WHERE amended.id = letter.amends_id), '')
		FROM _letter AS letter WHERE recipient = ? AND state = 'pending' AND due <= ? ORDER BY id LIMIT 1`, []any{recipient, now.Unix()},
		&l.ID, &l.First, &l.Recipient, &l.Channel, &l.Kind, (*day)(&l.Day), &l.Identity, &composed, (*instant)(&l.ComposedAt), &l.Title, &l.Text, &manner, &l.Night,
		&l.Amends, &l.Begun, &l.Attempts, &triedFor, &due, &l.Receipt)
	if errors.Is(err, sql.ErrNoRows) {
		return Letter{}, false, nil
	}
	if err != nil {
		return Letter{}, false, fmt.Errorf("next letter to %s: %w", recipient, err)
	}
	l.Manner, l.Composed, l.Due, l.TriedFor = json.RawMessage(manner), time.Unix(composed, 0), time.Unix(due, 0), time.Duration(triedFor)*time.Second
	return l, true, nil
}

// Begin marks a letter as one that may have arrived from now on.
func (tx *Tx) Begin(ctx context.Context, l Letter) error {
	_, err := tx.exec(ctx, `UPDATE _letter SET begun = 1 WHERE id = ?`, l.ID)
	if err != nil {
		return fmt.Errorf("begin letter %d: %w", l.ID, err)
	}
	return nil
}

// Reword changes what a letter says, and when it was composed, unless it has further parts.
// It reports whether it did.
func (tx *Tx) Reword(ctx context.Context, l Letter) (reworded bool, err error) {
	result, err := tx.exec(ctx, `
		UPDATE _letter SET title = ?, text = ?, composed = ?, composed_at = ?
		WHERE id = ?5 AND NOT EXISTS (SELECT 1 FROM _letter WHERE first_id = ?5)`,
		l.Title, l.Text, l.Composed.Unix(), l.ComposedAt.String(), l.ID)
	if err != nil {
		return false, fmt.Errorf("reword letter %d: %w", l.ID, err)
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

// Sent marks a letter as acknowledged by its channel, and what it tells once its last
// part is.
func (tx *Tx) Sent(ctx context.Context, l Letter, at pronote.DateTime, receipt string) error {
	_, err := tx.exec(ctx, `UPDATE _letter SET state = 'sent', attempts = attempts + 1, last_error = NULL, sent_at = ?, receipt = ? WHERE id = ?`, at.String(), text(receipt), l.ID)
	if err != nil {
		return fmt.Errorf("letter %d: %w", l.ID, err)
	}
	_, err = tx.exec(ctx, `
		UPDATE _delivery SET state = 'sent' WHERE letter_id = ?1 AND state = 'pending'
			AND NOT EXISTS (SELECT 1 FROM _letter WHERE first_id = ?1 AND state = 'pending')`, l.Top())
	return err
}

// GiveUp ends a letter and what it tells as Failed or Expired; further parts go with
// it. A part that has left does not come back.
func (tx *Tx) GiveUp(ctx context.Context, l Letter, state, why string) error {
	_, err := tx.exec(ctx, `
		UPDATE _letter SET state = ?, attempts = attempts + iif(id = ?, 1, 0), last_error = ? WHERE (id = ? OR first_id = ?) AND state = 'pending'`,
		state, l.ID, text(why), l.Top(), l.Top())
	if err != nil {
		return fmt.Errorf("letter %d: %w", l.ID, err)
	}
	_, err = tx.exec(ctx, `UPDATE _delivery SET state = ? WHERE letter_id = ? AND state IN ('pending', 'merged')`, state, l.Top())
	return err
}

// Spare makes deliveries of a letter that was given up wait again: they were not tried
// for long.
func (tx *Tx) Spare(ctx context.Context, l Letter, ids []int64) error {
	return tx.each(ctx, ids, `UPDATE _delivery SET state = 'pending', letter_id = NULL, attempts = attempts + ?, tried_for = tried_for + ? WHERE id = ?`,
		l.Attempts, int64(l.TriedFor/time.Second))
}

// TakeApart undoes the composing of a letter of which no part may have arrived: what it tells
// waits again, and remembers how long it has been tried.
func (tx *Tx) TakeApart(ctx context.Context, l Letter) error {
	_, err := tx.exec(ctx, `
		UPDATE _delivery SET state = 'pending', letter_id = NULL, attempts = attempts + ?1, tried_for = tried_for + ?2,
			last_error = (SELECT last_error FROM _letter WHERE id = ?3)
		WHERE letter_id = ?3`, l.Attempts, int64(l.TriedFor/time.Second), l.Top())
	if err != nil {
		return fmt.Errorf("take letter %d apart: %w", l.ID, err)
	}
	_, err = tx.exec(ctx, `DELETE FROM _letter WHERE id = ?`, l.Top()) // and its parts
	return err
}

// Postpone records a failed attempt at a letter, and whether the letter may have arrived. All that is pending for the
// recipient waits as long, so that messages keep their order, and is counted as
// tried for that time.
func (tx *Tx) Postpone(ctx context.Context, l Letter, why string, wait time.Duration, due time.Time, dueAt pronote.DateTime) error {
	if _, err := tx.exec(ctx, `UPDATE _letter SET attempts = attempts + 1, last_error = ?, begun = ? WHERE id = ?`, why, l.Begun, l.ID); err != nil {
		return fmt.Errorf("letter %d: %w", l.ID, err)
	}
	_, err := tx.exec(ctx, `UPDATE _letter SET tried_for = tried_for + ? WHERE recipient = ? AND state = 'pending'`, int64(wait/time.Second), l.Recipient)
	if err != nil {
		return err
	}
	return tx.hold(ctx, l.Recipient, due, dueAt, true)
}

// LastDigest is the day of the last digest of a kind that was composed for a
// recipient, the zero Date when there was none.
func (tx *Tx) LastDigest(ctx context.Context, recipient, kind string) (last pronote.Date, err error) {
	err = tx.queryRow(ctx, `SELECT max(day) FROM _letter WHERE recipient = ? AND kind = ? AND day IS NOT NULL`, []any{recipient, kind}, (*day)(&last))
	return last, err
}

// HasDigest reports whether the digest of a kind and a day was composed for a recipient.
func (tx *Tx) HasDigest(ctx context.Context, recipient, kind string, on pronote.Date) (has bool, err error) {
	err = tx.queryRow(ctx, `SELECT EXISTS (SELECT 1 FROM _letter WHERE recipient = ? AND kind = ? AND day = ?)`, []any{recipient, kind, day(on)}, &has)
	return has, err
}

// Skip remembers that a digest had nothing to say.
func (tx *Tx) Skip(ctx context.Context, l Letter) error {
	_, err := tx.exec(ctx, `
		INSERT INTO _letter (recipient, channel, kind, day, identity, composed, composed_at, title, text, manner, night, due, state)
		VALUES (?, ?, ?, ?, '', ?, ?, '', '', '{}', 0, ?, 'empty')`,
		l.Recipient, l.Channel, l.Kind, day(l.Day), l.Composed.Unix(), l.ComposedAt.String(), l.Due.Unix())
	return err
}

// Basis is the same as long as the mirror and what waits for a recipient are.
func (tx *Tx) Basis(ctx context.Context, recipient string) (basis string, err error) {
	err = tx.queryRow(ctx, `
		SELECT concat_ws(' ', (SELECT max(id) FROM _event), (SELECT max(id) FROM _change), count(*), total(id), total(due))
		FROM _delivery INDEXED BY _delivery_due WHERE recipient = ? AND state = 'pending' AND letter_id IS NULL`, []any{recipient}, &basis)
	return basis, err
}

// IsFailing reports whether a letter to a recipient has failed and is to be tried
// again: what comes after it waits for it.
func (tx *Tx) IsFailing(ctx context.Context, recipient string) (failing bool, err error) {
	err = tx.queryRow(ctx, `SELECT coalesce(max(attempts), 0) > 0 FROM _letter WHERE recipient = ? AND state = 'pending'`, []any{recipient}, &failing)
	return failing, err
}
