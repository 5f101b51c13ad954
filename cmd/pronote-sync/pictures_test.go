package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/table"
)

// demoMirror plays the demo once, and returns the configuration of what it leaves.
func demoMirror(t *testing.T) (config string) {
	t.Helper()
	dir := t.TempDir()
	var stdout, stderr bytes.Buffer
	if code := (&app{now: time.Now}).run(t.Context(), []string{"demo", "--dir", dir}, &stdout, &stderr); code != 0 {
		t.Fatalf("exit code %d: %s", code, stderr.String())
	}
	return filepath.Join(dir, "config.toml")
}

// onDemo is the app on the evening on which the demo ends.
func onDemo(language string, width int) *app {
	evening := time.Date(2025, time.December, 12, 21, 0, 0, 0, time.UTC)
	return &app{now: func() time.Time { return evening }, language: language, width: width}
}

// TestMirrorOfTheDemo looks at what the demo leaves, which takes longer to play than all
// that is looked at.
func TestMirrorOfTheDemo(t *testing.T) {
	t.Parallel()
	config := demoMirror(t)
	t.Run("pictures", func(t *testing.T) { testPictures(t, config) })
	t.Run("recipes", func(t *testing.T) { testRecipes(t, config) })
}

// testPictures compares what the lists look like with testdata/golden, in both languages
// and in terminals of 80 and of 120 columns. No line may be wider.
func testPictures(t *testing.T, config string) {
	commands := [][]string{{"timetable", "--week"}, {"timetable", "--day", "lundi", "--student", "fanny"}, {"status"}, {"files"}, {"marks", "--student", "fanny", "--limit", "5"}}
	for _, l := range listings() {
		command := []string{l.Name, "--limit", "12"}
		if l.Ahead {
			command = append(command, "--since", "08/12")
		}
		commands = append(commands, command)
	}
	for _, language := range []string{"fr", "en"} {
		for _, width := range []int{80, 120} {
			var all strings.Builder
			for _, command := range commands {
				var stdout, stderr bytes.Buffer
				code := onDemo(language, width).run(t.Context(), append(command, "--config", config), &stdout, &stderr)
				if code != 0 || stderr.Len() > 0 {
					t.Errorf("%s: exit code %d: %s", command, code, stderr.String())
				}
				for line := range strings.Lines(stdout.String()) {
					if n := table.Width(strings.TrimRight(line, "\n")); n > width {
						t.Errorf("%s, %s: %q takes %d of %d columns", language, command, line, n, width)
					}
				}
				_, _ = fmt.Fprintf(&all, "$ pronote-sync %s\n%s\n", strings.Join(command, " "), stdout.String())
			}
			golden(t, fmt.Sprintf("lists.%s.%d", language, width), all.String())
		}
	}
}

// Each column that people see has a heading, and what is said where there is nothing has
// its French.
func TestColumnsHaveHeadings(t *testing.T) {
	t.Parallel()
	for _, view := range listings() {
		if say.Text("fr", view.None) == view.None {
			t.Errorf("%s: french has nothing for %q", view.Name, view.None)
		}
		for column := range strings.FieldsSeq(view.Shown) {
			if fieldOf(view.Name, column).column.Head == "" {
				t.Errorf("%s: the column %s has no heading", view.Name, column)
			}
		}
	}
}
