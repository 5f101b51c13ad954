package db

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// TestCoverageIsASet looks at spans at random. The model is the set of places
// that were looked at.
func TestCoverageIsASet(t *testing.T) {
	t.Parallel()
	store := newStore(t)
	const places = 20
	var days []string
	for n := range places {
		days = append(days, at(n*86400).Date.String())
	}
	rapid.Check(t, func(rt *rapid.T) {
		store.try(rt, func(tx *Tx) {
			o := tx.owner(rt, "lea", "MARTIN Léa")
			other := tx.owner(rt, "noe", "MARTIN Noé")
			// Places between the days tell spans that touch from spans that are apart.
			looked := [2 * places]bool{}
			for range rapid.IntRange(1, 10).Draw(rt, "polls") {
				low := rapid.IntRange(0, places-1).Draw(rt, "low")
				high := rapid.IntRange(low, places-1).Draw(rt, "high")
				known := true
				for i := 2 * low; i <= 2*high; i++ {
					known = known && looked[i]
					looked[i] = true
				}
				before := writes(rt, tx)
				if err := tx.Cover(rt.Context(), o.Student, "homework", Span{days[low], days[high]}); err != nil {
					rt.Fatal(err)
				}
				if wrote := writes(rt, tx) != before; wrote == known {
					rt.Fatalf("Cover wrote: %v, although the span was known: %v", wrote, known)
				}
			}
			spans, err := tx.Coverage(rt.Context(), o.Student, "homework")
			if err != nil {
				rt.Fatal(err)
			}
			var got [2 * places]bool
			for i, s := range spans {
				if s.Low > s.High || i > 0 && spans[i-1].High >= s.Low {
					rt.Fatalf("spans overlap or are out of order: %q", spans)
				}
				low, high := slices.Index(days, s.Low), slices.Index(days, s.High)
				for n := 2 * low; n <= 2*high; n++ {
					got[n] = true
				}
			}
			if got != looked {
				rt.Fatalf("coverage is %v, want %v (%q)", got, looked, spans)
			}
			for _, elsewhere := range []struct {
				student int64
				domain  string
			}{{o.Student, "marks"}, {other.Student, "homework"}} {
				if spans, err := tx.Coverage(rt.Context(), elsewhere.student, elsewhere.domain); err != nil || spans != nil {
					rt.Fatalf("coverage of %+v is %q (%v), want none", elsewhere, spans, err)
				}
			}
		})
	})
}

// writes counts the rows that this connection has written.
func writes(t fataler, tx *Tx) int {
	t.Helper()
	return one[int](t, tx, `SELECT total_changes()`)
}

func TestCoverageOfATableWithoutPlaces(t *testing.T) {
	t.Parallel()
	newStore(t).try(t, func(tx *Tx) {
		o := tx.owner(t, "lea", "MARTIN Léa")
		for range 2 {
			if err := tx.Cover(t.Context(), o.Student, "infos", Span{}); err != nil {
				t.Fatal(err)
			}
		}
		got, err := tx.Coverage(t.Context(), o.Student, "infos")
		if err != nil || !cmp.Equal(got, []Span{{}}) {
			t.Errorf("coverage is %q (%v), want the zero Span", got, err)
		}
	})
}

func TestSuspicion(t *testing.T) {
	t.Parallel()
	newStore(t).try(t, func(tx *Tx) {
		o := tx.owner(t, "lea", "MARTIN Léa")
		week, next := Span{"2025-11-17", "2025-11-21"}, Span{"2025-11-24", "2025-11-28"}
		for i, step := range []struct {
			digest string
			writes int
		}{{"", 0}, {"abc", 1}, {"abc", 0}, {"def", 1}, {"", 1}, {"", 0}} {
			before := writes(t, tx)
			if err := tx.Suspect(t.Context(), o.Student, "homework", week, step.digest); err != nil {
				t.Fatal(err)
			}
			if got := writes(t, tx) - before; got != step.writes {
				t.Errorf("step %d wrote %d rows, want %d", i, got, step.writes)
			}
			for span, want := range map[Span]string{week: step.digest, next: ""} {
				if got, err := tx.Suspicion(t.Context(), o.Student, "homework", span); got != want || err != nil {
					t.Errorf("step %d: suspicion of %s is %q (%v), want %q", i, fmt.Sprint(span), got, err, want)
				}
			}
		}
	})
}
