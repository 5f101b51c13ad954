// Package config reads the configuration of notekfet-server: strictly, with an
// error that names the place for everything that is wrong.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"

	"github.com/pronote-sync/pronote-sync/cmd/internal/typo"
	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
	"github.com/pronote-sync/pronote-sync/notekfet/server"
)

// A Config is a configuration without mistakes. Its paths are absolute.
type Config struct {
	Path     string
	Listen   string
	Database string // a path, or an address of PostgreSQL
	CertFile string
	KeyFile  string
	AuthFile string
	Rules    ledger.Rules
	Limits   server.Limits
	Photos   server.PhotoRules
	Login    server.LoginRules
	Mail     []string
	Die      bool
	Cut      bool // cut_changed_specials
}

// A file is the configuration as it is written.
type file struct {
	Listen   string `toml:"listen"`
	Database string `toml:"database"`
	CertFile string `toml:"certfile"`
	KeyFile  string `toml:"keyfile"`
	AuthFile string `toml:"authfile"`
	Photos   string `toml:"photos"`
	Limits   struct {
		Request               int64 `toml:"request"`
		Photo                 int64 `toml:"photo"`
		Connections           int64 `toml:"connections"`
		ConnectionsPerAddress int64 `toml:"connections_per_address"`
	} `toml:"limits"`
	Money struct {
		Negative     int64  `toml:"solde_negatif"`
		VeryNegative int64  `toml:"solde_tres_negatif"`
		Floor        int64  `toml:"solde_pas_plus_negatif"`
		Fee          int64  `toml:"adhesion"`
		Guest        int64  `toml:"invitation"`
		WEI          int64  `toml:"wei"`
		Validation   string `toml:"validation"`
	} `toml:"money"`
	Membership struct {
		Changeover string `toml:"changeover"`
		Year       int64  `toml:"annee"`
	} `toml:"adhesion"`
	Photo struct {
		Formats []string `toml:"formats"`
		Side    int64    `toml:"side"`
	} `toml:"photo"`
	Guests struct {
		PerYear     int64 `toml:"per_guest_and_year"`
		PerActivity int64 `toml:"per_member_and_activity"`
	} `toml:"invites"`
	Mail struct {
		Command []string `toml:"command"`
		Token   string   `toml:"token"`
	} `toml:"mail"`
	Login struct {
		Delay    string   `toml:"delay"`
		DelayMax string   `toml:"delay_max"`
		Proxies  []string `toml:"proxies"`
		Die      bool     `toml:"die"`
		Cut      bool     `toml:"cut_changed_specials"`
	} `toml:"login"`
}

// defaults is the configuration that says nothing.
func defaults() file {
	var f file
	f.Listen, f.Database, f.CertFile, f.KeyFile, f.AuthFile, f.Photos =
		"127.0.0.1:4242", "notekfet.db", "cert.pem", "key.pem", "special.json", "photos"
	f.Limits.Request, f.Limits.Photo, f.Limits.Connections, f.Limits.ConnectionsPerAddress = 65536, 131072, 1200, 100
	f.Money.VeryNegative, f.Money.Floor, f.Money.Fee, f.Money.Guest, f.Money.Validation = -2000, -6000, 1500, 300, "48h"
	f.Membership.Changeover = "08-01"
	f.Photo.Formats, f.Photo.Side = []string{"png", "jpg", "gif"}, 640
	f.Guests.PerYear, f.Guests.PerActivity = 5, 3
	f.Mail.Command, f.Mail.Token = []string{"/usr/sbin/sendmail", "-t"}, "1h"
	f.Login.Delay, f.Login.DelayMax, f.Login.Die, f.Login.Proxies = "200ms", "5s", true, []string{}
	return f
}

const maxFile = 64 << 10

// Load reads a configuration. Its error joins one sentence for each mistake.
func Load(path string) (*Config, error) {
	text, err := read(path)
	if err != nil {
		return nil, err
	}
	f := defaults()
	decoder := toml.NewDecoder(bytes.NewReader(bytes.TrimPrefix(text, []byte("\uFEFF"))))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&f); err != nil {
		return nil, mistakes(path, err)
	}
	r := &reader{path: path, text: string(text)}
	c := r.config(f)
	return c, errors.Join(r.errs...)
}

func read(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s does not exist: run notekfet-server init, or correct its name", path)
	case err != nil:
		return nil, fmt.Errorf("%s cannot be read, %w: correct its owner or its mode", path, reason(err))
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("%s is not an ordinary file: name one that is", path)
	case info.Size() > maxFile:
		return nil, fmt.Errorf("%s has more than %d KiB: name the right file", path, maxFile>>10)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read, %w: correct its owner or its mode", path, reason(err))
	}
	return text, nil
}

