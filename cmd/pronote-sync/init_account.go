package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/pronote-sync/pronote-sync/cas"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/qrimage"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/state"
	"github.com/pronote-sync/pronote-sync/hostname"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

// A newcomer is an account that is being set up.
type newcomer struct {
	url      *url.URL // the root of the school's site
	kind     pronote.Kind
	found    cas.Detection
	portal   string // the way to log in, "" for PRONOTE's own
	byToken  bool
	username string
	password pronote.Secret
	qr       string // the text of a QR code
	digits   string // those chosen for it; "" to ask for them
}

// keys are those of the account in the configuration.
func (n *newcomer) keys(name string) []config.Key {
	keys := []config.Key{{Name: "name", Value: name}, {Name: "url", Value: n.url.String() + "/"}, {Name: "kind", Value: string(n.kind)}}
	if n.portal != "" {
		keys = append(keys, config.Key{Name: "cas", Value: n.portal})
	}
	if n.byToken {
		return append(keys, config.Key{Name: "login", Value: "token"})
	}
	return append(keys, config.Key{Name: "username", Value: n.username}, config.Key{Name: "password", Value: n.password.Reveal(), Secret: true})
}

// addAccount leads to one account that logs in, and writes it down.
func (b *beginner) addAccount() error {
	n := &newcomer{kind: pronote.Kind(b.flags.kind)}
	if n.kind != "" && n.kind != pronote.KindParent && n.kind != pronote.KindStudent {
		return mistaken(b.cmd, "--kind is parent or student")
	}
	if err := b.checkGiven(); err != nil {
		return err
	}
	if err := b.learnSchool(n); err != nil {
		return err
	}
	tried, err := b.learnLogin(n)
	if err != nil {
		return err
	}
	name, err := b.learnAccountName(n, tried.welcome)
	if err != nil {
		return err
	}
	b.printAccount(b.cmd, name, tried.welcome)
	return b.keep(n, name, tried.device)
}

// checkGiven says what is missing on the command line where nobody can be asked.
func (b *beginner) checkGiven() error {
	f := b.flags
	byQR := f.picture != "" || f.text != ""
	switch {
	case byQR && f.passwordFile != "", f.picture != "" && f.text != "":
		return mistaken(b.cmd, "--qr, --text and --password-file are three ways to log in, choose one")
	case b.terminal != nil:
		return nil
	case f.url == "" && !byQR, !byQR && (f.username == "" || f.passwordFile == ""), byQR && f.digits == "":
		return usageError{say.Errorf("there is no terminal to ask questions: give --url, --username and --password-file, or --qr and --qr-pin")}
	case !byQR && f.kind == "" && kindOfAddress(f.url) == "":
		return usageError{say.Errorf("there is no terminal to ask questions: give --kind parent or --kind student")}
	}
	return nil
}

// learnSchool finds a school by an address out of a browser. A QR code that is given names
// its school itself.
func (b *beginner) learnSchool(n *newcomer) error {
	if b.flags.picture != "" || b.flags.text != "" {
		if err := b.readQR(n, b.flags.picture, b.flags.text); err != nil {
			return err
		}
		return b.greet(n)
	}
	if b.flags.url == "" {
		b.tell("Open PRONOTE in a browser, log in there as you always do, and copy the address from the top of the window.")
	}
	for {
		address, given := b.flags.url, b.flags.url != ""
		if !given {
			var err error
			if address, err = b.ask(b.in("Address of PRONOTE")); err != nil {
				return err
			}
		}
		err := b.visit(n, address)
		if err == nil || given || b.ctx.Err() != nil {
			return err
		}
		b.wrong(err)
	}
}

// visit looks at the school of an address.
func (b *beginner) visit(n *newcomer, address string) (err error) {
	if n.url, err = pronote.ParseAddress(address); err != nil {
		return usageError{err}
	}
	if b.flags.kind == "" {
		n.kind = kindOfAddress(address)
	}
	return b.greet(n)
}

