package main

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cas"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/qrimage"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/hostname"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

func (a *app) loginCommand() *cobra.Command {
	var flags loginFlags
	cmd := &cobra.Command{
		Use:   "login ACCOUNT",
		Short: "Log in once by QR code or by password, and keep the token for the program",
		Long: "login makes PRONOTE know this machine. An account with login = \"token\" gets a token, out of a QR " +
			"code that PRONOTE's page shows in a browser or with the password, which is not kept. An account " +
			"that is protected by a PIN is asked for it once.\n\n" +
			"What is not given by a flag is asked for. Without a terminal, each answer is a line of standard " +
			"input, in this order: the user name and the password, or the four digits chosen for the QR code; " +
			"then the PIN of the account, if PRONOTE asks for it and pin is not in the configuration.",
		Args: arguments(1, 1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if flags.several() {
				return mistaken(cmd, "--qr, --text and --password are three ways to log in, choose one")
			}
			c, err := a.load(cmd)
			if err != nil {
				return err
			}
			names, err := accountNames(c, args)
			if err != nil {
				return err
			}
			return a.login(cmd, c, names[0], flags)
		},
	}
	cmd.Flags().StringVar(&flags.picture, "qr", "", "`file` with a picture of the QR code, in PNG or JPEG")
	cmd.Flags().StringVar(&flags.text, "text", "", "`file` with the text of the QR code")
	cmd.Flags().StringVar(&flags.digits, "qr-pin", "", "the four `digits` chosen for the QR code; whoever lists the processes sees them")
	cmd.Flags().BoolVar(&flags.password, "password", false, "log in with the password")
	cmd.Flags().StringVar(&flags.trace, "trace", "", "`file` for what the portal does, without values, names and texts")
	return cmd
}

type loginFlags struct {
	picture, text string
	digits        string
	password      bool
	trace         string
}

func (f loginFlags) several() bool {
	return f.picture != "" && f.text != "" || f.password && (f.picture != "" || f.text != "")
}

// login asks the person, and has an engine log in with what they say: it comes out
// of the account's budget.
func (a *app) login(cmd *cobra.Command, c *config.Config, name string, flags loginFlags) (err error) {
	if accountNamed(c.Accounts, name).Kfet != nil { // which has a password, and nothing else to log in with
		let, err := checkQuestion.put(cmd, a, c, []string{name})
		if err == nil {
			a.printAccount(cmd, name, let[name])
		}
		return interrupted(cmd.Context(), err)
	}
	asker := newAsker(cmd.Context(), cmd)
	asker.speak(a.language)
	l := &loginRun{
		asker: asker, app: a, account: withDevice(c, accountNamed(c.Accounts, name)),
		flags: flags, portal: c.Logins[name], asked: loginAsked{Account: name, Trace: flags.trace != ""},
	}
	if flags.trace != "" {
		trace, failed := traceTo(c, name, flags.trace)
		if failed != nil {
			return failed
		}
		l.trace = trace
		defer func() { err = errors.Join(err, trace.Close()) }()
	}
	l.put = func(q loginAsked) (loginFound, error) { return loginQuestion.put(cmd, a, c, q) }
	welcome, err := l.run()
	if err == nil {
		a.printAccount(cmd, name, welcome)
	}
	return interrupted(cmd.Context(), err)
}

// accountNamed finds an account, which exists.
func accountNamed(accounts []config.Account, name string) config.Account {
	return accounts[slices.IndexFunc(accounts, func(a config.Account) bool { return a.Name == name })]
}

// A loginRun is one run of the command.
type loginRun struct {
	*asker
	app     *app
	account config.Account
	flags   loginFlags
	portal  *cas.Login // nil for PRONOTE's own login page
	trace   io.Writer  // of what the portal does; nil for nowhere
	asked   loginAsked // as far as it is the same each time
	put     func(loginAsked) (loginFound, error)
}

func (l *loginRun) run() (psync.Welcome, error) {
	portal := l.account.Credentials.Portal != nil
	switch flags := l.flags; {
	case portal && flags.picture == "" && flags.text == "":
		return l.with(l.account.Credentials)
	case !l.account.ByToken && !portal && (flags.picture != "" || flags.text != ""):
		return psync.Welcome{}, configError{say.Errorf(`account %s logs in with its password: write login = "token" there, and take username and password away`, l.account.Name)}
	case !l.account.ByToken && !portal:
		return l.with(l.account.Credentials)
	case flags.password:
		return l.byPassword()
	case flags.picture != "":
		return l.byPicture(flags.picture)
	case flags.text != "":
		text, err := readInput(flags.text, maxAnswer)
		if err != nil {
			return psync.Welcome{}, err
		}
		return l.byQR(string(text))
	}
	l.say(l.app.in("In a browser, log in to PRONOTE and click on the QR code near the name of the account.\n" +
		"It asks for four digits of your choice, and shows a code that lives ten minutes."))
	answer, err := l.ask(l.app.in("File with a picture of the code, or its text; nothing to use the password"))
	switch {
	case err != nil:
		return psync.Welcome{}, err
	case answer == "":
		return l.byPassword()
	case strings.ContainsAny(answer, `{"`): // a damaged text is no file either, and must not be repeated as one
		return l.byQR(answer)
	default:
		return l.byPicture(answer)
	}
}

