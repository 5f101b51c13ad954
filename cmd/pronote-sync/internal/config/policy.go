package config

import (
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

// forPrograms are the channels whose reader is a program: it wants all, at once, and no
// letter about the day.
var forPrograms = []string{"webhook", "command"}

// The most that somebody may ask for.
const (
	mostGroup   = 2 * time.Hour
	mostReveal  = 3 * 24 * time.Hour
	mostHorizon = 366
)

// policy is what a recipient wants to be told, and when.
func (t *table) policy(channel string) psync.Policy {
	preset, usual := psync.Normal, usualPolicy{"21:30-06:45", "18:30", "07:00", "18:30", "14d", 15 * time.Minute}
	program := slices.Contains(forPrograms, channel)
	if program {
		preset = psync.All
	}
	preset = choice(t, "preset", preset, psync.Presets...)
	if preset == psync.All {
		usual.quiet = "never"
	}
	if program {
		usual = usualPolicy{"never", "never", "never", "never", "never", 0}
	}
	return psync.Policy{
		Preset:      preset,
		Events:      t.kinds("events"),
		Also:        t.kinds("also"),
		Mute:        t.kinds("mute"),
		Quiet:       t.quiet(usual.quiet),
		Digest:      t.hour("digest", usual.digest),
		Morning:     t.hour("morning", usual.morning),
		Weekly:      t.hour("weekly", usual.weekly),
		Horizon:     t.horizon(usual.horizon),
		Group:       t.duration("group", usual.group, mostGroup),
		RevealAfter: t.duration("reveal_after", 0, mostReveal),
	}
}

// usualPolicy is what holds where nothing is said.
type usualPolicy struct {
	quiet, digest, morning, weekly, horizon string
	group                                   time.Duration
}

// kinds are patterns of events; nil where there is no such key.
func (t *table) kinds(key string) []string {
	patterns := t.texts(key)
	if !t.has(key) {
		return nil
	}
	if len(patterns) == 0 && key == "events" {
		t.problem("events", "events is empty: leave it out to be told the usual ones")
	}
	for i, pattern := range patterns {
		kinds, _, ofSubject := strings.Cut(pattern, ":")
		where := t.spot.find(key, strconv.Itoa(i)).place
		switch {
		case !Domains().Match(kinds):
			t.problems = append(t.problems, problem{where, badPattern(kinds)})
		case ofSubject && key != "mute":
			t.problems = append(t.problems, problem{where, say.Errorf("%s: %q names a subject, which only mute may: leave it out", key, pattern)})
		}
	}
	return patterns
}

// badPattern says what is wrong with a pattern of events.
func badPattern(pattern string) error {
	if _, err := path.Match(pattern, ""); err != nil {
		return say.Errorf("event pattern %q cannot be read", pattern)
	}
	return say.Errorf("no event matches %q: there are %s", pattern, strings.Join(Domains().Families(), ", "))
}

// isNever reports whether a person says that there is to be none.
func isNever(text string) bool { return text == "never" }

func (t *table) quiet(usual string) psync.Quiet {
	text := t.text("quiet", usual)
	if isNever(text) {
		return psync.Quiet{}
	}
	quiet, err := psync.ParseQuiet(text)
	if err != nil {
		t.problem("quiet", notHours, "quiet", text)
	}
	return quiet
}

// hour reads a time of day, or that there is none.
func (t *table) hour(key, usual string) psync.Hour {
	text := t.text(key, usual)
	if isNever(text) {
		return psync.Hour{}
	}
	hour, err := psync.ParseHour(text)
	if err != nil {
		t.problem(key, `%s: %q is not a time of day like 18:30, nor "never"`, key, text)
	}
	return hour
}

// horizon reads a number of days, "14d", 0 for none.
func (t *table) horizon(usual string) int {
	text := t.text("horizon", usual)
	if isNever(text) {
		return 0
	}
	days, err := strconv.Atoi(strings.TrimSuffix(text, "d"))
	if err != nil || !strings.HasSuffix(text, "d") || days < 1 || days > mostHorizon {
		t.problem("horizon", `%s: %q is not a number of days like 14d, nor "never"`, "horizon", text)
	}
	return days
}
