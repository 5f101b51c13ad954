package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/backup"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/db"
)

// all puts a sealed archive in place: configuration, secrets, tokens and mirror. They are
// unpacked and looked at beside the mirror before anything that is there moves.
func (r *restoration) all(ctx context.Context) (err error) {
	place, err := r.placeOfConfig()
	if err != nil {
		return err
	}
	database := config.UsualDatabase(place)
	folder := filepath.Dir(database)
	if existing(folder) != folder && place == systemConfig {
		return stateError{say.Errorf("there is no folder %s, so the service is not installed: install the package first, or run the command as yourself", folder)}
	}
	passphrase, err := r.passphrase(r.cmd, r.passphraseFile, r.in("Passphrase of the archive"))
	if err != nil {
		return err
	}
	c := &config.Config{Path: place, Database: database, StateDir: filepath.Join(folder, "state")}
	lock, err := lockFor(c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	if err := giveToOwner(folder, c.StateDir, filepath.Join(c.StateDir, "lock")); err != nil { // also where it ends here
		return unwritable(c.StateDir, err)
	}
	stage := database + ".unpacked"
	if err := os.RemoveAll(stage); err != nil { // of a process that was killed
		return unkept(stage, err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(stage)) }()
	if err := r.unpack(ctx, passphrase, stage); err != nil {
		return err
	}
	if err := r.settle(c, stage); err != nil {
		return unkept(place, err)
	}
	if err := os.RemoveAll(stage); err != nil { // while root may: it has secrets
		return unkept(stage, err)
	}
	r.tell("%s is restored from %s", place, r.file)
	r.tell("%s is restored from %s", database, r.file)
	for _, aside := range r.aside {
		r.tell("what was there is kept as %s", aside)
	}
	r.config = place
	restored, err := r.loadToRead(r.cmd)
	if err != nil {
		return err
	}
	if err := actAsOwner(restored); err != nil {
		return err
	}
	return r.finish(ctx, restored)
}

// placeOfConfig is where the configuration belongs: where the person says or has one, else
// where init would write it.
func (r *restoration) placeOfConfig() (string, error) {
	place, err := config.Find(r.config)
	if err != nil && os.Geteuid() == 0 {
		return systemConfig, nil
	}
	if err != nil {
		folder, err := os.UserConfigDir()
		if err != nil {
			return "", usageError{say.Errorf("this user has no folder for configurations: name a file with --config")}
		}
		place = filepath.Join(folder, "pronote-sync", "config.toml")
	}
	return filepath.Abs(place)
}

// unpack writes the archive into a new folder, and looks whether all of it can be used.
func (r *restoration) unpack(ctx context.Context, passphrase, stage string) error {
	err := backup.Unseal(r.source, passphrase, func(name string, content io.Reader) error {
		to := filepath.Join(stage, name)
		if err := errors.Join(ctx.Err(), os.MkdirAll(filepath.Dir(to), 0o700)); err != nil {
			return err
		}
		return write(to, content)
	})
	switch {
	case errors.Is(err, backup.ErrPassphrase):
		return faultOf(err, say.Errorf("the passphrase is not the one that %s was sealed with: try again", r.file))
	case errors.Is(err, backup.ErrDamaged):
		return faultOf(err, say.Errorf("%s is damaged: restore another backup", r.file))
	case err != nil:
		return unkept(stage, err)
	}
	if _, err := os.Stat(filepath.Join(stage, configEntry)); err != nil {
		return r.foreign()
	}
	if _, err := config.LoadToRead(filepath.Join(stage, configEntry)); err != nil {
		return configError{err}
	}
	return r.unfit(db.Examine(ctx, filepath.Join(stage, mirrorEntry)))
}

// settle moves what is there aside, and what was unpacked in its place.
func (r *restoration) settle(c *config.Config, stage string) error {
	folder := filepath.Dir(c.Database)
	m := &removal{owner: folder}
	carried := filepath.Join(stage, "config")
	err := filepath.WalkDir(carried, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(carried, path)
		if err != nil {
			return err
		}
		if name == filepath.Base(configEntry) {
			return nil // which comes last, since it is read where it points to
		}
		return errors.Join(r.moveAside(filepath.Join(filepath.Dir(c.Path), name)), m.tree(path, filepath.Dir(c.Path), name))
	})
	if err != nil {
		return err
	}
	for _, path := range tokensOf(c) {
		if err := r.moveAside(path); err != nil {
			return err
		}
	}
	names, err := os.ReadDir(filepath.Join(stage, stateFolder))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, entry := range names {
		if err := m.tree(filepath.Join(stage, stateFolder, entry.Name()), folder, filepath.Join(stateFolder, entry.Name())); err != nil {
			return err
		}
	}
	aside, err := exchange(filepath.Join(stage, mirrorEntry), c.Database, asideAs(c.Database, r.now()))
	if err != nil {
		return err
	}
	if aside != "" {
		r.aside = append(r.aside, aside)
	}
	text, err := os.ReadFile(filepath.Join(stage, configEntry))
	if err = errors.Join(err, r.moveAside(c.Path), giveToOwner(folder, append(m.present(), c.Database)...)); err != nil {
		return err
	}
	if err := config.Put(c.Path, text); err != nil {
		return configError{err}
	}
	return nil
}

// moveAside makes room for a file.
func (r *restoration) moveAside(path string) error {
	aside := asideAs(path, r.now())
	err := os.Rename(path, aside)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		r.aside = append(r.aside, aside)
	}
	return err
}
