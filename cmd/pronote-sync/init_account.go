package main

import (
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/pronote-sync/pronote-sync/cas"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/state"
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
