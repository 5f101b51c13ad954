package db

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestCopyFromReadOnly is a dry run's way of getting a mirror to play with.
func TestCopyFromReadOnly(t *testing.T) {
	t.Parallel()
	path := newFile(t)
	store := open(t, path)
	store.write(t, func(tx *Tx) error { tx.owner(t, "lea", "MARTIN Léa"); return nil })
	beside, err := OpenReadOnly(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer shut(t, beside)
	before := hashes(t, filepath.Dir(path))
	to := filepath.Join(t.TempDir(), "copy.db")
	if err := beside.CopyTo(t.Context(), to); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, hashes(t, filepath.Dir(path))); diff != "" {
		t.Errorf("copying wrote beside the original (-before +after):\n%s", diff)
	}
	if info, err := os.Stat(to); err != nil || info.Mode() != 0o600 {
		t.Errorf("the copy has mode %v, want 0600 (%v)", info.Mode(), err)
	}
	open(t, to).read(t, func(tx *Tx) error {
		sound(t, tx)
		if got := column[string](t, tx, `SELECT name FROM students`); !cmp.Equal(got, []string{"MARTIN Léa"}) {
			t.Errorf("students of the copy are %q", got)
		}
		return nil
	})
	if err := beside.CopyTo(t.Context(), to); !errors.Is(err, os.ErrExist) {
		t.Errorf("over another file: %v, want os.ErrExist", err)
	}
}

func TestFailedCopyLeavesNothing(t *testing.T) {
	t.Parallel()
	path, to := newFile(t), filepath.Join(t.TempDir(), "copy.db")
	store := open(t, path)
	shut(t, store)
	if err := os.WriteFile(path, []byte(strings.Repeat("garbage ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	err := store.CopyTo(t.Context(), to)
	if !errors.Is(err, ErrCorrupt) {
		t.Errorf("CopyTo: %v, want ErrCorrupt", err)
	}
	checkSentence(t, path, err)
	if _, err := os.Stat(to); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a copy is left: %v", err)
	}
}