// reason drops what the system's error repeats.
func reason(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}

// mistakes tells of unknown keys and of what is not TOML. Values are not repeated.
func mistakes(path string, err error) error {
	var errs []error
	if missing, ok := errors.AsType[*toml.StrictMissingError](err); ok {
		for _, e := range missing.Errors {
			line, column := e.Position()
			errs = append(errs, fmt.Errorf("%s:%d:%d: %s", path, line, column, unknown(e.Key())))
		}
		return errors.Join(errs...)
	}
	if e, ok := errors.AsType[*toml.DecodeError](err); ok {
		line, column := e.Position()
		what, _, _ := strings.Cut(strings.TrimPrefix(e.Error(), "toml: "), ": ")
		if key := e.Key(); len(key) > 0 {
			return fmt.Errorf("%s:%d:%d: %s is not of the right type, %s: compare it with notekfet.toml.example", path, line, column, strings.Join(key, "."), what)
		}
		return fmt.Errorf("%s:%d:%d: this is not TOML, %s: check quotes and brackets", path, line, column, what)
	}
	return fmt.Errorf("%s: a value is not of the right type: compare it with notekfet.toml.example", path)
}

// keys are those of each table, "" for the top.
var keys = map[string][]string{
	"":         {"listen", "database", "certfile", "keyfile", "authfile", "photos", "limits", "money", "adhesion", "photo", "invites", "mail", "login"},
	"limits":   {"request", "photo", "connections", "connections_per_address"},
	"money":    {"solde_negatif", "solde_tres_negatif", "solde_pas_plus_negatif", "adhesion", "invitation", "wei", "validation"},
	"adhesion": {"changeover", "annee"},
	"photo":    {"formats", "side"},
	"invites":  {"per_guest_and_year", "per_member_and_activity"},
	"mail":     {"command", "token"},
	"login":    {"delay", "delay_max", "proxies", "die", "cut_changed_specials"},
}

func unknown(key toml.Key) string {
	table, name := strings.Join(key[:len(key)-1], "."), key[len(key)-1]
	if meant := typo.Nearest(name, keys[table]); meant != "" {
		return fmt.Sprintf("unknown key %q: did you mean %q?", name, meant)
	}
	for _, other := range slices.Sorted(maps.Keys(keys)) {
		if other != table && slices.Contains(keys[other], name) {
			if other == "" {
				return fmt.Sprintf("unknown key %q: it belongs at the top of the file, above all tables", name)
			}
			return fmt.Sprintf("unknown key %q: it belongs under [%s]", name, other)
		}
	}
	return fmt.Sprintf("unknown key %q: there are %s", name, strings.Join(keys[table], ", "))
}

// A reader turns what is written into what the program needs, and collects what
// is wrong.
type reader struct {
	path string
	text string
	errs []error
}

// wrong notes a mistake at a key, which is named with its table.
func (r *reader) wrong(key, format string, args ...any) {
	r.errs = append(r.errs, fmt.Errorf("%s: %s %s", r.place(key), key, fmt.Sprintf(format, args...)))
}

// place finds the line of a key; a key that is not there has none.
func (r *reader) place(key string) string {
	table, name := "", key
	if t, n, found := strings.Cut(key, "."); found {
		table, name = t, n
	}
	current := ""
	for i, line := range strings.Split(r.text, "\n") {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			current = strings.Trim(strings.SplitN(line, "]", 2)[0], "[ ")
		}
		before, _, found := strings.Cut(line, "=")
		if found && current == table && strings.TrimSpace(before) == name {
			return fmt.Sprintf("%s:%d", r.path, i+1)
		}
	}
	return r.path
}

