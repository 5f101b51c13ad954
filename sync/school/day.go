package school

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// nearDays is how far ahead people want to know when a day begins and ends.
const nearDays = 7

// A turnedDay is a day whose first or last hour is another than it was.
type turnedDay struct {
	day         pronote.Date
	before, now hours
}

// hours are when the lessons of a day begin and end; zero when there are none.
type hours struct{ starts, ends pronote.DateTime }

// turnedDays are the near days that begin or end at another time than before
// some changes.
func turnedDays(changes []mirror.Change[pronote.Lesson], seen []pronote.Lesson, now pronote.DateTime) []turnedDay {
	days := map[pronote.Date]bool{}
	before := slices.Clone(seen)
	for _, c := range changes {
		if c.Kind != mirror.Removed {
			days[c.New.Starts.Date] = true
			before[c.At] = c.Old // the zero Lesson for an added one
		} else {
			before = append(before, c.Old)
		}
		if c.Kind != mirror.Added {
			days[c.Old.Starts.Date] = true
		}
	}
	var turned []turnedDay
	for day := now.Date; day.DaysSince(now.Date) <= nearDays; day = day.AddDays(1) {
		if !days[day] {
			continue
		}
		d := turnedDay{day, hoursOf(day, before), hoursOf(day, seen)}
		if d.before.starts != d.now.starts && latest(d.before.starts, d.now.starts).Compare(now) > 0 ||
			d.before.ends != d.now.ends && latest(d.before.ends, d.now.ends).Compare(now) > 0 {
			turned = append(turned, d)
		}
	}
	return turned
}

// hoursOf is when the lessons that are held on a day begin and end. Class
// councils are not for pupils.
func hoursOf(day pronote.Date, lessons []pronote.Lesson) (h hours) {
	for _, l := range lessons {
		if l.Starts.Date != day || l.Cancelled || l.Kind == "council" {
			continue
		}
		if h.starts.IsZero() || l.Starts.Compare(h.starts) < 0 {
			h.starts = l.Starts
		}
		h.ends = latest(h.ends, latest(l.Starts, l.Ends))
	}
	return h
}

func latest(a, b pronote.DateTime) pronote.DateTime {
	if a.IsZero() || !b.IsZero() && b.Compare(a) > 0 {
		return b
	}
	return a
}

// event is of a day whose hours changed because of some stories. It shares the cause of
// those that are all of one, as of a detention, and is told with them.
func (d turnedDay) event(stories []weighedStory) db.Event {
	e := db.Event{Kind: "day.changed", Day: d.day, Cause: dayCause(d.day)}
	if d.before.starts != d.now.starts {
		e.Over = latest(d.before.starts, d.now.starts)
	}
	if d.before.ends != d.now.ends {
		e.Over = latest(e.Over, latest(d.before.ends, d.now.ends))
	}
	var why []db.Event
	for _, s := range stories {
		if s.shifts(d.day) {
			why = append(why, s.event)
		}
	}
	differs := func(f func(db.Event) string) bool {
		return slices.ContainsFunc(why, func(other db.Event) bool { return f(other) != f(why[0]) })
	}
	if len(why) > 0 && !differs(func(e db.Event) string { return e.Cause }) {
		e.Cause = why[0].Cause
		if !differs(func(e db.Event) string { return e.Minor }) {
			e.Minor = why[0].Minor
		}
	}
	return e
}

func (d turnedDay) telling() mirror.Telling {
	facts := func(h hours) json.RawMessage {
		text, err := json.Marshal(map[string]pronote.DateTime{"starts_at": h.starts, "ends_at": h.ends})
		if err != nil {
			panic(fmt.Sprintf("the hours of a day do not marshal: %v", err)) // texts always do
		}
		return text
	}
	var what []string
	if d.before.starts != d.now.starts {
		what = append(what, "starts_at")
	}
	if d.before.ends != d.now.ends {
		what = append(what, "ends_at")
	}
	now, err := json.Marshal(map[string]any{"day": d.day, "starts_at": d.now.starts, "ends_at": d.now.ends})
	if err != nil {
		panic(fmt.Sprintf("a day does not marshal: %v", err)) // texts always do
	}
	return mirror.Telling{Now: now, Before: facts(d.before), What: what}
}
