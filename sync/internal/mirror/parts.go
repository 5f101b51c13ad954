package mirror

import (
	"context"
	"slices"
	"strconv"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
)

// ConsistsOf lets the parts of rows tell which row is which: two evaluations of
// one name and day are known by their skills. It is called before the list is
// stored. Of is where a row has its parts.
func ConsistsOf[T, P any](whole *List[T], of func(*T) *[]P, table db.Table[db.Part[P]]) {
	whole.complete = func(ctx context.Context, tx *db.Tx, mirror []db.Row[T], which partLoader) error {
		at, items := map[int64]int{}, make([]int64, len(mirror))
		for i, row := range mirror {
			at[row.ID], items[i] = i, row.ID
		}
		load := table.LoadParts
		if which == goneParts {
			load = table.LoadGoneParts
		}
		parts, err := load(ctx, tx, items)
		for _, part := range parts {
			list := of(&mirror[at[part.Value.Of]].Value)
			*list = append(*list, part.Value.Value)
		}
		return err
	}
	whole.key = func(v *T) string {
		var keys []string
		for _, p := range *of(v) {
			keys = append(keys, table.Key(&db.Part[P]{Value: p}))
		}
		slices.Sort(keys) // the mirror has them in the order in which they were stored
		return Identity(append(keys, whole.Table.Key(v))...)
	}
}

// A Child is a table of what the rows of a list have of their own, as evaluations
// do of skills. The list declares it, and stores it with its rows.
type Child[T any] interface {
	// StoreOf stores what the rows of a list have of their own, once they are stored.
	StoreOf(ctx context.Context, tx *db.Tx, at pronote.DateTime, whole *List[T]) (Outcome, error)
}

// Parts are a child: what rows consist of. The parts of a row that was there all
// along are no news either, nor are those that go with their row.
type Parts[T, P any] struct {
	Of       func(T) []P // nil where the answer does not have them, which leaves those of the mirror alone
	Table    db.Table[db.Part[P]]
	Matcher  Matcher[P]
	Exact    bool                // the answer counts the parts of a row, and all are there
	Children []Child[db.Part[P]] // of the parts themselves

	News   []Change[db.Part[P]] // once stored
	stored List[db.Part[P]]     // once stored: all that were seen
}

// Told are the changes of the parts, by the item that they are part of.
func (c *Parts[T, P]) Told() map[int64][]Part { return PartsOf(c.Table, c.News) }

// StoreOf implements Child.
func (c *Parts[T, P]) StoreOf(ctx context.Context, tx *db.Tx, at pronote.DateTime, whole *List[T]) (Outcome, error) {
	parts := ListOf(c.Table, partMatcher(c.Matcher), whole.Owner, whole.Span, nil)
	parts.exact, parts.Children = c.Exact, c.Children
	fresh, names := map[int64]bool{}, map[int64]string{}
	name := whole.Matcher.Identities[0]
	if whole.mint != nil {
		name = whole.mint
	}
	for i, item := range whole.Items {
		row := whole.Rows[i]
		seen := c.Of(row)
		if seen == nil {
			continue
		}
		parts.whole = append(parts.whole, item)
		fresh[item] = whole.Fresh(row)
		names[item] = name(row)
		for _, p := range seen {
			parts.Rows = append(parts.Rows, db.Part[P]{Of: item, Value: p})
		}
	}
	parts.Fresh = func(p db.Part[P]) bool { return fresh[p.Of] }
	parts.Returns, parts.returns = whole.Returns, func(p db.Part[P]) bool { return !whole.altered[p.Of] } // else what differs is told
	parts.mint = func(p db.Part[P]) string { return Identity(names[p.Of], c.Matcher.Identities[0](p.Value)) }
	news, o, err := parts.StoreRows(ctx, tx, at)
	if err != nil {
		return o, err
	}
	o.Seen = 0 // parts are not counted as rows of the domain
	orphans, err := c.Table.LoadParts(ctx, tx, whole.gone)
	if err != nil {
		return o, err
	}
	for _, row := range orphans {
		if err := parts.apply(ctx, tx, &Change[db.Part[P]]{Kind: Removed, Item: row.ID, Old: row.Value}, true, at); err != nil {
			return o, err
		}
		o.Removed++
		parts.gone = append(parts.gone, row.ID)
	}
	err = parts.StoreChildren(ctx, tx, at, &o)
	c.News, c.stored = news, parts
	return o, err
}

