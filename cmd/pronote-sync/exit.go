package main

import (
	"context"
	"errors"
	"strings"
	"syscall"
	"unicode"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/kfet"
	"github.com/pronote-sync/pronote-sync/sync/school"
)

// The exit codes, for scripts. They are documented in docs/commands.md.
const (
	exitOK       = 0
	exitFailure  = 1 // anything not listed below
	exitUsage    = 2 // the command line
	exitConfig   = 3 // the configuration
	exitPerson   = 4 // a login is refused: a person must act
	exitLater    = 5 // the school is out of reach, closed or has banned the address, the database is in use, the disk is full, the clock is wrong: time will tell
	exitDatabase = 6 // the database, or the folder beside it: a person must act
	exitChannel  = 7 // a channel did not take a message
)

type configError struct{ error }

func (e configError) Unwrap() error { return e.error }

// A stateError is about the files that the program keeps beside the database.
type stateError struct{ error }

func (e stateError) Unwrap() error { return e.error }

// A channelError is why a recipient did not get a message.
type channelError struct {
	recipient string
	error
}

// Error implements error.
func (e channelError) Error() string { return e.recipient + ": " + e.error.Error() }

func (e channelError) Unwrap() error { return e.error }

// A schoolError came up while a school was asked.
type schoolError struct {
	account string // "" where it is of none
	error
}

// Error implements error.
func (e schoolError) Error() string {
	if e.account == "" {
		return e.error.Error()
	}
	return "account " + e.account + ": " + e.error.Error()
}

func (e schoolError) Unwrap() error { return e.error }

// atSchool says of which account an error is.
func atSchool(account string, err error) error { return schoolError{account, err} }

// A fileError is about one file of the school's. The rest went well.
type fileError struct {
	account, name string
	error
}

// Error implements error.
func (e fileError) Error() string {
	return "account " + e.account + ": " + e.name + ": " + e.error.Error()
}

func (e fileError) Unwrap() error { return e.error }

// An inUseError says that another process of ours is in the way.
type inUseError struct{ error }

func (e inUseError) Unwrap() error { return e.error }

// errInterrupted is what remains to be said after SIGINT and SIGTERM.
var errInterrupted = say.Errorf("stopped before the end: what was read so far is kept, run it again for the rest")

// exitCode decides, in one place, what an error means to a script. Where several
// things went wrong, those that need a person come before those that pass.
func exitCode(err error) int {
	var (
		usage   usageError
		config  configError
		channel channelError
		outside schoolError
		refused *pronote.ServerError
		daemon  daemonError
		told    saidError
		inUse   inUseError
	)
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &daemon):
		return daemon.exit
	case errors.As(err, &told):
		return told.exit
	case errors.As(err, &usage), errors.Is(err, school.ErrNoStudent), errors.Is(err, school.ErrNotSchool), errors.Is(err, db.ErrWho):
		return exitUsage
	case errors.As(err, &config):
		return exitConfig
	case errors.Is(err, errInterrupted):
		return exitFailure
	case errors.As(err, &inUse), errors.Is(err, db.ErrBusy), errors.Is(err, db.ErrFull), errors.Is(err, syscall.ENOSPC), psync.As[*psync.ClockError](err):
		return exitLater
	case isDatabase(err):
		return exitDatabase
	case isSuspended(err), psync.Judge(err, school.Judge, kfet.Judge).NeedsPerson:
		return exitPerson
	case errors.As(err, &channel):
		return exitChannel
	case errors.As(err, &refused) && !errors.Is(err, pronote.ErrSessionExpired), errors.Is(err, pronote.ErrNotAvailable):
		return exitFailure // the school is there, and does not do this
	case errors.As(err, &outside):
		return exitLater
	}
	return exitFailure
}

func isSuspended(err error) bool {
	var phase *psync.PhaseError
	return errors.As(err, &phase) && phase.Phase == db.Suspended
}

func isDatabase(err error) bool {
	var state stateError
	return errors.Is(err, db.ErrUnusable) || errors.As(err, &state)
}

// apart takes joined errors apart, also where a type of ours surrounds them.
func apart(err error) (list []error) {
	if err == nil {
		return nil
	}
	if outer, ok := err.(interface{ Unwrap() error }); ok {
		if inner := outer.Unwrap(); inner != nil && inner.Error() == err.Error() {
			if list = apart(inner); len(list) == 1 {
				return []error{err} // with what the type of ours knows
			}
			return list
		}
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok || errors.Join(joined.Unwrap()...).Error() != err.Error() { // a sentence about several
		return []error{err}
	}
	for _, e := range joined.Unwrap() {
		list = append(list, apart(e)...)
	}
	return list
}

// sentences are the errors to be said: of a database that cannot be used, the first
// alone, since all that follows has the same cause.
func sentences(err error) (list []error) {
	said := map[error]bool{}
	for _, e := range apart(err) {
		cause := db.Cause(e)
		if cause == nil || !said[cause] {
			list = append(list, e)
		}
		said[cause] = true
	}
	return list
}

// oneLine writes an error on one line, without what a terminal would obey;
// joined errors are separated by "; ".
func oneLine(err error) string {
	text := strings.ReplaceAll(strings.TrimSpace(err.Error()), "\n", "; ")
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
}

// interrupted prefers to say that we were stopped over what came of it.
func interrupted(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return errInterrupted
	}
	return err
}
