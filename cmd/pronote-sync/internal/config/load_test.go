package config

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/robfig/cron/v3"

	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/school"
)

func TestLoadDefaults(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	c, err := h.load(t, lea)
	if err != nil {
		t.Fatal(err)
	}
	plan := map[string]string{"keepalive": "*/20 7-22 * * *"}
	for _, d := range Domains() {
		plan[d.Name] = d.Schedule
	}
	checkPlan(t, c.Plan, plan)
	c.Plan.Domains, c.Plan.KeepAlive = nil, nil
	want := &Config{
		Path:     h.path("config.toml"),
		Database: h.path("pronote.db"),
		StateDir: h.path("state"),
		TokenDir: h.path("state"),
		Language: "fr",
		Location: zone(t, "Europe/Paris"),
		Plan:     psync.Plan{Rest: psync.Quiet{From: 22 * 60, To: 7 * 60}, Jitter: time.Minute},
		Spans:    school.Spans{Homework: 2, Lessons: 2, Contents: 2, Menus: 2, Agenda: 6, Past: 1, Rest: 6},
		Budget:   psync.Budget{Spacing: time.Second, PerHour: 120, LoginsPerDay: 12},
		Opening:  school.OpenRead,
		Subjects: map[string]string{},
		Files:    psync.Files{Dir: h.path("files"), Most: 20_000_000, PerPoll: 5},
		Backup:   Backup{Keep: 7, Dir: h.path("backups")},
		Accounts: []Account{{
			Name: "lea", Location: zone(t, "Europe/Paris"), Aliases: map[string]string{},
			Account: school.Account{
				URL:         "https://0123456a.index-education.net/pronote",
				Credentials: pronote.Credentials{Kind: pronote.KindStudent, Username: "l.martin"},
				Device:      "pronote-sync",
			},
		}},
	}
	if got := c.Accounts[0].Credentials.Password.Reveal(); got != canary+"-lea" {
		t.Errorf("password is %q, want %q", got, canary+"-lea")
	}
	c.Accounts[0].Credentials.Password, c.Accounts[0].Credentials.PIN = pronote.Secret{}, pronote.Secret{}
	if diff := cmp.Diff(want, c, options); diff != "" {
		t.Error("got (+), want (-):\n", diff)
	}
}

