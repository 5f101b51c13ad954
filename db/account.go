package db

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// Phase is how an account's polls fare.
type Phase string

// The phases. A person must act to end Suspended; time ends the others.
const (
	Ready     Phase = "ready"
	Waiting   Phase = "waiting"   // after a failure, until the next try
	Suspended Phase = "suspended" // the school refuses the login
	Banned    Phase = "banned"    // the school refuses this address
)

// Account is what the mirror remembers of an account between runs. Times of the
// machine are in Unix seconds, 0 when there is none. It is comparable.
type Account struct {
	ID              int64
	Name, URL, Kind string // as configured
	Source          string // what is mirrored: "pronote"
	School, Version string // as of the last login
	Calendar        string // JSON, as of the last login
	MirroredAt      pronote.DateTime

	Phase        Phase
	PhaseUntil   int64
	Failures     int // in a row
	FailingSince int64
	Told         bool // whether people know of the failure
	LastError    string
	Reason       string // name of the last error, as package sync calls it
	ReasonSince  int64  // of the first in a row that had that name
	Refused      string // fingerprint of the credentials that the school refused

	LastSuccessAt pronote.DateTime
	RequestsOn    pronote.Date // the day that Requests counts
	Requests      int
}

// Account finds an account by name, or makes it. The address and the kind are
// brought up to date.
func (tx *Tx) Account(ctx context.Context, name, source, url, kind string) (Account, error) {
	_, err := tx.exec(ctx, `
		INSERT INTO _account (name, source, url, kind) VALUES (?, ?, ?, ?)
		ON CONFLICT (name) DO UPDATE SET source = excluded.source, url = excluded.url, kind = excluded.kind
		WHERE source <> excluded.source OR url <> excluded.url OR kind <> excluded.kind`, name, source, url, kind)
	if err != nil {
		return Account{}, fmt.Errorf("account %s: %w", name, err)
	}
	accounts, err := tx.accounts(ctx, "WHERE name = ?", name)
	if err != nil {
		return Account{}, fmt.Errorf("account %s: %w", name, err)
	}
	return accounts[0], nil // it was inserted above if it was not there
}

// Accounts lists the accounts of the mirror by name.
func (tx *Tx) Accounts(ctx context.Context) ([]Account, error) {
	return tx.accounts(ctx, "ORDER BY name")
}

func (tx *Tx) accounts(ctx context.Context, where string, args ...any) (list []Account, err error) {
	rows, err := tx.query(ctx, `
		SELECT
			id, name, url, kind, source, school, software_version, calendar, mirrored_at,
			phase, coalesce(phase_until, 0), failures, coalesce(failing_since, 0), told, last_error, coalesce(reason, ''), coalesce(reason_since, 0), refused,
			last_success_at, requests_on, requests
		FROM _account `+where, args...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var a Account
		err := rows.Scan(
			&a.ID, &a.Name, &a.URL, &a.Kind, &a.Source, (*text)(&a.School), (*text)(&a.Version), (*text)(&a.Calendar), (*instant)(&a.MirroredAt),
			&a.Phase, &a.PhaseUntil, &a.Failures, &a.FailingSince, &a.Told, (*text)(&a.LastError), &a.Reason, &a.ReasonSince, (*text)(&a.Refused),
			(*instant)(&a.LastSuccessAt), (*day)(&a.RequestsOn), &a.Requests)
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, rows.Err()
}

// SaveAccount writes everything but the account's name, address, kind and source.
func (tx *Tx) SaveAccount(ctx context.Context, a Account) error {
	_, err := tx.exec(ctx, `
		UPDATE _account SET
			school = ?, software_version = ?, calendar = ?, mirrored_at = ?,
			phase = ?, phase_until = nullif(?, 0), failures = ?, failing_since = nullif(?, 0), told = ?, last_error = ?, reason = nullif(?, ''), reason_since = nullif(?, 0), refused = ?,
			last_success_at = ?, requests_on = ?, requests = ?
		WHERE id = ?`,
		text(a.School), text(a.Version), text(a.Calendar), instant(a.MirroredAt),
		string(a.Phase), a.PhaseUntil, a.Failures, a.FailingSince, a.Told, text(a.LastError), a.Reason, a.ReasonSince, text(a.Refused),
		instant(a.LastSuccessAt), day(a.RequestsOn), a.Requests, a.ID)
	if err != nil {
		return fmt.Errorf("save account %s: %w", a.Name, err)
	}
	return nil
}

// CountLogin records a login that is about to be tried, and forgets those more
// than a day old.
func (tx *Tx) CountLogin(ctx context.Context, account int64, at time.Time) error {
	if _, err := tx.exec(ctx, `DELETE FROM _login WHERE account_id = ? AND at <= ?`, account, at.Add(-24*time.Hour).Unix()); err != nil {
		return err
	}
	_, err := tx.exec(ctx, `INSERT INTO _login (account_id, at) VALUES (?, ?)`, account, at.Unix())
	return err
}

// ReviseLogins takes logins of the future, which a clock that was ahead has written
// down, for logins of now.
func (tx *Tx) ReviseLogins(ctx context.Context, account int64, now time.Time) error {
	_, err := tx.exec(ctx, `UPDATE _login SET at = ?1 WHERE account_id = ?2 AND at > ?1`, now.Unix(), account)
	return err
}

// Logins lists the times of the logins tried since an instant, oldest first.
func (tx *Tx) Logins(ctx context.Context, account int64, since time.Time) (list []time.Time, err error) {
	rows, err := tx.query(ctx, `SELECT at FROM _login WHERE account_id = ? AND at > ? ORDER BY at`, account, since.Unix())
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var at int64
		if err := rows.Scan(&at); err != nil {
			return nil, err
		}
		list = append(list, time.Unix(at, 0))
	}
	return list, rows.Err()
}
