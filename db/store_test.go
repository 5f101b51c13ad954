package db

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pronote-sync/pronote-sync/pronote"
)

func TestUpdateRollsBack(t *testing.T) {
	t.Parallel()
	store := newStore(t)
	names := func() (names []string) {
		store.read(t, func(tx *Tx) error {
			names = column[string](t, tx, `SELECT name FROM accounts ORDER BY name`)
			return nil
		})
		return names
	}
	write := func(name string, then func() error) error {
		return store.Update(t.Context(), func(tx *Tx) error { tx.owner(t, name, "MARTIN"); return then() })
	}
	if err := write("kept", func() error { return nil }); err != nil {
		t.Fatal(err)
	}
	mishap := errors.New("mishap")
	if err := write("error", func() error { return mishap }); err != mishap {
		t.Errorf("Update returned %v, want %v", err, mishap)
	}
	func() {
		defer func() {
			if got := recover(); got != mishap {
				t.Errorf("recovered %v, want %v", got, mishap)
			}
		}()
		_ = write("panic", func() error { panic(mishap) })
	}()
	if got, want := names(), []string{"kept"}; !cmp.Equal(got, want) {
		t.Errorf("accounts are %q, want %q", got, want)
	}
	if err := write("later", func() error { return nil }); err != nil { // the connection is fit for use
		t.Error(err)
	}
	if got, want := names(), []string{"kept", "later"}; !cmp.Equal(got, want) {
		t.Errorf("accounts are %q, want %q", got, want)
	}
}

func TestViewCannotWrite(t *testing.T) {
	t.Parallel()
	store := newStore(t)
	var o Owner
	store.write(t, func(tx *Tx) error { o = tx.owner(t, "lea", "MARTIN Léa"); return nil })
	for name, write := range map[string]func(*Tx) error{
		"INSERT": func(tx *Tx) error { return tx.CountLogin(t.Context(), o.Account, unix(0)) },
		"UPDATE": func(tx *Tx) error { return tx.SaveAccount(t.Context(), Account{ID: o.Account, Phase: Banned}) },
		"DELETE": func(tx *Tx) error { _, err := tx.exec(t.Context(), `DELETE FROM _account`); return err },
		"CREATE": func(tx *Tx) error { _, err := tx.exec(t.Context(), `CREATE TABLE notes (text TEXT)`); return err },
	} {
		if err := store.View(t.Context(), write); !errors.Is(err, ErrReadOnly) {
			t.Errorf("%s: %v, want ErrReadOnly", name, err)
		}
	}
	store.read(t, func(tx *Tx) error {
		if got := column[string](t, tx, `SELECT name || phase FROM _account`); !cmp.Equal(got, []string{"leaready"}) {
			t.Errorf("accounts are %q", got)
		}
		return nil
	})
}

