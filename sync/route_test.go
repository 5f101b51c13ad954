package sync

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
)

// parisTime is an instant on the clocks of Paris.
func parisTime(t testing.TB, text string) time.Time {
	t.Helper()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", text, paris)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// eventOn is an event about a day that is so far away, with a row.
func eventOn(now time.Time, kind string, days int, row string) db.Event {
	return db.Event{Kind: kind, Item: 1, Day: civil.DateTimeOf(now).Date.AddDays(days), Data: json.RawMessage(`{"now":` + row + `}`)}
}

// usualRecipient is somebody who configured nothing but a preset.
func usualRecipient(t testing.TB, preset Preset) Recipient {
	t.Helper()
	r := Recipient{Name: "maman", Channel: "ntfy", Language: "fr", Reveal: RevealFull, Location: parisTime(t, "2025-11-18 16:00").Location()}
	r.Policy = Policy{
		Preset: preset, Digest: Hour{true, 18*60 + 30}, Morning: Hour{true, 7 * 60}, Weekly: Hour{true, 18*60 + 30}, Horizon: 14, Group: 15 * time.Minute,
	}
	if preset != All {
		r.Quiet = Quiet{21*60 + 30, 6*60 + 45}
	}
	return r
}

// TestRoutePresets holds each row of the table that says who is told when: I is at once,
// D in the digest, - not at all.
func TestRoutePresets(t *testing.T) {
	t.Parallel()
	now := parisTime(t, "2025-11-18 16:00") // a Tuesday
	const far, soon, none = 5, 1, -400
	for _, tt := range []struct {
		kind  string
		days  int // none: about no day
		row   string
		minor string
		want  string // calm, normal, all
	}{
		{"homework.new", soon, `{}`, "", "DDI"},
		{"homework.new", far, `{}`, "", "DDI"},
		{"homework.changed", far, `{}`, db.MinorTypo, "---"},
		{"homework.changed", far, `{}`, "", "DDI"},
		{"homework.removed", far, `{}`, "", "DDI"},
		{"average.changed", none, `{}`, db.MinorSubject, "---"},
		{"average.changed", none, `{}`, "", "--D"},
		{"mark.new", none, `{}`, "", "DII"},
		{"mark.changed", none, `{}`, "", "DII"},
		{"mark.changed", none, `{}`, db.MinorTitle, "--D"},
		{"mark.changed", none, `{}`, db.MinorDate, "--D"},
		{"mark.changed", none, `{}`, db.MinorCoefficient, "--D"},
		{"mark.changed", none, `{}`, db.MinorDrift, "---"},
		{"mark.removed", none, `{}`, "", "DDD"},
		{"evaluation.new", none, `{}`, "", "DDI"},
		{"evaluation.new", none, `{}`, db.MinorNoLevel, "---"},
		{"evaluation.changed", none, `{}`, "", "DDI"},
		{"report.new", none, `{}`, "", "DII"},
		{"report.changed", none, `{}`, "", "DDD"},
		{"day.changed", soon, `{}`, "", "III"},
		{"day.changed", far, `{}`, "", "DDI"},
		{"lesson.cancelled", 0, `{}`, "", "III"},
		{"lesson.cancelled", soon, `{}`, "", "III"},
		{"lesson.cancelled", far, `{}`, "", "DDI"},
		{"lesson.restored", far, `{}`, "", "DDI"},
		{"lesson.moved", far, `{}`, "", "DDI"},
		{"lesson.replaced", far, `{}`, "", "DDI"},
		{"lesson.new", soon, `{}`, "", "III"},
		{"lesson.new", far, `{}`, "", "DDI"},
		{"lesson.new", far, `{"outing":1}`, "", "DDI"},
		{"lesson.new", far, `{"detention":1}`, "", "III"},
		{"lesson.test", soon, `{}`, "", "DDI"},
		{"lesson.test", far, `{}`, "", "DDI"},
		{"agenda.new", far, `{}`, "", "DDI"},
		{"agenda.changed", far, `{}`, "", "DDI"},
		{"agenda.removed", far, `{}`, "", "DDI"},
		{"lesson.room", soon, `{}`, "", "DDI"},
		{"lesson.room", far, `{}`, "", "--D"},
		{"lesson.room", far, `{}`, db.MinorSame, "---"},
		{"lesson.teacher", far, `{}`, "", "-DD"},
		{"absence.new", 0, `{"justified":0}`, "", "III"},
		{"absence.new", far, `{"justified":1}`, "", "DDD"},
		{"absence.changed", none, `{"justified":1}`, "", "DDI"},
		{"absence.changed", none, `{}`, db.MinorEnded, "---"},
		{"absence.removed", none, `{}`, "", "DDI"},
		{"delay.new", none, `{}`, "", "DII"},
		{"delay.changed", none, `{}`, "", "-DD"},
		{"delay.removed", none, `{}`, "", "-DD"},
		{"punishment.new", none, `{}`, "", "III"},
		{"punishment.changed", none, `{}`, "", "III"},
		{"punishment.removed", none, `{}`, "", "III"},
		{"punishment.changed", none, `{}`, db.MinorText, "DDI"},
		{"observation.new", none, `{"kind":"infirmary"}`, "", "III"},
		{"observation.new", none, `{"kind":"incident"}`, "", "III"},
		{"observation.new", none, `{"kind":""}`, "", "DDI"},
		{"message.new", none, `{}`, "", "DII"},
		{"info.new", none, `{}`, "", "DDI"},
		{"info.changed", none, `{}`, "", "DDD"},
		{"info.changed", none, `{}`, db.MinorPrefix, "---"},
		{"survey.new", none, `{}`, "", "DDI"},
		{"menu.new", none, `{}`, "", "--D"},
		{"person.changed", none, `{}`, "", "DDD"},
		{"wallet.low", none, `{"balance":3.2}`, "", "DII"},
		{"wallet.low", none, `{"balance":-3.2}`, "", "III"},
		{"balance.low", none, `{}`, "", "DII"},
		{"balance.negative", none, `{}`, "", "III"},
		{"transaction.new", none, `{}`, "", "-DI"},
		{"activity.new", none, `{}`, "", "DDI"},
		{"system.banned", none, `{}`, "", "III"},
		{"system.recovered", none, `{}`, "", "III"},
		{"system.child_joined", none, `{}`, "", "DDD"},
		{"system.upgraded", none, `{}`, "", "---"},
		{"reminder.due", none, `{}`, "", "DDD"},
	} {
		e := eventOn(now, tt.kind, tt.days, tt.row)
		e.Minor = tt.minor
		if tt.days == none {
			e.Day = civil.Date{}
		}
		var got strings.Builder
		for _, preset := range Presets {
			d := Route(e, db.Student{}, usualRecipient(t, preset), nil, now)
			got.WriteString(map[string]string{db.Now: "I", db.Digest: "D", db.None: "-"}[d.Way])
			if d.Reason == "" {
				t.Errorf("%s of %+d days in %s: no reason", tt.kind, tt.days, preset)
			}
		}
		if got.String() != tt.want {
			t.Errorf("%s %s of %+d days, %s: %s, want %s", tt.kind, tt.minor, tt.days, tt.row, got.String(), tt.want)
		}
	}
}

// TestWhatADigestWouldTellTooLate: another room of this morning, and work that was
// corrected on the day it was due, woke people who had wanted a digest of them.
func TestWhatADigestWouldTellTooLate(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		at, kind string
		days     int // until its day
		preset   Preset
		plain    bool // without a digest
		way      string
		reason   Reason
	}{
		"a room of today":                    {"07:15", "lesson.room", 0, Calm, false, db.None, ReasonNotInPreset},
		"for somebody who wants everything":  {"07:15", "lesson.room", 0, All, false, db.Now, ReasonPreset},
		"for somebody without a digest":      {"07:15", "lesson.room", 0, Calm, true, db.Now, ReasonPreset},
		"a test of today":                    {"07:45", "lesson.test", 0, Calm, false, db.None, ReasonNotInPreset},
		"which others want to know of":       {"07:45", "lesson.test", 0, Normal, false, db.Now, ReasonGroup},
		"work corrected on the day":          {"07:15", "homework.changed", 0, Normal, false, db.None, ReasonOver},
		"withdrawn on it":                    {"07:15", "homework.removed", 0, Normal, false, db.None, ReasonOver},
		"corrected on the eve, after supper": {"19:15", "homework.changed", 1, Normal, false, db.Now, ReasonGroup},
		"given on the eve, after supper":     {"19:15", "homework.new", 1, Normal, false, db.Now, ReasonGroup},
	} {
		now := parisTime(t, "2025-11-18 "+tt.at)
		e := eventOn(now, tt.kind, tt.days, `{}`)
		e.Over = civil.DateTime{Date: e.Day, Hour: 12}
		to := usualRecipient(t, tt.preset)
		if tt.plain {
			to.Digest, to.Weekly = Hour{}, Hour{}
		}
		if d := Route(e, db.Student{}, to, nil, now); d.Way != tt.way || d.Reason != tt.reason {
			t.Errorf("%s: %s because %s, want %s because %s", name, d.Way, d.Reason, tt.way, tt.reason)
		}
	}
}

