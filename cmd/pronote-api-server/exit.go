package main

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
)

// The exit codes, for scripts. They are documented in docs/pronote-api.md.
const (
	exitOK      = 0
	exitFailure = 1 // the port is taken, and anything not listed below
	exitUsage   = 2 // the command line
	exitConfig  = 3 // the certificate or its key
)

type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

type configError struct{ error }

func (e configError) Unwrap() error { return e.error }

// exitCode decides, in one place, what an error means to a script.
func exitCode(err error) int {
	var usage usageError
	var config configError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &usage):
		return exitUsage
	case errors.As(err, &config):
		return exitConfig
	}
	return exitFailure
}

// mistaken says what is wrong with the command line, and where to look it up.
func mistaken(format string, args ...any) error {
	return usageError{fmt.Errorf("%w: see pronote-api-server --help", fmt.Errorf(format, args...))}
}

// oneLine writes an error on one line, without what a terminal would obey.
func oneLine(err error) string {
	text := strings.ReplaceAll(strings.TrimSpace(err.Error()), "\n", "; ")
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }), " ")
}
