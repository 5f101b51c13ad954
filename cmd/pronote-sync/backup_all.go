package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/backup"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/db"
)

// The places in a sealed archive.
const (
	configEntry = "config/config.toml" // with what it points to in the same folder
	stateFolder = "state"
	mirrorEntry = "mirror.db"
)

// shortest is the least that a passphrase may have, in characters.
const shortest = 10

// backUpAll seals all that another machine needs into a new file.
func (a *app) backUpAll(cmd *cobra.Command, c *config.Config, file, passphraseFile string) (err error) {
	text, files, err := c.Carry()
	if err != nil {
		return configError{err}
	}
	if _, err := os.Lstat(file); !errors.Is(err, fs.ErrNotExist) { // before anybody thinks of a passphrase
		return unkept(file, errors.Join(err, &fs.PathError{Op: "create", Path: file, Err: fs.ErrExist}))
	}
	passphrase, err := a.newPassphrase(cmd, passphraseFile)
	if err != nil {
		return err
	}
	plain := c.Database + ".sealing"
	if err := removed(plain); err != nil { // of a process that was killed
		return unkept(plain, err)
	}
	if err := backUp(cmd.Context(), c, plain); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, removed(plain)) }()
	part := file + ".part"
	out, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return unkept(file, err)
	}
	err = sealAll(cmd.Context(), out, passphrase, c, text, files, plain)
	if err = errors.Join(err, out.Sync(), out.Close()); err == nil {
		err = db.Name(part, file)
	}
	if err != nil {
		return errors.Join(unkept(file, err), removed(part))
	}
	return nil
}

func sealAll(ctx context.Context, out io.Writer, passphrase string, c *config.Config, text []byte, files []string, mirror string) error {
	sealer, err := backup.Seal(out, passphrase)
	if err != nil {
		return err
	}
	if err := sealer.Add(configEntry, int64(len(text)), bytes.NewReader(text)); err != nil {
		return err
	}
	for _, name := range files {
		if err := sealTree(sealer, filepath.Join(filepath.Dir(c.Path), name), path.Join("config", filepath.ToSlash(name))); err != nil {
			return err
		}
	}
	for _, name := range tokensOf(c) {
		if err := sealTree(sealer, name, path.Join(stateFolder, filepath.Base(name))); err != nil {
			return err
		}
	}
	if err := errors.Join(ctx.Err(), sealTree(sealer, mirror, mirrorEntry)); err != nil {
		return err
	}
	return sealer.Close()
}

// sealTree adds a file, or a folder with all ordinary files in it.
func sealTree(sealer *backup.Sealer, from, as string) error {
	return filepath.WalkDir(from, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rest, err := filepath.Rel(from, name)
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := os.Stat(name)
		if err != nil || !info.Mode().IsRegular() {
			return err
		}
		file, err := os.Open(name)
		if err != nil {
			return err
		}
		err = sealer.Add(path.Join(as, filepath.ToSlash(rest)), info.Size(), file)
		return errors.Join(err, file.Close())
	})
}

// newPassphrase is what a person wants to seal an archive with.
func (a *app) newPassphrase(cmd *cobra.Command, file string) (string, error) {
	passphrase, err := a.passphrase(cmd, file, a.in("Passphrase for the archive, ten characters or more, such as four words"))
	if err != nil {
		return "", err
	}
	if utf8.RuneCountInString(passphrase) < shortest {
		return "", usageError{say.Errorf("the passphrase is too short: take %d characters or more, such as four words", shortest)}
	}
	if file != "" {
		return passphrase, nil
	}
	again, err := a.passphrase(cmd, "", a.in("The same passphrase again"))
	if err == nil && again != passphrase {
		err = usageError{say.Errorf("the two passphrases differ: run the command again")}
	}
	return passphrase, err
}

// passphrase is the first line of a file, or what a person types.
func (a *app) passphrase(cmd *cobra.Command, file, question string) (string, error) {
	if file != "" {
		text, err := readInput(file, maxAnswer)
		line, _, _ := strings.Cut(string(text), "\n")
		return strings.TrimSpace(line), err
	}
	asker := newAsker(cmd.Context(), cmd)
	if asker.terminal == nil {
		return "", usageError{say.Errorf("there is no terminal to ask for the passphrase: put it into a file, and name that with --passphrase-file")}
	}
	answer, err := asker.askSecret(question)
	return answer.Reveal(), err
}
