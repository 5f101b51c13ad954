package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/pronote-sync/pronote-sync/"

// arrows are what the packages may import of each other; those that are not
// named, nothing. One pattern at most fits a package.
var arrows = map[string][]string{
	"pronote":                   {"civil", "hostname", "pronote/internal/wire", "secret"},
	"notifiers":                 {"secret"},
	"cas":                       {"hostname"},
	"pronote/pronotetest":       {"pronote", "pronote/internal/wire", "pronote/pronotetest/world"},
	"pronote/pronotetest/world": {"pronote"},
	"db":                        {"migrations", "pronote"},
	"sync":                      {"civil", "db", "notifiers", "pronote", "sync/internal/*"},
	"sync/school":               {"civil", "db", "pronote", "sync", "sync/internal/mirror"},
	"sync/kfet":                 {"civil", "db", "notekfet", "secret", "sync", "sync/internal/mirror"},
	"sync/internal/mirror":      {"db", "pronote", "sync/internal/wording"},
	"sync/internal/wording":     {"civil"},
	"sync/internal/today":       {"civil", "db", "pronote", "sync/internal/mirror", "sync/internal/wording"},
	"cas/castest":               {"cas"},
	"pronoteapi":                {"cas", "civil", "hostname", "pronote", "secret"},
	"notekfet":                  {"notekfet/internal/wire"},
	"notekfet/ledger":           {"notekfet", "notekfet/internal/password", "notekfet/migrations"},
	"notekfet/server":           {"notekfet", "notekfet/internal/password", "notekfet/internal/wire", "notekfet/ledger"},

	"cmd/pronote-sync":               {"cas", "cmd/internal/*", "cmd/pronote-sync/internal/*", "db", "hostname", "notifiers", "pronote", "pronote/pronotetest", "pronote/pronotetest/world", "notekfet", "secret", "sync", "sync/kfet", "sync/school"},
	"cmd/pronote-sync/internal/*":    {"cas", "cmd/internal/*", "cmd/pronote-sync/internal/say", "db", "hostname", "notekfet", "notifiers", "pronote", "secret", "sync", "sync/kfet", "sync/school"},
	"cmd/pronote-api-server":         {"cmd/internal/*", "hostname", "pronoteapi"},
	"cmd/notekfet-server":            {"cmd/internal/*", "cmd/notekfet-server/internal/*", "notekfet", "notekfet/ledger", "notekfet/server"},
	"cmd/notekfet-server/internal/*": {"cmd/internal/*", "notekfet", "notekfet/ledger", "notekfet/server"},
}

// TestArrows holds the picture of the packages that the programs are made of.
func TestArrows(t *testing.T) {
	t.Parallel()
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Imports", "./cmd/...")
	cmd.Dir = "../.."
	cmd.Stderr = t.Output()
	text, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for packages := json.NewDecoder(bytes.NewReader(text)); ; {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := packages.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if p.ImportPath == "testing" {
			t.Error("a program contains package testing")
		}
		from, ours := strings.CutPrefix(p.ImportPath, module)
		if !ours {
			continue
		}
		seen++
		for _, imported := range p.Imports {
			if to, ours := strings.CutPrefix(imported, module); ours && !allowed(from, to) {
				t.Errorf("%s must not import %s", from, to)
			}
		}
	}
	if seen < 9 {
		t.Errorf("there are only %d packages", seen)
	}
}

func allowed(from, to string) bool {
	for pattern, targets := range arrows {
		if matches(pattern, from) {
			return slices.ContainsFunc(targets, func(target string) bool { return matches(target, to) })
		}
	}
	return false
}

func matches(pattern, name string) bool {
	ok, err := path.Match(pattern, name)
	return ok && err == nil // the patterns are ours
}
