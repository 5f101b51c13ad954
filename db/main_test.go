package db

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
)

var update = flag.Bool("update", false, "write docs/schema.md, and the frozen schema of the last step")

// TestMain also plays the program that is killed in the middle of its work, and those that
// open one file at the same moment.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "write until killed" {
		os.Exit(writeUntilKilled(os.Args[2]))
	}
	if len(os.Args) == 4 && os.Args[1] == "open when told" {
		os.Exit(openWhenTold(os.Args[2], os.Args[3]))
	}
	// Of each of some fifty properties; .ci/night checks a thousand times.
	checks := "25"
	if raced {
		checks = "3"
	}
	if err := flag.Set("rapid.checks", checks); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// emptyMirror is an empty mirror, built once.
var emptyMirror = sync.OnceValues(func() (file []byte, err error) {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "pronote.db")
	store, err := Open(context.Background(), path)
	if err == nil {
		err = store.Close()
	}
	if err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// newFile makes an empty mirror and returns its path.
func newFile(t testing.TB) string {
	t.Helper()
	file, err := emptyMirror()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "pronote.db")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func newStore(t testing.TB) *Store {
	t.Helper()
	return open(t, newFile(t))
}

func open(t testing.TB, path string) *Store {
	t.Helper()
	store, err := Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shut(t, store) })
	return store
}

func shut(t testing.TB, store *Store) {
	t.Helper()
	if err := store.Close(); err != nil {
		t.Error(err)
	}
}

// fataler is a *testing.T or a *rapid.T.
type fataler interface {
	Helper()
	Context() context.Context
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// write runs fn in an Update that must succeed.
func (s *Store) write(t fataler, fn func(*Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

// read runs fn in a View that must succeed.
func (s *Store) read(t fataler, fn func(*Tx) error) {
	t.Helper()
	if err := s.View(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

var errUndo = errors.New("undo")

// try runs fn in a transaction that is undone.
func (s *Store) try(t fataler, fn func(*Tx)) {
	t.Helper()
	err := s.Update(t.Context(), func(tx *Tx) error { fn(tx); return errUndo })
	if !errors.Is(err, errUndo) {
		t.Fatal(err)
	}
}

// owner enrols a pupil in an account.
func (tx *Tx) owner(t fataler, account, student string) Owner {
	t.Helper()
	a, err := tx.Account(t.Context(), account, "pronote", "https://0123456a.example/pronote/", "student")
	if err != nil {
		t.Fatal(err)
	}
	s, err := tx.SaveStudent(t.Context(), a.ID, Student{Name: student})
	if err != nil {
		t.Fatal(err)
	}
	return Owner{Account: a.ID, Student: s.ID, AccountName: account, StudentName: student}
}

// one scans the only row of a query.
func one[T any](t fataler, tx *Tx, query string, args ...any) (v T) {
	t.Helper()
	if err := tx.queryRow(t.Context(), query, args, &v); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return v
}

// column lists the only column of a query.
func column[T any](t fataler, tx *Tx, query string, args ...any) (list []T) {
	t.Helper()
	rows, err := tx.query(t.Context(), query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	for rows.Next() {
		var v T
		if err := rows.Scan(&v); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		list = append(list, v)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return list
}

// start is a Monday morning at school, in Unix seconds too.
var start = time.Date(2025, 11, 17, 8, 0, 0, 0, time.UTC)

// at is some seconds after start.
func at(seconds int) pronote.DateTime {
	return pronote.DateTimeOf(start.Add(time.Duration(seconds) * time.Second))
}

func unix(seconds int) time.Time { return start.Add(time.Duration(seconds) * time.Second) }
