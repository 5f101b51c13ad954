package config

import (
	"strings"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

func (t *table) accounts(zone *time.Location) []psync.Account {
	var accounts []psync.Account
	taken := map[string]string{}
	tables := t.tables("account")
	if len(tables) == 0 {
		t.problem("account", "there is no account: add one under [[account]], as in config.toml.example")
	}
	for _, t := range tables {
		accounts = append(accounts, t.account(taken, zone))
	}
	return accounts
}

func (t *table) account(taken map[string]string, zone *time.Location) psync.Account {
	a := psync.Account{Name: t.name("ACCOUNT", taken)}
	if root, err := pronote.ParseAddress(t.text("url", "")); err != nil {
		t.problem("url", "url: %v", err)
	} else {
		a.URL = root.String()
	}
	a.Credentials.Kind = choice(t, "kind", pronote.KindStudent, pronote.KindStudent, pronote.KindParent)
	a.Credentials.Username = strings.TrimSpace(t.text("username", ""))
	if a.Credentials.Username == "" {
		t.problem("username", `username is missing: add username = "…", as typed on PRONOTE's own page`)
	}
	password, given := t.secret("password")
	if !given {
		t.problem("password", `password is missing: write it into a file and add password_file = "…"`)
	}
	a.Credentials.Password = pronote.NewSecret(password)
	a.Location = t.zone("timezone", zone.String())
	a.Aliases = t.pairs("students")
	return a
}