// partMatcher matches parts of one row by what they are.
func partMatcher[P any](m Matcher[P]) Matcher[db.Part[P]] {
	within := func(f func(P) string) func(db.Part[P]) string {
		return func(p db.Part[P]) string { return strconv.FormatInt(p.Of, 10) + " " + f(p.Value) }
	}
	parts := Matcher[db.Part[P]]{}
	for _, identity := range m.Identities {
		parts.Identities = append(parts.Identities, within(identity))
	}
	if m.Alike != nil {
		parts.Group = within(m.Group)
		parts.Alike = func(a, b db.Part[P]) int { return m.Alike(a.Value, b.Value) }
	}
	if m.Keep != nil {
		parts.Keep = func(old db.Part[P], seen *db.Part[P]) { m.Keep(old.Value, &seen.Value) }
	}
	return parts
}

// A WholesNews says what people want to know of rows that have parts.
type WholesNews[T any] struct {
	Family  string
	Columns []string     // of a row
	OfParts []string     // of its parts
	Shown   func(T) bool // whether there is anything to tell of a row yet; nil where there always is
	Hidden  string       // why a new row of which there is nothing to tell is hardly worth a message
	Texts   []string     // of the columns, those in which there are typing errors

	// Weigh says when an event about a row matters, and why it hardly does. Nil says
	// nothing.
	Weigh func(row T, t Telling, e *db.Event)
}

// Announce makes one event of each row that is new, is withdrawn, or changed in a
// column that people want to know, of its own or of its parts, or in the files
// attached to it.
func (n WholesNews[T]) Announce(whole *List[T], changes []Change[T], parts, files map[int64][]Part) (events []db.Event) {
	told := map[int64]Change[T]{}
	tell := func(c Change[T], t Telling) {
		worth, turn := t.Touches(n.Columns) || t.partsTouch(n.OfParts) || t.Files != nil, n.turn(c)
		e := db.Event{Kind: KindOf(n.Family, turn, worth)}
		if e.Kind == "" {
			return
		}
		if turn == Added {
			t = t.asNew()
			t.Back = c.Back && c.Kind == Added // else nobody knew of it
		}
		if e.Minor = t.Minor(slices.Concat(n.Columns, n.OfParts), n.Texts...); turn == Added && n.Shown != nil && !n.Shown(c.New) {
			e.Minor = n.Hidden
		}
		if n.Weigh != nil {
			n.Weigh(c.Row(), t, &e)
		}
		events = append(events, t.Complete(e, whole.Owner))
	}
	for _, c := range changes {
		if told[c.Item] = c; c.Kind == Removed {
			tell(c, TellingOf(whole.Table, c))
		}
	}
	for i, item := range whole.Items {
		c, changed := told[item]
		if !changed {
			c = Change[T]{Kind: Changed, Item: item, Old: whole.Rows[i], New: whole.Rows[i]}
		}
		t := TellingOf(whole.Table, c)
		t.Parts, t.Files = parts[item], files[item]
		tell(c, t)
	}
	return events
}

// turn is what happened to a row in the eyes of people, to whom it is new from the time
// on when there is anything to tell of it.
func (n WholesNews[T]) turn(c Change[T]) Kind {
	if n.Shown == nil {
		return c.Kind
	}
	before, now := c.Kind != Added && n.Shown(c.Old), c.Kind != Removed && n.Shown(c.New)
	switch {
	case before && c.Kind == Removed:
		return Removed
	case before:
		return Changed
	case now, c.Kind == Added:
		return Added
	}
	return "" // still nothing
}
