package state

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"
)

// Errors about the folder itself.
var (
	// ErrShared: others may put there what this program then trusts.
	ErrShared = errors.New("others can write to it")

	// ErrLinked: it is a link. Whoever can change that chooses what is trusted.
	ErrLinked = errors.New("it is a link")
)

// Lock takes the folder for this process alone, and makes it where there is none. The
// lock is nil when another process has it.
func (d Dir) Lock() (*flock.Flock, error) {
	if err := os.MkdirAll(string(d), 0o700); err != nil {
		return nil, err
	}
	info, err := os.Lstat(string(d))
	if err != nil {
		return nil, err
	}
	if info.Mode()&os.ModeSymlink != 0 {
		return nil, ErrLinked
	}
	if info.Mode()&0o022 != 0 && runtime.GOOS != "windows" { // where the bits mean nothing
		return nil, ErrShared
	}
	path := d.path("lock")
	if err := ordinary(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", path, reason(err))
	}
	lock := flock.New(path, flock.SetPermissions(0o600))
	alone, err := lock.TryLock()
	if err != nil || !alone {
		return nil, err
	}
	return lock, nil
}

// saltSize is the length of the key of fingerprints, in bytes.
const saltSize = 32

// Salt reads the key of the fingerprints, or draws one. It stays beside the database
// and not in it, so that the database alone tells nothing.
func (d Dir) Salt() ([]byte, error) {
	path := d.path("salt")
	salt, err := read(path)
	if err == nil && len(salt) == saltSize {
		return salt, nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", path, reason(err))
	}
	salt = make([]byte, saltSize)
	_, _ = rand.Read(salt) // never fails
	return salt, d.write(path, salt)
}

// CopySalt copies the key to another folder, if there is one.
func (d Dir) CopySalt(to Dir) error {
	salt, err := read(d.path("salt"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return to.write(to.path("salt"), salt)
}

// MayTell reports whether people may be told of something that keeps the program from
// starting, and remembers that they were: a program that is restarted again and again
// must tell them once a day, not each time.
func (d Dir) MayTell(cause string, now time.Time) (bool, error) {
	const told = "told"
	text, err := read(d.path(told))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return false, err
	}
	before, stamp, _ := strings.Cut(string(text), "\n")
	at, err := time.Parse(time.RFC3339, stamp)
	if before == cause && err == nil && now.Sub(at).Abs() < 24*time.Hour {
		return false, nil
	}
	return true, d.write(d.path(told), []byte(cause+"\n"+now.Format(time.RFC3339)))
}

// filled names the databases that have been filled once, one on each line.
const filled = "filled"

// WasFilled reports whether a database beside the folder has been filled once. One
// that is empty now is then no first run.
func (d Dir) WasFilled(database string) (bool, error) {
	names, err := d.filled()
	return slices.Contains(names, filepath.Base(database)), err
}

// MarkFilled remembers that a database has been filled, or with false that it will
// begin anew.
func (d Dir) MarkFilled(database string, yes bool) error {
	names, err := d.filled()
	name := filepath.Base(database)
	if err != nil || slices.Contains(names, name) == yes {
		return err
	}
	names = slices.DeleteFunc(names, func(n string) bool { return n == name })
	if yes {
		names = append(names, name)
	}
	return d.write(d.path(filled), []byte(strings.Join(names, "\n")))
}

func (d Dir) filled() ([]string, error) {
	text, err := read(d.path(filled))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return strings.Split(string(text), "\n"), err
}
