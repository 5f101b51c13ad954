package typo

import (
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	t.Parallel()
	words := []string{"listen", "database", "die", "delay", "delay_max"}
	for typed, want := range map[string]string{
		"lsten": "listen", "datbase": "database", "dye": "die", "delay_mx": "delay_max", "delai": "delay", "dx": "", "": "", "nonsense": "",
		"délay": "delay", strings.Repeat("listen", 1_000_000): "",
	} {
		if got := Nearest(typed, words); got != want {
			t.Errorf("%.20q is taken for %q, want %q", typed, got, want)
		}
	}
}
