package config

import (
	"maps"
	"slices"
	"strings"
)

// refuseUnknown notes the keys that nobody asked for.
func (t *table) refuseUnknown() {
	for _, key := range slices.Sorted(maps.Keys(t.values)) {
		if slices.Contains(t.known, key) {
			continue
		}
		root := t.asked[0]
		switch meant := nearest(key, t.known); {
		case meant != "":
			t.problem(key, "unknown key %q: did you mean %q?", key, meant)
		case slices.Contains(root.known, key):
			t.problem(key, "unknown key %q: it belongs at the top of the file, above all tables", key)
		default:
			t.problem(key, "unknown key %q: there are %s", key, strings.Join(t.known, ", "))
		}
	}
}

// nearest is the word that was most likely meant, "" when none is near.
func nearest(typo string, words []string) string {
	best, least := "", min(2, len(typo)/2)
	for _, word := range words {
		if len(typo) > len(word)+least {
			continue // it may be very long
		}
		if d := distance(typo, word); d <= least {
			best, least = word, d-1
		}
	}
	return best
}

// distance counts the letters to add, drop or replace to get from a to b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
