// Command notekfet-server keeps the ledger of a bar and speaks the NoteKfet2015
// protocol.
//
// House rules of its output. Results go to standard output, everything else to
// standard error. Each error is one line, "notekfet-server: …", without capital or
// full stop, that ends with the next thing to do. The exit codes are those of
// exit.go.
package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/notekfet-server/internal/config"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
	"github.com/pronote-sync/pronote-sync/notekfet/server"
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the whole program: it returns the exit code.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	for _, e := range apart(err) {
		_, _ = fmt.Fprintln(stderr, "notekfet-server:", oneLine(e))
	}
	return exitCode(err)
}

// An app is what the commands share.
type app struct {
	path string // --config
}

func newRoot() *cobra.Command {
	a := &app{}
	root := group(&cobra.Command{
		Use:   "notekfet-server",
		Short: "Keep the ledger of a bar and speak the NoteKfet2015 protocol",
		Long: "notekfet-server keeps the money of a student bar in SQLite or PostgreSQL, and serves it over TLS.\n\n" +
			"Start with: notekfet-server demo",
		SilenceUsage: true, SilenceErrors: true,
	})
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return mistaken(cmd, "%w", err) })
	root.PersistentFlags().StringVar(&a.path, "config", "notekfet.toml", "configuration `file`")
	root.AddCommand(
		a.initCommand(), a.runCommand(), a.seedCommand(), a.auditCommand(), a.specialCommand(), a.accountCommand(),
		a.categoryCommand(), a.backupCommand(), a.copyCommand(), a.importCommand(), a.demoCommand(), a.checkCommand(), a.versionCommand(),
	)
	return root
}

// load reads the configuration.
func (a *app) load() (*config.Config, error) {
	c, err := config.Load(a.path)
	if err != nil {
		return nil, configError{err}
	}
	return c, nil
}

// with opens the ledger that the configuration names for as long as fn runs.
func (a *app) with(cmd *cobra.Command, o ledger.Options, fn func(*config.Config, *ledger.Ledger) error) error {
	c, err := a.load()
	if err != nil {
		return err
	}
	o.Rules = c.Rules
	l, err := ledger.Open(cmd.Context(), c.Database, o)
	if err != nil {
		return err
	}
	err = fn(c, l)
	if closing := l.Close(); err == nil && closing != nil {
		err = closing
	}
	return err
}

// specials are the special users that the configuration names.
func specials(c *config.Config) (*server.Specials, error) {
	if err := private(c.AuthFile, "authfile"); err != nil {
		return nil, configError{err}
	}
	s, err := server.OpenSpecials(c.AuthFile)
	if err != nil {
		return nil, configError{err}
	}
	return s, nil
}