// TestNothingNewWritesNothing does all that a poll without news does, and looks
// at the bytes on the disk.
func TestNothingNewWritesNothing(t *testing.T) {
	t.Parallel()
	path := newFile(t)
	store := open(t, path)
	span := DaySpan(at(0).Date, at(0).AddDays(20))
	work := pronote.Homework{Subject: "FRANÇAIS", DueOn: at(0).Date}
	poll := func() error {
		return store.Update(t.Context(), func(tx *Tx) error {
			a, err := tx.Account(t.Context(), "lea", "pronote", "https://0123456a.example/pronote/", "student")
			must(t, err)
			students, err := tx.Students(t.Context(), a.ID)
			must(t, err)
			if students == nil {
				o := tx.owner(t, "lea", "MARTIN Léa")
				_, err := Homework.Add(t.Context(), tx, o, "a", work, at(0))
				must(t, err)
				must(t, tx.Cover(t.Context(), o.Student, "homework", span))
				tx.enqueue(t, o, 0, to(0, "maman"), "homework.new")
				return nil
			}
			id := students[0].ID
			rows, err := Homework.Load(t.Context(), tx, id, span)
			must(t, err)
			if len(rows) != 1 {
				t.Errorf("%d rows, want 1", len(rows))
			}
			must(t, tx.Cover(t.Context(), id, "homework", span))
			must(t, tx.Cover(t.Context(), id, "homework", DaySpan(at(0).Date, at(0).AddDays(5))))
			must(t, tx.Suspect(t.Context(), id, "homework", span, ""))
			must(t, tx.Enqueue(t.Context(), a.ID, at(9), nil, to(0, "maman")))
			must(t, tx.Hold(t.Context(), "maman", unix(-1), at(-1)))
			_, err = tx.Abandon(t.Context(), []string{"maman"}, "no longer configured")
			must(t, err)
			_, err = tx.Retry(t.Context(), "", unix(9), at(9))
			return err
		})
	}
	must(t, poll())
	before := hashes(t, filepath.Dir(path))
	if len(before) != 2 {
		t.Fatalf("the files are %v, want the database and its log", before)
	}
	for range 5 {
		must(t, poll())
	}
	if diff := cmp.Diff(before, hashes(t, filepath.Dir(path))); diff != "" {
		t.Errorf("something was written (-before +after):\n%s", diff)
	}
}

// TestWritersQueue lets writers of this process and of another meet.
func TestWritersQueue(t *testing.T) {
	t.Parallel()
	path := newFile(t)
	stores := []*Store{open(t, path), open(t, path)}
	stores[0].write(t, func(tx *Tx) error { tx.owner(t, "lea", "MARTIN Léa"); return nil })
	const writers, times = 3, 10
	var running sync.WaitGroup
	for _, store := range stores {
		for range writers {
			running.Go(func() {
				for range times {
					err := store.Update(t.Context(), func(tx *Tx) error {
						list, err := tx.Accounts(t.Context())
						if err != nil {
							return err
						}
						list[0].Requests++
						return tx.SaveAccount(t.Context(), list[0])
					})
					if err != nil {
						t.Errorf("a writer was turned away: %v", err)
					}
				}
			})
		}
	}
	running.Wait()
	stores[1].read(t, func(tx *Tx) error {
		if got, want := one[int](t, tx, `SELECT requests FROM _account`), len(stores)*writers*times; got != want {
			t.Errorf("%d updates are stored, want %d", got, want)
		}
		return nil
	})
}

