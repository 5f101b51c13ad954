package mirror

import "github.com/pronote-sync/pronote-sync/db"

// A Matcher tells which row of a snapshot is which row of the mirror. PRONOTE's
// identifiers change at every login, so rows are known by what they say.
type Matcher[T any] struct {
	// Key is equal for rows that are equal in every stored column.
	Key func(*T) string

	// Identities go from the strictest to the loosest. Each pairs the rows that
	// share its text, if exactly one row on each side has it. The first also
	// mints the uid of a new row.
	Identities []func(T) string

	// Alike pairs what no identity did: a positive score means that b may be a
	// as somebody edited it, and the highest scores pair first. Only rows of the
	// same Group are compared. Nil pairs nothing.
	Alike func(a, b T) int
	Group func(T) string

	// Keep completes a row of the snapshot with what only the mirror knows.
	// Nil completes nothing.
	Keep func(old T, seen *T)
}

// Kind is what happened to a row.
type Kind string

// The kinds of changes.
const (
	Added   Kind = "added"
	Changed Kind = "changed"
	Removed Kind = "removed"
)

// A Change is one difference between the mirror and a snapshot.
type Change[T any] struct {
	Kind Kind
	Item int64 // 0 for an added row that is not stored yet
	Old  T     // zero for an added row
	New  T     // zero for a removed row

	At   int  // index of New in the snapshot
	Back bool // a row that was gone, and was Old then: added if it is as it was, else changed
}

// Row is what the row says, or said last.
func (c Change[T]) Row() T {
	if c.Kind == Removed {
		return c.Old
	}
	return c.New
}

// Diff pairs the rows of the mirror with those of a snapshot and returns what
// differs: changed rows, then removed ones, then added ones, each in order. It
// is rename detection as git does it: equal rows pair first; then each identity
// pairs what it can; then likeness. What remains was removed, or added.
//
// Items has the item of each row of the snapshot, 0 for those that were added.
//
// For every result, len(mirror) - removed + added == len(seen). Keep may complete
// rows of seen in place.
func Diff[T any](mirror []db.Row[T], seen []T, m Matcher[T]) (changes []Change[T], items []int64) {
	p := newPairing(len(mirror), len(seen))
	p.byKey(func(i int) string { return m.Key(&mirror[i].Value) }, func(j int) string { return m.Key(&seen[j]) })
	for _, identity := range m.Identities {
		p.byText(func(i int) string { return identity(mirror[i].Value) }, func(j int) string { return identity(seen[j]) })
	}
	if m.Alike != nil {
		p.byLikeness(
			func(i int) string { return m.Group(mirror[i].Value) }, func(j int) string { return m.Group(seen[j]) },
			func(i, j int) int { return m.Alike(mirror[i].Value, seen[j]) },
		)
	}
	items = make([]int64, len(seen))
	var changed, removed, added []Change[T]
	for i, row := range mirror {
		j := p.partner[i]
		if j < 0 {
			removed = append(removed, Change[T]{Kind: Removed, Item: row.ID, Old: row.Value})
			continue
		}
		if items[j] = row.ID; p.equal[i] {
			continue
		}
		if m.Keep != nil {
			m.Keep(row.Value, &seen[j])
		}
		if m.Key(&row.Value) != m.Key(&seen[j]) {
			changed = append(changed, Change[T]{Kind: Changed, Item: row.ID, Old: row.Value, New: seen[j], At: j})
		}
	}
	for _, j := range p.right() {
		added = append(added, Change[T]{Kind: Added, New: seen[j], At: j})
	}
	return append(append(changed, removed...), added...), items
}
