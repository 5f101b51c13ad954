package config

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/notifiers"
)

var update = flag.Bool("update", false, "write what the problems are into testdata")

// TestProblems loads each NAME.toml of testdata/problems and compares what is
// said of it with NAME.want. NAME.env, where there is one, is the environment. A
// configuration without account gets a good one at its end, unless it says
// "# alone".
func TestProblems(t *testing.T) {
	t.Parallel()
	for _, path := range problemFiles(t) {
		sections := readSections(t, path)
		for i, s := range sections {
			name, isWant := strings.CutSuffix(s.name, ".want")
			if !isWant {
				continue
			}
			got := said(t, textOf(sections, name+".toml"), textOf(sections, name+".env"))
			if *update {
				sections[i].text = got
			} else if got != s.text {
				t.Errorf("%s: %s\ngot:\n%swant:\n%s", path, name, got, s.text)
			}
		}
		if *update {
			writeSections(t, path, sections)
		}
	}
}

// A section of a file is a line "-- name --" and what follows it.
type section struct{ name, text string }

func readSections(t testing.TB, path string) []section {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	sections := []section{{}}
	for line := range strings.Lines(string(data)) {
		if name, ok := strings.CutPrefix(line, "-- "); ok {
			sections = append(sections, section{name: strings.TrimSuffix(name, " --\n")})
			continue
		}
		sections[len(sections)-1].text += line
	}
	return sections
}

func writeSections(t *testing.T, path string, sections []section) {
	t.Helper()
	text := sections[0].text
	for _, s := range sections[1:] {
		text += "-- " + s.name + " --\n" + s.text
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func textOf(sections []section, name string) string {
	for _, s := range sections {
		if s.name == name {
			return s.text
		}
	}
	return ""
}

// said is what Load says of a configuration, in English and in French, without its folder and with the list of
// the families of events in short.
func said(t *testing.T, text, env string) string {
	t.Helper()
	h := newHome(t)
	for line := range strings.Lines(env) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		h.env[name] = value
	}
	if !strings.Contains(text, "account") && !strings.Contains(text, "# alone") {
		text += lea
	}
	c, err := h.load(t, text)
	var b strings.Builder
	for _, language := range []string{"en", "fr"} {
		if err != nil {
			b.WriteString(say.In(err, language) + "\n")
			continue
		}
		for _, warning := range c.Warnings {
			b.WriteString("warning: " + say.In(warning, language) + "\n")
		}
	}
	if strings.Contains(b.String(), canary) {
		t.Errorf("a secret is in %q", b.String())
	}
	families := strings.Join(Domains().Families(), ", ")
	return strings.NewReplacer(h.dir+string(filepath.Separator), "", families, "(all families of events)",
		strings.Join(notifiers.Kinds(), " or "), "(any channel)", strings.Join(notifiers.Kinds(), " ou "), "(any channel)").Replace(b.String())
}

func problemFiles(t testing.TB) []string {
	t.Helper()
	paths, err := filepath.Glob("testdata/problems/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatal("there are no problems in testdata: ", err)
	}
	return paths
}

func TestFilesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.write(t, "binary.toml", "name = \"\x00\x01\"")
	h.write(t, "latin1.toml", "name = \"L\xe9a\"")
	h.write(t, "utf16.toml", "\xff\xfen\x00a\x00")
	h.write(t, "large.toml", strings.Repeat("#", maxFile+1))
	h.write(t, "locked.toml", lea)
	if err := os.Chmod(h.path("locked.toml"), 0); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"absent.toml":        "does not exist: create it, or correct its name",
		"secrets":            "is a folder: name a file in it",
		"binary.toml":        "is not plain text: save it again as text in UTF-8",
		"latin1.toml":        "is not plain text: save it again as text in UTF-8",
		"utf16.toml":         "is not plain text: save it again as text in UTF-8",
		"large.toml":         "has more than 64 KiB: name the right file",
		"secrets/lea/config": "cannot be read, not a directory: correct its owner or its mode",
		"locked.toml":        "cannot be read, permission denied: correct its owner or its mode",
	} {
		if name == "locked.toml" && os.Geteuid() == 0 {
			continue // root reads everything
		}
		if _, err := load(h.path(name), h.outside()); err == nil || err.Error() != h.path(name)+" "+want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	}
	if _, err := load(os.DevNull, h.outside()); err == nil || !strings.Contains(err.Error(), "is not an ordinary file") {
		t.Errorf("a device: got %v", err)
	}
}

// A file of 100,000 unknown keys kept the program busy for 16 seconds, and was
// answered with 14 MB.
func TestCountlessUnknownKeys(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	var keys strings.Builder
	n := 0
	for ; keys.Len() < maxFile-len(lea)-10; n++ {
		fmt.Fprintf(&keys, "k%d=1\n", n)
	}
	_, err := h.load(t, keys.String()+lea)
	if err == nil {
		t.Fatal("it was accepted")
	}
	said := strings.Split(err.Error(), "\n")
	if want := fmt.Sprintf("%s: and %d more: correct these first", h.path("config.toml"), n-20); len(said) != 21 || said[20] != want {
		t.Errorf("got %d lines, the last of which is\n%s\nwant 21, and\n%s", len(said), said[len(said)-1], want)
	}
	for i := range 100_000 - n {
		fmt.Fprintf(&keys, "m%d=1\n", i)
	}
	if _, err := h.load(t, keys.String()); err == nil || !strings.HasSuffix(err.Error(), "has more than 64 KiB: name the right file") {
		t.Errorf("100,000 keys are not refused unread, but with %.200v", err)
	}
}
