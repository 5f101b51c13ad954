package db

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"database/sql/driver"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// Table says how one kind of data is kept: the table _<Name> holds its versions,
// the view <Name> shows the current ones and <Name>_history all of them.
type Table[T any] struct {
	Name    string         // of the domain
	Columns []string       // of the table that hold the value, in the order of Fields
	Fields  func(*T) []any // pointers: scanned when reading, bound when writing
	Place   string         // SQL expression that places a row in a Span; "" where every poll sees all rows
	PlaceOf func(T) string // the same in Go; nil where Place is ""
	View    View           // as in Listed; the zero View for no order but that of uid

	// Parent is the column with the item that a row is part of, as a message is part
	// of a discussion; "" for rows that are part of nothing. ParentOf is where the
	// value has it.
	Parent   string
	ParentOf func(*T) *int64
}

// A Part is a value that is part of another row.
type Part[T any] struct {
	Of    int64 // item of that row
	Value T
}

// parts says how parts are kept, by how their values are.
func parts[T any](name, parent string, columns []string, fields func(*T) []any) Table[Part[T]] {
	return Table[Part[T]]{
		Name: name, Columns: columns, Fields: func(p *Part[T]) []any { return fields(&p.Value) },
		Parent: parent, ParentOf: func(p *Part[T]) *int64 { return &p.Of },
	}
}

// Listed is how the view of the table is listed.
func (t Table[T]) Listed() View {
	if t.View.Name == "" {
		return View{Name: t.Name, when: "first_seen_at", order: "uid"}
	}
	return t.View
}

// listedAs is the table with how it is listed.
func (t Table[T]) listedAs(v View) Table[T] {
	t.View = v
	return t
}

// columns are all that a row consists of, the parent included, and where the
// value has them.
func (t Table[T]) columns() []string {
	if t.Parent == "" {
		return t.Columns
	}
	return append([]string{t.Parent}, t.Columns...)
}

func (t Table[T]) fields(v *T) []any {
	if t.Parent == "" {
		return t.Fields(v)
	}
	return append([]any{t.ParentOf(v)}, t.Fields(v)...)
}

// Span is a stretch of rows, from Low to High inclusive, in the order of text.
// The zero Span is the only one of a table without places, and makes Load read
// all rows of any.
type Span struct{ Low, High string }

// Holds reports whether a value has its place within one of the spans.
func (t Table[T]) Holds(spans []Span, v T) bool {
	place := ""
	if t.PlaceOf != nil {
		place = t.PlaceOf(v)
	}
	for _, s := range spans {
		if s.Low <= place && place <= s.High {
			return true
		}
	}
	return false
}

// Row is a current row of the mirror. ID is the item, the same in all versions.
type Row[T any] struct {
	ID    int64
	Value T
}

// Load reads the current rows of a student within a span, the oldest item first.
func (t Table[T]) Load(ctx context.Context, tx *Tx, student int64, span Span) (rows []Row[T], err error) {
	where, args := t.within(student, span)
	return t.load(ctx, tx, "valid_to IS NULL AND "+where, args...)
}

// LoadGone reads what PRONOTE has ceased to show of a student within a span, as it
// last was.
func (t Table[T]) LoadGone(ctx context.Context, tx *Tx, student int64, span Span) (rows []Row[T], err error) {
	where, args := t.within(student, span)
	return t.load(ctx, tx, t.gone(where), args...)
}

// within is the condition for the rows of a student within a span.
func (t Table[T]) within(student int64, span Span) (where string, args []any) {
	if t.Place == "" || span == (Span{}) {
		return "student_id = ?", []any{student}
	}
	return "student_id = ? AND " + t.Place + " BETWEEN ? AND ?", []any{student, span.Low, span.High}
}

// gone is the condition for the last versions of items that are no longer there.
func (t Table[T]) gone(where string) string {
	history := "_" + t.Name
	return "version IN (SELECT max(version) FROM " + history + " WHERE gone = 1 AND " + where + " GROUP BY id) AND " +
		"NOT EXISTS (SELECT 1 FROM " + history + " AS now WHERE now.id = " + history + ".id AND now.valid_to IS NULL)"
}

