package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

// trialHome is a home in which all was tried by hand, with secrets in files.
func trialHome(t *testing.T) *home {
	t.Helper()
	h := newHome(t)
	if err := os.Mkdir(h.path("secrets"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(h.path("secrets/famille"), []byte(pronotetest.Password+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(h.settings("x", "maman"), `password = "x"`, `password_file = "secrets/famille"`, 1)
	h.configure("# mine\ndatabase = \"here.db\"\n" + text)
	if code, p := h.run("sync"); code != exitOK {
		t.Fatal(p.stderr.String())
	}
	return h
}

// namesBelow are the files below a folder.
func namesBelow(t *testing.T, folder string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, strings.TrimPrefix(path, folder+"/"))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// A mirror and tokens that were made while trying were not carried to the service, which
// began anew and told all again.
func TestWhatWasTriedByHandMovesWhole(t *testing.T) {
	t.Parallel()
	h := trialHome(t)
	told := len(h.mail.received())
	c, err := config.Load(h.path("config.toml"))
	if err != nil {
		t.Fatal(err)
	}
	place := t.TempDir()
	path := filepath.Join(place, "config.toml")
	if err := move(t.Context(), c, path, config.UsualDatabase(path)); err != nil {
		t.Fatal(err)
	}
	rows := mustQuery(t, h.path("here.db"), "SELECT count(*) FROM marks")
	if got := mustQuery(t, filepath.Join(place, "pronote.db"), "SELECT count(*) FROM marks"); fmt.Sprint(got) != fmt.Sprint(rows) {
		t.Errorf("there are %v marks, want %v", got, rows)
	}
	if _, err := os.Stat(h.path("config.toml")); !os.IsNotExist(err) {
		t.Errorf("the old configuration is still in use: %v", err)
	}
	text, err := os.ReadFile(path)
	if err != nil || !strings.HasPrefix(string(text), "# mine\n# database = \"here.db\"\n") {
		t.Errorf("the configuration begins with %.60q, %v", text, err)
	}
	h.dir = place
	h.mark("Contrôle sur les fractions", "15,5")
	if code, p := h.run("sync"); code != exitOK {
		t.Fatal(p.stderr.String())
	}
	if now := h.mail.received(); len(now) != told+1 || !h.mail.has("maman", "Contrôle sur les fractions") {
		t.Errorf("maman got %d messages, want one more than %d", len(now), told)
	}
}

func TestAMoveThatFailsLeavesNothing(t *testing.T) {
	t.Parallel()
	h := trialHome(t)
	c, err := config.Load(h.path("config.toml"))
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(place string) error{
		"a mirror that is there": func(place string) error { return os.WriteFile(filepath.Join(place, "pronote.db"), nil, 0o600) },
		"a secret that is there": func(place string) error {
			return errors.Join(os.Mkdir(filepath.Join(place, "secrets"), 0o700), os.WriteFile(filepath.Join(place, "secrets", "famille"), []byte("another"), 0o600))
		},
		"a configuration that is there": func(place string) error { return os.WriteFile(filepath.Join(place, "config.toml"), nil, 0o600) },
	} {
		place := t.TempDir()
		if err := spoil(place); err != nil {
			t.Fatal(err)
		}
		before := namesBelow(t, place)
		path := filepath.Join(place, "config.toml")
		if err := move(t.Context(), c, path, config.UsualDatabase(path)); err == nil {
			t.Errorf("%s: it was moved", name)
		}
		if after := namesBelow(t, place); fmt.Sprint(after) != fmt.Sprint(before) {
			t.Errorf("%s: left are %v", name, after)
		}
	}
	if code, p := h.run("sync"); code != exitOK {
		t.Errorf("the old place: %s", p.stderr.String())
	}
	outside := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(outside, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	h.configure(strings.Replace(h.settings("x"), `password = "x"`, fmt.Sprintf("password_file = %q", outside), 1))
	if c, err = config.Load(h.path("config.toml")); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.Carry(); err == nil || !strings.Contains(err.Error(), outside) {
		t.Errorf("a secret elsewhere: %v", err)
	}
}
