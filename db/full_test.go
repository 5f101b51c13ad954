package db

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// smallDisk mounts a disk of some MiB, where the test may.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("a small disk cannot be mounted here: %v", err)
	}
	t.Cleanup(func() { must(t, syscall.Unmount(dir, 0)) })
	return dir
}

// fillDisk leaves no byte free.
func fillDisk(t *testing.T, dir string) {
	t.Helper()
	file, err := os.Create(filepath.Join(dir, "filler"))
	must(t, err)
	for block := make([]byte, 4096); ; {
		if _, err := file.Write(block); err != nil {
			if !errors.Is(err, syscall.ENOSPC) {
				t.Fatal(err)
			}
			break
		}
	}
	must(t, file.Close())
}

func TestAFullDiskIsCalledFullAndStatusReadsOn(t *testing.T) {
	t.Parallel()
	for name, leave := range map[string]func(t *testing.T, store *Store, path string){
		"closed": func(t *testing.T, store *Store, path string) {
			shut(t, store)
			must(t, os.Remove(path+"-wal"))
		},
		"killed": func(t *testing.T, store *Store, path string) {
			for _, part := range []string{"", "-wal"} {
				content, err := os.ReadFile(path + part)
				must(t, err)
				must(t, os.WriteFile(path+".kept"+part, content, 0o600))
			}
			shut(t, store)
			for _, part := range []string{"", "-wal"} {
				must(t, os.Rename(path+".kept"+part, path+part))
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := smallDisk(t, "6m")
			path := filepath.Join(dir, "pronote.db")
			store := open(t, path)
			store.write(t, func(tx *Tx) error { tx.owner(t, "lea", "MARTIN Léa"); return nil })
			leave(t, store, path)
			must(t, os.Remove(path+"-shm")) // as other programs leave it
			fillDisk(t, dir)

			beside, err := OpenReadOnly(t.Context(), path)
			must(t, err)
			beside.read(t, func(tx *Tx) error {
				if got := one[string](t, tx, `SELECT name FROM students`); got != "MARTIN Léa" {
					t.Errorf("the pupil is %q", got)
				}
				return nil
			})
			shut(t, beside)
			if _, err := Open(t.Context(), path); !errors.Is(err, ErrFull) {
				t.Errorf("Open: %v, want ErrFull", err)
			}
		})
	}
}
