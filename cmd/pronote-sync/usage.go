package main

import (
	"errors"
	"slices"
	"strconv"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
)

// A usageError is a mistake on the command line.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// mistaken says what is wrong with the command line, and where to look it up.
func mistaken(cmd *cobra.Command, format string, args ...any) error {
	return usageError{say.Errorf("%w: see %s --help", say.Errorf(format, args...), cmd.CommandPath())}
}

// mistakenFlag says what is wrong with an option.
func mistakenFlag(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var bare *pflag.ValueRequiredError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		return mistaken(cmd, "there is no option %s", dashed(unknown.GetSpecifiedName()))
	case errors.As(err, &bare):
		return mistaken(cmd, "option %s needs a value", dashed(bare.GetSpecifiedName()))
	case errors.As(err, &invalid):
		return mistaken(cmd, "option %s cannot be %q", dashed(invalid.GetFlag().Name), invalid.GetValue())
	}
	return mistaken(cmd, "%w", err)
}

// dashed is an option as it is typed.
func dashed(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

// A count is an option that is a number, and not below zero.
type count int

// String implements pflag.Value.
func (c *count) String() string { return strconv.Itoa(int(*c)) }

// Type implements pflag.Value.
func (*count) Type() string { return "int" }

// Set implements pflag.Value.
func (c *count) Set(text string) error {
	n, err := strconv.ParseUint(text, 10, 31)
	*c = count(n)
	return err
}

// countVar adds an option that is a count.
func countVar(cmd *cobra.Command, n *int, name string, usual int, usage string) {
	*n = usual
	cmd.Flags().Var((*count)(n), name, usage)
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
	cmd.Args = func(cmd *cobra.Command, args []string) error { return unknownCommand(cmd, args) }
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	return cmd
}

// unknownCommand is the error for arguments that name no command of a group; nil
// when there are none.
func unknownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if similar := cmd.SuggestionsFor(args[0]); len(similar) > 0 {
		return mistaken(cmd, "there is no command %q, did you mean %s", args[0], say.Choice(similar))
	}
	return mistaken(cmd, "there is no command %q", args[0])
}

// helpCommand is cobra's, except for a word that is no command.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND]",
		Short: "Explain a command",
		RunE: func(cmd *cobra.Command, args []string) error {
			about, rest, err := cmd.Root().Find(args)
			if err = errors.Join(err, unknownCommand(about, rest)); err != nil {
				return err
			}
			return about.Help()
		},
	}
}

// completionCommand is for shells, which then complete commands, options and names.
func completionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Print what makes a shell complete commands and options",
		Long: "completion prints a script for bash, zsh, fish or powershell. The packages install it; otherwise add the line " +
			"source <(pronote-sync completion bash) to ~/.bashrc, or the like for another shell.",
		Args:      arguments(1, 1),
		ValidArgs: []string{"bash", "zsh", "fish", "powershell"},
		RunE: func(cmd *cobra.Command, args []string) error {
			root, out := cmd.Root(), cmd.OutOrStdout()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(out, true)
			case "zsh":
				return root.GenZshCompletion(out)
			case "fish":
				return root.GenFishCompletion(out, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(out)
			}
			return mistaken(cmd, "there is no completion for %q: choose %s", args[0], say.Choice(cmd.ValidArgs))
		},
	}
}

// named are the names that the command line wants, which must exist; all of
// them when it wants none. Kind says what they name.
func named(kind, file string, wanted, all []string) ([]string, error) {
	if len(wanted) == 0 {
		return all, nil
	}
	for _, name := range wanted {
		if !slices.Contains(all, name) {
			if len(all) == 0 {
				return nil, usageError{say.Errorf("no %s is named %q in %s: there is none yet", say.Word(kind), name, file)}
			}
			return nil, usageError{say.Errorf("no %s is named %q in %s: choose %s", say.Word(kind), name, file, say.Choice(all))}
		}
	}
	return wanted, nil
}
