package config

import (
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

const example = "../../../../notekfet.toml.example"

// TestTheExampleIsTheDefault holds the example against what a configuration that
// says nothing means, and against the list of keys.
func TestTheExampleIsTheDefault(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(example)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "notekfet.toml")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	full, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	silent, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(full, silent) {
		t.Errorf("the example is\n%+v, the default\n%+v", full, silent)
	}
	for table, list := range keys {
		for _, key := range list {
			if table == "" && keys[key] != nil {
				continue
			}
			if !regexp.MustCompile(`(?m)^(# )?` + key + ` = `).Match(text) {
				t.Errorf("the example lacks %s of [%s]", key, table)
			}
		}
	}
	// With every key that it shows commented out switched on, it is still right.
	if err := os.WriteFile(path, []byte(strings.ReplaceAll(string(text), "# annee", "annee")), 0o600); err != nil {
		t.Fatal(err)
	}
	if c, err := Load(path); err != nil || c.Rules.StandingYear != 2019 {
		t.Error(c, err)
	}
}

// FuzzLoad gives anything as a configuration: it is taken, or an error that names
// the file.
func FuzzLoad(f *testing.F) {
	text, err := os.ReadFile(example)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(string(text))
	f.Add("listen = 1")
	f.Add("[money]\nvalidation = \"x\"")
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(t.TempDir(), "notekfet.toml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Load(path); err != nil && !strings.Contains(err.Error(), path) {
			t.Error(err)
		}
	})
}
