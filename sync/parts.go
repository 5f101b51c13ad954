package sync

import (
	"context"
	"slices"
	"strconv"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
)

// consistsOf lets the parts of rows tell which row is which: two evaluations of
// one name and day are known by their skills. It is called before the list is
// stored. Of is where a row has its parts.
func consistsOf[T, P any](whole *list[T], of func(*T) *[]P, table db.Table[db.Part[P]]) {
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
		return identity(append(keys, whole.table.Key(v))...)
	}
}

// A child is a table of what the rows of a list have of their own, as evaluations
// do of skills. The list declares it, and stores it with its rows.
type child[T any] interface {
	storeOf(ctx context.Context, tx *db.Tx, at pronote.DateTime, whole *list[T]) (outcome, error)
}

// parts are a child: what rows consist of. What a row that was there all along
// consists of is no news either, nor are the parts that go with their row.
type parts[T, P any] struct {
	of       func(T) []P // nil where the answer does not have them, which leaves those of the mirror alone
	table    db.Table[db.Part[P]]
	matcher  Matcher[P]
	exact    bool                // the answer counts the parts of a row, and all are there
	children []child[db.Part[P]] // of the parts themselves

	news   []Change[db.Part[P]] // once stored
	stored list[db.Part[P]]     // once stored: all that were seen
}

// told are the changes of the parts, by the item that they are part of.
func (c *parts[T, P]) told() map[int64][]part { return partsOf(c.table, c.news) }

func (c *parts[T, P]) storeOf(ctx context.Context, tx *db.Tx, at pronote.DateTime, whole *list[T]) (outcome, error) {
	parts := listOf(c.table, partMatcher(c.matcher), whole.owner, whole.span, nil)
	parts.exact, parts.children = c.exact, c.children
	fresh, names := map[int64]bool{}, map[int64]string{}
	name := whole.matcher.Identities[0]
	if whole.mint != nil {
		name = whole.mint
	}
	for i, item := range whole.items {
		row := whole.rows[i]
		seen := c.of(row)
		if seen == nil {
			continue
		}
		parts.whole = append(parts.whole, item)
		fresh[item] = whole.fresh(row)
		names[item] = name(row)
		for _, p := range seen {
			parts.rows = append(parts.rows, db.Part[P]{Of: item, Value: p})
		}
	}
	parts.fresh = func(p db.Part[P]) bool { return fresh[p.Of] }
	parts.mint = func(p db.Part[P]) string { return identity(names[p.Of], c.matcher.Identities[0](p.Value)) }
	news, o, err := parts.storeRows(ctx, tx, at)
	if err != nil {
		return o, err
	}
	o.seen = 0 // parts are not counted as rows of the domain
	orphans, err := c.table.LoadParts(ctx, tx, whole.gone)
	if err != nil {
		return o, err
	}
	for _, row := range orphans {
		if err := parts.apply(ctx, tx, &Change[db.Part[P]]{Kind: Removed, Item: row.ID, Old: row.Value}, true, at); err != nil {
			return o, err
		}
		o.removed++
		parts.gone = append(parts.gone, row.ID)
	}
	err = parts.storeChildren(ctx, tx, at, &o)
	c.news, c.stored = news, parts
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

// A wholesNews says what people want to know of rows that have parts.
type wholesNews[T any] struct {
	family  string
	columns []string     // of a row
	ofParts []string     // of its parts
	shown   func(T) bool // whether there is anything to tell of a row yet; nil where there always is
}

// announce makes one event of each row that is new, is withdrawn, or changed in a
// column that people want to know, of its own or of its parts, or in the files that
// hang on it.
func (n wholesNews[T]) announce(whole *list[T], changes []Change[T], parts, files map[int64][]part) (events []db.Event) {
	told := map[int64]Change[T]{}
	tell := func(c Change[T], t telling) {
		worth, turn := t.touches(n.columns) || t.partsTouch(n.ofParts) || t.Files != nil, n.turn(c)
		if kind := kindOf(n.family, turn, worth); kind != "" {
			if turn == Added {
				t = t.asNew()
			}
			events = append(events, t.event(kind, whole.owner))
		}
	}
	for _, c := range changes {
		if told[c.Item] = c; c.Kind == Removed {
			tell(c, tellingOf(whole.table, c))
		}
	}
	for i, item := range whole.items {
		c, changed := told[item]
		if !changed {
			c = Change[T]{Kind: Changed, Item: item, Old: whole.rows[i], New: whole.rows[i]}
		}
		t := tellingOf(whole.table, c)
		t.Parts, t.Files = parts[item], files[item]
		tell(c, t)
	}
	return events
}

// turn is what happened to a row in the eyes of people, who know it from the time on
// when there was anything to tell of it.
func (n wholesNews[T]) turn(c Change[T]) Kind {
	if n.shown == nil {
		return c.Kind
	}
	before, now := c.Kind != Added && n.shown(c.Old), c.Kind != Removed && n.shown(c.New)
	switch {
	case before && c.Kind == Removed:
		return Removed
	case before:
		return Changed
	case now:
		return Added
	}
	return "" // still nothing
}
