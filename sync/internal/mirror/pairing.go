package mirror

import (
	"cmp"
	"slices"
)

// A pairing says which row of the mirror is which row of a snapshot. It knows rows by
// their numbers, so that the program has it once and not for each kind of row.
type pairing struct {
	partner []int  // of each mirrored row: the number of the seen one, -1 when alone
	equal   []bool // of each mirrored row: its partner has the same key
	taken   []bool // of each seen row: has a partner
}

func newPairing(mirror, seen int) *pairing {
	p := &pairing{partner: make([]int, mirror), equal: make([]bool, mirror), taken: make([]bool, seen)}
	for i := range p.partner {
		p.partner[i] = -1
	}
	return p
}

func (p *pairing) pair(i, j int) {
	p.partner[i] = j
	p.taken[j] = true
}

// byKey pairs equal rows, twins in order.
func (p *pairing) byKey(mirror, seen func(int) string) {
	waiting := make(map[string]int, len(p.taken)) // the first of those with a key
	next := make([]int, len(p.taken))             // the one after each; -1 after the last
	for j := len(p.taken) - 1; j >= 0; j-- {
		k := seen(j)
		next[j] = -1
		if twin, ok := waiting[k]; ok {
			next[j] = twin
		}
		waiting[k] = j
	}
	for i := range p.partner {
		k := mirror(i)
		if j, ok := waiting[k]; ok && j >= 0 {
			p.pair(i, j)
			waiting[k] = next[j]
			p.equal[i] = true
		}
	}
}

// byText pairs rows whose text is unique among what is left.
func (p *pairing) byText(mirror, seen func(int) string) {
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
		k := mirror(i)
		if _, ok := found[k]; !ok {
			found[k] = sides{none, none}
		}
		s := found[k]
		s.mirror = note(s.mirror, i)
		found[k] = s
	}
	for _, j := range p.right() {
		k := seen(j)
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

// byLikeness pairs the most alike of a group first, and in order where the score is even.
func (p *pairing) byLikeness(mirror, seen func(int) string, score func(i, j int) int) {
	groups := map[string][]int{}
	for _, j := range p.right() {
		g := seen(j)
		groups[g] = append(groups[g], j)
	}
	type candidate struct{ score, i, j int }
	var candidates []candidate
	comparisons := 0
	for _, i := range p.left() {
		group := groups[mirror(i)]
		if comparisons += len(group); comparisons > maxComparisons {
			break
		}
		for _, j := range group {
			if s := score(i, j); s > 0 {
				candidates = append(candidates, candidate{s, i, j})
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

func (p *pairing) left() (alone []int) {
	for i, j := range p.partner {
		if j < 0 {
			alone = append(alone, i)
		}
	}
	return alone
}

func (p *pairing) right() (alone []int) {
	for j, taken := range p.taken {
		if !taken {
			alone = append(alone, j)
		}
	}
	return alone
}