// LoadParts reads the current rows that are part of some items.
func (t Table[T]) LoadParts(ctx context.Context, tx *Tx, parents []int64) ([]Row[T], error) {
	return t.loadParts(ctx, tx, parents, func(where string) string { return "valid_to IS NULL AND " + where })
}

// LoadGoneParts is LoadGone for rows that are part of some items.
func (t Table[T]) LoadGoneParts(ctx context.Context, tx *Tx, parents []int64) ([]Row[T], error) {
	return t.loadParts(ctx, tx, parents, t.gone)
}

func (t Table[T]) loadParts(ctx context.Context, tx *Tx, parents []int64, those func(where string) string) ([]Row[T], error) {
	list, err := json.Marshal(parents)
	if err != nil || len(parents) == 0 {
		return nil, err
	}
	return t.load(ctx, tx, those(t.Parent+" IN (SELECT value FROM json_each(?))"), string(list))
}

func (t Table[T]) load(ctx context.Context, tx *Tx, where string, args ...any) (rows []Row[T], err error) {
	query := "SELECT id, " + strings.Join(t.columns(), ", ") + " FROM _" + t.Name + " WHERE " + where
	result, err := tx.query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", t.Name, err)
	}
	defer func() { err = errors.Join(err, result.Close()) }()
	var row Row[T]
	into := append([]any{&row.ID}, t.fields(&row.Value)...)
	for result.Next() {
		row = Row[T]{}
		if err := result.Scan(into...); err != nil {
			return nil, fmt.Errorf("load %s: %w", t.Name, err)
		}
		rows = append(rows, row)
	}
	// SQLite would sort by writing all rows to another table first. A generic sort
	// weighs eight kilobytes for each kind of row, and this one nothing.
	sort.Slice(rows, func(i, j int) bool { return rows[i].ID < rows[j].ID })
	return rows, result.Err()
}

// Add opens the first version of a new item and returns it. The uid is minted
// from identity; an item that had that uid and is gone comes back to life.
func (t Table[T]) Add(ctx context.Context, tx *Tx, owner Owner, identity string, v T, at pronote.DateTime) (int64, error) {
	id, err := tx.item(ctx, owner, t.Name, identity, at)
	if err != nil {
		return 0, fmt.Errorf("add to %s: %w", t.Name, err)
	}
	return id, t.open(ctx, tx, owner.Student, id, v, at)
}

// Revive opens the next version of an item that was gone.
func (t Table[T]) Revive(ctx context.Context, tx *Tx, owner Owner, id int64, v T, at pronote.DateTime) error {
	return t.open(ctx, tx, owner.Student, id, v, at)
}

// Replace closes the current version of an item and opens the next.
func (t Table[T]) Replace(ctx context.Context, tx *Tx, owner Owner, id int64, v T, at pronote.DateTime) error {
	ended, err := t.end(ctx, tx, id, false, at)
	if err != nil {
		return err
	}
	return t.open(ctx, tx, owner.Student, id, v, ended)
}

// Retire closes the current version of an item that PRONOTE no longer shows.
func (t Table[T]) Retire(ctx context.Context, tx *Tx, id int64, at pronote.DateTime) error {
	_, err := t.end(ctx, tx, id, true, at)
	return err
}

func (t Table[T]) open(ctx context.Context, tx *Tx, student, id int64, v T, at pronote.DateTime) error {
	columns := t.columns()
	query := "INSERT INTO _" + t.Name + " (id, student_id, valid_from, " + strings.Join(columns, ", ") +
		") VALUES (?, ?, ?" + strings.Repeat(", ?", len(columns)) + ")"
	if _, err := tx.exec(ctx, query, append([]any{id, student, at.String()}, t.fields(&v)...)...); err != nil {
		return fmt.Errorf("write %s: %w", t.Name, err)
	}
	return nil
}

