package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pronote-sync/pronote-sync/migrations"
)

// The schema of each version is frozen in testdata, with some rows for what it
// added. go test ./db -update freezes that of the last step; rows are to be written
// by hand.

func frozen(kind string, version int64) string {
	return filepath.Join("testdata", fmt.Sprintf("%s-%05d.sql", kind, version))
}

func TestFrozenSchemas(t *testing.T) {
	t.Parallel()
	for version := range newest(t) {
		version++
		path := filepath.Join(t.TempDir(), "pronote.db")
		if err := create(path); err != nil {
			t.Fatal(err)
		}
		if err := migrate(t.Context(), path, stepsTo(t, version)); err != nil {
			t.Fatal(err)
		}
		got, name := schemaOf(t, path), frozen("schema", version)
		want, err := os.ReadFile(name)
		if *update && version == newest(t) {
			want, err = []byte(got), os.WriteFile(name, []byte(got), 0o644)
		}
		if err != nil {
			t.Errorf("%v: freeze the schema with go test ./db -update", err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("step %d no longer builds what it built (-frozen +built):\n%s", version, diff)
		}
	}
}

func TestMigrateFromEachFrozenSchema(t *testing.T) {
	t.Parallel()
	newest := newest(t)
	for version := range newest {
		version++
		t.Run(fmt.Sprint(version), func(t *testing.T) {
			t.Parallel()
			path := thaw(t, version)
			before := contentOf(t, path)
			store := open(t, path)
			store.read(t, func(tx *Tx) error { sound(t, tx); return nil })
			if diff := cmp.Diff(schemaOf(t, newFile(t)), schemaOf(t, path)); diff != "" {
				t.Errorf("not the schema of a new file (-want +got):\n%s", diff)
			}
			after := contentOf(t, path)
			for table, rows := range before { // columns may have come, rows are all there
				if len(after[table]) < len(rows) {
					t.Errorf("table %s has %d rows, had %d", table, len(after[table]), len(rows))
				}
			}
			checkThawed(t, store)
			_, err := os.Stat(fmt.Sprint(path, ".schema-", version))
			if want := version < newest; (err == nil) != want {
				t.Errorf("a copy is kept: %v, want %v", err == nil, want)
			}
		})
	}
}

// checkThawed looks for the frozen rows through the views.
func checkThawed(t *testing.T, store *Store) {
	t.Helper()
	store.read(t, func(tx *Tx) error {
		for query, want := range map[string]string{
			`SELECT account || ' ' || name || ' ' || class FROM students`:                          "lea Léa 4B",
			`SELECT student || ' ' || uid || ' ' || name FROM periods`:                             "Léa p1 Trimestre 1",
			`SELECT student || ' ' || uid || ' ' || value_text || ' ' || changed_at FROM marks`:    "Léa m1 14 2025-11-18 08:00:00",
			`SELECT student || ' ' || uid || ' ' || subject FROM averages`:                         "Léa a1 MATHÉMATIQUES",
			`SELECT student || ' ' || uid || ' ' || description FROM homework`:                     "Léa h1 Lire le chapitre 3",
			`SELECT student || ' ' || uid || ' ' || title FROM infos`:                              "Léa i1 Sortie au musée",
			`SELECT student || ' ' || uid || ' ' || after FROM changes`:                            `Léa m1 {"value":14,"value_text":"14"}`,
			`SELECT subject || ' · ' || title || ' · ' || summary FROM changes`:                    "MATHÉMATIQUES · Fractions · MATHÉMATIQUES, Fractions : 12 devient 14.",
			`SELECT title || ' · ' || text FROM deliveries WHERE state = 'sent'`:                   "Léa · Maths : 14/20 · Fractions",
			`SELECT group_concat(recipient || ' ' || uid || ' ' || state, ', ') FROM deliveries`:   "maman m1 sent, papa m1 pending",
			`SELECT student || ' ' || value_text FROM marks_history WHERE valid_to > '2025-11-17'`: "Léa 12",
		} {
			if got := one[string](t, tx, query); got != want {
				t.Errorf("%s: got %q, want %q", query, got, want)
			}
		}
		return nil
	})
}

// rebuildEvent is a step that rebuilds a table which others refer to.
const rebuildEvent = `-- +goose Up
DROP VIEW deliveries;
CREATE TABLE _event_new (
	id         INTEGER PRIMARY KEY,
	batch      INTEGER NOT NULL,
	at         TEXT NOT NULL,
	account_id INTEGER NOT NULL REFERENCES _account (id) ON DELETE CASCADE,
	student_id INTEGER REFERENCES _student (id) ON DELETE CASCADE,
	item_id    INTEGER REFERENCES _item (id) ON DELETE CASCADE,
	kind       TEXT NOT NULL,
	data       TEXT NOT NULL CHECK (json_valid(data)),
	urgent     INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO _event_new (id, batch, at, account_id, student_id, item_id, kind, data)
SELECT id, batch, at, account_id, student_id, item_id, kind, data FROM _event;
DROP TABLE _event;
ALTER TABLE _event_new RENAME TO _event;
CREATE VIEW deliveries AS SELECT event.urgent, delivery.recipient FROM _delivery AS delivery JOIN _event AS event ON event.id = delivery.event_id;
`

func TestMigrateKeepsACopy(t *testing.T) {
	t.Parallel()
	newest := newest(t)
	path := thaw(t, newest)
	before := contentOf(t, path)
	steps := stepsTo(t, newest, rebuildEvent)
	if err := migrate(t.Context(), path, steps); err != nil {
		t.Fatal(err)
	}
	after := contentOf(t, path)
	if got, want := len(after["_delivery"]), len(before["_delivery"]); got != want {
		t.Errorf("%d deliveries are left of %d", got, want)
	}
	if got := after["_event"][0]; !strings.Contains(got, "urgent=0") {
		t.Errorf("event is %s", got)
	}
	if _, err := Open(t.Context(), path); !errors.Is(err, ErrNewer) {
		t.Errorf("the program of before: %v, want ErrNewer", err)
	}
	if err := migrate(t.Context(), path, steps); err != nil {
		t.Errorf("once more: %v", err)
	}

	kept := fmt.Sprint(path, ".schema-", newest)
	if info, err := os.Stat(kept); err != nil || info.Mode() != 0o600 {
		t.Errorf("the copy has mode %v, want 0600 (%v)", info.Mode(), err)
	}
	if diff := cmp.Diff(before, contentOf(t, kept)); diff != "" {
		t.Errorf("the copy is not what was (-want +got):\n%s", diff)
	}
	checkThawed(t, open(t, kept))
}

func TestFailedMigrationChangesNothing(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ step, want string }{
		"not SQL":                 {"-- +goose Up\nDELETE FROM _delivery;\nDROP TABLE _account;\nMAKE IT SO;\n", "syntax error"},
		"a constraint":            {"-- +goose Up\nUPDATE _account SET phase = 'lost';\n", "CHECK constraint failed"},
		"rows lose their parents": {"-- +goose Up\nDELETE FROM _event;\n", "rows of table _delivery lost what they refer to"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			newest := newest(t)
			path := thaw(t, newest)
			content, files := contentOf(t, path), hashes(t, filepath.Dir(path))
			for range 2 { // the second finds the copy that the first kept
				err := migrate(t.Context(), path, stepsTo(t, newest, test.step))
				if !errors.Is(err, ErrMigration) || !strings.Contains(err.Error(), test.want) {
					t.Errorf("migrate: %v, want %q and %q", err, ErrMigration, test.want)
				}
				checkSentence(t, path, err)
				if diff := cmp.Diff(content, contentOf(t, path)); diff != "" {
					t.Errorf("something changed (-before +after):\n%s", diff)
				}
				after := hashes(t, filepath.Dir(path))
				delete(after, fmt.Sprint(path, ".schema-", newest))
				if diff := cmp.Diff(files, after); diff != "" {
					t.Errorf("something was written (-before +after):\n%s", diff)
				}
			}
			checkThawed(t, open(t, path)) // the previous program
			if err := migrate(t.Context(), path, stepsTo(t, newest, rebuildEvent)); err != nil {
				t.Errorf("with a step that was mended: %v", err)
			}
		})
	}
}

