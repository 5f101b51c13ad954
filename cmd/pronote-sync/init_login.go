package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/pronote-sync/pronote-sync/cas"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

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
