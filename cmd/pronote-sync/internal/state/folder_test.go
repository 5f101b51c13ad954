package state

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestAFolderThatOthersCanWriteToIsRefused(t *testing.T) {
	t.Parallel()
	for mode, want := range map[os.FileMode]error{0o700: nil, 0o755: nil, 0o775: ErrShared, 0o777: ErrShared, 0o702: ErrShared} {
		dir := t.TempDir()
		must(t, os.Chmod(dir, mode))
		lock, err := Dir(dir).Lock()
		if !errors.Is(err, want) || (lock == nil) != (want != nil) {
			t.Errorf("mode %o: %v, want %v", mode, err, want)
		}
		if lock != nil {
			must(t, lock.Close())
		}
	}
}

// Whoever can change a link chooses which tokens and which salt are trusted.
func TestALinkedFolderIsRefused(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "state")
	for _, to := range []string{t.TempDir(), filepath.Join(t.TempDir(), "nowhere")} {
		must(t, os.Symlink(to, dir))
		if lock, err := Dir(dir).Lock(); lock != nil || err == nil {
			t.Errorf("linked to %s: %v, %v", to, lock, err)
		}
		must(t, os.Remove(dir))
	}
}

func TestTheLockAndTheSaltFollowNoLink(t *testing.T) {
	t.Parallel()
	outside := filepath.Join(t.TempDir(), "outside")
	for _, there := range []bool{false, true} {
		if there {
			must(t, os.WriteFile(outside, bytes.Repeat([]byte("a"), saltSize), 0o600))
		}
		d := Dir(t.TempDir())
		must(t, os.Symlink(outside, d.path("lock")))
		must(t, os.Symlink(outside, d.path("salt")))
		if lock, err := d.Lock(); lock != nil || err == nil || !strings.Contains(err.Error(), "lock: not an ordinary file") {
			t.Errorf("a linked lock: %v, %v", lock, err)
		}
		if salt, err := d.Salt(); salt != nil || err == nil || !strings.Contains(err.Error(), "salt: not an ordinary file") {
			t.Errorf("a linked salt: %q, %v", salt, err)
		}
		if _, err := os.Stat(outside); errors.Is(err, os.ErrNotExist) == there {
			t.Errorf("the file outside: %v", err)
		}
	}
}

func TestTheLockIsForOneProcess(t *testing.T) {
	t.Parallel()
	d := Dir(filepath.Join(t.TempDir(), "deep", "state"))
	first, err := d.Lock()
	must(t, err)
	if second, err := d.Lock(); second != nil || err != nil {
		t.Errorf("locked twice: %v, %v", second, err)
	}
	must(t, first.Close())
	again, err := d.Lock()
	must(t, err)
	must(t, again.Close())
}

func TestTheSaltStays(t *testing.T) {
	t.Parallel()
	d, other := Dir(t.TempDir()), Dir(t.TempDir())
	must(t, other.CopySalt(d)) // there is none
	salt, err := d.Salt()
	must(t, err)
	must(t, d.CopySalt(other))
	for _, d := range []Dir{d, other} {
		if again, err := d.Salt(); err != nil || !bytes.Equal(salt, again) || len(salt) != saltSize {
			t.Errorf("the salt was %x, and is %x, %v", salt, again, err)
		}
	}
}

func TestFilledDatabasesAreRemembered(t *testing.T) {
	t.Parallel()
	d := Dir(t.TempDir())
	check := func(want ...bool) {
		t.Helper()
		for i, database := range []string{"/a/pronote.db", "/a/other.db"} {
			if got, err := d.WasFilled(database); err != nil || got != want[i] {
				t.Errorf("%s was filled: %v (%v), want %v", database, got, err, want[i])
			}
		}
	}
	check(false, false)
	must(t, d.MarkFilled("/a/pronote.db", true))
	check(true, false)
	must(t, d.MarkFilled("/b/other.db", true)) // the folder was moved
	must(t, d.MarkFilled("/a/pronote.db", true))
	check(true, true)
	must(t, d.MarkFilled("/a/pronote.db", false))
	check(false, true)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
