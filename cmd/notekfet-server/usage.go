package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// mistaken says what is wrong with the command line, and where to look it up.
func mistaken(cmd *cobra.Command, format string, args ...any) error {
	return usageError{fmt.Errorf("%w: see %s --help", fmt.Errorf(format, args...), cmd.CommandPath())}
}

// arguments is how many arguments a command takes.
func arguments(least, most int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) > most:
			return mistaken(cmd, "there is no use for %q", args[most])
		case len(args) < least:
			return mistaken(cmd, "arguments are missing, it is %s", cmd.UseLine())
		}
		return nil
	}
}

// A group is a command that only holds others: by itself it explains them.
func group(cmd *cobra.Command) *cobra.Command {
	cmd.SuggestionsMinimumDistance = 2
	cmd.Args = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		if similar := cmd.SuggestionsFor(args[0]); len(similar) > 0 {
			return mistaken(cmd, "there is no command %q, did you mean %s", args[0], strings.Join(similar, " or "))
		}
		return mistaken(cmd, "there is no command %q", args[0])
	}
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	return cmd
}
