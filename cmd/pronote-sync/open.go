package main

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"
	"slices"

	"github.com/gofrs/flock"
	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/internal/build"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/state"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/kfet"
	"github.com/pronote-sync/pronote-sync/sync/school"
)

// load reads the configuration and prints its warnings.
func (a *app) load(cmd *cobra.Command) (*config.Config, error) { return a.loadWith(cmd, config.Load) }

// loadToRead is load for commands that only read the mirror, as whoever may read it
// can: the secrets are not looked at.
func (a *app) loadToRead(cmd *cobra.Command) (*config.Config, error) {
	return a.loadWith(cmd, config.LoadToRead)
}

func (a *app) loadWith(cmd *cobra.Command, load func(path string) (*config.Config, error)) (*config.Config, error) {
	path, err := config.Find(a.config)
	if err != nil {
		return nil, configError{err}
	}
	c, err := load(path)
	if err != nil {
		return nil, configError{err}
	}
	a.database = c.Database
	for _, warning := range c.Warnings {
		_, _ = fmt.Fprintln(cmd.ErrOrStderr(), a.in("pronote-sync: warning: %v", warning))
	}
	return c, nil
}

// logger writes the log to standard error. Under systemd the journal has the
// time already.
func (a *app) logger(stderr io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: slog.LevelInfo}
	if a.debug {
		options.Level = slog.LevelDebug
	}
	if os.Getenv("JOURNAL_STREAM") != "" {
		options.ReplaceAttr = func(groups []string, attr slog.Attr) slog.Attr {
			if attr.Key == slog.TimeKey && len(groups) == 0 {
				return slog.Attr{}
			}
			return attr
		}
	}
	return slog.New(slog.NewTextHandler(stderr, options))
}

// A mirror is an open database that this process alone writes to.
type mirror struct {
	store *db.Store
	lock  *flock.Flock
}

// openMirror opens the database of a configuration. Two processes that poll the
// same accounts would each think the other's session an intruder, so the second is
// refused. A database that was filled once and is empty now is no first run, and is
// refused unless the person wants to begin anew. Root becomes the user whose the folder of
// the database is.
func openMirror(ctx context.Context, c *config.Config, anew bool) (_ *mirror, err error) {
	if err := actAsOwner(c); err != nil {
		return nil, err
	}
	dir := state.Dir(c.StateDir)
	lock, err := lockFor(c)
	if err != nil {
		return nil, err
	}
	m := &mirror{lock: lock}
	defer func() {
		if err != nil {
			err = errors.Join(err, m.Close())
		}
	}()
	if anew {
		if err := dir.MarkFilled(c.Database, false); err != nil {
			return nil, unwritable(c.StateDir, err)
		}
	}
	filled, err := dir.WasFilled(c.Database)
	if err != nil {
		return nil, unwritable(c.StateDir, err)
	}
	if info, err := os.Stat(c.Database); filled && (errors.Is(err, os.ErrNotExist) || err == nil && info.Size() == 0) {
		return nil, lost(c)
	}
	if m.store, err = db.Open(ctx, c.Database); err != nil {
		return nil, err
	}
	holds, err := holdsMirror(ctx, m.store)
	switch {
	case err != nil:
		return nil, err
	case filled && !holds:
		return nil, lost(c)
	case holds && !filled: // the process was killed before it could say so
		if err := dir.MarkFilled(c.Database, true); err != nil {
			return nil, unwritable(c.StateDir, err)
		}
	}
	return m, nil
}

// lockFor keeps other processes of ours from the mirror and what is kept beside it.
func lockFor(c *config.Config) (*flock.Flock, error) {
	lock, err := state.Dir(c.StateDir).Lock()
	switch {
	case err != nil:
		return nil, cmp.Or(ofAnother(c, err), unwritable(c.StateDir, err))
	case lock == nil:
		return nil, inUse(c)
	}
	return lock, nil
}

// remember writes down whether the mirror has been filled, where it was put in place.
func (m *mirror) remember(ctx context.Context, c *config.Config) error {
	holds, err := holdsMirror(ctx, m.store)
	if err != nil {
		return err
	}
	if err := state.Dir(c.StateDir).MarkFilled(c.Database, holds); err != nil {
		return unwritable(c.StateDir, err)
	}
	return nil
}

