package main

import (
	"errors"
	"strings"
	"unicode"

	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

// The exit codes, for scripts. They are documented in docs/notekfet.md.
const (
	exitOK       = 0
	exitFailure  = 1 // anything not listed below
	exitUsage    = 2 // the command line
	exitConfig   = 3 // the configuration, a certificate, the special users
	exitDatabase = 6 // the database
)

type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

type configError struct{ error }

func (e configError) Unwrap() error { return e.error }

// exitCode decides, in one place, what an error means to a script.
func exitCode(err error) int {
	var (
		usage    usageError
		config   configError
		database *ledger.DatabaseError
	)
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &usage):
		return exitUsage
	case errors.As(err, &config):
		return exitConfig
	case errors.As(err, &database):
		return exitDatabase
	}
	return exitFailure
}

// apart takes joined errors apart, also where a type of ours surrounds them.
func apart(err error) (list []error) {
	if err == nil {
		return nil
	}
	if outer, ok := err.(interface{ Unwrap() error }); ok {
		if inner := outer.Unwrap(); inner != nil && inner.Error() == err.Error() {
			return apart(inner)
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

// oneLine writes an error on one line, without what a terminal would obey.
func oneLine(err error) string {
	text := strings.ReplaceAll(strings.TrimSpace(err.Error()), "\n", "; ")
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
}
