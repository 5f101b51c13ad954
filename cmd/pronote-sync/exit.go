package main

import (
	"context"
	"errors"
	"strings"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

// The exit codes, for scripts. They are documented in docs/commands.md.
const (
	exitOK       = 0
	exitFailure  = 1 // anything not listed below
	exitUsage    = 2 // the command line
	exitConfig   = 3 // the configuration
	exitPerson   = 4 // a login is refused: a person must act
	exitLater    = 5 // the school is out of reach, closed or has banned the address: time will tell
	exitDatabase = 6 // the database
	exitChannel  = 7 // a channel did not take a message
)

type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

type configError struct{ error }

func (e configError) Unwrap() error { return e.error }

type channelError struct{ error }

func (e channelError) Unwrap() error { return e.error }

// exitCode decides, in one place, what an error means to a script.
func exitCode(err error) int {
	var (
		usage   usageError
		config  configError
		channel channelError
		phase   *psync.PhaseError
	)
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &usage), strings.HasPrefix(err.Error(), "unknown command"): // cobra has no type for it
		return exitUsage
	case errors.As(err, &config):
		return exitConfig
	case errors.As(err, &channel):
		return exitChannel
	case isDatabase(err):
		return exitDatabase
	case errors.As(err, &phase):
		if phase.Phase == db.Suspended {
			return exitPerson
		}
		return exitLater
	case psync.NeedsPerson(err):
		return exitPerson
	case isPassing(err):
		return exitLater
	}
	return exitFailure
}

func isDatabase(err error) bool {
	for _, known := range []error{db.ErrNewer, db.ErrOlder, db.ErrCorrupt, db.ErrBusy, db.ErrReadOnly, db.ErrFull, db.ErrMissing} {
		if errors.Is(err, known) {
			return true
		}
	}
	return false
}

func isPassing(err error) bool {
	var (
		blocked *pronote.BlockedError
		status  *pronote.HTTPError
		budget  *psync.BudgetError
		network interface{ Timeout() bool }
	)
	return errors.As(err, &blocked) || errors.As(err, &status) || errors.As(err, &budget) || errors.As(err, &network) ||
		errors.Is(err, pronote.ErrClosed) || errors.Is(err, pronote.ErrBusy) || errors.Is(err, pronote.ErrSessionExpired) ||
		errors.Is(err, context.DeadlineExceeded)
}

// oneLine writes an error on one line; joined errors are separated by "; ".
func oneLine(err error) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(err.Error(), "\n", "; ")), " ")
}
