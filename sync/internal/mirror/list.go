package mirror

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

// A List is the part of a snapshot that belongs to one table.
type List[T any] struct {
	Table   db.Table[T]
	Matcher Matcher[T]
	Owner   db.Owner
	Span    db.Span // what was asked for, and therefore what may be concluded
	Rows    []T

	// complete gives rows of the mirror what else they consist of, and key is a
	// text that two rows share if they are equal, that included. Both are nil
	// where rows have no parts: see consistsOf.
	complete func(ctx context.Context, tx *db.Tx, mirror []db.Row[T], load partLoader) error
	key      func(*T) string

	whole []int64        // of a table of parts: the items all of whose parts were seen
	mint  func(T) string // the text that uids are minted from; the strictest identity when nil
	Fresh func(T) bool   // whether a change of a row is news; what the spans covered so far say when nil
	Known func(T) bool   // whether an added row is none all the same; nil for no such row
	Anew  bool           // what comes back is as new as what was never there

	// Returns says that people are told what was withdrawn, and therefore that it is
	// back; returns leaves out some rows.
	Returns bool
	returns func(T) bool

	Shrunk bool // the answer that it is a part of lost suspiciously much
	exact  bool // the answer counts its rows, and all are there: what is missing is gone

	Children []Child[T] // what the rows have of their own

	Items []int64 // once stored: the item of each row
	gone  []int64 // once stored: the items that were retired

	altered map[int64]bool // once stored: the items that are back, and not as they were
}

// ListOf is what was seen of a table in a span.
func ListOf[T any](table db.Table[T], matcher Matcher[T], owner db.Owner, span db.Span, rows []T) List[T] {
	return List[T]{Table: table, Matcher: matcher, Owner: owner, Span: span, Rows: rows}
}

// A partLoader says which parts of some items are looked for: those that are there,
// or those that are gone.
type partLoader bool

// The two.
const (
	currentParts partLoader = false
	goneParts    partLoader = true
)

// Store brings the mirror to what was seen, the children of the rows included. It
// returns the changes of the rows that are worth telling; those of a child are with
// the child.
func (l *List[T]) Store(ctx context.Context, tx *db.Tx, at pronote.DateTime) (news []Change[T], o Outcome, err error) {
	if news, o, err = l.StoreRows(ctx, tx, at); err == nil {
		err = l.StoreChildren(ctx, tx, at, &o)
	}
	return news, o, err
}

// StoreChildren stores what the rows have of their own, once they are stored.
func (l *List[T]) StoreChildren(ctx context.Context, tx *db.Tx, at pronote.DateTime, total *Outcome) error {
	for _, c := range l.Children {
		o, err := c.StoreOf(ctx, tx, at, l)
		if err != nil {
			return err
		}
		total.Add(o)
	}
	return nil
}

// StoreRows stores the rows themselves. It returns the changes worth telling.
// Outside the span that was looked at before, rows that are added may have been
// there all along, and rows that the mirror had there are another school's: neither
// is told. A row that was withdrawn and comes back unchanged is news only where people
// were told that it went; if it comes back different, it has changed. One of two rows
// that say the same may come and go without a word. A row of which only the parts changed is among the changes,
// though it has no column that did.
func (l *List[T]) StoreRows(ctx context.Context, tx *db.Tx, at pronote.DateTime) (news []Change[T], o Outcome, err error) {
	mirror, err := l.Load(ctx, tx)
	if err != nil {
		return nil, o, err
	}
	looked, err := l.prepare(ctx, tx)
	if err != nil {
		return nil, o, err
	}
	changes, items := Diff(mirror, l.Rows, l.Matcher)
	l.Items, o.Seen = items, len(l.Rows)
	if changes, o.Doubted, err = l.believe(ctx, tx, mirror, changes, looked); err != nil {
		return nil, o, err
	}
	if err := l.recall(ctx, tx, changes); err != nil {
		return nil, o, err
	}
	twins := l.twins(changes)
	for _, c := range changes {
		told := c.Kind == Added && l.Fresh(c.New) || c.Kind != Added && looked(c.Old)
		if c.Kind != Changed || l.Table.Key(&c.Old) != l.Table.Key(&c.New) { // else its parts did, which are stored after it
			if err := l.apply(ctx, tx, &c, told, at); err != nil {
				return nil, o, err
			}
			told = l.count(&c, twins, &o) && told
		}
		if told {
			news = append(news, c)
		}
	}
	if l.Table.Parent != "" {
		return news, o, nil // what was looked at is known of the rows they are part of
	}
	return news, o, tx.Cover(ctx, l.Owner.Student, l.Table.Name, l.Span)
}

