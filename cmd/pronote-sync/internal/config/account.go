package config

import (
	"regexp"
	"strings"
	"time"

	"github.com/pronote-sync/pronote-sync/cas"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/sync/kfet"
	"github.com/pronote-sync/pronote-sync/sync/school"
)

// An Account is one login to mirror, as configured.
type Account struct {
	Name     string
	Location *time.Location    // of the school
	Aliases  map[string]string // what to call a pupil, by the name that PRONOTE uses
	school.Account

	Kfet         *kfet.Account // of a student bar: of what is PRONOTE's there is the URL alone; else nil
	Trust        string        // by what its server is known; another one ends a suspension
	LoginsPerDay int           // 0 for those of the budget
}

func (t *table) accounts(c *Config) []Account {
	var accounts []Account
	taken := map[string]string{}
	tables := t.tables("account")
	if len(tables) == 0 {
		t.problem("account", "there is no account: add one under [[account]], as in config.toml.example")
	}
	for _, t := range tables {
		account := t.account(taken, c.Location)
		if account.Kfet != nil {
			accounts = append(accounts, account)
			continue
		}
		if login := t.portalLogin(&account, c.Portals); login != nil {
			if c.Logins == nil {
				c.Logins = map[string]*cas.Login{}
			}
			c.Logins[account.Name] = login
		}
		accounts = append(accounts, account)
	}
	return accounts
}

func (t *table) account(taken map[string]string, zone *time.Location) Account {
	a := Account{Name: t.name("ACCOUNT", taken)}
	if t.text("kind", "") == kfetKind {
		a.URL, a.Kfet, a.Trust = t.kfet(a.Name)
		a.Location = t.zone("timezone", zone.String())
		a.LoginsPerDay = t.limit("logins_per_day", kfetLogins, maxKfetLogins)
		return a
	}
	if root, err := pronote.ParseAddress(t.text("url", "")); err != nil {
		t.problem("url", "url: %v", err)
	} else {
		a.URL = root.String()
	}
	a.Credentials.Kind = choice(t, "kind", pronote.KindStudent, pronote.KindStudent, pronote.KindParent, kfetKind)
	a.ByToken = choice(t, "login", "password", "password", "token") == "token"
	t.credentials(&a)
	a.Device = t.text("device", "pronote-sync")
	if len([]rune(a.Device)) > 30 {
		t.problem("device", "device is too long for PRONOTE: write at most 30 characters")
	}
	pin, given := t.secret("pin")
	if given && !t.blind && !fourDigits.MatchString(pin) {
		t.problem("pin", "pin is not four digits: write it as typed on PRONOTE's own page")
	}
	a.Credentials.PIN = pronote.NewSecret(pin)
	a.Location = t.zone("timezone", zone.String())
	a.Aliases = t.pairs("students")
	return a
}

var fourDigits = regexp.MustCompile(`^\d{4}$`)

// credentials asks for the user name and the password, which an account that has
// a token must not have.
func (t *table) credentials(a *Account) {
	a.Credentials.Username = strings.TrimSpace(t.text("username", ""))
	password, given := t.secret("password")
	a.Credentials.Password = pronote.NewSecret(password)
	switch {
	case a.ByToken && a.Credentials.Username != "":
		t.problem("username", `username has no use with login = "token": take it away`)
	case a.ByToken && given:
		t.problem("password", `password has no use with login = "token": take it away, it is asked for by pronote-sync login`)
	case a.ByToken:
		return
	case a.Credentials.Username == "":
		t.problem("username", `username is missing: add username = "…", as typed on PRONOTE's own page`)
	}
	if !a.ByToken && !given {
		t.problem("password", `password is missing: write it into a file and add password_file = "…"`)
	}
}
