package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	mathrand "math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gofrs/flock"
	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/state"
	"github.com/pronote-sync/pronote-sync/db"
	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/kfet"
	"github.com/pronote-sync/pronote-sync/sync/school"
)

// syncDry works on a copy of the mirror that is thrown away, with recipients
// that print. Only tokens stay where they are: each login makes the next one.
func (a *app) syncDry(cmd *cobra.Command, c *config.Config, accounts []string) (err error) {
	if a.besideDaemon(cmd, c) {
		printed, err := dryQuestion.post(cmd.Context(), c, accounts)
		_, _ = fmt.Fprint(cmd.OutOrStdout(), printed) // nobody reads on
		return err
	}
	if err := actAsOwner(c); err != nil { // the tokens stay where they are
		return err
	}
	dir, err := dryFolder()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	dry := *c
	dry.StateDir, dry.Database, dry.Files = filepath.Join(dir, "state"), filepath.Join(dir, "mirror.db"), psync.Files{}
	if err := copyMirror(cmd.Context(), c, &dry); err != nil {
		return err
	}
	dry.Recipients = dryRecipients(c.Recipients, cmd.OutOrStdout())
	return a.syncOnce(cmd, &dry, accounts)
}

func dryFolder() (string, error) { return os.MkdirTemp("", "pronote-sync-dry-run-") }

// dryRecipients are told at once, in print.
func dryRecipients(recipients []psync.Recipient, out io.Writer) (dry []psync.Recipient) {
	for _, r := range recipients {
		r.Notifier = printer{out: out, recipient: r.Name, language: r.Language}
		r.Quiet = psync.Quiet{}
		dry = append(dry, r)
	}
	return dry
}

// copyMirror copies a mirror, if there is one, with the key that tells whether
// a refused password has changed since. It writes nothing beside the original,
// and so leaves no lock: it only looks whether another process holds it.
func copyMirror(ctx context.Context, from, to *config.Config) error {
	lock := flock.New(filepath.Join(from.StateDir, "lock"), flock.SetFlag(os.O_RDONLY))
	alone, err := lock.TryLock()
	switch {
	case errors.Is(err, os.ErrNotExist):
	case err != nil:
		return cmp.Or(ofAnother(from, err), unwritable(from.StateDir, err))
	case !alone:
		return inUse(from)
	}
	defer func() { _ = lock.Close() }() // it was opened to be read
	if err := state.Dir(from.StateDir).CopySalt(state.Dir(to.StateDir)); err != nil {
		return unwritable(from.StateDir, err)
	}
	store, err := db.OpenReadOnly(ctx, from.Database)
	if errors.Is(err, db.ErrMissing) {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(store.CopyTo(ctx, to.Database), store.Close())
}

// dryQuestion has a daemon look at accounts without storing or sending anything. The
// answer is what a dry run prints.
var dryQuestion = question[[]string, string]{"dry", func(ctx context.Context, to respondent, accounts []string) (string, error) {
	var printed strings.Builder
	var errs []error
	for _, name := range accounts {
		var tried string
		err := to.engine.Do(ctx, name, func(ctx context.Context, session psync.Session) (err error) {
			tried, err = pollGuest(ctx, to.engine.Config, name, session, to.config.Language)
			return err
		})
		printed.WriteString(tried)
		if said := (schoolError{}); err != nil && !errors.As(err, &said) {
			err = atSchool(name, err)
		}
		errs = append(errs, err)
	}
	return printed.String(), errors.Join(errs...)
}}

// pollGuest polls an account by the session of an engine, on a copy of its mirror. That
// engine is at rest meanwhile, and will read everything next time: what this poll saw,
// its mirror does not have.
func pollGuest(ctx context.Context, settings psync.Config, name string, session psync.Session, language string) (printed string, err error) {
	dir, err := dryFolder()
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	database := filepath.Join(dir, "mirror.db")
	if err := settings.Store.CopyTo(ctx, database); err != nil {
		return "", err
	}
	if settings.Store, err = db.Open(ctx, database); err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, settings.Store.Close()) }()
	account, err := guestOf(settings.Accounts, name, session)
	if err != nil {
		return "", err
	}
	var out strings.Builder
	settings.Accounts = []psync.Account{account}
	settings.Recipients = dryRecipients(settings.Recipients, &out)
	settings.Files, settings.Mirrored, settings.Progress = psync.Files{}, nil, nil
	settings.Log = slog.New(slog.DiscardHandler)
	settings.Rand = mathrand.New(mathrand.NewPCG(mathrand.Uint64(), mathrand.Uint64())) // the engine's is its own
	engine, err := psync.New(ctx, settings)
	if err != nil {
		return "", err
	}
	err = pollAll(ctx, engine, []string{name}, func(account string, result psync.Result) { printResult(&out, language, account, result) })
	for _, r := range settings.Recipients {
		_, failed := engine.Deliver(ctx, r.Name)
		err = errors.Join(err, failed)
	}
	return out.String(), errors.Join(err, engine.Close(ctx))
}

// A guest is a source that has a session of another engine, and leaves it as it was.
type guest struct {
	psync.Source
	session psync.Session
}

// guestOf is an account with the session that it has elsewhere, and a source of its
// own: what a source remembers between sessions is the owner's.
func guestOf(accounts []psync.Account, name string, session psync.Session) (psync.Account, error) {
	i := slices.IndexFunc(accounts, func(a psync.Account) bool { return a.Name == name })
	if i < 0 {
		return psync.Account{}, fmt.Errorf("%w %q", psync.ErrNoAccount, name)
	}
	account := accounts[i]
	switch source := account.Source.(type) {
	case *school.Source:
		account.Source = school.New(source.Account)
	case *kfet.Source:
		account.Source = kfet.New(source.Account)
	}
	account.Source = guest{account.Source, session} // which never logs in, whatever its kind
	return account, nil
}

// Open implements psync.Source: it costs nothing.
func (g guest) Open(context.Context, psync.Spend) (psync.Session, error) {
	return lent{g.Resume(g.session)}, nil
}

// A lent session is given back as it was.
type lent struct{ psync.Session }

// Remember implements psync.Session: the owner of the session has not stored what
// was read.
func (l lent) Remember(bool) { l.Session.Remember(false) }

// Close implements psync.Session: logging out is the owner's business.
func (lent) Close(context.Context) error { return nil }