// end closes the current version of an item and returns when: at, but not
// before the version began, so that a clock that was put back makes no two
// versions overlap.
func (t Table[T]) end(ctx context.Context, tx *Tx, id int64, gone bool, at pronote.DateTime) (ended pronote.DateTime, err error) {
	query := "UPDATE _" + t.Name + " SET valid_to = max(valid_from, ?), gone = ? WHERE id = ? AND valid_to IS NULL RETURNING valid_to"
	if err := tx.queryRow(ctx, query, []any{at.String(), gone, id}, (*instant)(&ended)); err != nil {
		return ended, fmt.Errorf("close item %d of %s: %w", id, t.Name, err)
	}
	return ended, nil
}

// Key is a text that two values share if, and only if, all their columns would
// be stored alike.
func (t Table[T]) Key(v *T) string { return t.Keys()(v) }

// Keys returns Key for many values, which are not to be compared in parallel: it
// uses its memory again.
func (t Table[T]) Keys() func(v *T) string {
	var value T
	var text []byte
	fields := t.fields(&value)
	return func(v *T) string {
		value, text = *v, text[:0]
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

// Text is the first of some columns in which a value has a text, "" when none has one.
// Columns that the table does not have are passed over.
func (t Table[T]) Text(v T, columns ...string) string {
	fields := t.Fields(&v)
	for _, column := range columns {
		if i := slices.Index(t.Columns, column); i >= 0 {
			if text, ok := stored(fields[i]).(string); ok && text != "" {
				return text
			}
		}
	}
	return ""
}

// Differences lists the columns in which two values would be stored unlike.
func (t Table[T]) Differences(a, b T) []string {
	var columns []string
	left, right := t.Fields(&a), t.Fields(&b)
	for i, column := range t.Columns {
		if stored(left[i]) != stored(right[i]) {
			columns = append(columns, column)
		}
	}
	return columns
}

// JSON writes the named columns of a value as an object, all when none is named.
func (t Table[T]) JSON(v T, columns ...string) json.RawMessage {
	wanted := map[string]bool{}
	for _, c := range columns {
		wanted[c] = true
	}
	object := map[string]any{}
	for i, field := range t.Fields(&v) {
		if len(columns) == 0 || wanted[t.Columns[i]] {
			object[t.Columns[i]] = stored(field)
		}
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false) // people read it
	if err := encoder.Encode(object); err != nil {
		panic(fmt.Sprintf("%s: a stored value does not marshal: %v", t.Name, err)) // only NaN could, and no number is parsed to it
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

// Owner is whose rows are read and written, with the names that uids are minted
// from.
type Owner struct {
	Account, Student         int64
	AccountName, StudentName string

	Language string // of the summaries of changes: "fr" when empty
}

var uidText = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// item finds or makes the item for a row that has no current version.
func (tx *Tx) item(ctx context.Context, owner Owner, domain, identity string, at pronote.DateTime) (int64, error) {
	for ordinal := 0; ; ordinal++ {
		sum := sha256.Sum256(fmt.Appendf(nil, "%q %q %q %q %d", owner.AccountName, owner.StudentName, domain, identity, ordinal))
		uid := uidText.EncodeToString(sum[:10])
		id, alive, err := tx.findItem(ctx, domain, uid)
		switch {
		case errors.Is(err, sql.ErrNoRows):
			return tx.addItem(ctx, owner, domain, uid, at)
		case err != nil:
			return 0, err
		case !alive:
			return id, nil
		} // a twin has it: the next ordinal is ours
	}
}

func (tx *Tx) findItem(ctx context.Context, domain, uid string) (id int64, alive bool, err error) {
	query := "SELECT item.id, EXISTS (SELECT 1 FROM _" + domain + " h WHERE h.id = item.id AND h.valid_to IS NULL) FROM _item AS item WHERE uid = ?"
	err = tx.queryRow(ctx, query, []any{uid}, &id, &alive)
	return id, alive, err
}

func (tx *Tx) addItem(ctx context.Context, owner Owner, domain, uid string, at pronote.DateTime) (int64, error) {
	result, err := tx.exec(ctx, `INSERT INTO _item (student_id, domain, uid, first_seen_at) VALUES (?, ?, ?, ?)`, owner.Student, domain, uid, at.String())
	if err != nil {
		return 0, err
	}
	return result.LastInsertId()
}
