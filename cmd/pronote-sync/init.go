package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/setup"
	"github.com/pronote-sync/pronote-sync/notifiers"
)

func (a *app) initCommand() *cobra.Command {
	var flags initFlags
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Begin: find the school, log in, choose who is told, and write the configuration",
		Long: "init asks for what it needs, explains it, and tries each answer at once: the address of the school's PRONOTE, " +
			"a way to log in, and who is told on which channel. It writes config.toml, with secrets in files of their own, " +
			"or adds to the one that is there. As root it writes the configuration of the service, and offers to start that.\n\n" +
			"What a flag gives is not asked for. Without a terminal nothing is: give --url, and --username with --password-file, " +
			"or --qr or --text with --qr-pin; then --notify with --recipient and --set for whom to tell, once for each run. " +
			"A portal's password is asked for once and not kept where the school gives tokens.",
		Example: "pronote-sync init --url https://0123456a.index-education.net/pronote/ --kind parent --username m.martin --password-file password " +
			"--notify telegram --recipient maman --set token_file=token --set chat_id=123456789",
		Args: arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			b := &beginner{app: a, cmd: cmd, asker: newAsker(cmd.Context(), cmd), flags: flags}
			b.speak(a.language)
			return interrupted(cmd.Context(), b.run())
		},
	}
	f := cmd.Flags()
	f.StringVar(&flags.url, "url", "", "`address` of the school's PRONOTE, as in the browser")
	f.StringVar(&flags.kind, "kind", "", "`kind` of the account: parent or student")
	f.StringVar(&flags.username, "username", "", "user `name`, as typed on PRONOTE's own page or the portal's")
	f.StringVar(&flags.passwordFile, "password-file", "", "`file` with the password")
	f.StringVar(&flags.portal, "cas", "", "`portal` to log in through, as pronote-sync portals names it")
	f.StringVar(&flags.picture, "qr", "", "`file` with a picture of the QR code, in PNG or JPEG")
	f.StringVar(&flags.text, "text", "", "`file` with the text of the QR code")
	f.StringVar(&flags.digits, "qr-pin", "", "the four `digits` chosen for the QR code; whoever lists the processes sees them")
	f.StringVar(&flags.account, "account", "", "`word` for the account")
	f.StringVar(&flags.channel, "notify", "", "`channel` to tell somebody on")
	f.StringVar(&flags.recipient, "recipient", "", "`word` for the recipient")
	f.StringArrayVar(&flags.settings, "set", nil, "`key=value` of the channel; may be repeated")
	f.StringVar(&flags.move, "move", "", "configuration `file` that was tried by hand, to be moved into the service with all its data")
	f.BoolVar(&flags.look, "sync", false, "have the first look at PRONOTE")
	f.BoolVar(&flags.start, "start", false, "start the service, now and with the machine")
	return cmd
}

type initFlags struct {
	url, kind             string
	username              string
	passwordFile          string
	portal                string
	picture, text, digits string
	account               string
	channel, recipient    string
	settings              []string
	move                  string
	look, start           bool
}

// ofAccount reports whether they are about an account.
func (f initFlags) ofAccount() bool {
	return cmp.Or(f.url, f.kind, f.username, f.passwordFile, f.portal, f.picture, f.text, f.account) != ""
}

// systemConfig is the configuration of the service.
const systemConfig = "/etc/pronote-sync/config.toml"

// A beginner leads a person from nothing to the first message.
type beginner struct {
	*app
	*asker
	cmd    *cobra.Command
	flags  initFlags
	path   string         // of the configuration
	config *config.Config // nil before there is one
}

func (b *beginner) run() error {
	if err := b.find(); err != nil {
		return err
	}
	if f := b.flags; b.config != nil && b.terminal == nil && !f.ofAccount() && f.channel == "" && f.move == "" && !f.look && !f.start {
		return usageError{say.Errorf("there is no terminal to ask questions, and %s is there: give --url for another account, or --notify for another recipient", b.path)}
	}
	if err := b.addAccounts(); err != nil {
		return err
	}
	if err := b.addRecipients(); err != nil {
		return err
	}
	if reloadDaemon(b.ctx, b.config) {
		b.say(b.in("The daemon that runs knows of it already."))
		return nil
	}
	if err := b.firstLook(); err != nil {
		return err
	}
	return b.startService()
}

