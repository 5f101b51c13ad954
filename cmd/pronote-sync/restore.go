package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/backup"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/db"
)

func (a *app) restoreCommand() *cobra.Command {
	r := &restoration{app: a}
	cmd := &cobra.Command{
		Use:   "restore FILE",
		Short: "Put a backup in place, and keep what was there",
		Long: "restore checks a backup and puts it in the place of the mirror. What was there stays beside it under " +
			"another name, which is printed. Of an archive of backup --all, it puts configuration, secrets and tokens in place too. " +
			"It is refused while the daemon runs: stop that first.",
		Args: arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			r.cmd, r.file = cmd, args[0]
			return interrupted(cmd.Context(), r.run(cmd.Context()))
		},
	}
	cmd.Flags().StringVar(&r.passphraseFile, "passphrase-file", "", "`file` with the passphrase of an archive; asked for without it")
	return cmd
}

// A restoration is one run of restore.
type restoration struct {
	*app
	cmd    *cobra.Command
	file   string   // as the person named it
	source *os.File // opened before root becomes somebody else
	log    *os.File // what SQLite has not put into the source yet; nil where there is none

	passphraseFile string
	aside          []string // names of what was there
}

// ofSQLite begins each of its files.
var ofSQLite = []byte("SQLite format 3\x00")

func (r *restoration) run(ctx context.Context) (err error) {
	if r.source, err = openOrdinary(r.file); err != nil {
		return err
	}
	defer func() { _ = r.source.Close() }() // it was only read
	head := make([]byte, max(len(ofSQLite), len(backup.Head)))
	n, _ := r.source.ReadAt(head, 0) // what cannot be read is no backup either
	switch head = head[:n]; {
	case bytes.HasPrefix(head, []byte(backup.Head)):
		return r.all(ctx)
	case !bytes.HasPrefix(head, ofSQLite):
		return r.foreign()
	}
	if info, err := os.Stat(r.file + "-wal"); err == nil && info.Size() > 0 {
		if r.log, err = openOrdinary(r.file + "-wal"); err != nil {
			return err
		}
		defer func() { _ = r.log.Close() }() // it was only read
	}
	c, err := r.loadToRead(r.cmd)
	if err != nil {
		return err
	}
	if err := actAsOwner(c); err != nil {
		return err
	}
	lock, err := lockFor(c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	ready, err := r.prepare(ctx, c)
	if err != nil {
		return err
	}
	aside, err := exchange(ready, c.Database, asideAs(c.Database, r.now()))
	if err != nil {
		return errors.Join(unkept(c.Database, err), os.Remove(ready))
	}
	r.tell("%s is restored from %s", c.Database, r.file)
	if aside != "" {
		r.tell("what was there is kept as %s", aside)
	}
	return r.finish(ctx, c)
}

func (r *restoration) tell(format string, args ...any) {
	_, _ = fmt.Fprintln(r.cmd.OutOrStdout(), r.in(format, args...)) // nobody reads it where that fails
}

func (r *restoration) foreign() error {
	return stateError{say.Errorf("%s is no backup of pronote-sync: name a file that pronote-sync backup has written", r.file)}
}

// prepare writes a sound mirror beside the place where it belongs.
func (r *restoration) prepare(ctx context.Context, c *config.Config) (ready string, err error) {
	taken, ready := c.Database+".taken", c.Database+".restored"
	clear := func() error {
		var errs []error
		for _, path := range []string{taken, taken + "-wal", taken + "-shm", taken + "-journal"} {
			errs = append(errs, removed(path))
		}
		return errors.Join(errs...)
	}
	if err := errors.Join(clear(), removed(ready)); err != nil { // of a process that was killed
		return "", unkept(taken, err)
	}
	defer func() { err = errors.Join(err, clear()) }()
	err = write(taken, r.source)
	if err == nil && r.log != nil {
		err = write(taken+"-wal", r.log)
	}
	if err != nil {
		return "", unkept(taken, err)
	}
	if err = db.Examine(ctx, taken); err == nil {
		err = db.Backup(ctx, taken, ready)
	}
	return ready, r.unfit(err)
}

// unfit says why a file cannot be the mirror.
func (r *restoration) unfit(err error) error {
	switch {
	case errors.Is(err, db.ErrNewer):
		return faultOf(err, say.Errorf("%s was written by a newer version of pronote-sync: install that version here, then restore", r.file))
	case errors.Is(err, db.ErrUnreleased):
		return faultOf(err, say.Errorf("%s was written by a version of pronote-sync that was never released: restore it with that version", r.file))
	case errors.Is(err, db.ErrCorrupt), errors.Is(err, db.ErrMissing):
		return faultOf(err, say.Errorf("%s is damaged, or is no mirror of pronote-sync: restore another backup", r.file))
	}
	return unkept(r.file, err)
}

// finish opens what was restored, as the next daemon will.
func (r *restoration) finish(ctx context.Context, c *config.Config) (err error) {
	store, err := db.Open(ctx, c.Database)
	if err != nil {
		return err
	}
	m := &mirror{store: store}
	defer func() { err = errors.Join(err, store.Close()) }()
	m.letIn(ctx, c, func(w error) {
		_, _ = fmt.Fprintln(r.cmd.ErrOrStderr(), r.in("pronote-sync: warning: %v", w))
	})
	return m.remember(ctx, c)
}

// exchange gives a mirror its place, and moves what was there aside; aside is "" where
// there was nothing. The files move in an order in which a log never stands beside
// another mirror than its own, wherever the power fails.
func exchange(ready, place, aside string) (_ string, err error) {
	moved := false
	for _, suffix := range []string{"", "-journal", "-wal", "-shm"} {
		err := os.Rename(place+suffix, aside+suffix)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		moved = moved || suffix == "" && err == nil
	}
	if err := os.Rename(ready, place); err != nil {
		return "", err
	}
	if !moved {
		aside = ""
	}
	return aside, nil
}

// openOrdinary opens a file that a person names.
func openOrdinary(path string) (*os.File, error) {
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() { // opening it might wait for ever
		return nil, usageError{say.Errorf("%s is not an ordinary file: name the right one", path)}
	}
	if err != nil {
		return nil, usageError{say.Errorf("%w: check the name of the file", err)}
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, usageError{say.Errorf("%w: check the rights of the file", err)}
	}
	return file, nil
}

// write copies to a new file, for its owner alone, and waits for the disk.
func write(path string, from io.Reader) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, from)
	return errors.Join(err, file.Sync(), file.Close())
}

// removed removes a file if there is one.
func removed(path string) error {
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