// openFilled opens a database that another command or the daemon has filled, with
// db.OpenReadOnly or db.OpenExisting. It tells a database that is gone from one
// that never was.
func openFilled(ctx context.Context, c *config.Config, open func(context.Context, string) (*db.Store, error)) (*db.Store, error) {
	store, err := open(ctx, c.Database)
	if err != nil && unreadable(c.Database) {
		owner, _ := ownerOf(existing(filepath.Dir(c.Database)))
		return nil, stateError{say.Errorf("the mirror %s belongs to %s, and you may not read it: run the command with sudo, or become a member of a group that database_group names", c.Database, userName(owner))}
	}
	if errors.Is(err, db.ErrMissing) {
		if filled, unread := state.Dir(c.StateDir).WasFilled(c.Database); unread == nil && filled {
			return nil, lost(c)
		}
	}
	return store, err
}

// holdsMirror reports whether an account has been mirrored. It asks by the connection
// that writes: another would have to read the whole schema before anything else begins.
func holdsMirror(ctx context.Context, store *db.Store) (holds bool, err error) {
	err = store.Update(ctx, func(tx *db.Tx) error {
		accounts, err := tx.Accounts(ctx)
		holds = slices.ContainsFunc(accounts, func(a db.Account) bool { return !a.MirroredAt.IsZero() })
		return err
	})
	return holds, err
}

// unreadable reports whether the rights of a file keep it from being read.
func unreadable(path string) bool {
	f, err := os.Open(path)
	if err == nil {
		_ = f.Close() // nothing was read
	}
	return errors.Is(err, fs.ErrPermission)
}

// letIn gives the mirror the group and the mode that the configuration says. What is
// wrong with that keeps nobody from being told of marks, and is said with warn.
func (m *mirror) letIn(ctx context.Context, c *config.Config, warn func(error)) {
	r := c.Readers
	switch err := m.store.LetIn(ctx, r); {
	case err != nil:
		warn(say.Errorf("%s cannot be given to the group %s, %w: make its owner a member of that group, and start the program again", c.Database, cmp.Or(r.Group, "-"), err))
	case !m.store.Reach(r):
		warn(say.Errorf("the group %s may read the mirror and cannot enter %s: run chgrp %[1]s %[2]s && chmod g+x %[2]s", r.Group, filepath.Dir(c.Database)))
	}
}

// unwritable says what is wrong with the folder beside the database.
func unwritable(dir string, err error) error {
	if errors.Is(err, state.ErrShared) {
		return stateError{say.Errorf("others can write to the folder %s, where secrets are kept: run chmod 700 %[1]s", dir)}
	}
	if errors.Is(err, state.ErrLinked) {
		return stateError{say.Errorf("the folder %s is a link, which is not followed: put the folder itself there", dir)}
	}
	return stateError{say.Errorf("the folder %s cannot be used, check its owner and its rights, and whether the disk is full: %w", dir, err)}
}

func inUse(c *config.Config) error {
	return inUseError{say.Errorf("another pronote-sync is using %s: stop it first, or ask it with pronote-sync status", c.Database)}
}

func lost(c *config.Config) error {
	return stateError{say.Errorf("the database %s is gone or empty, though it was filled before: restore a copy of it, or begin a new one with pronote-sync sync --new", c.Database)}
}

// Close implements io.Closer.
func (m *mirror) Close() error {
	var err error
	if m.store != nil {
		err = m.store.Close()
	}
	return errors.Join(err, m.lock.Close())
}

