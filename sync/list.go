package sync

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/sync/internal/wording"
)

// A list is the part of a snapshot that belongs to one table.
type list[T any] struct {
	table   db.Table[T]
	matcher Matcher[T]
	owner   db.Owner
	span    db.Span // what was asked for, and therefore what may be concluded
	rows    []T

	// complete gives rows of the mirror what else they consist of, and key is a
	// text that two rows share if they are equal, that included. Both are nil
	// where rows have no parts: see consistsOf.
	complete func(ctx context.Context, tx *db.Tx, mirror []db.Row[T], load partLoader) error
	key      func(*T) string

	whole []int64        // of a table of parts: the items all of whose parts were seen
	mint  func(T) string // the text that uids are minted from; the strictest identity when nil
	fresh func(T) bool   // whether a change of a row is news; what the spans covered so far say when nil
	known func(T) bool   // whether an added row is none all the same; nil for no such row
	anew  bool           // what comes back is as new as what was never there

	shrunk bool // the answer that it is a part of lost suspiciously much
	exact  bool // the answer counts its rows, and all are there: what is missing is gone

	children []child[T] // what the rows have of their own

	items []int64 // once stored: the item of each row
	gone  []int64 // once stored: the items that were retired
}

// listOf is what was seen of a table in a span.
func listOf[T any](table db.Table[T], matcher Matcher[T], owner db.Owner, span db.Span, rows []T) list[T] {
	return list[T]{table: table, matcher: matcher, owner: owner, span: span, rows: rows}
}

// A partLoader says which parts of some items are looked for: those that are there,
// or those that are gone.
type partLoader bool

// The two.
const (
	currentParts partLoader = false
	goneParts    partLoader = true
)

// store brings the mirror to what was seen, the children of the rows included. It
// returns the changes of the rows that are worth telling; those of a child are with
// the child.
func (l *list[T]) store(ctx context.Context, tx *db.Tx, at pronote.DateTime) (news []Change[T], o outcome, err error) {
	if news, o, err = l.storeRows(ctx, tx, at); err == nil {
		err = l.storeChildren(ctx, tx, at, &o)
	}
	return news, o, err
}

// storeChildren stores what the rows have of their own, once they are stored.
func (l *list[T]) storeChildren(ctx context.Context, tx *db.Tx, at pronote.DateTime, total *outcome) error {
	for _, c := range l.children {
		o, err := c.storeOf(ctx, tx, at, l)
		if err != nil {
			return err
		}
		total.add(o)
	}
	return nil
}

// storeRows stores the rows themselves. It returns the changes worth telling.
// Outside the span looked at before, what was added was there all along, for all
// that is known, and what the mirror had there is another school's: neither is
// told. What was withdrawn and comes back as it was is no news; if it comes back
// otherwise, it has changed. Of two that say the same, one may go without a word. A
// row of which only the parts changed is among the
// changes, though it has no column that did.
func (l *list[T]) storeRows(ctx context.Context, tx *db.Tx, at pronote.DateTime) (news []Change[T], o outcome, err error) {
	mirror, err := l.load(ctx, tx)
	if err != nil {
		return nil, o, err
	}
	l.matcher.Key = l.table.Keys()
	if l.key != nil {
		l.matcher.Key = l.key
	}
	if l.fresh == nil {
		coverage, err := tx.Coverage(ctx, l.owner.Student, l.table.Name)
		if err != nil {
			return nil, o, err
		}
		l.fresh = func(v T) bool { return l.table.Holds(coverage, v) }
	}
	looked := l.fresh
	if l.known != nil {
		l.fresh = func(v T) bool { return looked(v) && !l.known(v) }
	}
	changes, items := Diff(mirror, l.rows, l.matcher)
	l.items = items
	if changes, o.doubted, err = l.believe(ctx, tx, mirror, changes, looked); err != nil {
		return nil, o, err
	}
	if err := l.recall(ctx, tx, changes); err != nil {
		return nil, o, err
	}
	o.seen = len(l.rows)
	twins := l.twins(changes)
	for _, c := range changes {
		if c.Kind == Changed && l.table.Key(&c.Old) == l.table.Key(&c.New) {
			if looked(c.Old) {
				news = append(news, c) // its parts are stored after it
			}
			continue
		}
		told := c.Kind == Added && l.fresh(c.New) || c.Kind != Added && looked(c.Old)
		if err := l.apply(ctx, tx, &c, told, at); err != nil {
			return nil, o, err
		}
		switch c.Kind {
		case Added:
			o.added++
			l.items[c.at] = c.Item
		case Changed:
			o.changed++
		case Removed:
			o.removed++
			l.gone = append(l.gone, c.Item)
			told = told && !twins[l.table.Key(&c.Old)]
		}
		if c.back {
			told = told && l.matcher.Key(&c.Old) != l.matcher.Key(&c.New)
			c.Kind = Changed
		}
		if told {
			news = append(news, c)
		}
	}
	if l.table.Parent != "" {
		return news, o, nil // what was looked at is known of the rows they are part of
	}
	return news, o, tx.Cover(ctx, l.owner.Student, l.table.Name, l.span)
}