// in says something in the person's language.
func (b *beginner) in(format string, args ...any) string { return b.app.in(format, args...) }

// agrees asks a question of yes or no; without a terminal nobody does.
func (b *beginner) agrees(question string) (bool, error) {
	if b.terminal == nil {
		return false, nil
	}
	answer, err := b.ask(question)
	return err == nil && setup.Yes(answer), err
}

// tell explains something, with a line of its own above.
func (b *beginner) tell(format string, args ...any) { b.asker.say("\n" + b.in(format, args...)) }

// wrong says what is wrong with an answer, and goes on.
func (b *beginner) wrong(err error) { b.asker.say("  " + sentence(err, b.language, b.database)) }

// find looks for a configuration to add to, or decides where a new one belongs: root's is
// that of the service.
func (b *beginner) find() error {
	path, err := config.Find(b.app.config)
	if b.ofService() {
		path, err = systemConfig, nil
	}
	switch {
	case err == nil:
	case os.Geteuid() == 0:
		path = systemConfig
	default:
		folder, err := os.UserConfigDir()
		if err != nil {
			return usageError{say.Errorf("this user has no folder for configurations: name a file with --config")}
		}
		path = filepath.Join(folder, "pronote-sync", "config.toml")
	}
	if b.path, err = filepath.Abs(path); err != nil {
		return err
	}
	if b.ofService() {
		if err := b.moveTrial(); err != nil {
			return err
		}
	}
	if !config.Vacant(b.path) {
		b.app.config = b.path
		b.config, err = b.load(b.cmd)
		return err
	}
	if folder := filepath.Dir(config.UsualDatabase(b.path)); b.path == systemConfig && existing(folder) != folder {
		return stateError{say.Errorf("there is no folder %s, so the service is not installed: install the package first, or run the command as yourself", folder)}
	}
	return nil
}

// ofService reports whether root sets up the service, which is installed.
func (b *beginner) ofService() bool {
	folder := filepath.Dir(config.UsualDatabase(systemConfig))
	return b.app.config == "" && os.Getenv("PRONOTE_SYNC_CONFIG") == "" && os.Geteuid() == 0 && existing(folder) == folder
}

// addAccounts adds the first account, and others as long as the person has some.
func (b *beginner) addAccounts() error {
	if b.config != nil && !b.flags.ofAccount() {
		if more, err := b.wants("Add an account to %s? (y/n)", b.path); err != nil || !more {
			return err
		}
	} else if b.config == nil {
		b.tell("pronote-sync reads PRONOTE for you and tells you what changes. This takes some five minutes; Ctrl-C stops it, and nothing is written before it has been tried.")
	}
	for {
		if err := b.addAccount(); err != nil {
			return err
		}
		b.flags.url, b.flags.kind, b.flags.account = "", "", ""
		if more, err := b.wants("Another account, for instance of another child? (y/n)"); err != nil || !more {
			return err
		}
	}
}

// wants asks what most people do not want.
func (b *beginner) wants(question string, args ...any) (bool, error) {
	if b.terminal == nil {
		return false, nil
	}
	answer, err := b.ask(b.in(question, args...))
	return err == nil && answer != "" && setup.Yes(answer), err
}

// addRecipients sets up channels by the walk of notify setup.
func (b *beginner) addRecipients() error {
	for channel := b.flags.channel; ; channel = "" {
		if channel == "" {
			var err error
			if channel, err = b.chooseChannel(); err != nil || channel == "" {
				return err
			}
		}
		w, err := newWalk(b.cmd, b.asker, b.config, channel, b.flags.recipient, b.flags.settings)
		if err == nil {
			err = w.run()
		}
		b.flags.recipient, b.flags.settings = "", nil
		if err != nil && (b.terminal == nil || b.ctx.Err() != nil) {
			return err
		}
		if err != nil {
			b.wrong(err)
			continue
		}
		if b.config, err = b.load(b.cmd); err != nil {
			return err
		}
	}
}

