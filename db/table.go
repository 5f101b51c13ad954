package db

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"sort"

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
func (t *Table[T]) Listed() View {
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

// layout is how the rows lie, whatever their values are in Go: what needs no more than
// that is written once, and not in the program once for each kind of value.
func (t *Table[T]) layout() layout { return layout{t.Name, t.columns(), t.Place} }

// columns are all that a row consists of, the parent included, and where the
// value has them.
func (t *Table[T]) columns() []string {
	if t.Parent == "" {
		return t.Columns
	}
	return append([]string{t.Parent}, t.Columns...)
}

func (t *Table[T]) fields(v *T) []any {
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
func (t *Table[T]) Holds(spans []Span, v T) bool {
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
func (t *Table[T]) Load(ctx context.Context, tx *Tx, student int64, span Span) (rows []Row[T], err error) {
	where, args := t.layout().within(student, span)
	return t.load(ctx, tx, "valid_to IS NULL AND "+where, args)
}

// LoadGone reads what PRONOTE has ceased to show of a student within a span, as it
// last was.
func (t *Table[T]) LoadGone(ctx context.Context, tx *Tx, student int64, span Span) (rows []Row[T], err error) {
	where, args := t.layout().within(student, span)
	return t.load(ctx, tx, t.layout().gone(where), args)
}

// LoadParts reads the current rows that are part of some items.
func (t *Table[T]) LoadParts(ctx context.Context, tx *Tx, parents []int64) ([]Row[T], error) {
	return t.loadParts(ctx, tx, parents, func(where string) string { return "valid_to IS NULL AND " + where })
}

// LoadGoneParts is LoadGone for rows that are part of some items.
func (t *Table[T]) LoadGoneParts(ctx context.Context, tx *Tx, parents []int64) ([]Row[T], error) {
	return t.loadParts(ctx, tx, parents, t.layout().gone)
}

func (t *Table[T]) loadParts(ctx context.Context, tx *Tx, parents []int64, those func(where string) string) ([]Row[T], error) {
	list, err := json.Marshal(parents)
	if err != nil || len(parents) == 0 {
		return nil, err
	}
	return t.load(ctx, tx, those(t.Parent+" IN (SELECT value FROM json_each(?))"), []any{string(list)})
}

func (t *Table[T]) load(ctx context.Context, tx *Tx, where string, args []any) (rows []Row[T], err error) {
	var row Row[T]
	err = t.layout().load(ctx, tx, where, args, append([]any{&row.ID}, t.fields(&row.Value)...), func(scan func() error) error {
		row = Row[T]{}
		err := scan()
		rows = append(rows, row)
		return err
	})
	if err != nil {
		return nil, err
	}
	// SQLite would sort by writing all rows to another table first. A generic sort
	// weighs eight kilobytes for each kind of row, and this one nothing.
	sort.Slice(rows, func(i, j int) bool { return rows[i].ID < rows[j].ID })
	return rows, nil
}

// Add opens the first version of a new item and returns it. The uid is minted
// from identity; an item that had that uid and is gone comes back to life.
func (t *Table[T]) Add(ctx context.Context, tx *Tx, owner Owner, identity string, v T, at pronote.DateTime) (int64, error) {
	return t.layout().add(ctx, tx, owner, identity, t.fields(&v), at)
}

// Revive opens the next version of an item that was gone.
func (t *Table[T]) Revive(ctx context.Context, tx *Tx, owner Owner, id int64, v T, at pronote.DateTime) error {
	return t.layout().open(ctx, tx, owner.Student, id, t.fields(&v), at)
}

// Replace closes the current version of an item and opens the next.
func (t *Table[T]) Replace(ctx context.Context, tx *Tx, owner Owner, id int64, v T, at pronote.DateTime) error {
	return t.layout().replace(ctx, tx, owner.Student, id, t.fields(&v), at)
}

// Retire closes the current version of an item that PRONOTE no longer shows.
func (t *Table[T]) Retire(ctx context.Context, tx *Tx, id int64, at pronote.DateTime) error {
	_, err := t.layout().end(ctx, tx, id, true, at)
	return err
}

// Key is a text that two values share if, and only if, all their columns would
// be stored alike.
func (t *Table[T]) Key(v *T) string { return t.Keys()(v) }

// Keys returns Key for many values, which are not to be compared in parallel: it
// uses its memory again.
func (t *Table[T]) Keys() func(v *T) string {
	var value T
	key := keys(t.fields(&value))
	return func(v *T) string {
		value = *v
		return key()
	}
}

// Text is the first of some columns in which a value has a text, "" when none has one.
// Columns that the table does not have are passed over.
func (t *Table[T]) Text(v T, columns ...string) string {
	return firstText(t.Columns, t.Fields(&v), columns)
}

// Differences lists the columns in which two values would be stored unlike.
func (t *Table[T]) Differences(a, b T) []string {
	return differences(t.Columns, t.Fields(&a), t.Fields(&b))
}

// JSON writes the named columns of a value as an object, all when none is named.
func (t *Table[T]) JSON(v T, columns ...string) json.RawMessage {
	return objectOf(t.Name, t.Columns, t.Fields(&v), columns)
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