// prepare fills in what was left to the list, and says of which rows earlier looks
// would have known.
func (l *List[T]) prepare(ctx context.Context, tx *db.Tx) (looked func(T) bool, err error) {
	l.Matcher.Key = l.Table.Keys()
	if l.key != nil {
		l.Matcher.Key = l.key
	}
	if l.Fresh == nil {
		coverage, err := tx.Coverage(ctx, l.Owner.Student, l.Table.Name)
		if err != nil {
			return nil, err
		}
		l.Fresh = func(v T) bool { return l.Table.Holds(coverage, v) }
	}
	looked = l.Fresh
	if l.Known != nil {
		l.Fresh = func(v T) bool { return looked(v) && !l.Known(v) }
	}
	return looked, nil
}

// count notes what became of a row, and reports whether it is news to anybody: one of
// two that say the same goes without a word, and so does what is back as it was.
func (l *List[T]) count(c *Change[T], twins map[string]bool, o *Outcome) bool {
	switch c.Kind {
	case Added:
		o.Added++
		l.Items[c.At] = c.Item
	case Changed:
		o.Changed++
	case Removed:
		o.Removed++
		l.gone = append(l.gone, c.Item)
		return !twins[l.Table.Key(&c.Old)]
	}
	switch {
	case !c.Back:
		return true
	case l.Matcher.Key(&c.Old) == l.Matcher.Key(&c.New):
		return l.Returns && (l.returns == nil || l.returns(c.New)) && !l.hasTwin(c.At)
	}
	if l.altered == nil {
		l.altered = map[int64]bool{}
	}
	c.Kind, l.altered[c.Item] = Changed, true
	return true
}

// hasTwin reports whether another row says the same.
func (l *List[T]) hasTwin(at int) bool {
	says := l.Table.Key(&l.Rows[at])
	for i := range l.Rows {
		if i != at && l.Table.Key(&l.Rows[i]) == says {
			return true
		}
	}
	return false
}

// twins are what the rows say that are still there, if any went.
func (l *List[T]) twins(changes []Change[T]) map[string]bool {
	if !slices.ContainsFunc(changes, func(c Change[T]) bool { return c.Kind == Removed }) {
		return nil
	}
	said := map[string]bool{}
	for i := range l.Rows {
		said[l.Table.Key(&l.Rows[i])] = true
	}
	return said
}

