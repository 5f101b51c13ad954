package config

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestFind(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the user's folder is elsewhere on this system")
	}
	here, user := t.TempDir(), t.TempDir()
	t.Chdir(here)
	t.Setenv("XDG_CONFIG_HOME", user)
	t.Setenv("PRONOTE_SYNC_CONFIG", "")

	if path, err := Find(""); err == nil {
		t.Skip("this machine has a configuration: ", path)
	} else if text := err.Error(); !strings.Contains(text, user) || !strings.Contains(text, "/etc/") || !strings.Contains(text, "pronote-sync init") {
		t.Error("the error names neither the places nor what to do: ", text)
	}

	inUser := filepath.Join(user, "pronote-sync", "config.toml")
	if err := os.MkdirAll(inUser, 0o700); err != nil { // a folder is found too: Load says what is wrong
		t.Fatal(err)
	}
	check := func(flag, want string) {
		t.Helper()
		if got, err := Find(flag); got != want || err != nil {
			t.Errorf("Find(%q) is %q, %v, want %q", flag, got, err, want)
		}
	}
	check("", inUser)
	if err := os.WriteFile("config.toml", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	check("", "config.toml")
	t.Setenv("PRONOTE_SYNC_CONFIG", "elsewhere.toml")
	check("", "elsewhere.toml")
	check("flag.toml", "flag.toml")
}
