package db

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"github.com/pronote-sync/pronote-sync/migrations"
)

// partial follows the name of a backup that is being written.
const partial = ".part"

// Backup writes the mirror at from, as it is now, to a new file for its owner's eyes
// only. It works beside whoever writes to the mirror, and holds nobody up. The file gets
// its name when it has been read whole and is on the disk; until then, and for good
// where that fails, there is none.
//
// Errors of the file to be written are those of package os, ErrFull may be about either,
// and others are about the mirror. A file of that name is left alone: os.ErrExist.
func Backup(ctx context.Context, from, to string) (err error) {
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		if err == nil {
			err = &fs.PathError{Op: "create", Path: to, Err: fs.ErrExist}
		}
		return err
	}
	part := to + partial
	if err := os.Remove(part); err != nil && !errors.Is(err, fs.ErrNotExist) { // of a process that was killed
		return err
	}
	file, err := os.OpenFile(part, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if file != nil {
			err = errors.Join(err, file.Close())
		}
		if err != nil {
			err = errors.Join(err, os.Remove(part))
		}
	}()
	if err := vacuumInto(ctx, from, part); err != nil {
		return err
	}
	if err := Examine(ctx, part); err != nil {
		return err
	}
	err = errors.Join(file.Sync(), file.Close()) // VACUUM INTO waits for no disk
	if file = nil; err != nil {
		return err
	}
	return Name(part, to)
}

// Name gives a file that is finished its name, unless there is one of that name:
// os.ErrExist. No power cut undoes it.
func Name(path, to string) error {
	claim, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err := errors.Join(claim.Close(), os.Rename(path, to)); err != nil {
		return errors.Join(err, os.Remove(to))
	}
	if runtime.GOOS == "windows" { // which cannot, and need not
		return nil
	}
	folder, err := os.Open(filepath.Dir(to))
	if err != nil {
		return err
	}
	_ = folder.Sync() // some sticks cannot
	return folder.Close()
}

// Examine reads a whole mirror, of this version of the program or of an older one. Its
// error is ErrNewer, ErrUnreleased, ErrMissing, or ErrCorrupt for what is damaged or of
// another program.
func Examine(ctx context.Context, path string) (err error) {
	store, err := openUnseen(ctx, path, reading)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	if err := checkVersion(ctx, store.readers, migrations.FS); err != nil && !errors.Is(err, ErrOlder) {
		return explain(path, err)
	}
	return store.Check(ctx)
}