// greet asks a school who it is and how it lets people in. That logs in nowhere.
func (b *beginner) greet(n *newcomer) error {
	b.asker.say(b.in("Asking %s…", n.url.Host))
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	who, err := pronote.Greet(ctx, n.url.String(), &pronote.Options{Transport: b.transport})
	if err != nil {
		return schoolError{error: err}
	}
	b.asker.say(b.in("It is %s, with PRONOTE %s.", who.School, who.Version))
	if n.qr != "" {
		return nil
	}
	page := "eleve.html"
	if n.kind == pronote.KindParent {
		page = "parent.html"
	}
	if n.found, err = b.detectPage(ctx, n.url, page); err != nil {
		return schoolError{error: err}
	}
	return nil
}

// kindOfAddress is the kind of account that an address is the page of; "" where it does
// not say.
func kindOfAddress(address string) pronote.Kind {
	switch address = strings.ToLower(address); {
	case strings.Contains(address, "parent.html"):
		return pronote.KindParent
	case strings.Contains(address, "eleve.html"):
		return pronote.KindStudent
	}
	return ""
}

// A way is one of those into an account.
type way struct {
	name  string
	learn func() error // asks for what it needs
}

// learnLogin finds a way to log in that works.
func (b *beginner) learnLogin(n *newcomer) (tried, error) {
	if n.qr != "" {
		return b.try(n)
	}
	if err := b.learnKind(n); err != nil {
		return tried{}, err
	}
	if b.flags.passwordFile != "" {
		password, err := readInput(b.flags.passwordFile, maxAnswer)
		if err != nil {
			return tried{}, err
		}
		n.username, n.portal, n.byToken = b.flags.username, b.flags.portal, b.flags.portal != ""
		n.password = pronote.NewSecret(strings.TrimRight(string(password), "\r\n"))
		return b.try(n)
	}
	for {
		err := b.chooseWay(n)
		if err == nil {
			var done tried
			if done, err = b.try(n); err == nil {
				return done, nil
			}
		}
		if b.ctx.Err() != nil || errors.As(err, new(nobodyError)) {
			return tried{}, err
		}
		b.wrong(err)
		n.qr, n.portal, n.byToken, n.username = "", "", false, ""
	}
}

func (b *beginner) learnKind(n *newcomer) error {
	for n.kind == "" {
		answer, err := b.ask(b.in("Is it the account of a parent or of a student? (p/s)"))
		if err != nil {
			return err
		}
		switch strings.ToLower(answer) {
		case "p", "parent":
			n.kind = pronote.KindParent
		case "s", "student", "e", "é", "eleve", "élève":
			n.kind = pronote.KindStudent
		}
	}
	return nil
}

// chooseWay lists the ways that a school offers, and asks for what the chosen one needs.
func (b *beginner) chooseWay(n *newcomer) error {
	ways := []way{{b.in("the QR code that PRONOTE shows in a browser (works wherever PRONOTE is open)"), func() error { return b.askQR(n) }}}
	for _, p := range n.found.Portals {
		if p.State != cas.Gone && len(ways) < 5 {
			name := b.in("%s, with its user name and password", p.Name)
			if p.EduConnect() {
				name = b.in("%s, with the user name and password of EduConnect", p.Name)
			}
			ways = append(ways, way{name, func() error {
				n.portal, n.byToken = p.ID, true
				return b.askPassword(n)
			}})
		}
	}
	if n.found.Direct || n.found.Host == "" {
		ways = append(ways, way{b.in("a user name and password of PRONOTE itself"), func() error { return b.askPassword(n) }})
	}
	b.tell("How do you log in?")
	for i, w := range ways {
		b.asker.say(fmt.Sprintf("  %d. %s", i+1, w.name))
	}
	for {
		answer, err := b.ask(b.in("Number [1]"))
		if err != nil {
			return nobodyError{err}
		}
		chosen := 1
		if answer != "" {
			chosen, err = strconv.Atoi(answer)
		}
		if err == nil && chosen >= 1 && chosen <= len(ways) {
			return ways[chosen-1].learn()
		}
	}
}

