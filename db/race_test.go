package db

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Two steps of an invented schema. Each takes a while, and neither can be taken
// twice without a trace.
var slowSteps = []string{`-- +goose Up
CREATE TABLE note (text TEXT NOT NULL) STRICT;
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO note SELECT 'note ' || i FROM n;
`, `-- +goose Up
INSERT INTO note SELECT text || ' again' FROM note;
`}

// openWhenTold opens a file with the steps of a folder as soon as it is told to, and
// writes to it. It returns what the process exits with.
func openWhenTold(path, steps string) int {
	fmt.Println("ready")
	_, _ = io.Copy(io.Discard, os.Stdin)
	ctx := context.Background()
	store, err := openWith(ctx, path, os.DirFS(steps))
	if err == nil {
		err = store.Update(ctx, func(tx *Tx) error { _, err := tx.exec(ctx, `INSERT INTO note VALUES ('opened')`); return err })
	}
	if err == nil {
		err = store.Close()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func TestProcessesThatMigrateAtTheSameMomentWaitForOne(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]int{"a new file": 0, "an older file": 1} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			steps, path := t.TempDir(), filepath.Join(t.TempDir(), "pronote.db")
			write := func(step int) {
				must(t, os.WriteFile(filepath.Join(steps, fmt.Sprintf("%05d_invented.sql", step+1)), []byte(slowSteps[step]), 0o600))
			}
			for step := range before {
				write(step)
			}
			if before > 0 {
				store, err := openWith(t.Context(), path, os.DirFS(steps))
				must(t, err)
				shut(t, store)
			}
			for step := before; step < len(slowSteps); step++ {
				write(step)
			}

			const processes = 5
			openTogether(t, processes, path, steps)
			conn := peek(t, path)
			defer func() { must(t, conn.Close()) }()
			want := fmt.Sprint(2*2000 + processes)
			if got := rowsOf(t, conn, `SELECT count(*) FROM note`); got[0] != want {
				t.Errorf("%s notes, want %s", got[0], want)
			}
			if got := strings.Join(rowsOf(t, conn, `SELECT version_id FROM _schema ORDER BY id`), " "); got != "0 1 2" {
				t.Errorf("the steps taken are %s", got)
			}
			if before > 0 {
				kept := peek(t, path+".schema-1")
				defer func() { must(t, kept.Close()) }()
				if got := rowsOf(t, kept, `SELECT count(*) FROM note`); got[0] != "2000" {
					t.Errorf("the copy has %s notes, want those of before", got[0])
				}
			}
		})
	}
}

// openTogether starts processes, waits until all are there, and lets them open the
// file at once.
func openTogether(t *testing.T, processes int, path, steps string) {
	t.Helper()
	list, tell := make([]*exec.Cmd, processes), make([]io.Closer, processes)
	for i := range list {
		list[i] = exec.CommandContext(t.Context(), os.Args[0], "open when told", path, steps)
		list[i].Stderr = t.Output()
		in, err := list[i].StdinPipe()
		must(t, err)
		out, err := list[i].StdoutPipe()
		must(t, err)
		must(t, list[i].Start())
		tell[i] = in
		ready := make([]byte, len("ready\n"))
		_, err = io.ReadFull(out, ready)
		must(t, err)
	}
	for _, in := range tell {
		must(t, in.Close())
	}
	for i, process := range list {
		if err := process.Wait(); err != nil {
			t.Errorf("process %d: %v", i, err)
		}
	}
}
