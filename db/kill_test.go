package db

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/pronote"
)

const (
	versions = 20 // of one piece of homework in each transaction
	enough   = 3  // transactions, after which one is left open
)

// writeUntilKilled writes transactions and says so after each. In the last it
// writes more than the cache holds, so that SQLite has it on the disk, and then
// waits for its end.
func writeUntilKilled(path string) int {
	ctx := context.Background()
	store, err := Open(ctx, path)
	for i := 0; err == nil; i++ {
		err = store.Update(ctx, func(tx *Tx) error {
			text := "work "
			if i == enough {
				text = strings.Repeat(text, 20_000)
			}
			if err := writePoll(ctx, tx, i, text); err != nil {
				return err
			}
			if i == enough {
				fmt.Println("writing")
				select {} // never commits
			}
			return nil
		})
		fmt.Println("written")
	}
	fmt.Fprintln(os.Stderr, err)
	return 1
}

// writePoll adds a piece of homework, changes it again and again, and tells
// somebody each time.
func writePoll(ctx context.Context, tx *Tx, i int, text string) error {
	a, err := tx.Account(ctx, "lea", "pronote", "", "student")
	if err != nil {
		return err
	}
	s, err := tx.SaveStudent(ctx, a.ID, Student{Name: fmt.Sprint("MARTIN ", i)})
	if err != nil {
		return err
	}
	o := Owner{Account: a.ID, Student: s.ID, AccountName: a.Name, StudentName: s.Name}
	work := pronote.Homework{DueOn: at(i).Date}
	id, err := Homework.Add(ctx, tx, o, "a", work, at(i))
	for n := range versions {
		if err != nil {
			return err
		}
		work.Description = fmt.Sprint(text, n)
		if err := Homework.Replace(ctx, tx, o, id, work, at(i)); err != nil {
			return err
		}
		e := Event{Kind: "homework.changed", Student: s.ID, Item: id, Data: json.RawMessage(`{}`)}
		err = tx.Enqueue(ctx, a.ID, at(i), []Event{e}, to(i, "maman", "papa"))
	}
	return err
}

// TestKilledWhileWriting kills a process in the middle of a transaction.
func TestKilledWhileWriting(t *testing.T) {
	t.Parallel()
	path := newFile(t)
	child := exec.CommandContext(t.Context(), os.Args[0], "write until killed", path)
	child.Stderr = t.Output()
	out, err := child.StdoutPipe()
	must(t, err)
	must(t, child.Start())
	written := 0
	lines := bufio.NewScanner(out)
	for lines.Scan() && lines.Text() == "written" {
		written++
	}
	if lines.Text() != "writing" || written != enough {
		t.Errorf("the process said %q after %d transactions", lines.Text(), written)
	}
	must(t, child.Process.Kill())
	if err := child.Wait(); err == nil {
		t.Error("the process ended by itself")
	}
	log, err := os.Stat(path + "-wal")
	must(t, err)
	if log.Size() < 1<<20 {
		t.Errorf("the log has %d bytes: the open transaction is not on the disk", log.Size())
	}

	check := func(store *Store) {
		t.Helper()
		store.read(t, func(tx *Tx) error {
			sound(t, tx)
			for query, want := range map[string]int{
				`SELECT count(*) FROM students`:                                          written,
				`SELECT count(*) FROM homework WHERE description = 'work 19'`:            written,
				`SELECT count(*) FROM homework_history`:                                  written * (1 + versions),
				`SELECT count(*) FROM _event`:                                            written * versions,
				`SELECT count(*) FROM deliveries WHERE state = 'pending'`:                written * versions * 2,
				`SELECT count(*) FROM homework_history WHERE length(description) > 1000`: 0,
			} {
				if got := one[int](t, tx, query); got != want {
					t.Errorf("%s: %d, want %d", query, got, want)
				}
			}
			return nil
		})
	}
	beside, err := OpenReadOnly(t.Context(), path) // as status does, before the daemon is back
	must(t, err)
	check(beside)
	shut(t, beside)
	store := open(t, path)
	check(store)
	store.write(t, func(tx *Tx) error { written++; return writePoll(t.Context(), tx, enough, "work ") })
	check(store)
	if files := hashes(t, filepath.Dir(path)); len(files) != 2 {
		t.Errorf("the files are %v, want the database and its log", files)
	}
}
