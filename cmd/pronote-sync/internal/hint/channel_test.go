package hint

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Channels once told people in English alone what to do. Each reason that they give has
// its sentence, and each sentence its reason.
func TestEachReasonOfAChannelHasItsSentence(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../../../notifiers/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	given := map[string]bool{}
	reason := regexp.MustCompile(`(?:because\(|reason = |, reason = "[^"]*", |what, reason = .*, |\{\d{3}, "[^"]*", )"([a-z_]+)"`)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range reason.FindAllSubmatch(text, -1) {
			given[string(m[1])] = true
		}
	}
	for name := range given {
		s, ok := byChannel[name]
		if !ok || !strings.Contains(s.fr, " : ") || !strings.Contains(s.en, ": ") {
			t.Errorf("%s has no sentence that says what is next: %q", name, s)
		}
	}
	for name := range byChannel {
		if !given[name] {
			t.Errorf("no channel gives the reason %s", name)
		}
	}
}