func (r *reader) config(f file) *Config {
	absolute, err := filepath.Abs(r.path)
	if err != nil {
		r.errs = append(r.errs, err)
	}
	folder := filepath.Dir(absolute)
	c := &Config{
		Path: r.path, Listen: f.Listen, Database: r.database(folder, f.Database),
		CertFile: r.file(folder, "certfile", f.CertFile), KeyFile: r.file(folder, "keyfile", f.KeyFile),
		AuthFile: r.file(folder, "authfile", f.AuthFile), Mail: f.Mail.Command, Die: f.Login.Die, Cut: f.Login.Cut,
		Rules: ledger.Rules{
			Negative: notekfet.Cents(f.Money.Negative), VeryNegative: notekfet.Cents(f.Money.VeryNegative), Floor: notekfet.Cents(f.Money.Floor),
			Fee: r.amount("money.adhesion", f.Money.Fee), Guest: r.amount("money.invitation", f.Money.Guest), WEI: r.amount("money.wei", f.Money.WEI),
			UndoFor:           r.duration("money.validation", f.Money.Validation, 0, 20*365*24*time.Hour),
			GuestsPerYear:     r.number("invites.per_guest_and_year", f.Guests.PerYear, 0, 1_000_000),
			GuestsPerActivity: r.number("invites.per_member_and_activity", f.Guests.PerActivity, 0, 1_000_000),
			TokenFor:          r.duration("mail.token", f.Mail.Token, 0, 30*24*time.Hour),
			StandingYear:      r.number("adhesion.annee", f.Membership.Year, 0, 9999),
		},
		Limits: server.Limits{
			Request: r.number("limits.request", f.Limits.Request, 64, 64<<20), Photo: r.number("limits.photo", f.Limits.Photo, 0, 64<<20),
			Connections:           r.number("limits.connections", f.Limits.Connections, 1, 1_000_000),
			ConnectionsPerAddress: r.number("limits.connections_per_address", f.Limits.ConnectionsPerAddress, 1, 1_000_000),
		},
		Photos: server.PhotoRules{
			Folder: r.file(folder, "photos", f.Photos), Formats: r.formats(f.Photo.Formats), Side: r.number("photo.side", f.Photo.Side, 1, 10_000),
		},
		Login: server.LoginRules{
			Delay: r.duration("login.delay", f.Login.Delay, 0, time.Minute), DelayMax: r.duration("login.delay_max", f.Login.DelayMax, 0, time.Minute),
			Proxies: f.Login.Proxies,
		},
	}
	r.changeover(&c.Rules, f.Membership.Changeover)
	r.thresholds(f)
	if _, _, found := cutLast(f.Listen, ":"); !found {
		r.wrong("listen", "is not an address and a port: write one like 127.0.0.1:4242")
	}
	for _, proxy := range f.Login.Proxies {
		if _, err := server.ParseNetwork(proxy); err != nil {
			r.wrong("login.proxies", "has a network that is none: write one like 192.0.2.0/24")
		}
	}
	return c
}

func cutLast(text, separator string) (before, after string, found bool) {
	if i := strings.LastIndex(text, separator); i >= 0 {
		return text[:i], text[i+len(separator):], true
	}
	return text, "", false
}

func (r *reader) file(folder, key, path string) string {
	if path == "" {
		r.wrong(key, "is empty: name a file, or leave the key out")
		return ""
	}
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	return filepath.Join(folder, path)
}

func (r *reader) database(folder, database string) string {
	if strings.HasPrefix(database, "postgres://") || strings.HasPrefix(database, "postgresql://") {
		return database
	}
	if strings.Contains(database, "://") {
		r.wrong("database", "is of a kind that is not known: write a path, or postgres://user@host:5432/name")
	}
	return r.file(folder, "database", database)
}

func (r *reader) amount(key string, cents int64) notekfet.Cents {
	if cents < 0 || cents > int64(ledger.MostAmount) {
		r.wrong(key, "is not an amount in cents from 0 to %d: correct it", ledger.MostAmount)
	}
	return notekfet.Cents(cents)
}

func (r *reader) number(key string, n, least, most int64) int {
	if n < least || n > most {
		r.wrong(key, "must be from %d to %d: correct it", least, most)
	}
	return int(n)
}

func (r *reader) duration(key, text string, least, most time.Duration) time.Duration {
	d, err := time.ParseDuration(text)
	if err != nil || d < least || d > most {
		r.wrong(key, "is not a length of time up to %s: write one like 48h or 200ms", most)
	}
	return d
}

func (r *reader) changeover(rules *ledger.Rules, text string) {
	day, err := time.Parse("2006-01-02", "2001-"+text)
	if err != nil {
		r.wrong("adhesion.changeover", "is not a month and a day: write one like 08-01")
	}
	rules.ChangeoverMonth, rules.ChangeoverDay = day.Month(), day.Day()
}

func (r *reader) thresholds(f file) {
	const most = int64(ledger.MostAmount) * 1000
	if f.Money.Negative <= f.Money.VeryNegative || f.Money.VeryNegative <= f.Money.Floor {
		r.wrong("money.solde_tres_negatif", "must be below solde_negatif and above solde_pas_plus_negatif: make the three fall")
	}
	if max(f.Money.Negative, -f.Money.Floor) > most {
		r.wrong("money.solde_pas_plus_negatif", "is too large: correct it")
	}
}

func (r *reader) formats(list []string) []string {
	for _, format := range list {
		if !slices.Contains(server.PhotoFormats(), format) {
			r.wrong("photo.formats", "has %q, which is none: choose among %s", format, strings.Join(server.PhotoFormats(), ", "))
		}
	}
	return list
}
