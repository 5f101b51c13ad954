package doctor

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// Whatever a finding is made of, a report has nothing but what the program has chosen.
func TestAReportNamesNobody(t *testing.T) {
	t.Parallel()
	const canary = "Canari"
	f := Finding{
		Check: T("compte", "account"), Of: &Private{Shown: canary, Instead: Numbered(2)}, State: Warning,
		What: T("%s %s %s %s %s %s", "%s %s %s %s %s %s"),
		Args: []Argument{canary, errors.New(canary), []string{canary}, Private{canary, T("<chemin>", "<path>")}, Told{canary, "network"}, Word("webhook")},
		Next: T("%s %s %s", "%s %s %s"), With: []Argument{map[string]string{canary: canary}, 3, &canaries{canary}},
	}
	for language, want := range map[string]Said{
		"fr": {"compte", "n° 2", Warning, "… … … <chemin> network webhook", "… 3 …"},
		"en": {"account", "no. 2", Warning, "… … … <path> network webhook", "… 3 …"},
	} {
		if got := (Reader{language, true}).Say(f); got != want {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
		if got := (Reader{language, false}).Say(f); strings.Count(got.Text, canary) != 5 || got.Of != canary {
			t.Errorf("at the terminal: %+v", got)
		}
	}
}

type canaries struct{ name string }

func TestFiguresForPeople(t *testing.T) {
	t.Parallel()
	r := Reader{Language: "fr"}
	for want, arg := range map[string]Argument{
		"moins d'une seconde": time.Microsecond, "340\u00a0ms": 340 * time.Millisecond, "90\u00a0s": 90 * time.Second, "12\u00a0min": -12*time.Minute - time.Second,
		"36\u00a0h": 36 * time.Hour, "5\u00a0j": 125 * time.Hour, "0\u00a0o": Size(0), "4\u00a0ko": Size(4096), "5\u00a0Go": Size(5 << 30), "7": 7,
	} {
		if got := r.argument(arg); got != want {
			t.Errorf("%v is %q, want %q", arg, got, want)
		}
	}
}
