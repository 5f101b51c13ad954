package main

import (
	"os/exec"
	"strings"
	"testing"
)

// TestProgramsLinkWhatTheyNeed holds what each program is made of: the daemon has at
// most the client of the ledger, and the ledger nothing of the daemon.
func TestProgramsLinkWhatTheyNeed(t *testing.T) {
	t.Parallel()
	for program, unwanted := range map[string][]string{
		"./cmd/pronote-sync":    {"/notekfet/server", "/notekfet/ledger", "/notekfet/migrations", "/jackc/pgx", "/fpdf"},
		"./cmd/notekfet-server": {"pronote-sync/pronote", "pronote-sync/sync", "pronote-sync/db", "pronote-sync/cas", "pronote-sync/migrations", "/notekfet/passwordtest"},
		"./notekfet":            {"pronote-sync/pronote", "pronote-sync/sync", "pronote-sync/db", "/notekfet/server", "/notekfet/ledger"},
	} {
		cmd := exec.Command("go", "list", "-deps", program)
		cmd.Dir = "../.."
		cmd.Stderr = t.Output()
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		for name := range strings.Lines(string(out)) {
			for _, part := range unwanted {
				if strings.Contains(name, part+"/") || strings.HasSuffix(strings.TrimSpace(name), part) || strings.HasPrefix(part, "/jackc") && strings.Contains(name, part) {
					t.Errorf("%s links %s", program, strings.TrimSpace(name))
				}
			}
		}
	}
}