// channelsFirst are the channels that most families take.
var channelsFirst = []string{"telegram", "ntfy", "email"}

// chooseChannel asks for a channel; "" for none.
func (b *beginner) chooseChannel() (string, error) {
	if b.terminal == nil {
		return "", nil
	}
	if len(b.config.Recipients) == 0 {
		b.tell("Who is told of what changes, and where?")
	} else {
		b.tell("Somebody else, or another channel?")
	}
	b.asker.say(b.in("  1. Telegram (free, with hidden marks and questions to a bot)\n  2. ntfy (free, without an account)\n  3. e-mail\n  or the name of another one: %s",
		strings.Join(slices.DeleteFunc(notifiers.Kinds(), func(k string) bool { return slices.Contains(channelsFirst, k) }), ", ")))
	for {
		answer, err := b.ask(b.in("Channel [Enter for nobody]"))
		if err != nil || answer == "" {
			return "", err
		}
		answer = strings.ToLower(answer)
		if n, err := strconv.Atoi(answer); err == nil && n >= 1 && n <= len(channelsFirst) {
			return channelsFirst[n-1], nil
		}
		if slices.Contains(notifiers.Kinds(), answer) {
			return answer, nil
		}
		b.wrong(say.Errorf("channel %q is unknown: choose %s", answer, say.Choice(notifiers.Kinds())))
	}
}

// firstLook has the first look, by a process of its own: where root looks for a service,
// that process becomes the service's user.
func (b *beginner) firstLook() error {
	look := b.flags.look
	if _, err := os.Stat(b.config.Database); err == nil && !look {
		return nil // it was had
	}
	if !look {
		var err error
		look, err = b.agrees(b.in("Have the first look at PRONOTE now? It reads the whole school year in a minute or two, and sends the first message. (y/n)"))
		if err != nil {
			return err
		}
	}
	if !look {
		return nil
	}
	return b.itself("sync", "--config", b.path)
}

// itself runs this program with other arguments.
func (b *beginner) itself(args ...string) error {
	program, err := os.Executable()
	if err != nil { // as in a chroot without /proc
		if program, err = exec.LookPath(os.Args[0]); err != nil {
			return err
		}
	}
	cmd := exec.CommandContext(b.ctx, program, args...)
	cmd.Args[0] = "pronote-sync"
	cmd.Cancel = func() error { return nil } // it hears of Ctrl-C itself
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, b.cmd.OutOrStdout(), b.cmd.ErrOrStderr()
	err = cmd.Run()
	if ended, ok := errors.AsType[*exec.ExitError](err); ok && b.ctx.Err() == nil {
		return saidError{ended.ExitCode()}
	}
	return err
}

// A saidError is one that another process has told the person of.
type saidError struct{ exit int }

// Error implements error.
func (e saidError) Error() string { return fmt.Sprintf("exit code %d", e.exit) }

// startService starts the service where this configuration is that of one.
func (b *beginner) startService() error {
	if b.path != systemConfig || os.Geteuid() != 0 || !systemctl(b.ctx, "cat", "pronote-sync.service") {
		b.tell("All is set up in %s. Leave pronote-sync run at work to be told of what changes; pronote-sync status says how it fares.", b.path)
		return nil
	}
	start := b.flags.start
	if !start {
		var err error
		if start, err = b.agrees(b.in("Start the service now, and whenever this machine starts? (y/n)")); err != nil {
			return err
		}
	}
	switch {
	case !start:
		b.tell("Start it with systemctl enable --now pronote-sync.")
	case !systemctl(b.ctx, "enable", "--now", "pronote-sync.service"):
		return stateError{say.Errorf("the service does not start: look at what journalctl -u pronote-sync says")}
	default:
		b.tell("The service runs. pronote-sync status says how it fares.")
	}
	return nil
}

// systemctl runs systemd's command, and reports whether it did what it was told.
func systemctl(ctx context.Context, args ...string) bool {
	return exec.CommandContext(ctx, "systemctl", args...).Run() == nil
}
