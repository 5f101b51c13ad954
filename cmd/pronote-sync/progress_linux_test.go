package main

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
)

func TestEachKindOfDataHasAName(t *testing.T) {
	t.Parallel()
	for _, d := range config.Domains() {
		if kindsOfData[d.Name] == "" {
			t.Errorf("%s has none in French", d.Name)
		}
	}
}

// The first look took 75 seconds without saying what it did, nor how long it would.
func TestTheFirstLookIsInView(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	look := func() string {
		d := h.sitDownWith(func(cmd *exec.Cmd, desk *desk) { cmd.Stderr = desk.inside }, "sync")
		if code := d.process.wait(); code != exitOK {
			t.Fatalf("exit code %d: %s", code, d.standUp())
		}
		return d.standUp()
	}
	shown := look()
	for _, want := range []string{"Le premier passage lit toute l’année scolaire", "famille · notes", "famille · emploi du temps", "famille · bulletins", "%"} {
		if !strings.Contains(shown, want) {
			t.Errorf("the terminal does not show %q: %q", want, shown)
		}
	}
	if shown := look(); strings.Contains(shown, "premier passage") {
		t.Errorf("a later look shows %q", shown)
	}
}