// engineConfig turns a configuration into what the engine needs.
func (a *app) engineConfig(c *config.Config, store *db.Store, log *slog.Logger) (psync.Config, error) {
	dir := state.Dir(c.StateDir)
	salt, err := dir.Salt()
	if err != nil {
		return psync.Config{}, unwritable(c.StateDir, err)
	}
	accounts := make([]psync.Account, len(c.Accounts))
	for i, account := range c.Accounts {
		if account.Kfet != nil {
			accounts[i] = kfetAccount(salt, account, log)
			continue
		}
		account = withDevice(c, account)
		account.Transport, account.Log = a.transport, log.With("account", account.Name)
		account.ServerTime = a.timekeeper().Hear
		account.Opening, account.Spans = c.Opening, c.Spans
		accounts[i] = psync.Account{
			Name: account.Name, URL: account.URL, Kind: psync.Kind(account.Credentials.Kind), Source: school.New(account.Account),
			Fingerprint: fingerprint(c, salt, account), Location: account.Location, Aliases: account.Aliases,
		}
	}
	return psync.Config{
		Mirrored: func() {
			if err := dir.MarkFilled(c.Database, true); err != nil {
				log.Warn("the folder beside the database cannot be written to", "error", err)
			}
		},
		Store: store, Accounts: accounts, Recipients: c.Recipients, Plan: c.Plan, Budget: c.Budget, Files: c.Files,
		Wording: wordingOf(c, log), Subjects: c.Subjects, Language: c.Language, Log: log, Now: a.now, Timekeeper: a.timekeeper(), Rand: mathrand.New(mathrand.NewPCG(mathrand.Uint64(), mathrand.Uint64())),
	}, nil
}

// wordingOf reads the words of messages, and logs failures of a person's own from
// now on. Loading the configuration has reported the mistakes that they have
// already.
func wordingOf(c *config.Config, log *slog.Logger) *psync.Wording {
	if c.Templates == "" {
		return nil
	}
	read := false
	wording := psync.NewWording(os.DirFS(c.Templates), func(err error) {
		if read {
			log.Warn("a template of messages failed", "error", err)
		}
	})
	read = true
	return wording
}

// kfetRequests are those of a day: a look every five minutes is three of them, and as
// many again where the server ends the connection after each.
const kfetRequests = 2000

// kfetAccount is the account of a student bar, which is open when schools are not.
func kfetAccount(salt []byte, account config.Account, log *slog.Logger) psync.Account {
	bar := *account.Kfet
	bar.Log = log.With("account", account.Name)
	return psync.Account{
		Name: account.Name, URL: account.URL, Kind: kfet.Note, Source: kfet.New(bar), Location: account.Location,
		Fingerprint: fingerprintOf(salt, account.URL, kfet.Note, bar.Username, bar.Password.Reveal(), account.Trust),
		AnyHour:     true, LoginsPerDay: account.LoginsPerDay, RequestsPerDay: kfetRequests,
	}
}

// withDevice tells an account where its device is kept.
func withDevice(c *config.Config, account config.Account) config.Account {
	left, dir, kind := state.Dir(c.TokenDir), state.Dir(c.StateDir), account.Credentials.Kind
	if account.ByToken || account.Credentials.Portal != nil {
		dir = left
	}
	account.LoadDevice = func() (pronote.Device, error) { return left.Device(account.Name, kind) }
	account.KeepDevice = func(d pronote.Device) error {
		if err := dir.KeepDevice(account.Name, kind, d); err != nil {
			return stateError{err}
		}
		return nil
	}
	return account
}

// fingerprint changes when an account's credentials change, or the program that
// uses them; not at each token. It is so short that countless passwords have the
// same.
func fingerprint(c *config.Config, salt []byte, account config.Account) string {
	uuid := "" // of the device that has the token: another one after each run of login
	if account.ByToken {
		device, err := account.LoadDevice()
		if uuid = device.UUID; err != nil { // it is told when somebody wants to log in
			uuid = err.Error()
		}
	}
	through := ""
	if login := c.Logins[account.Name]; login != nil {
		through = fmt.Sprintf("%q %+v", login.Account, login.Portal)
	}
	return fingerprintOf(salt, account.URL, account.Credentials.Kind,
		account.Credentials.Username, account.Credentials.Password.Reveal(), account.Credentials.PIN.Reveal(), uuid+through)
}

func fingerprintOf(salt []byte, credentials ...any) string {
	mac := hmac.New(sha256.New, salt)
	_, _ = fmt.Fprintf(mac, "%q", build.Version()) // a hash accepts every write
	for _, c := range credentials {
		_, _ = fmt.Fprintf(mac, " %q", c)
	}
	return hex.EncodeToString(mac.Sum(nil)[:4])
}
