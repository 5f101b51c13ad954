// Command pronote-api-server serves the interface of pronote-api 2 over the PRONOTE
// of today.
//
// House rules of its output. Standard output has one line, once it listens; all else
// goes to standard error. Each error is one line, "pronote-api-server: …", without
// capital or full stop, that ends with the next thing to do. The exit codes are those
// of exit.go.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	_ "time/tzdata" // small machines and containers often lack the time zones

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/internal/build"
	"github.com/pronote-sync/pronote-sync/pronoteapi"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run is the whole program: it returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err != nil {
		_, _ = fmt.Fprintln(stderr, "pronote-api-server:", oneLine(err))
	}
	return exitCode(err)
}

func newRoot() *cobra.Command {
	var f flags
	root := &cobra.Command{
		Use:   "pronote-api-server [PORT] [HOST]",
		Short: "Serve the interface of pronote-api over the PRONOTE of today",
		Long: "pronote-api-server lets the clients of pronote-api 2 log in to PRONOTE and ask for marks, lessons and all else by\n" +
			"GraphQL. It listens on port 21727 of this machine alone, unless told otherwise, and keeps nothing on the disk.",
		Example:      "  pronote-api-server\n  pronote-api-server 8000 0.0.0.0 --allow-host 0123456a.index-education.net --tls-cert cert.pem --tls-key key.pem",
		Args:         cobra.MaximumNArgs(2),
		Version:      build.Version(),
		SilenceUsage: true, SilenceErrors: true,
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
	}
	args := root.Args
	root.Args = func(cmd *cobra.Command, list []string) error {
		if args(cmd, list) != nil {
			return mistaken("there is no use for %q", list[2])
		}
		return nil
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return mistaken("%w", err) })
	set := root.Flags()
	set.StringArrayVar(&f.hosts, "allow-host", nil, "a school that may be asked, by `host` or domain; may be given several times; any when left out")
	set.IntVar(&f.sessions, "max-sessions", pronoteapi.UsualSessions, "how many `sessions` may be open at once")
	set.IntVar(&f.rate, "rate", pronoteapi.UsualRate, "how many `requests` an hour are made to a school for one account")
	set.StringVar(&f.zone, "time-zone", "Europe/Paris", "where the schools' clocks are, such as Indian/Reunion")
	set.StringVar(&f.certificate, "tls-cert", "", "certificate `file`, to listen with TLS")
	set.StringVar(&f.key, "tls-key", "", "`file` with the key of the certificate; the certificate's own when left out")
	set.StringVar(&f.log, "log", "info", "what is logged: error, warn, info or debug")
	return root
}
