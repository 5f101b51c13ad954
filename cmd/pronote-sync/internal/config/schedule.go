package config

import (
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/school"
)

const notHours = "%s: %q is not a stretch of hours like 21:30-06:45"

// never is written in place of a schedule for what is not to be polled.
const never = "never"

func (t *table) plan() psync.Plan {
	p := psync.Plan{Domains: map[string]cron.Schedule{}}
	for _, domain := range Domains() {
		if spec := t.text(domain.Name, domain.Schedule); spec != never {
			p.Domains[domain.Name] = t.schedule(domain.Name, spec)
		}
	}
	p.KeepAlive = t.schedule("keepalive", t.text("keepalive", "*/20 7-22 * * *"))
	text := t.text("hours", "07:00-22:00")
	hours, err := psync.ParseQuiet(text)
	if err != nil {
		t.problem("hours", notHours, "hours", text)
	}
	p.Rest = psync.Quiet{From: hours.To, To: hours.From}
	p.Jitter = t.duration("jitter", time.Minute, time.Hour)
	return p
}

func (t *table) schedule(key, spec string) cron.Schedule {
	if strings.Contains(spec, "TZ=") {
		t.problem(key, "%s names a time zone: leave it out, and set timezone at the top or in the account", key)
		return nil
	}
	schedule, err := cron.ParseStandard(spec)
	if err != nil {
		t.problem(key, "%s %q is not a schedule like \"*/15 7-22 * * *\" or \"@every 2h\": %v", key, spec, err)
	}
	return schedule
}

// The longest spans: a school year, and what canteens publish.
const (
	mostWeeks = 52
	mostMenus = 8
	mostDays  = 60
)

func (t *table) spans() school.Spans {
	usual := school.UsualSpans
	return school.Spans{
		Homework: t.span("homework", usual.Homework, mostWeeks, "weeks"),
		Lessons:  t.span("lessons", usual.Lessons, mostWeeks, "weeks"),
		Contents: t.span("contents", usual.Contents, mostWeeks, "weeks"),
		Menus:    t.span("menus", usual.Menus, mostMenus, "weeks"),
		Agenda:   t.span("agenda", usual.Agenda, mostWeeks, "weeks"),
		Past:     t.span("past", usual.Past, mostDays, "days"),
		Rest:     t.span("rest", usual.Rest, mostDays, "days"),
	}
}

// span is a number of weeks or days, from 1 to most.
func (t *table) span(key string, fallback, most int, unit string) int {
	n := t.number(key, fallback)
	if n < 1 || n > most {
		t.problem(key, "%s is out of range: choose 1 to %d %s", key, most, say.Word(unit))
	}
	return n
}

// The most that may be asked of a school.
const (
	maxRequests = 2000
	maxLogins   = 24
	maxSpacing  = time.Minute
)

func (t *table) budget() psync.Budget {
	return psync.Budget{
		Spacing:      t.duration("spacing", time.Second, maxSpacing),
		PerHour:      t.limit("requests_per_hour", 120, maxRequests),
		PerDay:       t.limit("requests_per_day", 0, maxRequests), // if absent, what the number of children makes it
		LoginsPerDay: t.limit("logins_per_day", 12, maxLogins),
	}
}

// limit is a number from 1 to most, or the fallback.
func (t *table) limit(key string, fallback, most int) int {
	n := t.number(key, fallback)
	if t.has(key) && (n < 1 || n > most) {
		t.problem(key, "%s is out of range: choose 1 to %d, for more gets addresses banned", key, most)
	}
	return n
}
