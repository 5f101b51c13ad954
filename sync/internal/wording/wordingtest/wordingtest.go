// Package wordingtest holds messages to the ones that a person approved.
package wordingtest

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pronote-sync/pronote-sync/sync/internal/wording"
)

var update = flag.Bool("update", false, "rewrite golden files")

// Visible shows what is not to be seen in a golden file: a no-break space as ␣, a cover
// as ⟦ and ⟧.
func Visible(text string) string {
	return strings.NewReplacer("\u00a0", "␣", wording.SpoilerStart, "⟦", wording.SpoilerEnd, "⟧").Replace(text)
}

// Golden compares a text with that of a file, or writes it there with -update.
func Golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: run go test -update and read what it writes", err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// breaks are the places where a line of French breaks that should not, and our straight
// apostrophes.
var breaks = regexp.MustCompile(`\S* [:;!?%€»]|« \S*|\d (h|min|€|%|fois)\b|\b(M\.|Mme|coef\.) \S+|\pL+'\pL+`)

// Broken are the pieces of a French message that have an ordinary space where a
// no-break one belongs, or a straight apostrophe. The texts of the school, which stay as
// they are, are left out.
func Broken(message string, ofSchool ...string) []string {
	for _, text := range ofSchool {
		message = strings.ReplaceAll(message, text, "")
	}
	return breaks.FindAllString(message, -1)
}
