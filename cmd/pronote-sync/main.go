// Command pronote-sync mirrors PRONOTE accounts into a SQLite file and tells
// people what changed.
//
// House rules of its output. Results go to standard output, everything else to
// standard error. Each error is one line, "pronote-sync: …", without capital or
// full stop, that ends with the next thing to do. Progress and decoration appear
// only on a terminal. The exit codes are those of exit.go.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"
)

func main() { os.Exit(obey(os.Args[1:], os.Stdout, os.Stderr)) }

// obey runs the program until it is done or told to stop. A command that is told
// so leaves the schools as it should; who tells it twice need not wait for that.
func obey(args []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	return run(ctx, args, stdout, stderr)
}

// run is the whole program: it returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	for _, e := range sentences(err) {
		_, _ = fmt.Fprintln(stderr, "pronote-sync:", oneLine(e))
	}
	return exitCode(err)
}

// An app is what the commands share.
type app struct {
	config string // --config
	debug  bool   // --debug
	anew   bool   // --new
}

func newRoot() *cobra.Command {
	a := &app{}
	root := group(&cobra.Command{
		Use:   "pronote-sync",
		Short: "Mirror PRONOTE into SQLite and tell people what changed",
		Long: "pronote-sync keeps a copy of what PRONOTE shows a pupil or a parent in one SQLite file,\n" +
			"and sends a message when something changes. It is unofficial: Index Éducation does not support it.\n\n" +
			"Start with: pronote-sync demo",
		SilenceUsage: true, SilenceErrors: true,
	})
	root.SetHelpCommand(helpCommand())
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return mistaken(cmd, "%w", err) })
	root.PersistentFlags().StringVar(&a.config, "config", "", "configuration `file` (default: $PRONOTE_SYNC_CONFIG, ./config.toml, then the user's and the system's)")
	root.PersistentFlags().BoolVar(&a.debug, "debug", false, "log the name of each request")
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(
		a.runCommand(), a.syncCommand(), a.demoCommand(), a.schoolCommand(), a.loginCommand(), a.portalsCommand(), a.checkCommand(),
		a.statusCommand(), a.timetableCommand(),
		a.notifyCommand(), a.calendarCommand(), a.requestCommand(), a.versionCommand(),
	)
	root.AddCommand(a.filesCommand())
	for _, l := range listings {
		root.AddCommand(a.listCommand(l))
	}
	return root
}