// TestSecondStepFails: each step stands alone, and the copy is of the file
// before the first.
func TestSecondStepFails(t *testing.T) {
	t.Parallel()
	path := thaw(t, 1)
	content := contentOf(t, path)
	if err := migrate(t.Context(), path, stepsTo(t, 1, rebuildEvent, "-- +goose Up\nDELETE FROM _event;\n")); !errors.Is(err, ErrMigration) {
		t.Errorf("migrate: %v, want %v", err, ErrMigration)
	}
	if diff := cmp.Diff(content, contentOf(t, path+".schema-1")); diff != "" {
		t.Errorf("the copy is not what was (-want +got):\n%s", diff)
	}
	if got, want := len(contentOf(t, path)["_delivery"]), len(content["_delivery"]); got != want {
		t.Errorf("%d deliveries are left of %d", got, want)
	}
	if err := migrate(t.Context(), path, stepsTo(t, 1, rebuildEvent)); err != nil {
		t.Errorf("with the first step alone: %v", err)
	}
}

func TestMigrateWithoutSpaceForTheCopy(t *testing.T) {
	t.Parallel()
	path := thaw(t, 1)
	content := contentOf(t, path)
	mkdir(t, path+".schema-1")
	mkdir(t, filepath.Join(path+".schema-1", "in the way"))
	if err := migrate(t.Context(), path, stepsTo(t, 1, rebuildEvent)); err == nil {
		t.Error("migrated without a copy")
	}
	if diff := cmp.Diff(content, contentOf(t, path)); diff != "" {
		t.Errorf("something changed (-before +after):\n%s", diff)
	}
}

