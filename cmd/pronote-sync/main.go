// Command pronote-sync mirrors PRONOTE accounts into a SQLite file and tells
// people what changed.
//
// House rules of its output. Results go to standard output, everything else to
// standard error. Each error is one line, "pronote-sync: …", without capital or
// full stop, that ends with the next thing to do; --verbose adds the error itself. Progress and decoration appear
// only on a terminal. The exit codes are those of exit.go.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/hint"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/db"
	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/school"
)

func main() {
	a := &app{now: time.Now, synced: isSynchronized, witness: demonstration}
	os.Exit(a.obey(os.Args[1:], os.Stdout, os.Stderr))
}

// obey runs the program until it is done or told to stop. A command that is told
// so leaves the schools as it should; who tells it twice need not wait for that.
func (a *app) obey(args []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	return a.run(ctx, args, stdout, stderr)
}

// run is the whole program: it returns the exit code.
func (a *app) run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if a.language == "" {
		a.language = languageOf(args)
	}
	root := newRoot(a)
	speak(root, a.language)
	root.SetHelpFunc(a.help)
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	a.complain(stderr, err)
	return exitCode(err)
}

// An app is what the commands share.
type app struct {
	now       func() time.Time
	transport http.RoundTripper // to the schools and their portals; nil for the usual one
	synced    func() bool       // whether the system has set its clock by others; nil where nobody knows
	keeper    *psync.Timekeeper // of now; made when it is wanted
	witness   string            // address of a PRONOTE that is nobody's, to compare a school with; "" for none
	width     int               // of the terminal; 0 for the one that there is

	config string // --config
	debug  bool   // --debug
	anew   bool   // --new

	verbose  bool   // --verbose
	language string // of what people are told; "" for the one that they want
	database string // as configured; "" before that is known
}

// complain says what went wrong, each cause once.
func (a *app) complain(stderr io.Writer, err error) {
	said := map[string]bool{}
	for _, e := range sentences(err) {
		if errors.As(e, new(saidError)) {
			continue
		}
		line := oneLine(errors.New(sentence(e, a.language, a.database)))
		if !said[line] {
			_, _ = fmt.Fprintln(stderr, "pronote-sync:", line) // nobody reads it where that fails
		}
		said[line] = true
		if text := oneLine(e); a.verbose && text != line {
			_, _ = fmt.Fprintln(stderr, "   ", text)
		}
	}
}

// sentence is the error for people, who have the database at a path. Errors about
// their own command lines, configuration and files are such sentences already.
func sentence(err error, language, database string) string {
	var school schoolError
	var file fileError
	var channel channelError
	for _, own := range []any{new(usageError), new(configError), new(stateError), new(inUseError)} {
		if errors.As(err, own) {
			return say.In(err, language)
		}
	}
	if errors.As(err, &channel) {
		if text := hint.OfChannel(channel.error, language); text != "" {
			return channel.recipient + ": " + text
		}
		return err.Error()
	}
	who, cause := "", err
	switch {
	case errors.As(err, &file):
		who, cause = file.account+": "+file.name+": ", file.error
	case errors.As(err, &school):
		if cause = school.error; school.account != "" {
			who = school.account + ": "
		}
	case errors.Is(err, db.ErrUnusable) && database != "":
		who = database + ": "
	case !errors.Is(err, db.ErrUnusable) && !errors.Is(err, db.ErrWho) && !aboutQR(err) && !psync.As[*psync.ClockError](err):
		return say.In(err, language)
	}
	if text := hint.Of(cause, cmp.Or(school.account, file.account), language); text != "" {
		return who + text
	}
	return say.In(err, language)
}

// aboutQR reports whether an error is about a QR code, which is read before any
// account is asked.
func aboutQR(err error) bool {
	return slices.Contains([]string{"qr_code", "qr_pin", "not_qr", "not_family"}, school.Judge(err).Reason)
}

func newRoot(a *app) *cobra.Command {
	root := group(&cobra.Command{
		Use:   "pronote-sync",
		Short: "Mirror PRONOTE into SQLite and tell people what changed",
		Long: "pronote-sync keeps a copy of what PRONOTE shows a pupil or a parent in one SQLite file, " +
			"and sends a message when something changes. It is unofficial: Index Éducation does not support it.\n\n" +
			"Start with: pronote-sync demo",
		SilenceUsage: true, SilenceErrors: true,
	})
	root.SetHelpCommand(helpCommand())
	root.SetFlagErrorFunc(mistakenFlag)
	root.PersistentFlags().StringVar(&a.config, "config", "", "configuration `file` (default: $PRONOTE_SYNC_CONFIG, ./config.toml, then the user's and the system's)")
	root.PersistentFlags().BoolVar(&a.verbose, "verbose", false, "add to errors what the program says to itself")
	root.PersistentFlags().BoolVar(&a.debug, "debug", false, "log the name of each request")
	root.CompletionOptions.DisableDefaultCmd = true
	root.AddGroup(&cobra.Group{ID: mirrored, Title: "What the mirror holds"})
	root.AddCommand(
		a.initCommand(), a.runCommand(), a.syncCommand(), a.demoCommand(), a.schoolCommand(), a.loginCommand(), a.portalsCommand(), a.checkCommand(),
		a.statusCommand(), a.doctorCommand(), a.askCommand(), a.timetableCommand(), a.kfetCommand(),
		a.notifyCommand(), a.calendarCommand(), a.requestCommand(), a.versionCommand(), completionCommand(), a.sqlCommand(), a.exportCommand(), a.forgetCommand(),
	)
	root.AddCommand(a.filesCommand(), a.explainCommand(), a.simulateCommand(), a.backupCommand(), a.restoreCommand())
	for _, l := range listings() {
		root.AddCommand(a.listCommand(l))
	}
	return root
}
