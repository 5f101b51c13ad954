package config

import (
	"strings"
	"testing"
)

func TestNames(t *testing.T) {
	t.Parallel()
	for name, good := range map[string]bool{
		"lea": true, "Zoé": true, "2b": true, "le-grand_frère": true, strings.Repeat("é", 32): true,
		"": false, "-lea": false, "_lea": false, "lea martin": false, "lea/..": false, "lea\n": false, "a\xff": false, strings.Repeat("é", 33): false, "½": false,
	} {
		if isName(name) != good {
			t.Errorf("%q: %t", name, !good)
		}
	}
}