// TestRouteRules holds what a recipient may add to a preset, and the hours.
func TestRouteRules(t *testing.T) {
	t.Parallel()
	lea, tom := db.Student{ID: 1, Name: "MARTIN Léa"}, db.Student{ID: 2, Name: "MARTIN Tom"}

	const maths = `{"subject":"MATHEMATIQUES"}`
	for name, tt := range map[string]struct {
		at     string
		change func(*Recipient)
		kind   string
		days   int
		data   string
		mutes  []db.Mute
		of     db.Student
		way    string
		due    string // "" for at
		reason Reason
	}{
		"a mark waits half an hour for others":         {kind: "mark.new", way: db.Now, due: "2025-11-18 16:30", reason: ReasonGroup},
		"a punishment waits for nothing but others":    {kind: "punishment.new", way: db.Now, reason: ReasonPreset},
		"a lesson of tomorrow waits for nobody's sake": {kind: "lesson.cancelled", days: 1, way: db.Now, due: "2025-11-18 16:15", reason: ReasonGroup},
		"a lesson of today does not wait":              {kind: "lesson.cancelled", way: db.Now, reason: ReasonPreset},
		"a digest is at its hour":                      {kind: "homework.new", days: 3, way: db.Digest, due: "2025-11-18 18:30", reason: ReasonDigest},
		"after it, the next one":                       {at: "2025-11-18 19:00", kind: "homework.new", days: 3, way: db.Digest, due: "2025-11-19 18:30", reason: ReasonDigest},
		"on Friday evening, on Sunday":                 {at: "2025-11-21 19:00", kind: "homework.new", days: 4, way: db.Digest, due: "2025-11-23 18:30", reason: ReasonDigest},
		"without a digest, at once":                    {change: func(r *Recipient) { r.Digest, r.Weekly = Hour{}, Hour{} }, kind: "homework.new", days: 3, way: db.Now, due: "2025-11-18 16:15", reason: ReasonGroup},

		"in the quiet hours it waits":                {at: "2025-11-18 22:00", kind: "message.new", way: db.Now, due: "2025-11-19 06:45", reason: ReasonQuiet},
		"what would be due in them waits, too":       {at: "2025-11-18 21:20", kind: "message.new", way: db.Now, due: "2025-11-19 06:45", reason: ReasonQuiet},
		"the infirmary goes through":                 {at: "2025-11-18 22:00", kind: "observation.new", data: `{"now":{"kind":"infirmary"}}`, way: db.Now, reason: ReasonAlarm},
		"an unexplained absence goes through":        {at: "2025-11-18 22:00", kind: "absence.new", way: db.Now, reason: ReasonAlarm},
		"the first hour of today goes through":       {at: "2025-11-18 06:10", kind: "day.changed", data: `{"now":{},"what":["starts_at"]}`, way: db.Now, reason: ReasonAlarm},
		"that of tomorrow does not":                  {at: "2025-11-18 22:00", kind: "day.changed", days: 1, data: `{"now":{},"what":["starts_at"]}`, way: db.Now, due: "2025-11-19 06:45", reason: ReasonQuiet},
		"nor the last one of today":                  {at: "2025-11-18 06:10", kind: "day.changed", data: `{"now":{},"what":["ends_at"]}`, way: db.Now, due: "2025-11-18 06:45", reason: ReasonQuiet},
		"nor what the program says of itself":        {at: "2025-11-18 22:00", kind: "system.banned", way: db.Now, due: "2025-11-19 06:45", reason: ReasonQuiet},
		"in the night of the spring's change":        {at: "2026-03-28 23:00", kind: "message.new", way: db.Now, due: "2026-03-29 06:45", reason: ReasonQuiet},
		"in the hour that autumn has twice":          {at: "2025-10-26 02:30", kind: "message.new", way: db.Now, due: "2025-10-26 06:45", reason: ReasonQuiet},
		"beyond the horizon the timetable is silent": {kind: "lesson.cancelled", days: 15, way: db.None, reason: ReasonHorizon},
		"up to it, it is not":                        {kind: "lesson.cancelled", days: 14, way: db.Digest, due: "2025-11-18 18:30", reason: ReasonDigest},
		"a test is told however far it is":           {kind: "lesson.test", days: 40, way: db.Digest, due: "2025-11-18 18:30", reason: ReasonDigest},
		"a detention is, too":                        {kind: "lesson.new", days: 40, data: `{"now":{"detention":1}}`, way: db.Now, due: "2025-11-18 16:15", reason: ReasonGroup},
		"homework is no timetable":                   {kind: "homework.new", days: 40, way: db.Digest, due: "2025-11-18 18:30", reason: ReasonDigest},

		"reveal_after waits":               {change: func(r *Recipient) { r.RevealAfter = 3 * time.Hour }, kind: "mark.new", way: db.Now, due: "2025-11-18 19:00", reason: ReasonRevealAfter},
		"and respects the quiet hours":     {at: "2025-11-18 20:00", change: func(r *Recipient) { r.RevealAfter = 3 * time.Hour }, kind: "mark.new", way: db.Now, due: "2025-11-19 06:45", reason: ReasonQuiet},
		"reveal_after is not for messages": {change: func(r *Recipient) { r.RevealAfter = 3 * time.Hour }, kind: "message.new", way: db.Now, due: "2025-11-18 16:15", reason: ReasonGroup},

		"a muted subject is silent":         {change: func(r *Recipient) { r.Mute = []string{"mark.*:Mathematiques"} }, kind: "mark.new", data: `{"now":` + maths + `}`, way: db.None, reason: ReasonMuted},
		"another subject is not":            {change: func(r *Recipient) { r.Mute = []string{"mark.*:Anglais"} }, kind: "mark.new", data: `{"now":` + maths + `}`, way: db.Now, due: "2025-11-18 16:30", reason: ReasonGroup},
		"nor is another kind":               {change: func(r *Recipient) { r.Mute = []string{"mark.*:Mathematiques"} }, kind: "homework.new", days: 2, data: `{"now":` + maths + `}`, way: db.Digest, due: "2025-11-18 18:30", reason: ReasonDigest},
		"a muted kind is silent":            {change: func(r *Recipient) { r.Mute = []string{"message.*"} }, kind: "message.new", way: db.None, reason: ReasonMuted},
		"also tells at once":                {change: func(r *Recipient) { r.Also = []string{"menu.new"} }, kind: "menu.new", way: db.Now, due: "2025-11-18 16:15", reason: ReasonGroup},
		"also hastens a digest":             {change: func(r *Recipient) { r.Also, r.Group = []string{"homework.*"}, 0 }, kind: "homework.new", days: 3, way: db.Now, reason: ReasonChosen},
		"mute wins over also":               {change: func(r *Recipient) { r.Also, r.Mute = []string{"menu.*"}, []string{"menu.*"} }, kind: "menu.new", way: db.None, reason: ReasonMuted},
		"events leaves out what it has not": {change: func(r *Recipient) { r.Events = []string{"mark.*"} }, kind: "message.new", way: db.None, reason: ReasonNotChosen},
		"events tells what the preset does not": {
			change: func(r *Recipient) { r.Events = []string{"menu.*"} }, kind: "menu.new", way: db.Now, due: "2025-11-18 16:15", reason: ReasonGroup},
		"events keeps the preset's moment": {change: func(r *Recipient) { r.Events = []string{"homework.*"} }, kind: "homework.new", days: 3, way: db.Digest, due: "2025-11-18 18:30", reason: ReasonDigest},

		"another child's is silent":         {change: func(r *Recipient) { r.Students = []string{"Léa"} }, kind: "message.new", of: tom, way: db.None, reason: ReasonOtherStudent},
		"one's own is not":                  {change: func(r *Recipient) { r.Students = []string{"léa"} }, kind: "punishment.new", of: lea, way: db.Now, reason: ReasonPreset},
		"nor what is about nobody":          {change: func(r *Recipient) { r.Students = []string{"Léa"} }, kind: "system.banned", way: db.Now, reason: ReasonPreset},
		"a new version is for whoever runs": {kind: "system.upgraded", data: `{"now":{"newer":true}}`, way: db.None, reason: ReasonAdmin},
		"who is told": {
			change: func(r *Recipient) { r.Admin = true }, kind: "system.upgraded", data: `{"now":{"newer":true}}`, way: db.Now, reason: ReasonPreset},
		"what is muted for a week waits for the digest": {
			kind: "message.new", of: lea, mutes: []db.Mute{{Recipient: "maman", Family: "message", Student: 1}}, way: db.Digest, due: "2025-11-18 18:30", reason: ReasonSnoozed},
		"not for the other child": {
			kind: "message.new", of: tom, mutes: []db.Mute{{Recipient: "maman", Family: "message", Student: 1}}, way: db.Now, due: "2025-11-18 16:15", reason: ReasonGroup},
		"nor for the other parent": {
			kind: "message.new", of: lea, mutes: []db.Mute{{Recipient: "papa", Family: "message", Student: 1}}, way: db.Now, due: "2025-11-18 16:15", reason: ReasonGroup},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			at := tt.at
			if at == "" {
				at = "2025-11-18 16:00"
			}
			now := parisTime(t, at)
			to := usualRecipient(t, Normal)
			if tt.change != nil {
				tt.change(&to)
			}
			e := eventOn(now, tt.kind, tt.days, `{}`)
			if e.Student = tt.of.ID; tt.data != "" {
				e.Data = json.RawMessage(tt.data)
			}
			if tt.due == "" {
				tt.due = at
			}
			got := Route(e, tt.of, to, tt.mutes, now)
			due := got.Due.In(now.Location()).Format("2006-01-02 15:04")
			if got.Way != tt.way || got.Reason != tt.reason || tt.way != db.None && due != tt.due {
				t.Errorf("%s at %s because %s, want %s at %s because %s", got.Way, due, got.Reason, tt.way, tt.due, tt.reason)
			}
		})
	}
}