// A nobodyError is that of a question that got no answer: it is not asked again.
type nobodyError struct{ error }

func (e nobodyError) Unwrap() error { return e.error }

func (b *beginner) askPassword(n *newcomer) (err error) {
	if n.username, err = b.ask(b.in("User name")); err != nil {
		return nobodyError{err}
	}
	if n.password, err = b.askSecret(b.in("Password")); err != nil {
		return nobodyError{err}
	}
	return nil
}

// askQR gets a QR code as a picture or as text.
func (b *beginner) askQR(n *newcomer) error {
	b.tell("In the browser, click on the QR code near the name of the account. It asks for four digits of your choice and shows a code that lives ten minutes. "+
		"Save a picture of it on this machine (from another one: scp code.png %s:), or read it with an app of a telephone and paste the text, which begins with {.", hostOfThis())
	answer, err := b.ask(b.in("File with a picture of the code, or its text"))
	if err != nil {
		return nobodyError{err}
	}
	if strings.ContainsAny(answer, `{"`) { // a damaged text is no file, and must not be repeated as one
		n.qr = answer
		err = b.fitQR(n)
	} else {
		err = b.readQR(n, answer, "")
	}
	if err != nil {
		return err
	}
	digits, err := b.askSecret(b.in("The four digits that you chose"))
	if err != nil {
		return nobodyError{err}
	}
	n.digits = digits.Reveal()
	return nil
}

// hostOfThis is how other machines of the house call this one.
func hostOfThis() string {
	name, err := os.Hostname()
	if err != nil {
		return "raspberrypi.local"
	}
	if !strings.Contains(name, ".") {
		name += ".local"
	}
	return name
}

// readQR reads a QR code out of a picture or a text file.
func (b *beginner) readQR(n *newcomer, picture, text string) error {
	if text != "" {
		content, err := readInput(text, maxAnswer)
		if err != nil {
			return err
		}
		n.qr = string(content)
		return b.fitQR(n)
	}
	content, err := readInput(picture, qrimage.MaxFile)
	if err != nil {
		return err
	}
	n.qr, err = qrimage.Read(content, func(text string) bool {
		_, err := pronote.ParseQR(text)
		return err == nil
	})
	if err != nil {
		return usageError{fmt.Errorf("%s: %w", picture, err)}
	}
	return b.fitQR(n)
}

// fitQR takes the school and the kind of account from a QR code.
func (b *beginner) fitQR(n *newcomer) error {
	code, err := pronote.ParseQR(n.qr)
	if err != nil {
		return err
	}
	root, err := pronote.ParseAddress(code.Address)
	if err != nil {
		return pronote.ErrNotQR
	}
	if n.url != nil && !hostname.Same(n.url, root) {
		return usageError{say.Errorf("the QR code is of the school at %s, and the address of that at %s: take another code, or begin again with the other address", root.Host, n.url.Host)}
	}
	n.url, n.kind, n.byToken = root, code.Kind, true
	return nil
}

// What a login that went well leaves.
type tried struct {
	welcome psync.Welcome
	device  pronote.Device
}

// trial is the name of an account before it has one.
const trial = "essai"