func TestLoadEverything(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	c, err := h.load(t, `
database = "/srv/mirror/lea.db"
language = "en"
timezone = "Europe/London"
[schedule]
marks = "@every 2h"
infos = "5 8 * * 1-5"
absences = "@every 3h"
`+neverBut("marks", "infos", "absences")+`
keepalive = "*/9 8-18 * * *"
hours = "06:30-23:15"
jitter = "0s"
[spans]
homework = 1
lessons = 52
contents = 3
menus = 8
agenda = 52
past = 60
rest = 30

[budget]
spacing = "0s"
requests_per_hour = 2000
requests_per_day = 2_000
logins_per_day = 24
[files]
keep = ["homework", "marks"]
dir = "papers"
largest = 2000
[backup]
every = "12h"
keep = 30
dir = "/media/stick"
[infos]
content = "always"

[[account]]
name = "Tom-1_é"
url = "0123456a.index-education.net/pronote/parent.html"
kind = "parent"
username = " t.martin "
password_credential = "lea"
timezone = "Indian/Reunion"
[account.students]
"MARTIN Léa" = "Léa"

[[notify]]
name = "maman"
channel = "telegram"
token_file = "secrets/telegram"
chat_id = 123456
events = ["mark.*", "homework.new"]
students = ["Léa"]
preset = "calm"
also = ["average.*"]
mute = ["mark.*:EPS"]
quiet = "22:00-06:45"
digest = "19:00"
morning = "never"
horizon = "7d"
group = "30m"
reveal_after = "3h"
class_figures = false
reveal = "spoiler"
language = "fr"
timezone = "America/Martinique"

[[notify]]
name = "papa"
channel = "ntfy"
topic = "a-long-random-word"
admin = true
`)
	if err != nil {
		t.Fatal(err)
	}
	checkPlan(t, c.Plan, map[string]string{"marks": "@every 2h", "infos": "5 8 * * 1-5", "absences": "@every 3h", "keepalive": "*/9 8-18 * * *"})
	c.Plan.Domains, c.Plan.KeepAlive = nil, nil
	c.Accounts[0].Credentials.Password, c.Accounts[0].Credentials.PIN = pronote.Secret{}, pronote.Secret{}
	for i, r := range c.Recipients {
		if r.Notifier == nil {
			t.Errorf("%s has no notifier", r.Name)
		}
		c.Recipients[i].Notifier = nil
	}
	want := &Config{
		Path:     h.path("config.toml"),
		Database: filepath.Clean("/srv/mirror/lea.db"),
		StateDir: filepath.Clean("/srv/mirror/state"),
		TokenDir: filepath.Clean("/srv/mirror/state"),
		Language: "en",
		Location: zone(t, "Europe/London"),
		Plan:     psync.Plan{Rest: psync.Quiet{From: 23*60 + 15, To: 6*60 + 30}},
		Spans:    school.Spans{Homework: 1, Lessons: 52, Contents: 3, Menus: 8, Agenda: 52, Past: 60, Rest: 30},
		Budget:   psync.Budget{PerHour: 2000, PerDay: 2000, LoginsPerDay: 24},
		Opening:  school.OpenAlways,
		Subjects: map[string]string{},
		Files:    psync.Files{Dir: h.path("papers"), Keep: []string{"homework", "marks"}, Most: 2_000_000_000, PerPoll: 5},
		Backup:   Backup{Every: 12 * time.Hour, Keep: 30, Dir: "/media/stick"},
		Accounts: []Account{{
			Name: "Tom-1_é", Location: zone(t, "Indian/Reunion"), Aliases: map[string]string{"MARTIN Léa": "Léa"},
			Account: school.Account{
				URL:         "https://0123456a.index-education.net/pronote",
				Credentials: pronote.Credentials{Kind: pronote.KindParent, Username: "t.martin"},
				Device:      "pronote-sync",
			},
		}},
		Recipients: []psync.Recipient{
			{
				Name: "maman", Channel: "telegram", Students: []string{"Léa"}, Reveal: psync.RevealSpoiler, Language: "fr",
				Location: zone(t, "America/Martinique"), NoClass: true,
				Policy: psync.Policy{
					Preset: psync.Calm, Events: []string{"mark.*", "homework.new"}, Also: []string{"average.*"}, Mute: []string{"mark.*:EPS"},
					Quiet: psync.Quiet{From: 22 * 60, To: 6*60 + 45}, Digest: hour(19, 0), Weekly: hour(18, 30), Horizon: 7, Group: 30 * time.Minute, RevealAfter: 3 * time.Hour,
				},
			},
			{
				Name: "papa", Channel: "ntfy", Reveal: psync.RevealFull, Language: "en", Location: zone(t, "Europe/London"), Admin: true,
				Policy: psync.Policy{
					Preset: psync.Normal, Quiet: psync.Quiet{From: 21*60 + 30, To: 6*60 + 45}, Digest: hour(18, 30), Morning: hour(7, 0), Weekly: hour(18, 30),
					Horizon: 14, Group: 15 * time.Minute,
				},
			},
		},
	}
	if diff := cmp.Diff(want, c, options); diff != "" {
		t.Error("got (+), want (-):\n", diff)
	}
}

func hour(hour, minute int) psync.Hour { return psync.Hour{Set: true, Minute: hour*60 + minute} }

// neverBut leaves all kinds of data out but some.
func neverBut(some ...string) (lines string) {
	for _, d := range Domains() {
		if !slices.Contains(some, d.Name) {
			lines += d.Name + " = \"never\"\n"
		}
	}
	return lines
}

// options compare time zones by name, and secrets not at all.
var options = cmp.Options{
	cmp.Comparer(func(a, b *time.Location) bool { return a.String() == b.String() }),
	cmp.Comparer(func(a, b pronote.Secret) bool { return a == b }),
}

func checkPlan(t *testing.T, p psync.Plan, want map[string]string) {
	t.Helper()
	got := map[string]cron.Schedule{"keepalive": p.KeepAlive}
	for domain, schedule := range p.Domains {
		got[domain] = schedule
	}
	for name, spec := range want {
		schedule, err := cron.ParseStandard(spec)
		if err != nil {
			t.Fatal(err)
		}
		at := time.Date(2026, 1, 5, 7, 1, 0, 0, time.UTC)
		if got[name] == nil || !got[name].Next(at).Equal(schedule.Next(at)) {
			t.Errorf("%s is not scheduled as %q", name, spec)
		}
		delete(got, name)
	}
	if len(got) > 0 {
		t.Errorf("scheduled besides: %v", got)
	}
}

func TestWaysToLogIn(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	const place = "[[account]]\nname = \"lea\"\nurl = \"https://example.org/pronote\"\n"
	c, err := h.load(t, place+"login = \"token\"\ndevice = \"cuisine\"\npin_file = \"secrets/lea-pin\"\n")
	if err != nil {
		t.Fatal(err)
	}
	a := c.Accounts[0]
	if !a.ByToken || a.Device != "cuisine" || a.Credentials.PIN.Reveal() != "4711" || a.Credentials.Username != "" || !a.Credentials.Password.IsZero() {
		t.Errorf("account %+v", a)
	}
	c, err = h.load(t, place+"login = \"password\"\nusername = \"l.martin\"\npassword_file = \"secrets/lea\"\n")
	if err != nil || c.Accounts[0].ByToken || !c.Accounts[0].Credentials.PIN.IsZero() {
		t.Errorf("account %+v, %v", c.Accounts[0], err)
	}
}

