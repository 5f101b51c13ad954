package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/backup"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/db"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

func (a *app) backupCommand() *cobra.Command {
	var all bool
	var passphraseFile string
	cmd := &cobra.Command{
		Use:   "backup [FILE]",
		Short: "Write a checked copy of the mirror, also beside the daemon",
		Long: "backup writes the mirror, as it is now, to a new file for you alone, reads it whole and prints its name. " +
			"The daemon may run meanwhile, and no school is asked. Without FILE, the file goes into the folder that [backup] names; " +
			"where FILE is a folder, it gets a new name in it. No file is overwritten. The mirror holds no password and no token.\n\n" +
			"With --all, the file is an archive that also holds the configuration, its secrets and the tokens, all that another " +
			"machine needs. It is sealed with a passphrase: nobody can open it without that.",
		Args: arguments(0, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if passphraseFile != "" && !all {
				return mistaken(cmd, "--passphrase-file goes with --all")
			}
			c, err := a.loadToRead(cmd)
			if err != nil {
				return err
			}
			store, err := openFilled(cmd.Context(), c, db.OpenReadOnly) // whose errors say most
			if err != nil {
				return err
			}
			if err := store.Close(); err != nil {
				return err
			}
			end := ".db"
			if all {
				end = ".tar.age"
			}
			file, err := a.placeOfBackup(c, args, end)
			if err != nil {
				return err
			}
			if all {
				err = a.backUpAll(cmd, c, file, passphraseFile)
			} else {
				err = backUp(cmd.Context(), c, file)
			}
			if err != nil {
				return interrupted(cmd.Context(), err)
			}
			_, _ = fmt.Fprintln(cmd.OutOrStdout(), file) // nobody reads on
			return nil
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "an archive of all that another machine needs, sealed with a passphrase")
	cmd.Flags().StringVar(&passphraseFile, "passphrase-file", "", "`file` with the passphrase of an archive; asked for without it")
	return cmd
}

// placeOfBackup is where a new backup goes: the file that the person names, or a new one
// in a folder. That of the configuration is the service's, and root acts as its owner.
func (a *app) placeOfBackup(c *config.Config, args []string, end string) (string, error) {
	name := titleOf(c) + "-" + a.now().UTC().Format(backup.Stamped) + end
	if len(args) > 0 {
		if info, err := os.Stat(args[0]); err == nil && info.IsDir() {
			return filepath.Join(args[0], name), nil
		}
		return args[0], nil
	}
	if err := actAsOwner(c); err != nil {
		return "", err
	}
	if err := os.MkdirAll(c.Backup.Dir, 0o700); err != nil {
		return "", unkept(c.Backup.Dir, err)
	}
	return filepath.Join(c.Backup.Dir, name), nil
}

// titleOf is what the backups of a mirror are called after.
func titleOf(c *config.Config) string {
	base := filepath.Base(c.Database)
	return strings.TrimSuffix(base, filepath.Ext(base))
}

// backUp writes a backup of the mirror to a new file.
func backUp(ctx context.Context, c *config.Config, file string) error {
	return unkept(file, db.Backup(ctx, c.Database, file))
}

// unkept says why a backup could not be written. What is wrong with the mirror itself is
// said as always.
func unkept(file string, err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, fs.ErrExist):
		return usageError{say.Errorf("%s exists already: name another file, for a backup overwrites nothing", file)}
	case isFull(err):
		return faultOf(errors.Join(db.ErrFull, err), say.Errorf("%s cannot be written, the disk is full: free some space, or name a file on another disk", file))
	case errors.As(err, &path):
		err = path.Err
	case errors.As(err, &link):
		err = link.Err
	default:
		return err
	}
	return faultOf(err, say.Errorf("%s cannot be written, %w: check the folder and its rights, or name another", file, err))
}

func isFull(err error) bool {
	return errors.Is(err, db.ErrFull) || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

// faultOf is a sentence about what went wrong with a file of ours. errors.Is finds its
// cause, which it does not say.
func faultOf(cause, said error) error { return stateError{fault{said, cause}} }

type fault struct{ said, cause error }

// Error implements error.
func (f fault) Error() string { return f.said.Error() }

// Unwrap gives the sentence, in whatever language.
func (f fault) Unwrap() error { return f.said }

// Is looks for an error in the cause.
func (f fault) Is(target error) bool { return errors.Is(f.cause, target) }

// How often the daemon looks whether a copy is due, for the clock may be set and the
// machine sleep, and when it tries again after one that failed.
const (
	lookForCopy = 10 * time.Minute
	againCopy   = time.Hour
)

// keepCopies makes copies of the mirror as the configuration says, until ctx is done. The
// func that it returns waits for the end.
func (d *daemonRun) keepCopies(ctx context.Context, engine *psync.Engine, c *config.Config) (wait func()) {
	var copying sync.WaitGroup
	if c.Backup.Every == 0 {
		return copying.Wait
	}
	r := backup.Rotation{
		Dir: c.Backup.Dir, Title: titleOf(c), Every: c.Backup.Every, Keep: c.Backup.Keep,
		Write: func(ctx context.Context, file string) error { return db.Backup(ctx, c.Database, file) },
	}
	copying.Go(func() {
		failed := false
		for wait := time.Duration(0); pause(ctx, wait); {
			if wait = r.Wait(d.app.now()); wait > 0 || d.app.timekeeper().Err() != nil {
				wait = min(max(wait, time.Minute), lookForCopy)
				continue
			}
			err := r.Turn(ctx, d.app.now())
			if ctx.Err() != nil {
				return
			}
			if err == nil || !failed { // of the same trouble people hear once
				engine.BackedUp(err)
			}
			if failed = err != nil; failed {
				d.log.Warn("no backup could be made", "folder", r.Dir, "again", againCopy, "error", oneLine(err))
				wait = againCopy
			}
		}
	})
	return copying.Wait
}

// pause waits, and reports whether that was not cut short.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return ctx.Err() == nil
	}
}

// asideAs is a name for what makes room for something restored, which nothing has yet.
func asideAs(path string, now time.Time) string {
	aside := path + ".before-" + now.UTC().Format(backup.Stamped)
	for name, n := aside, 2; ; n++ {
		if _, err := os.Lstat(name); errors.Is(err, fs.ErrNotExist) {
			return name
		}
		name = fmt.Sprintf("%s-%d", aside, n)
	}
}