// recall recognises added rows that were there before. Likeness is no sign of it:
// next week's work is like this week's that was withdrawn.
func (l *List[T]) recall(ctx context.Context, tx *db.Tx, changes []Change[T]) error {
	var added []T
	var of []int
	for i, c := range changes {
		if c.Kind == Added && !l.Anew && l.Fresh(c.New) {
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
	_, items := Diff(gone, added, Matcher[T]{Key: l.Matcher.Key, Identities: l.Matcher.Identities, Keep: l.Matcher.Keep})
	for j, item := range items {
		if c := &changes[of[j]]; item != 0 {
			c.Item, c.Old, c.New, c.Back = item, was[item], added[j], true
			l.Rows[c.At] = c.New
		}
	}
	return nil
}

// Load reads what the mirror has of what was looked at.
func (l *List[T]) Load(ctx context.Context, tx *db.Tx) ([]db.Row[T], error) {
	if l.Table.Parent != "" {
		return l.Table.LoadParts(ctx, tx, l.whole)
	}
	rows, err := l.Table.Load(ctx, tx, l.Owner.Student, l.Span)
	if err == nil && l.complete != nil {
		err = l.complete(ctx, tx, rows, currentParts)
	}
	return rows, err
}

// loadGone reads the rows that the mirror had of it and has no longer.
func (l *List[T]) loadGone(ctx context.Context, tx *db.Tx) ([]db.Row[T], error) {
	if l.Table.Parent != "" {
		return l.Table.LoadGoneParts(ctx, tx, l.whole)
	}
	rows, err := l.Table.LoadGone(ctx, tx, l.Owner.Student, l.Span)
	if err == nil && l.complete != nil {
		err = l.complete(ctx, tx, rows, goneParts)
	}
	return rows, err
}

// Suspicious reports whether too many rows of a mirror are missing at once.
func Suspicious(known, missing int) bool { return missing > 0 && 3*missing >= known }

// Missing adds what the mirror has of a list, and how much of it was not seen.
func (l *List[T]) Missing(ctx context.Context, tx *db.Tx, known, missing *int) error {
	if l.Rows == nil {
		return nil
	}
	mirror, err := l.Load(ctx, tx)
	if err != nil {
		return err
	}
	l.Matcher.Key = l.Table.Key
	changes, _ := Diff(mirror, l.Rows, l.Matcher)
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
func (l *List[T]) believe(ctx context.Context, tx *db.Tx, mirror []db.Row[T], changes []Change[T], looked func(T) bool) ([]Change[T], int, error) {
	if l.exact {
		return changes, 0, nil
	}
	var kept []Change[T]
	var missing []int64
	for _, c := range changes {
		if c.Kind != Removed || !looked(c.Old) {
			kept = append(kept, c)
			continue
		}
		missing = append(missing, c.Item)
	}
	doubtful := len(missing) > 0 && (l.Shrunk || Suspicious(len(mirror), len(missing)))
	doubted, err := doubt(ctx, tx, l.Owner.Student, l.Table.Name, l.Span, doubtful, missing)
	if err != nil || !doubted {
		return changes, 0, err
	}
	return kept, len(missing), nil
}

// doubt reports whether the removal of some items is to wait for the next poll, which
// it does not if the last one missed exactly the same.
func doubt(ctx context.Context, tx *db.Tx, student int64, table string, span db.Span, doubtful bool, missing []int64) (bool, error) {
	suspected, err := tx.Suspicion(ctx, student, table, span)
	if err != nil {
		return false, err
	}
	digest := ""
	if doubtful {
		sum := sha256.New()
		for _, item := range missing {
			_, _ = fmt.Fprintln(sum, item) // a hash accepts every write
		}
		digest = hex.EncodeToString(sum.Sum(nil)[:8])
	}
	switch {
	case digest != "" && digest != suspected:
		return true, tx.Suspect(ctx, student, table, span, digest)
	case suspected != "":
		return false, tx.Suspect(ctx, student, table, span, "")
	}
	return false, nil
}

// apply writes one change: the row, its version, and the record of the change
// unless it is the silent start of a mirror.
func (l *List[T]) apply(ctx context.Context, tx *db.Tx, c *Change[T], fresh bool, at pronote.DateTime) (err error) {
	record := db.Change{Kind: string(c.Kind), What: []string{}}
	switch c.Kind {
	case Added:
		mint := l.Matcher.Identities[0]
		if l.mint != nil {
			mint = l.mint
		}
		if c.Back {
			err = l.Table.Revive(ctx, tx, l.Owner, c.Item, c.New, at)
		} else {
			c.Item, err = l.Table.Add(ctx, tx, l.Owner, mint(c.New), c.New, at)
		}
		if err != nil || !fresh {
			return err
		}
		record.After = l.Table.JSON(c.New)
	case Changed:
		err = l.Table.Replace(ctx, tx, l.Owner, c.Item, c.New, at)
		record.What = l.Table.Differences(c.Old, c.New)
		record.Before, record.After = l.Table.JSON(c.Old, record.What...), l.Table.JSON(c.New, record.What...)
	case Removed:
		err = l.Table.Retire(ctx, tx, c.Item, at)
		record.Before = l.Table.JSON(c.Old)
	default:
		err = errors.New("unknown kind of change " + string(c.Kind))
	}
	if err != nil {
		return err
	}
	record.Item = c.Item
	row := c.Row()
	summarise(&record, l.Owner.Language, l.Table.Name, func(columns ...string) string { return l.Table.Text(row, columns...) })
	return tx.RecordChange(ctx, record, at)
}

// titles are the columns that name a row to people, the most telling first.
var titles = []string{"title", "name", "item", "dish", "label", "nature", "period", "reasons", "description", "content"}

// figures are the columns that say how much or when, the most telling first.
var figures = []string{"value_text", "balance_text", "abbreviation", "due_on", "starts_at", "held_on", "date", "given_on"}

// summarise says what a change is about, in columns and in a sentence. Text is the
// first of some columns in which the row has one.
func summarise(record *db.Change, language, domain string, text func(columns ...string) string) {
	record.Subject, record.Title = text("subject"), text(titles...)
	figure := ""
	if record.Kind != string(Changed) {
		figure = text(figures...)
	}
	record.Summary = wording.Summary(language, wording.Change{
		Domain: domain, Kind: record.Kind, Subject: record.Subject, Title: record.Title, Figure: figure, What: record.What,
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
