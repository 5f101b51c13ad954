package main

import (
	"os"
	"testing"

	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

// TestInitInterruptedLeavesNothing presses Ctrl-C while a secret is asked for, and while a
// login waits for the school.
func TestInitInterruptedLeavesNothing(t *testing.T) {
	t.Parallel()
	for name, reach := range map[string]func(h *home, d *desk){
		"a question": func(_ *home, d *desk) {
			d.types("2\n" + pronotetest.Username + "\n")
			d.process.says("Mot de passe", 1)
			d.hides()
		},
		"a login": func(h *home, d *desk) {
			stalled := h.stallAfter(2)
			d.types("2\n" + pronotetest.Username + "\n")
			d.process.says("Mot de passe", 1)
			d.hides()
			d.types(pronotetest.Password + "\n")
			<-stalled
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHome(t)
			if err := os.Mkdir(h.path("tmp"), 0o700); err != nil {
				t.Fatal(err)
			}
			h.env = append(h.env, "TMPDIR="+h.path("tmp"))
			d := h.sitDown("init", "--config", h.path("new/config.toml"), "--url", h.url, "--kind", "parent")
			d.process.says("Numéro [1]", 1)
			reach(h, d)
			d.types("\x03")
			if code := d.process.wait(); code != exitFailure {
				t.Errorf("exit code %d: %s", code, d.process.stderr.String())
			}
			d.standUp()
			if _, err := os.Stat(h.path("new")); !os.IsNotExist(err) {
				t.Errorf("something was written: %v", err)
			}
			if left := namesBelow(t, h.path("tmp")); len(left) > 0 {
				t.Errorf("left behind are %v", left)
			}
		})
	}
}