func TestOlderSchemaIsNotRead(t *testing.T) {
	t.Parallel()
	path := thaw(t, 1)
	before := hashes(t, filepath.Dir(path))
	conn := peek(t, path)
	if err := checkVersion(t.Context(), conn, stepsTo(t, 1)); err != nil {
		t.Errorf("by its own program: %v", err)
	}
	if err := checkVersion(t.Context(), conn, stepsTo(t, 1, rebuildEvent)); !errors.Is(err, ErrOlder) {
		t.Errorf("by the next program: %v, want ErrOlder", err)
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, hashes(t, filepath.Dir(path))); diff != "" {
		t.Errorf("something was written (-before +after):\n%s", diff)
	}
}

// TestCancelledMigration stops a step that would never end.
func TestCancelledMigration(t *testing.T) {
	t.Parallel()
	path := thaw(t, 1)
	content := contentOf(t, path)
	endless := "-- +goose Up\nDELETE FROM _delivery;\nWITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n;\n"
	for _, after := range []time.Duration{0, 20 * time.Millisecond} {
		ctx, cancel := context.WithTimeout(t.Context(), after)
		err := migrate(ctx, path, stepsTo(t, 1, endless))
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) || errors.Is(err, ErrMigration) {
			t.Errorf("migrate: %v, want only %v", err, context.DeadlineExceeded)
		}
		if diff := cmp.Diff(content, contentOf(t, path)); diff != "" {
			t.Errorf("something changed (-before +after):\n%s", diff)
		}
	}
}

// thaw builds a file as a program of that version left it.
func thaw(t *testing.T, version int64) string {
	t.Helper()
	schema, err := os.ReadFile(frozen("schema", version))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "pronote.db")
	query := "PRAGMA journal_mode = WAL;\n" + string(schema)
	for v := range version + 1 {
		if v > 0 {
			rows, err := os.ReadFile(frozen("rows", v))
			if err != nil {
				t.Fatal(err)
			}
			query += string(rows)
		}
		digest, err := stepDigest(migrations.FS, v)
		if err != nil {
			t.Fatal(err)
		}
		query += fmt.Sprintf("INSERT INTO _schema (version_id, is_applied, digest) VALUES (%d, 1, '%s');\n", v, digest)
	}
	execute(t, path, query)
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// newest is the version of our last step.
func newest(t *testing.T) int64 {
	t.Helper()
	names, err := fs.Glob(migrations.FS, "*.sql")
	if err != nil || len(names) == 0 {
		t.Fatalf("%d steps (%v)", len(names), err)
	}
	return int64(len(names))
}

// stepsTo are our steps up to a version, and some invented ones after it.
func stepsTo(t *testing.T, version int64, more ...string) fstest.MapFS {
	t.Helper()
	names, err := fs.Glob(migrations.FS, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	steps := fstest.MapFS{}
	for _, name := range names[:version] {
		content, err := migrations.FS.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		steps[name] = &fstest.MapFile{Data: content}
	}
	for i, content := range more {
		steps[fmt.Sprintf("%05d_invented.sql", version+int64(i)+1)] = &fstest.MapFile{Data: []byte(content)}
	}
	return steps
}

// schemaOf lists the statements that built a file.
func schemaOf(t *testing.T, path string) string {
	t.Helper()
	conn := peek(t, path)
	defer func() { _ = conn.Close() }()
	return strings.Join(rowsOf(t, conn, `SELECT sql || ';' || char(10) FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY rowid`), "\n")
}

// contentOf lists the rows of all tables.
func contentOf(t *testing.T, path string) map[string][]string {
	t.Helper()
	conn := peek(t, path)
	defer func() { _ = conn.Close() }()
	content := map[string][]string{}
	for _, table := range rowsOf(t, conn, `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`) {
		columns := rowsOf(t, conn, `SELECT printf('''%s='' || quote("%s")', name, name) FROM pragma_table_info('`+table+`')`)
		content[table] = rowsOf(t, conn, "SELECT "+strings.Join(columns, " || ' ' || ")+` FROM "`+table+`" ORDER BY 1`)
	}
	return content
}

// peek opens a file as another program would, to read.
func peek(t *testing.T, path string) *sql.DB {
	t.Helper()
	conn, err := sql.Open("sqlite", dsn(path, reading))
	if err != nil {
		t.Fatal(err)
	}
	conn.SetMaxOpenConns(1)
	return conn
}

// rowsOf runs a query of one column.
func rowsOf(t *testing.T, conn *sql.DB, query string) (list []string) {
	t.Helper()
	rows, err := conn.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		list = append(list, text)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return list
}
