package db

import (
	"bytes"
	"context"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// A layout is what SQL needs to know of a table. Values are lists of pointers to their
// fields, in the order of the columns.
type layout struct {
	name    string   // of the domain
	columns []string // that hold the value, the parent included
	place   string   // as in Table
}

// within is the condition for the rows of a student within a span.
func (l layout) within(student int64, span Span) (where string, args []any) {
	if l.place == "" || span == (Span{}) {
		return "student_id = ?", []any{student}
	}
	return "student_id = ? AND " + l.place + " BETWEEN ? AND ?", []any{student, span.Low, span.High}
}

// gone is the condition for the last versions of items that are no longer there.
func (l layout) gone(where string) string {
	history := "_" + l.name
	return "version IN (SELECT max(version) FROM " + history + " WHERE gone = 1 AND " + where + " GROUP BY id) AND " +
		"NOT EXISTS (SELECT 1 FROM " + history + " AS now WHERE now.id = " + history + ".id AND now.valid_to IS NULL)"
}

// load calls each for every row that meets a condition. What scan returns, each returns.
func (l layout) load(ctx context.Context, tx *Tx, where string, args, into []any, each func(scan func() error) error) error {
	query := "SELECT id, " + strings.Join(l.columns, ", ") + " FROM _" + l.name + " WHERE " + where
	if err := scanAll(ctx, tx, query, args, into, each); err != nil {
		return fmt.Errorf("load %s: %w", l.name, err)
	}
	return nil
}

// scanAll calls each for every row of an answer. What scan returns, each returns.
func scanAll(ctx context.Context, tx *Tx, query string, args, into []any, each func(scan func() error) error) (err error) {
	rows, err := tx.query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	scan := func() error { return rows.Scan(into...) }
	for rows.Next() {
		if err := each(scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (l layout) add(ctx context.Context, tx *Tx, owner Owner, identity string, fields []any, at pronote.DateTime) (int64, error) {
	id, err := tx.item(ctx, owner, l.name, identity, at)
	if err != nil {
		return 0, fmt.Errorf("add to %s: %w", l.name, err)
	}
	return id, l.open(ctx, tx, owner.Student, id, fields, at)
}

func (l layout) replace(ctx context.Context, tx *Tx, student, id int64, fields []any, at pronote.DateTime) error {
	ended, err := l.end(ctx, tx, id, false, at)
	if err != nil {
		return err
	}
	return l.open(ctx, tx, student, id, fields, ended)
}

func (l layout) open(ctx context.Context, tx *Tx, student, id int64, fields []any, at pronote.DateTime) error {
	query := "INSERT INTO _" + l.name + " (id, student_id, valid_from, " + strings.Join(l.columns, ", ") +
		") VALUES (?, ?, ?" + strings.Repeat(", ?", len(l.columns)) + ")"
	if _, err := tx.exec(ctx, query, append([]any{id, student, at.String()}, fields...)...); err != nil {
		return fmt.Errorf("write %s: %w", l.name, err)
	}
	return nil
}

// end closes the current version of an item and returns when: at, but not
// before the version began, so that a clock that was put back makes no two
// versions overlap.
func (l layout) end(ctx context.Context, tx *Tx, id int64, gone bool, at pronote.DateTime) (ended pronote.DateTime, err error) {
	query := "UPDATE _" + l.name + " SET valid_to = max(valid_from, ?), gone = ? WHERE id = ? AND valid_to IS NULL RETURNING valid_to"
	if err := tx.queryRow(ctx, query, []any{at.String(), gone, id}, (*instant)(&ended)); err != nil {
		return ended, fmt.Errorf("close item %d of %s: %w", id, l.name, err)
	}
	return ended, nil
}

// keys returns what makes one text of the fields, as in Table.Keys.
func keys(fields []any) func() string {
	var text []byte
	return func() string {
		text = text[:0]
		for _, field := range fields {
			text = append(appendStored(text, stored(field)), '|')
		}
		return string(text)
	}
}

// appendStored writes a value so that no other value begins alike.
func appendStored(text []byte, v driver.Value) []byte {
	switch v := v.(type) {
	case string:
		return append(append(strconv.AppendInt(text, int64(len(v)), 10), ':'), v...)
	case float64:
		return strconv.AppendFloat(text, v, 'g', -1, 64)
	case int64:
		return strconv.AppendInt(text, v, 10)
	}
	return append(text, '-')
}

// firstText is the first of some columns that has a text.
func firstText(all []string, fields []any, wanted []string) string {
	for _, column := range wanted {
		if i := slices.Index(all, column); i >= 0 {
			if text, ok := stored(fields[i]).(string); ok && text != "" {
				return text
			}
		}
	}
	return ""
}

// differences are the columns of two values that would be stored unlike.
func differences(all []string, left, right []any) (columns []string) {
	for i, column := range all {
		if stored(left[i]) != stored(right[i]) {
			columns = append(columns, column)
		}
	}
	return columns
}

// objectOf writes the wanted columns of a value, all when none is.
func objectOf(table string, all []string, fields []any, wanted []string) json.RawMessage {
	object := map[string]any{}
	for i, field := range fields {
		if len(wanted) == 0 || slices.Contains(wanted, all[i]) {
			object[all[i]] = stored(field)
		}
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // people read it
	if err := encoder.Encode(object); err != nil {
		panic(fmt.Sprintf("%s: a stored value does not marshal: %v", table, err)) // only NaN could, and no number is parsed to it
	}
	return bytes.TrimSpace(text.Bytes())
}

// stored is the value that a field pointer would be bound as.
func stored(field any) driver.Value {
	switch p := field.(type) {
	case *string:
		return *p
	case *int:
		return int64(*p)
	case *int64:
		return *p
	case *bool:
		if *p {
			return int64(1)
		}
		return int64(0)
	case driver.Valuer:
		v, err := p.Value()
		if err != nil {
			panic(err) // the wrappers of this package never fail
		}
		return v
	}
	panic(fmt.Sprintf("no column type for %T", field))
}