// twins are what the rows say that are still there, if any went.
func (l *list[T]) twins(changes []Change[T]) map[string]bool {
	if !slices.ContainsFunc(changes, func(c Change[T]) bool { return c.Kind == Removed }) {
		return nil
	}
	said := map[string]bool{}
	for i := range l.rows {
		said[l.table.Key(&l.rows[i])] = true
	}
	return said
}

// recall recognises added rows that were there before. Likeness is no sign of it:
// next week's work is like this week's that was withdrawn.
func (l *list[T]) recall(ctx context.Context, tx *db.Tx, changes []Change[T]) error {
	var added []T
	var of []int
	for i, c := range changes {
		if c.Kind == Added && !l.anew && l.fresh(c.New) {
			added, of = append(added, c.New), append(of, i)
		}
	}
	if len(added) == 0 {
		return nil
	}
	gone, err := l.loadGone(ctx, tx)
	if err != nil || len(gone) == 0 {
		return err
	}
	was := map[int64]T{}
	for _, row := range gone {
		was[row.ID] = row.Value
	}
	_, items := Diff(gone, added, Matcher[T]{Key: l.matcher.Key, Identities: l.matcher.Identities, Keep: l.matcher.Keep})
	for j, item := range items {
		if c := &changes[of[j]]; item != 0 {
			c.Item, c.Old, c.New, c.back = item, was[item], added[j], true
			l.rows[c.at] = c.New
		}
	}
	return nil
}

// load reads what the mirror has of what was looked at.
func (l *list[T]) load(ctx context.Context, tx *db.Tx) ([]db.Row[T], error) {
	if l.table.Parent != "" {
		return l.table.LoadParts(ctx, tx, l.whole)
	}
	rows, err := l.table.Load(ctx, tx, l.owner.Student, l.span)
	if err == nil && l.complete != nil {
		err = l.complete(ctx, tx, rows, currentParts)
	}
	return rows, err
}

// loadGone reads what the mirror had of it, and has no more.
func (l *list[T]) loadGone(ctx context.Context, tx *db.Tx) ([]db.Row[T], error) {
	if l.table.Parent != "" {
		return l.table.LoadGoneParts(ctx, tx, l.whole)
	}
	rows, err := l.table.LoadGone(ctx, tx, l.owner.Student, l.span)
	if err == nil && l.complete != nil {
		err = l.complete(ctx, tx, rows, goneParts)
	}
	return rows, err
}

// suspicious reports whether too many rows of a mirror are missing at once.
func suspicious(known, missing int) bool { return missing > 0 && 3*missing >= known }

// missing adds what the mirror has of a list, and how much of it was not seen.
func (l *list[T]) missing(ctx context.Context, tx *db.Tx, known, missing *int) error {
	if l.rows == nil {
		return nil
	}
	mirror, err := l.load(ctx, tx)
	if err != nil {
		return err
	}
	l.matcher.Key = l.table.Key
	changes, _ := Diff(mirror, l.rows, l.matcher)
	*known += len(mirror)
	for _, c := range changes {
		if c.Kind == Removed {
			*missing++
		}
	}
	return nil
}

