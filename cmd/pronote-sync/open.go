package main

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	mathrand "math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/state"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

// load reads the configuration and prints its warnings.
func (a *app) load(cmd *cobra.Command) (*config.Config, error) {
	path, err := config.Find(a.config)
	if err != nil {
		return nil, configError{err}
	}
	c, err := config.Load(path)
	if err != nil {
		return nil, configError{err}
	}
	for _, warning := range c.Warnings {
		_, _ = fmt.Fprintln(cmd.ErrOrStderr(), "pronote-sync: warning:", warning)
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
// same accounts would each think the other's session an intruder, so the second
// is refused.
func openMirror(ctx context.Context, c *config.Config) (*mirror, error) {
	if err := os.MkdirAll(c.StateDir, 0o700); err != nil {
		return nil, unwritable(c.StateDir, err)
	}
	lock := flock.New(filepath.Join(c.StateDir, "lock"), flock.SetPermissions(0o600))
	alone, err := lock.TryLock()
	if err != nil {
		return nil, unwritable(c.StateDir, err)
	}
	if !alone {
		return nil, inUse(c)
	}
	store, err := db.Open(ctx, c.Database)
	if err != nil {
		return nil, errors.Join(err, lock.Close())
	}
	return &mirror{store: store, lock: lock}, nil
}

// unwritable says what is wrong with the folder beside the database.
func unwritable(dir string, err error) error {
	return stateError{fmt.Errorf("the folder %s cannot be used, check its owner and its rights, and whether the disk is full: %w", dir, err)}
}

func inUse(c *config.Config) error {
	return stateError{fmt.Errorf("another pronote-sync is using %s: stop it first, or ask it with pronote-sync status", c.Database)}
}

func (m *mirror) Close() error { return errors.Join(m.store.Close(), m.lock.Close()) }

// testOnlyNow is the clock of the program. Tests set it to that of their school.
var testOnlyNow = time.Now

// testOnlyTransport is the way to the network, nil for the usual one. Tests have
// an internet of their own.
var testOnlyTransport http.RoundTripper

// engineConfig turns a configuration into what the engine needs.
func engineConfig(c *config.Config, store *db.Store, log *slog.Logger) (psync.Config, error) {
	salt, err := saltOf(c.StateDir)
	if err != nil {
		return psync.Config{}, err
	}
	accounts := make([]psync.Account, len(c.Accounts))
	for i, account := range c.Accounts {
		accounts[i] = withDevice(c, salt, account)
	}
	return psync.Config{
		Store: store, Accounts: accounts, Recipients: c.Recipients, Plan: c.Plan, Spans: c.Spans, Budget: c.Budget, Opening: c.Opening, Files: c.Files,
		Wording: wordingOf(c, log), Transport: testOnlyTransport, Log: log, Now: testOnlyNow, Rand: mathrand.New(mathrand.NewPCG(mathrand.Uint64(), mathrand.Uint64())),
	}, nil
}

// wordingOf reads the words of messages, and logs what fails of a person's own from
// now on. What is wrong with them already, loading the configuration has said.
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

const saltFile = "salt"

// saltOf reads the key of the fingerprints, or draws one. It stays beside the
// database and not in it, so that the database alone tells nothing.
func saltOf(dir string) ([]byte, error) {
	path := filepath.Join(dir, saltFile)
	salt, err := os.ReadFile(path)
	if err == nil && len(salt) == 32 {
		return salt, nil
	}
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, unwritable(dir, err)
	}
	salt = make([]byte, 32)
	_, _ = rand.Read(salt) // never fails
	if err := os.WriteFile(path, salt, 0o600); err != nil {
		return nil, unwritable(dir, err)
	}
	return salt, nil
}

// withDevice tells an account where its device is kept.
func withDevice(c *config.Config, salt []byte, account psync.Account) psync.Account {
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
	account.Fingerprint = fingerprint(salt, account, uuid+through)
	return account
}

// fingerprint changes when an account's credentials change, or the program that
// uses them; not at each token. It is cut so short that it fits countless
// passwords.
func fingerprint(salt []byte, account psync.Account, uuid string) string {
	mac := hmac.New(sha256.New, salt)
	_, _ = fmt.Fprintf(mac, "%q %q %q %q %q %q %q", buildVersion(), account.URL, account.Credentials.Kind, // a hash accepts every write
		account.Credentials.Username, account.Credentials.Password.Reveal(), account.Credentials.PIN.Reveal(), uuid)
	return hex.EncodeToString(mac.Sum(nil)[:4])
}