// TestReadersSeeOneState: a writer moves a mark from one pupil to another;
// readers always find it once, and in one transaction always with the same.
func TestReadersSeeOneState(t *testing.T) {
	t.Parallel()
	path := newFile(t)
	store := open(t, path)
	beside, err := OpenReadOnly(t.Context(), path)
	must(t, err)
	defer shut(t, beside)
	store.write(t, func(tx *Tx) error {
		for _, name := range []string{"lea", "noe"} {
			tx.owner(t, name, "MARTIN")
		}
		_, err := tx.exec(t.Context(), `UPDATE _account SET requests = 1 WHERE name = 'lea'`)
		return err
	})
	var done atomic.Bool
	var running sync.WaitGroup
	defer running.Wait()
	defer done.Store(true)
	for _, s := range []*Store{store, store, beside} {
		running.Go(func() {
			for !done.Load() {
				err := s.View(t.Context(), func(tx *Tx) error {
					first, second := "", ""
					for _, holder := range []*string{&first, &second} {
						if err := tx.queryRow(t.Context(), `SELECT group_concat(name) FROM _account WHERE requests = 1`, nil, holder); err != nil {
							return err
						}
					}
					if first != second || first != "lea" && first != "noe" {
						return fmt.Errorf("found it with %q, then with %q", first, second)
					}
					return nil
				})
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for range 30 {
		for _, name := range []string{"lea", "noe"} {
			store.write(t, func(tx *Tx) error {
				_, err := tx.exec(t.Context(), `UPDATE _account SET requests = (name = ?) WHERE name = ?`, name, name)
				must(t, err)
				_, err = tx.exec(t.Context(), `UPDATE _account SET requests = 0 WHERE name <> ?`, name)
				return err
			})
		}
	}
}

func TestCancelledUpdateLeavesNothing(t *testing.T) {
	t.Parallel()
	store := newStore(t)
	endless := `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) `
	for name, fn := range map[string]func(context.Context, context.CancelFunc, *Tx) error{
		"before the first statement": func(ctx context.Context, cancel context.CancelFunc, tx *Tx) error {
			cancel()
			_, err := tx.Account(ctx, "lea", "pronote", "", "student")
			return err
		},
		"before the commit": func(ctx context.Context, cancel context.CancelFunc, tx *Tx) error {
			_, err := tx.Account(ctx, "lea", "pronote", "", "student")
			cancel()
			return err
		},
		"within a statement that writes": func(ctx context.Context, cancel context.CancelFunc, tx *Tx) error {
			time.AfterFunc(time.Millisecond, cancel)
			_, err := tx.exec(ctx, `INSERT INTO _account (name, url, kind) `+endless+`SELECT 'account ' || i, '', 'student' FROM n`)
			return err
		},
		"within a statement that reads": func(ctx context.Context, cancel context.CancelFunc, tx *Tx) error {
			if _, err := tx.Account(ctx, "lea", "pronote", "", "student"); err != nil {
				return err
			}
			time.AfterFunc(time.Millisecond, cancel)
			var n int
			return tx.queryRow(ctx, endless+`SELECT count(*) FROM n`, nil, &n)
		},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		err := store.Update(ctx, func(tx *Tx) error { return fn(ctx, cancel, tx) })
		if !errors.Is(err, context.Canceled) || strings.Contains(err.Error(), "cannot be used") {
			t.Errorf("%s: %v, want only %v", name, err, context.Canceled)
		}
		if err := store.Update(ctx, func(*Tx) error { t.Errorf("%s: another began", name); return nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: the next Update: %v, want %v", name, err, context.Canceled)
		}
		store.read(t, func(tx *Tx) error {
			if n := one[int](t, tx, `SELECT count(*) FROM _account`); n != 0 {
				t.Errorf("%s: %d accounts were written", name, n)
			}
			return nil
		})
	}
	store.write(t, func(tx *Tx) error { sound(t, tx); tx.owner(t, "lea", "MARTIN Léa"); return nil })
}

// TestWaitingForAWriterCanBeCancelled: a writer that is slow holds nobody who
// wants to stop.
func TestWaitingForAWriterCanBeCancelled(t *testing.T) {
	t.Parallel()
	store := newStore(t)
	store.write(t, func(*Tx) error {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Millisecond, cancel)
		err := store.Update(ctx, func(*Tx) error { t.Error("two writers at a time"); return nil })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("the waiting Update: %v, want %v", err, context.Canceled)
		}
		return nil
	})
}

func TestClosedStore(t *testing.T) {
	t.Parallel()
	store, err := Open(t.Context(), newFile(t))
	must(t, err)
	shut(t, store)
	shut(t, store)
	for name, err := range map[string]error{
		"Update": store.Update(t.Context(), func(*Tx) error { return nil }),
		"View":   store.View(t.Context(), func(*Tx) error { return nil }),
	} {
		if err == nil {
			t.Errorf("%s works after Close", name)
		}
	}
}

// TestFileTakenAway: a mirror that somebody moved away is not made anew behind
// the program's back.
func TestFileTakenAway(t *testing.T) {
	t.Parallel()
	path := newFile(t)
	store := open(t, path)
	must(t, os.Remove(path))
	err := store.View(t.Context(), func(tx *Tx) error { _, err := tx.Accounts(t.Context()); return err })
	if !errors.Is(err, ErrReadOnly) {
		t.Errorf("View: %v, want ErrReadOnly", err)
	}
	if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a new file was made: %v", err)
	}
}
