package db

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A daemon may be in the middle of a transaction that writes: a backup has what was
// committed, and waits for nobody.
func TestABackupIsMadeBesideAWriter(t *testing.T) {
	t.Parallel()
	path := newFile(t)
	store := open(t, path)
	store.write(t, func(tx *Tx) error { tx.owner(t, "lea", "MARTIN Léa"); return nil })
	to := filepath.Join(t.TempDir(), "backup.db")
	must(t, store.Update(t.Context(), func(tx *Tx) error {
		tx.owner(t, "hugo", "MARTIN Hugo")
		began := time.Now()
		err := Backup(t.Context(), path, to)
		if waited := time.Since(began); waited > 9*time.Second { // SQLite would wait ten for a lock
			t.Errorf("the backup took %s", waited)
		}
		return err
	}))
	if got := filesIn(t, filepath.Dir(to)); !cmp.Equal(got, []string{"backup.db -rw-------"}) {
		t.Errorf("left are %q", got)
	}
	open(t, to).read(t, func(tx *Tx) error {
		sound(t, tx)
		if got := column[string](t, tx, `SELECT name FROM students`); !cmp.Equal(got, []string{"MARTIN Léa"}) {
			t.Errorf("students of the backup are %q", got)
		}
		return nil
	})
}

func TestABackupReplacesNothing(t *testing.T) {
	t.Parallel()
	path, to := newFile(t), filepath.Join(t.TempDir(), "precious")
	must(t, os.WriteFile(to, []byte("a letter"), 0o600))
	if err := Backup(t.Context(), path, to); !errors.Is(err, os.ErrExist) {
		t.Errorf("over a file: %v, want os.ErrExist", err)
	}
	if text, err := os.ReadFile(to); err != nil || string(text) != "a letter" {
		t.Errorf("the file has %q (%v)", text, err)
	}
	must(t, os.Symlink(filepath.Join(t.TempDir(), "nowhere"), to+"-link"))
	if err := Backup(t.Context(), path, to+"-link"); !errors.Is(err, os.ErrExist) {
		t.Errorf("over a link: %v, want os.ErrExist", err)
	}
	must(t, os.WriteFile(to+"-2"+partial, []byte("of a process that was killed"), 0o600))
	if err := Backup(t.Context(), path, to+"-2"); err != nil {
		t.Errorf("after one that was killed: %v", err)
	}
}

func TestAFailedBackupLeavesNothing(t *testing.T) {
	t.Parallel()
	good := newFile(t)
	for name, test := range map[string]struct {
		spoil func(t *testing.T, path string)
		want  error
	}{
		"damaged": {func(t *testing.T, path string) {
			info, err := os.Stat(path)
			must(t, err)
			file, err := os.OpenFile(path, os.O_WRONLY, 0)
			must(t, err)
			_, err = file.WriteAt([]byte(strings.Repeat("garbage ", int(info.Size()/16))), info.Size()/2)
			must(t, errors.Join(err, file.Close()))
		}, ErrCorrupt},
		"foreign": {func(t *testing.T, path string) {
			must(t, os.WriteFile(path, []byte(strings.Repeat("garbage ", 1000)), 0o600))
		}, ErrCorrupt},
		"empty": {func(t *testing.T, path string) { must(t, os.Truncate(path, 0)) }, ErrMissing},
		"newer": {func(t *testing.T, path string) {
			store := open(t, path)
			store.write(t, func(tx *Tx) error {
				_, err := tx.exec(t.Context(), `INSERT INTO _schema (version_id, is_applied) VALUES (99, 1)`)
				return err
			})
			shut(t, store)
		}, ErrNewer},
	} {
		path := filepath.Join(t.TempDir(), "pronote.db")
		content, err := os.ReadFile(good)
		must(t, err)
		must(t, os.WriteFile(path, content, 0o600))
		test.spoil(t, path)
		if err := Examine(t.Context(), path); !errors.Is(err, test.want) {
			t.Errorf("%s: examined: %v, want %v", name, err, test.want)
		}
		to := filepath.Join(t.TempDir(), "backup.db")
		if err := Backup(t.Context(), path, to); !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
		if got := filesIn(t, filepath.Dir(to)); got != nil {
			t.Errorf("%s: left are %q", name, got)
		}
	}
}

func TestABackupOnAFullDiskLeavesNothing(t *testing.T) {
	t.Parallel()
	path, dir := newFile(t), smallDisk(t, "64k")
	if err := Backup(t.Context(), path, filepath.Join(dir, "backup.db")); !errors.Is(err, ErrFull) {
		t.Errorf("%v, want ErrFull", err)
	}
	if got := filesIn(t, dir); got != nil {
		t.Errorf("left are %q", got)
	}
}

func filesIn(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	must(t, err)
	for _, e := range entries {
		info, err := e.Info()
		must(t, err)
		names = append(names, e.Name()+" "+info.Mode().String())
	}
	return names
}
