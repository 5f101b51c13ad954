package config

import (
	"maps"
	"slices"
	"strings"

	"github.com/pronote-sync/pronote-sync/cmd/internal/typo"
)

// refuseUnknown notes the keys that nobody asked for.
func (t *table) refuseUnknown() {
	for _, key := range slices.Sorted(maps.Keys(t.values)) {
		if slices.Contains(t.known, key) {
			continue
		}
		root := t.asked[0]
		switch meant := typo.Nearest(key, t.known); {
		case meant != "":
			t.problem(key, "unknown key %q: did you mean %q?", key, meant)
		case slices.Contains(root.known, key):
			t.problem(key, "unknown key %q: it belongs at the top of the file, above all tables", key)
		default:
			t.problem(key, "unknown key %q: there are %s", key, strings.Join(t.known, ", "))
		}
	}
}