// believe holds removals back when too much disappeared at once: a list that
// lost a third of its rows, or all, is believed only if the next poll misses exactly
// the same. Rows where nothing was looked at are not waited for. It returns the
// changes to apply and the number held back.
func (l *list[T]) believe(ctx context.Context, tx *db.Tx, mirror []db.Row[T], changes []Change[T], looked func(T) bool) ([]Change[T], int, error) {
	if l.exact {
		return changes, 0, nil
	}
	var kept []Change[T]
	missing := sha256.New()
	removed := 0
	for _, c := range changes {
		if c.Kind != Removed || !looked(c.Old) {
			kept = append(kept, c)
			continue
		}
		removed++
		_, _ = fmt.Fprintln(missing, c.Item) // a hash accepts every write
	}
	suspected, err := tx.Suspicion(ctx, l.owner.Student, l.table.Name, l.span)
	if err != nil {
		return nil, 0, err
	}
	digest := ""
	if removed > 0 && (l.shrunk || suspicious(len(mirror), removed)) {
		digest = hex.EncodeToString(missing.Sum(nil)[:8])
	}
	switch {
	case digest != "" && digest != suspected:
		return kept, removed, tx.Suspect(ctx, l.owner.Student, l.table.Name, l.span, digest)
	case suspected != "":
		err = tx.Suspect(ctx, l.owner.Student, l.table.Name, l.span, "")
	}
	return changes, 0, err
}

// apply writes one change: the row, its version, and the record of the change
// unless it is the silent start of a mirror.
func (l *list[T]) apply(ctx context.Context, tx *db.Tx, c *Change[T], fresh bool, at pronote.DateTime) (err error) {
	record := db.Change{Kind: string(c.Kind), What: []string{}}
	switch c.Kind {
	case Added:
		mint := l.matcher.Identities[0]
		if l.mint != nil {
			mint = l.mint
		}
		if c.back {
			err = l.table.Revive(ctx, tx, l.owner, c.Item, c.New, at)
		} else {
			c.Item, err = l.table.Add(ctx, tx, l.owner, mint(c.New), c.New, at)
		}
		if err != nil || !fresh {
			return err
		}
		record.After = l.table.JSON(c.New)
	case Changed:
		err = l.table.Replace(ctx, tx, l.owner, c.Item, c.New, at)
		record.What = l.table.Differences(c.Old, c.New)
		record.Before, record.After = l.table.JSON(c.Old, record.What...), l.table.JSON(c.New, record.What...)
	case Removed:
		err = l.table.Retire(ctx, tx, c.Item, at)
		record.Before = l.table.JSON(c.Old)
	default:
		err = errors.New("unknown kind of change " + string(c.Kind))
	}
	if err != nil {
		return err
	}
	record.Item = c.Item
	l.summarise(&record, *c)
	return tx.RecordChange(ctx, record, at)
}

// titles are the columns that name a row to people, the most telling first.
var titles = []string{"title", "name", "item", "dish", "label", "nature", "period", "reasons", "description", "content"}

// figures are the columns that say how much or when, the most telling first.
var figures = []string{"value_text", "balance_text", "abbreviation", "due_on", "starts_at", "held_on", "date", "given_on"}

// summarise says what a change is about, in columns and in a sentence.
func (l *list[T]) summarise(record *db.Change, c Change[T]) {
	row := c.New
	if c.Kind == Removed {
		row = c.Old
	}
	record.Subject, record.Title = l.table.Text(row, "subject"), l.table.Text(row, titles...)
	figure := ""
	if c.Kind != Changed {
		figure = l.table.Text(row, figures...)
	}
	record.Summary = wording.Summary(l.owner.Language, wording.Change{
		Domain: l.table.Name, Kind: record.Kind, Subject: record.Subject, Title: record.Title, Figure: figure, What: record.What,
		Before: fieldsOf(record.Before, record.What), After: fieldsOf(record.After, record.What),
	})
}

// fieldsOf reads the columns of a change, nothing of a row that came or went.
func fieldsOf(text json.RawMessage, what []string) (fields map[string]any) {
	if len(what) > 0 {
		_ = json.Unmarshal(text, &fields) // the table wrote it
	}
	return fields
}
