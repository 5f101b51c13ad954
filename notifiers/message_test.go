package notifiers

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestLinksThatAreNotPagesAreLeftOut(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"https://0123456a.index-education.net/pronote/":       "https://0123456a.index-education.net/pronote/",
		"http://pronote.lan/?a=1&b=2":                         "http://pronote.lan/?a=1&b=2",
		"https://example.org/\"><script>":                     "https://example.org/%22%3E%3Cscript%3E",
		"":                                                    "",
		"javascript:alert(1)":                                 "",
		"JAVASCRIPT://example.org/%0aalert(1)":                "",
		"data:text/html,x":                                    "",
		"pronote.example.org":                                 "",
		"https://lea:password@example.org/":                   "",
		"https://example.org/\r\nBcc: all@example.org":        "",
		"https://example.org/" + strings.Repeat("x", maxLink): "",
	} {
		if got := webAddress(in); got != want {
			t.Errorf("webAddress(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestActionsThatNoServiceTakesAreLeftOut(t *testing.T) {
	t.Parallel()
	got := usable([]Action{{"Vu", "seen:1"}, {"", "x"}, {"Plus\ntard", "later:1"}, {"Muet", ""}, {"Long", strings.Repeat("x", maxData+1)}})
	if diff := cmp.Diff([]Action{{"Vu", "seen:1"}, {"Plus tard", "later:1"}}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestLevelsHaveWords(t *testing.T) {
	t.Parallel()
	var level Level
	if level != Normal {
		t.Errorf("the zero value is %v", level)
	}
	for level, want := range map[Level]string{Quiet: "quiet", Normal: "normal", Urgent: "urgent", Alarm: "alarm", Quiet - 1: "quiet", Alarm + 1: "alarm"} {
		if got := level.String(); got != want {
			t.Errorf("level %d is %q, want %q", int(level), got, want)
		}
	}
}
