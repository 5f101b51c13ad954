package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Coverage lists the spans of a domain that were looked at, in order.
func (tx *Tx) Coverage(ctx context.Context, student int64, domain string) (spans []Span, err error) {
	rows, err := tx.query(ctx, `SELECT low, high FROM _coverage WHERE student_id = ? AND domain = ? ORDER BY low`, student, domain)
	if err != nil {
		return nil, fmt.Errorf("coverage of %s: %w", domain, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var s Span
		if err := rows.Scan(&s.Low, &s.High); err != nil {
			return nil, err
		}
		spans = append(spans, s)
	}
	return spans, rows.Err()
}

// Cover records that a span was looked at. Spans that overlap grow together;
// nothing is written for what was known.
func (tx *Tx) Cover(ctx context.Context, student int64, domain string, span Span) error {
	known, err := tx.Coverage(ctx, student, domain)
	if err != nil {
		return err
	}
	for _, k := range known {
		if k.Low <= span.Low && span.High <= k.High {
			return nil
		}
	}
	for _, k := range known {
		if k.Low > span.High || span.Low > k.High {
			continue
		}
		span = Span{Low: min(span.Low, k.Low), High: max(span.High, k.High)}
		if _, err := tx.exec(ctx, `DELETE FROM _coverage WHERE student_id = ? AND domain = ? AND low = ?`, student, domain, k.Low); err != nil {
			return err
		}
	}
	_, err = tx.exec(ctx, `INSERT INTO _coverage (student_id, domain, low, high) VALUES (?, ?, ?, ?)`, student, domain, span.Low, span.High)
	return err
}

// Forget makes the next look at anything of a student the first one. The rows stay.
func (tx *Tx) Forget(ctx context.Context, student int64) error {
	for _, table := range []string{"_coverage", "_suspicion"} {
		if _, err := tx.exec(ctx, "DELETE FROM "+table+" WHERE student_id = ?", student); err != nil {
			return fmt.Errorf("forget what was looked at: %w", err)
		}
	}
	return nil
}

// Suspicion is the digest of the items that were missing at the last poll of a
// span, "" when none were suspiciously so.
func (tx *Tx) Suspicion(ctx context.Context, student int64, domain string, span Span) (missing string, err error) {
	err = tx.queryRow(ctx, `SELECT missing FROM _suspicion WHERE student_id = ? AND domain = ? AND high = ?`, []any{student, domain, span.High}, &missing)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return missing, err
}

// Suspect records the digest, or forgets it when it is empty.
func (tx *Tx) Suspect(ctx context.Context, student int64, domain string, span Span, missing string) error {
	if missing == "" {
		_, err := tx.exec(ctx, `DELETE FROM _suspicion WHERE student_id = ? AND domain = ? AND high = ?`, student, domain, span.High)
		return err
	}
	_, err := tx.exec(ctx, `
		INSERT INTO _suspicion (student_id, domain, high, missing) VALUES (?, ?, ?, ?)
		ON CONFLICT DO UPDATE SET missing = excluded.missing WHERE missing <> excluded.missing`, student, domain, span.High, missing)
	return err
}