// try logs in by an engine of its own, in a folder that is thrown away. Nothing of the
// real one is touched, and a daemon that runs need not know of it.
func (b *beginner) try(n *newcomer) (t tried, err error) {
	folder, err := os.MkdirTemp("", "pronote-sync-init-")
	if err != nil {
		return t, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	path := filepath.Join(folder, "config.toml")
	if err := config.Create(path, "language = \""+b.language+"\"\n\n[budget]\nspacing = \"0s\"\n", trial, n.keys(trial)); err != nil {
		return t, err
	}
	c, err := config.Load(path)
	if err != nil {
		return t, err
	}
	b.asker.say(b.in("Logging in…"))
	l := &loginRun{
		asker: b.asker, app: b.app, account: withDevice(c, c.Accounts[0]), portal: c.Logins[trial], asked: loginAsked{Account: trial},
		put: func(q loginAsked) (loginFound, error) { return loginQuestion.put(b.cmd, b.app, c, q) },
	}
	switch {
	case n.qr != "":
		l.flags.digits = cmp.Or(n.digits, b.flags.digits)
		t.welcome, err = l.byQR(n.qr)
	case n.byToken:
		t.welcome, err = l.withPassword(n.username, n.password)
	default:
		t.welcome, err = l.with(l.account.Credentials)
	}
	if err == nil {
		t.device, err = l.account.LoadDevice()
	}
	return t, err
}

// learnAccountName asks for a word for the account, or takes a likely one.
func (b *beginner) learnAccountName(n *newcomer, welcome psync.Welcome) (string, error) {
	var taken []string
	if b.config != nil {
		for _, a := range b.config.Accounts {
			taken = append(taken, a.Name)
		}
	}
	likely := likelyName(n.kind, welcome, b.in("family"))
	for base, i := likely, 2; config.CheckName(likely, taken) != nil; i++ {
		likely = fmt.Sprintf("%s%d", base, i)
	}
	if given := b.flags.account; given != "" {
		if err := config.CheckName(given, taken); err == nil || b.terminal == nil {
			return given, err
		}
	}
	if b.terminal == nil {
		return likely, nil
	}
	for {
		name, err := b.ask(b.in("A word for this account [%s]", likely))
		if err != nil {
			return "", err
		}
		if name == "" {
			return likely, nil
		}
		if err := config.CheckName(name, taken); err != nil {
			b.wrong(err)
			continue
		}
		return name, nil
	}
}

// likelyName is a pupil's first name, or the word for a family.
func likelyName(kind pronote.Kind, welcome psync.Welcome, family string) string {
	if kind == pronote.KindParent || len(welcome.Pupils) != 1 {
		return family
	}
	words := strings.Fields(welcome.Pupils[0].Name)
	first := slices.IndexFunc(words, func(w string) bool { return strings.ContainsFunc(w, unicode.IsLower) })
	if first < 0 || config.CheckName(strings.ToLower(words[first]), nil) != nil {
		return family
	}
	return strings.ToLower(words[first])
}

// keep writes an account down: what the school gave this machine, the secrets, and at
// last the configuration. What cannot be written whole is not written.
func (b *beginner) keep(n *newcomer, name string, device pronote.Device) (err error) {
	database := config.UsualDatabase(b.path)
	if b.config != nil {
		database = b.config.Database
	}
	if device.UUID != "" {
		dir := state.Dir(filepath.Join(filepath.Dir(database), "state"))
		if err := dir.KeepDevice(name, n.kind, device); err != nil {
			return unwritable(string(dir), err)
		}
		defer func() {
			if err != nil {
				err = errors.Join(err, os.Remove(dir.DeviceFile(name)))
			}
		}()
		if err := giveToOwner(filepath.Dir(database), string(dir), dir.DeviceFile(name)); err != nil {
			return unwritable(string(dir), err)
		}
	}
	if b.config != nil {
		err = b.config.Append("account", name, n.keys(name))
	} else {
		err = config.Create(b.path, config.Begin(b.path, b.language, groupOf(b.path)), name, n.keys(name))
	}
	if err != nil {
		return configError{err}
	}
	_, _ = io.WriteString(b.cmd.OutOrStdout(), b.in("%s is written in %s.", name, b.path)+"\n") // as with all output
	b.app.config = b.path
	b.config, err = b.load(b.cmd)
	return err
}

// groupOf is the group that may read the mirror of a configuration of the system.
func groupOf(path string) string {
	if path != systemConfig {
		return ""
	}
	return groupName(filepath.Dir(path))
}