func (l *loginRun) byPicture(path string) (psync.Welcome, error) {
	picture, err := readInput(path, qrimage.MaxFile)
	if err != nil {
		return psync.Welcome{}, err
	}
	text, err := qrimage.Read(picture, func(text string) bool {
		_, err := pronote.ParseQR(text)
		return err == nil
	})
	if err != nil {
		return psync.Welcome{}, usageError{fmt.Errorf("%s: %w", path, err)}
	}
	return l.byQR(text)
}

// byQR logs in by the text of a QR code.
func (l *loginRun) byQR(text string) (psync.Welcome, error) {
	qr, err := pronote.ParseQR(text)
	if err != nil {
		return psync.Welcome{}, err
	}
	if err := l.fits(qr); err != nil {
		return psync.Welcome{}, err
	}
	pin := pronote.NewSecret(l.flags.digits)
	if pin.IsZero() {
		if pin, err = l.askSecret(l.app.in("The four digits chosen for the QR code")); err != nil {
			return psync.Welcome{}, err
		}
	}
	return l.open(qr, pin)
}

// fits compares a QR code with the account that it is for.
func (l *loginRun) fits(qr pronote.QR) error {
	if qr.Kind != l.account.Credentials.Kind {
		return configError{say.Errorf("the QR code is of a %s, and account %s of a %s: correct kind in the configuration, or take another code", say.Word(qr.Kind), l.account.Name, say.Word(l.account.Credentials.Kind))}
	}
	code, err := url.Parse(qr.Address)
	if err != nil {
		return pronote.ErrNotQR
	}
	configured, err := url.Parse(l.account.URL)
	if err != nil || !hostname.Same(code, configured) {
		return configError{say.Errorf("the QR code is of the school at %s, and account %s at %s: correct url in the configuration, or take another code", code.Host, l.account.Name, configured.Host)}
	}
	return nil
}

// open logs in by a QR code. The name by which the school already knows this
// machine spares the PIN.
func (l *loginRun) open(qr pronote.QR, pin pronote.Secret) (psync.Welcome, error) {
	c, err := qr.Open(pin)
	if err != nil {
		return psync.Welcome{}, err
	}
	c.PIN, c.Device = l.account.Credentials.PIN, pronote.Device{Browser: l.kept().Browser}
	return l.with(c)
}

// kept is the device of an earlier login; a file that is damaged is as good as
// none, for it is about to be replaced.
func (l *loginRun) kept() pronote.Device {
	device, err := l.account.LoadDevice()
	if err != nil {
		return pronote.Device{}
	}
	return device
}

// byPassword logs in with a password, PRONOTE's or the portal's, which gives a
// token.
func (l *loginRun) byPassword() (psync.Welcome, error) {
	question := l.app.in("User name, as typed on PRONOTE's own page")
	if l.portal != nil {
		question = l.app.in("User name, as typed on the page of %s", l.portal.Portal.Name)
	}
	username, err := l.ask(question)
	if err != nil {
		return psync.Welcome{}, err
	}
	password, err := l.askSecret(l.app.in("Password"))
	if err != nil {
		return psync.Welcome{}, err
	}
	return l.withPassword(username, password)
}

// withPassword is byPassword once all is typed.
func (l *loginRun) withPassword(username string, password pronote.Secret) (psync.Welcome, error) {
	l.asked.Typed = true
	c := l.account.Credentials
	c.Username, c.Password = username, password
	if l.portal != nil {
		c.Portal = l.portal.Fetch // whose business they are
	}
	return l.with(c)
}

// with logs in with credentials, and asks for the PIN of the account where the
// school does, twice at most: a third wrong one would lock it.
func (l *loginRun) with(c pronote.Credentials) (psync.Welcome, error) {
	if !c.Password.IsZero() {
		c.Device = l.kept() // its token stays good until there is another
	}
	if c.Portal != nil { // which is not asked while there is a token
		c.Device.Token, c.Device.Unanswered = pronote.Secret{}, pronote.Secret{}
	}
	for tries := 0; ; tries++ {
		found, err := l.put(l.asked.with(c))
		if l.trace != nil {
			if _, failed := io.WriteString(l.trace, found.Trace); failed != nil {
				return found.Welcome, errors.Join(err, usageError{say.Errorf("%w: choose another place for the trace", failed)})
			}
		}
		wrong := found.WrongPIN && l.terminal != nil && tries < 2
		if err == nil || !found.WantsPIN && !wrong {
			return found.Welcome, err
		}
		if wrong {
			l.say(l.app.in("PRONOTE refuses the PIN."))
		}
		if !c.QRToken.IsZero() { // which is spent, and has left a token
			c = pronote.Credentials{Kind: c.Kind, Device: l.kept()}
		}
		if c.PIN, err = l.askSecret(l.app.in("The PIN of the account in PRONOTE")); err != nil {
			return psync.Welcome{}, err
		}
	}
}

// readInput reads a file of at most max bytes.
func readInput(path string, max int64) ([]byte, error) {
	file, err := openOrdinary(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // it was only read
	text, err := io.ReadAll(io.LimitReader(file, max+1))
	switch {
	case err != nil:
		return nil, usageError{say.Errorf("%w: name the right file", err)}
	case int64(len(text)) > max:
		return nil, usageError{say.Errorf("%s has more than %d KiB: name the right file", path, max>>10)}
	}
	return text, nil
}
