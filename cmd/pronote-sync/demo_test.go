package main

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// TestTheDemoReadsWell: it is the first that people see. It once showed them the
// school's cases for the tests, such as a file whose name has forty times "très".
func TestTheDemoReadsWell(t *testing.T) {
	t.Parallel()
	var stdout, stderr bytes.Buffer
	if code := (&app{now: time.Now}).run(t.Context(), []string{"demo", "--dir", t.TempDir()}, &stdout, &stderr); code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr.String())
	}
	out := stdout.String()
	for _, want := range []string{"annulé\u00a0: français, professeur absent", "déplacé\u00a0: EPS à 16\u00a0h (au lieu de 15\u00a0h)", "14,5 → 15/20", "pour lun. 15\u00a0: français", "Absence retirée"} {
		if !strings.Contains(out, want) {
			t.Errorf("the demo does not show %q:\n%s", want, out)
		}
	}
	for _, never := range []string{"très très", "eLs", "<no value>"} {
		if strings.Contains(out, never) {
			t.Errorf("the demo shows %q:\n%s", never, out)
		}
	}
	last := -1
	for _, day := range []string{"── 2025-12-09 ──", "── 2025-12-10 ──", "── 2025-12-11 ──", "── 2025-12-12 ──"} {
		at := strings.Index(out, day)
		if at <= last {
			t.Errorf("%s is not in order of time", day)
		}
		last = at
	}
}
