// Package config reads the configuration of pronote-sync: one TOML file, and
// the secrets that it points to.
//
// The file is strict. A key that is not known, a value of the wrong type and a
// value that cannot work are problems; they are collected and the first twenty
// reported at once, each with its line and column, or the name of the environment
// variable that it comes from. Settings that work but are unwise are warnings.
//
// Reading is asking: [Load] asks each table of the file for the keys it knows,
// and what nobody asked for is unknown. A new key is therefore one line in the
// function that needs it, and a stanza in config.toml.example. The keys of a
// channel are those of its settings in package notifiers.
//
// A secret x may be given in four ways: x itself, x_file, x_command and
// x_credential. The environment overrides them, see [Load].
package config

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // small machines and containers often lack the time zones

	"github.com/pronote-sync/pronote-sync/cas"
	"github.com/pronote-sync/pronote-sync/db"
	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/kfet"
	"github.com/pronote-sync/pronote-sync/sync/school"
)

// Config is a configuration that was checked, with its secrets.
type Config struct {
	Path       string         // of the file, absolute
	Database   string         // absolute; in the file it is relative to the file
	Readers    db.Readers     // of the mirror, besides its owner
	StateDir   string         // beside the database; for the secrets that the program makes itself
	TokenDir   string         // where tokens stay in a dry run, too; else StateDir
	Language   string         // "fr" or "en"
	Location   *time.Location // of accounts and recipients that name none
	Plan       psync.Plan
	Spans      school.Spans
	Budget     psync.Budget
	Opening    school.Opening
	Files      psync.Files
	Backup     Backup
	Subjects   map[string]string     // what messages call subjects, by the school's names
	Templates  string                // the folder of a person's own wording, absolute; "" for none
	Accounts   []Account             // at least one
	Portals    []cas.Portal          // besides those that come with the program, or in their place
	Logins     map[string]*cas.Login // of the accounts that log in through a portal, by their names
	Recipients []psync.Recipient
	Warnings   []error // a sentence each, with its place in the file
}

// Domains are those of all kinds of accounts.
func Domains() psync.Domains { return slices.Concat(school.Domains(), kfet.Domains()) }

// outside is what a configuration depends on besides files. Tests bring theirs.
type outside struct {
	env   func(name string) string
	run   func(argv []string, limit time.Duration) (stdout string, err error)
	blind bool // secrets are not looked at
}

// Load reads, checks and resolves a configuration. Secrets are read and their
// commands run, which may take a while; the network is not used.
//
// PRONOTE_SYNC_LANGUAGE and PRONOTE_SYNC_TIMEZONE override the file, and so do
// PRONOTE_SYNC_ACCOUNT_<NAME>_PASSWORD and PRONOTE_SYNC_NOTIFY_<NAME>_<KEY> for
// secrets, with names and keys in upper case and all but the letters A to Z and
// digits as "_". Empty variables do not count. Where the mirror is, the file alone
// says: a variable that only the daemon has would make a second one.
//
// The error holds the first problems, one a line, and no secret.
func Load(path string) (*Config, error) { return load(path, system) }

// LoadToRead is Load for who only reads the mirror. Secrets, which another user may
// not read, are not looked at; they and the notifiers are missing in the Config.
func LoadToRead(path string) (*Config, error) {
	o := system
	o.blind = true
	return load(path, o)
}

// system is the outside of the program.
var system = outside{env: os.Getenv, run: run}

func load(path string, o outside) (*Config, error) {
	root, err := open(path, o)
	if err != nil {
		return nil, err
	}
	return root.checked()
}

// checked is the configuration, if it has no mistake.
func (t *table) checked() (c *Config, err error) {
	c = t.config()
	if c.Warnings, err = t.verdict(); err != nil {
		return nil, err
	}
	return c, nil
}

// LanguageOf is the language that a configuration names, "fr" or "en"; "" where it
// names none, or cannot be read. It reads no secret.
func LanguageOf(path string) string {
	root, err := open(path, outside{env: os.Getenv})
	if err != nil {
		return ""
	}
	language := root.text("language", "")
	if !slices.Contains(psync.Languages, language) {
		return ""
	}
	return language
}

// config asks the root for all there is.
func (t *table) config() *Config {
	c := &Config{
		Path:     filepath.Join(t.dir, filepath.Base(t.path)),
		Database: t.database(),
		Readers:  t.readers(),
		Language: choice(t, "language", "fr", psync.Languages...),
		Location: t.zone("timezone", "Europe/Paris"),
		Plan:     t.table("schedule").plan(),
		Spans:    t.table("spans").spans(),
		Budget:   t.table("budget").budget(),
		Opening:  choice(t.table("infos"), "content", school.OpenRead, school.OpenRead, school.OpenAlways),
	}
	c.Files = t.table("files").files(c.Database)
	c.Backup = t.table("backup").backup(c.Database)
	messages := t.table("messages")
	c.Templates, c.Subjects = messages.templates(), messages.pairs("subjects")
	c.StateDir = filepath.Join(filepath.Dir(c.Database), "state")
	c.TokenDir = c.StateDir
	c.Portals = t.portals()
	c.Accounts = t.accounts(c)
	c.Recipients = t.recipients(c.Language, c.Location)
	return c
}

// usualDatabase is where the mirror of a configuration in a folder is: beside it, or
// for one of the system's, such as /etc/pronote-sync, in the folder of that name where
// the system's services keep what they write, such as /var/lib/pronote-sync.
func usualDatabase(dir string) string {
	if name, ok := strings.CutPrefix(dir, "/etc/"); ok {
		return "/var/lib/" + name + "/pronote.db"
	}
	return "pronote.db"
}

// database is the path of the mirror. A link to it would have a lock, a folder of
// secrets and a daemon of its own, beside those of the file.
func (t *table) database() string {
	path := t.absolute(t.text("database", usualDatabase(t.dir)))
	if info, err := os.Lstat(path); err == nil && info.Mode()&os.ModeSymlink != 0 {
		target, err := filepath.EvalSymlinks(path)
		if err != nil {
			target = "the file that it leads to"
		}
		t.problem("database", "database: %s is a link: write %s, or link to its folder instead", path, target)
	}
	return path
}
