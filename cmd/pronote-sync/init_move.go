package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strings"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/state"
	"github.com/pronote-sync/pronote-sync/db"
)

// moveTrial offers to move what was tried by hand into the service, which has no
// configuration yet.
func (b *beginner) moveTrial() error {
	_, err := os.Lstat(b.path)
	vacant := errors.Is(err, fs.ErrNotExist)
	from := b.flags.move
	if from == "" && vacant {
		if from = trialOf(os.Getenv("SUDO_USER")); from != "" {
			yes, err := b.agrees(b.in("%s was tried by hand. Move it into the service, with its secrets, tokens and mirror? (y/n)", from))
			if err != nil {
				return err
			}
			if !yes {
				from = ""
			}
		}
	}
	switch {
	case from == "":
		return nil
	case !vacant:
		return usageError{say.Errorf("--move is for the service, which is not installed or has a configuration already: install the package, or leave --move out")}
	}
	c, err := config.Load(from)
	if err != nil {
		return configError{err}
	}
	if err := move(b.ctx, c, b.path, config.UsualDatabase(b.path)); err != nil {
		return err
	}
	said := b.in("Moved to %s. What was at the old place is still there, and its configuration is now called %s.", b.path, c.Path+moved)
	_, _ = io.WriteString(b.cmd.OutOrStdout(), said+"\n") // as with all output
	return nil
}

// trialOf is the configuration that a user has tried by hand, here or in their folder of
// configurations; "" for none.
func trialOf(name string) string {
	places := []string{"config.toml"}
	if u, err := user.Lookup(name); err == nil {
		places = append(places, filepath.Join(u.HomeDir, ".config", "pronote-sync", "config.toml"))
	}
	for _, place := range places {
		if _, err := os.Stat(place); err == nil {
			if path, err := filepath.Abs(place); err == nil {
				return path
			}
		}
	}
	return ""
}

// moved is what the name of a configuration that has moved ends with: two of them would
// use the same tokens, of which PRONOTE takes one.
const moved = ".moved"

// move copies a configuration, with the files that it points to, its tokens and its mirror,
// to another place, and then takes its name away. On an error nothing is left at the new
// place. Nobody may use the old one meanwhile.
func move(ctx context.Context, c *config.Config, path, database string) (err error) {
	m := &removal{owner: filepath.Dir(database)}
	defer func() {
		if err != nil {
			err = errors.Join(err, m.undo())
		}
	}()
	if _, err := os.Stat(c.StateDir); err == nil {
		lock, err := state.Dir(c.StateDir).Lock()
		switch {
		case err != nil:
			return unwritable(c.StateDir, err)
		case lock == nil:
			return inUse(c)
		}
		defer func() { _ = lock.Close() }() // its folder is not used any more
	}
	text, files, err := c.Carry()
	if err != nil {
		return configError{err}
	}
	for _, file := range files {
		if err := m.tree(filepath.Join(filepath.Dir(c.Path), file), filepath.Dir(path), file); err != nil {
			return configError{err}
		}
	}
	if err := m.data(ctx, c, database); err != nil {
		return err
	}
	if group := groupOf(path); group != "" && c.Readers.Group == "" {
		text = append([]byte("database_group = \""+group+"\"\n\n"), text...)
	}
	if err := config.Put(path, text); err != nil {
		return configError{err}
	}
	m.made = append(m.made, path)
	if err := os.Rename(c.Path, c.Path+moved); err != nil {
		return configError{err}
	}
	return nil
}

// A removal remembers what it has made, and whose that must be.
type removal struct {
	owner string // a folder of the same user
	made  []string
}

// undo removes what was made, the last first. A folder that holds something else stays.
func (m *removal) undo() error {
	var errs []error
	for i := len(m.made) - 1; i >= 0; i-- {
		if err := os.Remove(m.made[i]); err != nil && !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// data copies the mirror and what is beside it.
func (m *removal) data(ctx context.Context, c *config.Config, database string) error {
	if _, err := os.Lstat(database); !errors.Is(err, fs.ErrNotExist) {
		return stateError{say.Errorf("there is a mirror already at %s: move it away first", database)}
	}
	folder, dir := filepath.Dir(database), state.Dir(filepath.Join(filepath.Dir(database), "state"))
	store, err := db.OpenReadOnly(ctx, c.Database)
	if err != nil && !errors.Is(err, db.ErrMissing) {
		return err
	}
	if err == nil {
		m.made = append(m.made, database)
		if err := errors.Join(store.CopyTo(ctx, database), store.Close()); err != nil {
			return err
		}
	}
	for _, name := range tokensOf(c) {
		if err := m.tree(name, folder, filepath.Join("state", filepath.Base(name))); err != nil {
			return err
		}
	}
	if filled, err := state.Dir(c.StateDir).WasFilled(c.Database); err == nil && filled {
		if err := dir.MarkFilled(database, true); err != nil {
			return unwritable(string(dir), err)
		}
		m.made = append(m.made, filepath.Join(string(dir), "filled"))
	}
	if _, err := os.Stat(c.Files.Dir); err == nil {
		if err := m.tree(c.Files.Dir, folder, "files"); err != nil {
			return err
		}
	}
	return giveToOwner(m.owner, m.present()...)
}

// tokensOf are the files beside a mirror that its accounts need elsewhere: their devices,
// and the key by which they know their credentials again.
func tokensOf(c *config.Config) (paths []string) {
	for _, pattern := range []string{"*.device", "salt"} {
		found, _ := filepath.Glob(filepath.Join(c.StateDir, pattern)) // the pattern is good
		paths = append(paths, found...)
	}
	return paths
}

// present are those of the made files that there are.
func (m *removal) present() (paths []string) {
	for _, path := range m.made {
		if _, err := os.Lstat(path); err == nil {
			paths = append(paths, path)
		}
	}
	return paths
}

// tree copies a file, or a folder with all in it, to a path below a folder, and makes the
// folders between.
func (m *removal) tree(from, below, path string) error {
	between := below
	for _, part := range strings.Split(filepath.Dir(path), string(filepath.Separator)) {
		if between = filepath.Join(between, part); between == below {
			continue
		}
		if err := os.Mkdir(between, 0o700); err == nil {
			m.made = append(m.made, between)
		} else if !errors.Is(err, fs.ErrExist) {
			return err
		}
	}
	return filepath.WalkDir(from, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rest, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		to := filepath.Join(below, path, rest)
		switch {
		case entry.IsDir():
			if err := os.Mkdir(to, 0o700); errors.Is(err, fs.ErrExist) {
				return nil // which stays
			} else if err != nil {
				return err
			}
		case !entry.Type().IsRegular(): // a link would lead back
			return nil
		default:
			if err := copyFile(name, to); err != nil {
				return err
			}
		}
		m.made = append(m.made, to)
		return nil
	})
}

// copyFile copies to a new file for its owner alone, and waits for the disk.
func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }() // it was only read
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}