func TestEachDomainHasASchedule(t *testing.T) {
	t.Parallel()
	for _, domain := range Domains() {
		if _, err := cron.ParseStandard(domain.Schedule); err != nil {
			t.Errorf("%s has no usual schedule: %v", domain.Name, err)
		}
	}
}

func TestEnvironmentOverrides(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.env["PRONOTE_SYNC_LANGUAGE"] = "en"
	h.env["PRONOTE_SYNC_TIMEZONE"] = "Indian/Reunion"
	h.env["PRONOTE_SYNC_ACCOUNT_LEA_PASSWORD"] = canary + "-env"
	h.env["PRONOTE_SYNC_NOTIFY_GRAND_P_RE_TOKEN"] = telegramToken
	c, err := h.load(t, "database = 'data/mirror.db'\n"+strings.Replace(lea, "secrets/lea", "secrets/nowhere", 1)+`
[[notify]]
name = "grand-père"
channel = "telegram"
chat_id = "@famille"
`)
	if err != nil {
		t.Fatal(err)
	}
	if c.Database != h.path("data/mirror.db") || c.StateDir != h.path("data/state") {
		t.Errorf("database %s, state %s", c.Database, c.StateDir)
	}
	if c.Language != "en" || c.Recipients[0].Language != "en" || c.Accounts[0].Location.String() != "Indian/Reunion" {
		t.Errorf("language %s, account in %s", c.Language, c.Accounts[0].Location)
	}
	if got := c.Accounts[0].Credentials.Password.Reveal(); got != canary+"-env" {
		t.Errorf("password is %q, want that of the environment", got)
	}
}

func TestWaysOfWindows(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	if _, err := h.load(t, "\uFEFF"+strings.ReplaceAll(lea, "\n", "\r\n")); err != nil {
		t.Error(err)
	}
}

func TestRelativePathOfTheFile(t *testing.T) {
	h := newHome(t)
	h.write(t, "config.toml", lea)
	t.Chdir(h.dir)
	c, err := load("config.toml", h.outside())
	if err != nil {
		t.Fatal(err)
	}
	if !filepath.IsAbs(c.Path) || !filepath.IsAbs(c.Database) || filepath.Dir(c.Path) != filepath.Dir(c.Database) {
		t.Errorf("path %s, database %s, want both absolute", c.Path, c.Database)
	}
}

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// TestPortal gives an account a portal of the program's, and one of the file's.
func TestPortal(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	c, err := h.load(t, lea+"cas = \"agora06\"\ncas_account = \"Collège\"\n[[portal]]\nid = \"agora06\"\nengine = \"cas_form\"\nbase = \"https://cas.example\"\n")
	if err != nil {
		t.Fatal(err)
	}
	login := c.Logins["lea"]
	if login == nil || c.Accounts[0].Credentials.Portal == nil || login.Portal.Base != "https://cas.example" ||
		login.Account != "Collège" || login.Parent || login.Username != "l.martin" || login.Password() != canary+"-lea" {
		t.Errorf("got %+v", login)
	}
	c, err = h.load(t, strings.Replace(lea, "https://", "http://", 1)+"cas = \"agora06\"\n")
	if err == nil {
		t.Errorf("a login without https passes: %+v", c)
	}
	c, err = h.load(t, strings.Replace(lea, "https://0123456a.index-education.net", "http://pronote.college.example", 1)+"cas = \"agora06\"\n")
	if err != nil || len(c.Warnings) != 1 || !strings.Contains(c.Warnings[0].Error(), "unencrypted") {
		t.Errorf("got %+v, %v", c, err)
	}
}

// TestAMistakeInTemplatesIsAWarning: messages are worded all the same.
func TestAMistakeInTemplatesIsAWarning(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	for folder, want := range map[string]string{
		"words":    "",
		"mistakes": "config.toml:2:1: " + h.path("mistakes") + ": fr/mark.tmpl is not used",
		"nowhere":  "config.toml:2:1: " + h.path("nowhere") + " is no folder",
	} {
		c, err := h.load(t, "[messages]\ntemplates = '"+folder+"'\n"+lea)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(errors.Join(c.Warnings...)); (want == "") != (got == "<nil>") || !strings.Contains(got, want) {
			t.Errorf("%s: warnings %q, want %q", folder, got, want)
		}
	}
}
