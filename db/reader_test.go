package db

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// readAll reads every view of a mirror with the SQLite of Python, which is that of
// the system.
const readAll = `
import sqlite3, sys
mirror = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
for (name,) in mirror.execute("SELECT name FROM sqlite_schema WHERE type = 'view'").fetchall():
    mirror.execute("SELECT * FROM " + name).fetchall()
print(sqlite3.sqlite_version, mirror.execute("SELECT count(*) FROM evaluations").fetchone()[0])
`

// Debian 12 has an SQLite of 2022, which could read nothing at all because of a word
// in one view.
func TestTheSQLiteOfTheSystemReadsTheMirror(t *testing.T) {
	t.Parallel()
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("there is no python3 to read with")
	}
	path := newFile(t)
	out, err := exec.CommandContext(t.Context(), python, "-c", readAll, path).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	t.Logf("read by SQLite %s", strings.TrimSpace(string(out)))
}

// SQLite before 3.45 takes no NULL for JSON, and a CHECK that relies on it loses rows
// when a dump is restored.
func TestDebiansSQLiteDumpsAndRestoresTheMirrorWhole(t *testing.T) {
	t.Parallel()
	const shell = "/usr/bin/sqlite3"
	if _, err := os.Stat(shell); err != nil {
		t.Skipf("the sqlite3 of the system is needed: %v", err)
	}
	path := thaw(t, newest(t))
	run := func(input, path, command string) string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), shell, "-bail", path)
		if command != "" {
			cmd.Args = append(cmd.Args, command)
		}
		cmd.Stdin = strings.NewReader(input)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("sqlite3 %s: %v: %s", command, err, out)
		}
		return string(out)
	}
	if got := run("", path, "PRAGMA integrity_check"); got != "ok\n" {
		t.Errorf("integrity_check: %s", got)
	}
	restored := filepath.Join(t.TempDir(), "restored.db")
	run(run("", path, ".dump"), restored, "")
	if diff := cmp.Diff(contentOf(t, path), contentOf(t, restored)); diff != "" {
		t.Errorf("restored (-dumped +restored):\n%s", diff)
	}
	checkThawed(t, open(t, restored))
	t.Logf("dumped and restored by SQLite %s", run("", ":memory:", "SELECT sqlite_version()"))
}

// What SQLite has learnt since 3.37, which STRICT tables need, is not in the
// schema: 3.38 brought -> and unixepoch, 3.39 other joins and IS DISTINCT FROM, 3.44
// concat and an order within aggregates, 3.45 jsonb, 3.46 underscores in numbers.
func TestTheSchemaIsForOlderSQLiteToo(t *testing.T) {
	t.Parallel()
	tooNew := regexp.MustCompile(`(?i)->|\b(right|full)\s+(outer\s+)?join\b|\bis\s+(not\s+)?distinct\s+from\b|\b(concat|concat_ws|string_agg|unixepoch|octet_length|timediff|json_pretty|jsonb\w*)\s*\(|\d_\d`)
	ordered := regexp.MustCompile(`(?i)\b(group_concat|json_group_array|json_group_object|total|sum|count|min|max|avg)\s*\([^()]*\border\s+by\b`)
	for statement := range strings.SplitSeq(schemaOf(t, newFile(t)), ";\n") {
		for _, found := range append(tooNew.FindAllString(statement, -1), ordered.FindAllString(statement, -1)...) {
			t.Errorf("%q is too new in\n%s", found, statement)
		}
	}
}
