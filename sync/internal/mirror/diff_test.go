package mirror

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"sort"
	"testing"

	"pgregory.net/rapid"

	"github.com/pronote-sync/pronote-sync/db"
)

// A card is a row small enough that collisions of every kind are common.
type card struct{ Subject, Day, Title, Value byte }

var cardMatcher = Matcher[card]{
	Key: func(c *card) string { return fmt.Sprint(*c) },
	Identities: []func(card) string{
		func(c card) string { return fmt.Sprint(c.Subject, c.Day, c.Title) },
		func(c card) string { return fmt.Sprint(c.Subject, c.Day) },
	},
	Group: func(c card) string { return fmt.Sprint(c.Subject) },
	Alike: func(a, b card) int {
		score := 0
		if a.Title == b.Title {
			score++
		}
		if a.Value == b.Value {
			score++
		}
		return score
	},
}

func cards(list []card) []db.Row[card] {
	rows := make([]db.Row[card], len(list))
	for i, c := range list {
		rows[i] = db.Row[card]{ID: int64(i + 1), Value: c}
	}
	return rows
}

// checkDiff checks what must hold whatever the rows are: applying the changes to
// the mirror gives the snapshot, no item is used twice, and equal rows are never
// reported.
func checkDiff(t interface{ Fatalf(string, ...any) }, mirror, seen []card) {
	changes, items := Diff(cards(mirror), slices.Clone(seen), cardMatcher)
	result := map[int64]card{}
	for _, row := range cards(mirror) {
		result[row.ID] = row.Value
	}
	next := int64(len(mirror))
	touched := map[int64]bool{}
	fresh := 0
	for _, item := range items {
		if item == 0 {
			fresh++
		} else if item > int64(len(mirror)) {
			t.Fatalf("there is no item %d", item)
		}
	}
	counts := map[Kind]int{}
	for _, c := range changes {
		counts[c.Kind]++
		if c.Kind == Added {
			next++
			result[next] = c.New
			continue
		}
		if touched[c.Item] || result[c.Item] != c.Old {
			t.Fatalf("item %d was used twice, or is not %v: %v", c.Item, c.Old, changes)
		}
		touched[c.Item] = true
		if c.Kind == Removed {
			delete(result, c.Item)
			continue
		}
		if c.Old == c.New {
			t.Fatalf("an equal row is reported as changed: %v", c)
		}
		result[c.Item] = c.New
	}
	if got := len(mirror) - counts[Removed] + counts[Added]; got != len(seen) {
		t.Fatalf("%d rows - %d removed + %d added = %d, want %d", len(mirror), counts[Removed], counts[Added], got, len(seen))
	}
	if len(items) != len(seen) || fresh != counts[Added] {
		t.Fatalf("of %d rows, %d have no item, and %d were added", len(seen), fresh, counts[Added])
	}
	var got []card
	for _, c := range result {
		got = append(got, c)
	}
	want := slices.Clone(seen)
	order := func(list []card) {
		sort.Slice(list, func(i, j int) bool { return fmt.Sprint(list[i]) < fmt.Sprint(list[j]) })
	}
	order(got)
	order(want)
	if !slices.Equal(got, want) {
		t.Fatalf("the changes lead to %v, want %v", got, want)
	}
}

func TestDiffLeadsToTheSnapshot(t *testing.T) {
	t.Parallel()
	generate := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) card {
		b := rapid.ByteRange(0, 2)
		return card{b.Draw(t, "subject"), b.Draw(t, "day"), b.Draw(t, "title"), b.Draw(t, "value")}
	}), 0, 12)
	rapid.Check(t, func(t *rapid.T) {
		mirror, seen := generate.Draw(t, "mirror"), generate.Draw(t, "seen")
		checkDiff(t, mirror, seen)
		if changes, _ := Diff(cards(mirror), slices.Clone(mirror), cardMatcher); len(changes) > 0 {
			t.Fatalf("nothing changed, got %v", changes)
		}
		shuffled := rapid.Permutation(mirror).Draw(t, "shuffled")
		if changes, _ := Diff(cards(mirror), shuffled, cardMatcher); len(changes) > 0 {
			t.Fatalf("only the order changed, got %v", changes)
		}
	})
}

func TestDiffTellsEditsFromReplacements(t *testing.T) {
	t.Parallel()
	maths, art := card{1, 1, 1, 12}, card{2, 1, 1, 15}
	for _, tt := range []struct {
		name         string
		mirror, seen []card
		want         []Kind
	}{
		{"a corrected value is a change", []card{maths}, []card{{1, 1, 1, 14}}, []Kind{Changed}},
		{"a renamed title is a change", []card{maths}, []card{{1, 1, 9, 12}}, []Kind{Changed}},
		{"a moved day is a change, by likeness", []card{maths}, []card{{1, 2, 1, 12}}, []Kind{Changed}},
		{"another subject is another row", []card{maths}, []card{art}, []Kind{Removed, Added}},
		{"nothing in common is another row", []card{maths}, []card{{1, 7, 7, 7}}, []Kind{Removed, Added}},
		{"one of two twins leaves", []card{maths, maths}, []card{maths}, []Kind{Removed}},
		{"a twin joins", []card{maths}, []card{maths, maths}, []Kind{Added}},
		{"twins are edited alike", []card{maths, maths}, []card{{1, 1, 1, 9}, {1, 1, 1, 9}}, []Kind{Changed, Changed}},
		{"all leave", []card{maths, art}, nil, []Kind{Removed, Removed}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []Kind
			changes, _ := Diff(cards(tt.mirror), tt.seen, cardMatcher)
			for _, c := range changes {
				got = append(got, c.Kind)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

func FuzzDiff(f *testing.F) {
	f.Add([]byte{3, 1, 1, 1, 12, 1, 1, 1, 12, 2, 1, 1, 15, 1, 1, 1, 14})
	f.Add([]byte{0, 1, 2, 3, 4})
	f.Add([]byte{2, 1, 1, 1, 1, 1, 1, 1, 1})
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) == 0 || len(data) > 400 {
			return
		}
		var list []card
		for chunk := range slices.Chunk(data[1:], 4) {
			padded := append(slices.Clone(chunk), 0, 0, 0)
			n := binary.LittleEndian.Uint32(padded[:4])
			list = append(list, card{byte(n) % 3, byte(n>>8) % 3, byte(n>>16) % 3, byte(n>>24) % 3})
		}
		split := min(int(data[0]), len(list))
		checkDiff(t, list[:split], list[split:])
	})
}

func TestOverlap(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"", "", 100},
		{"lire le chapitre 3", "lire le chapitre 3", 100},
		{"lire le chapitre 3", "", 0},
		{"a b c d", "a b e f", 50},
		{"a a a", "a", 50},
	} {
		if got := Overlap(tt.a, tt.b); got != tt.want {
			t.Errorf("overlap(%q, %q) = %d, want %d", tt.a, tt.b, got, tt.want)
		}
		if cmp.Compare(Overlap(tt.a, tt.b), Overlap(tt.b, tt.a)) != 0 {
			t.Errorf("overlap(%q, %q) depends on the order", tt.a, tt.b)
		}
	}
}
