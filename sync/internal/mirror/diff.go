package mirror

import (
	"cmp"
	"slices"

	"github.com/pronote-sync/pronote-sync/db"
)

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
	p := pairing[T]{
		mirror: mirror, seen: seen,
		partner: make([]int, len(mirror)), equal: make([]bool, len(mirror)), taken: make([]bool, len(seen)),
	}
	for i := range p.partner {
		p.partner[i] = -1
	}
	p.byKey(m.Key)
	for _, identity := range m.Identities {
		p.byIdentity(identity)
	}
	if m.Alike != nil {
		p.byLikeness(m)
	}
	items = make([]int64, len(seen))
	for i, j := range p.partner {
		if j >= 0 {
			items[j] = mirror[i].ID
		}
	}
	return p.changes(m), items
}

type pairing[T any] struct {
	mirror  []db.Row[T]
	seen    []T
	partner []int  // of each mirrored row: index into seen, -1 when alone
	equal   []bool // of each mirrored row: its partner has the same key
	taken   []bool // of each seen row: has a partner
}

func (p *pairing[T]) pair(i, j int) {
	p.partner[i] = j
	p.taken[j] = true
}

// byKey pairs equal rows, twins in order.
func (p *pairing[T]) byKey(key func(*T) string) {
	waiting := make(map[string]int, len(p.seen)) // the first of those with a key
	next := make([]int, len(p.seen))             // the one after each; -1 after the last
	for j := len(p.seen) - 1; j >= 0; j-- {
		k := key(&p.seen[j])
		next[j] = -1
		if twin, ok := waiting[k]; ok {
			next[j] = twin
		}
		waiting[k] = j
	}
	for i := range p.mirror {
		k := key(&p.mirror[i].Value)
		if j, ok := waiting[k]; ok && j >= 0 {
			p.pair(i, j)
			waiting[k] = next[j]
			p.equal[i] = true
		}
	}
}

// byIdentity pairs rows whose identity is unique among what is left.
func (p *pairing[T]) byIdentity(identity func(T) string) {
	const none, many = -1, -2
	type sides struct{ mirror, seen int }
	found := map[string]sides{}
	note := func(old, i int) int {
		if old == none {
			return i
		}
		return many
	}
	for _, i := range p.left() {
		k := identity(p.mirror[i].Value)
		if _, ok := found[k]; !ok {
			found[k] = sides{none, none}
		}
		s := found[k]
		s.mirror = note(s.mirror, i)
		found[k] = s
	}
	for _, j := range p.right() {
		k := identity(p.seen[j])
		if s, ok := found[k]; ok {
			s.seen = note(s.seen, j)
			found[k] = s
		}
	}
	for _, s := range found {
		if s.mirror >= 0 && s.seen >= 0 {
			p.pair(s.mirror, s.seen)
		}
	}
}

// maxComparisons bounds the work of byLikeness on a snapshot that has little in
// common with the mirror. Beyond it rows stay alone, which is honest if dull.
const maxComparisons = 1 << 20

// byLikeness pairs the most alike first, and in order where the score is even.
func (p *pairing[T]) byLikeness(m Matcher[T]) {
	groups := map[string][]int{}
	for _, j := range p.right() {
		g := m.Group(p.seen[j])
		groups[g] = append(groups[g], j)
	}
	type candidate struct{ score, i, j int }
	var candidates []candidate
	comparisons := 0
	for _, i := range p.left() {
		group := groups[m.Group(p.mirror[i].Value)]
		if comparisons += len(group); comparisons > maxComparisons {
			break
		}
		for _, j := range group {
			if score := m.Alike(p.mirror[i].Value, p.seen[j]); score > 0 {
				candidates = append(candidates, candidate{score, i, j})
			}
		}
	}
	slices.SortStableFunc(candidates, func(a, b candidate) int { return cmp.Compare(b.score, a.score) })
	for _, c := range candidates {
		if p.partner[c.i] < 0 && !p.taken[c.j] {
			p.pair(c.i, c.j)
		}
	}
}

func (p *pairing[T]) left() (alone []int) {
	for i, j := range p.partner {
		if j < 0 {
			alone = append(alone, i)
		}
	}
	return alone
}

func (p *pairing[T]) right() (alone []int) {
	for j, taken := range p.taken {
		if !taken {
			alone = append(alone, j)
		}
	}
	return alone
}

func (p *pairing[T]) changes(m Matcher[T]) []Change[T] {
	var changed, removed, added []Change[T]
	for i, row := range p.mirror {
		j := p.partner[i]
		if p.equal[i] {
			continue
		}
		if j < 0 {
			removed = append(removed, Change[T]{Kind: Removed, Item: row.ID, Old: row.Value})
			continue
		}
		if m.Keep != nil {
			m.Keep(row.Value, &p.seen[j])
		}
		if m.Key(&row.Value) != m.Key(&p.seen[j]) {
			changed = append(changed, Change[T]{Kind: Changed, Item: row.ID, Old: row.Value, New: p.seen[j], At: j})
		}
	}
	for _, j := range p.right() {
		added = append(added, Change[T]{Kind: Added, New: p.seen[j], At: j})
	}
	return slices.Concat(changed, removed, added)
}
