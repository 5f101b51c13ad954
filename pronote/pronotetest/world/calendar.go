package world

import (
	"fmt"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// calendar is a French school year: from when to when, its periods, its holidays.
type calendar struct {
	year         string // "2025-2026"
	starts, ends pronote.Date
	periods      []pronote.Period // the terms of the class
	outside      pronote.Period   // for what belongs to no term, such as mock exams
	holidays     []pronote.Holiday
}

// newCalendar is the year that begins in a September, in one of the three zones
// that take their winter and spring holidays in turn.
func newCalendar(year, zone int) calendar {
	c := calendar{
		year:     fmt.Sprintf("%d-%d", year, year+1),
		starts:   onOrAfter(day(year, time.August, 29), time.Monday),
		ends:     onOrBefore(day(year+1, time.July, 6), time.Friday),
		holidays: holidays(year, zone),
	}
	c.periods = c.divided("Trimestre", "term",
		onOrBefore(day(year, time.November, 30), time.Sunday),
		onOrBefore(day(year+1, time.March, 15), time.Sunday),
		c.ends,
	)
	c.outside = c.throughout("Hors période", "other")
	return c
}

// throughout is a period as long as the school year.
func (c calendar) throughout(name, kind string) pronote.Period {
	return pronote.Period{Name: name, Year: c.year, Starts: c.starts, Ends: c.ends, Kind: kind}
}

// inSemesters is the same year for a class that has two semesters.
func (c calendar) inSemesters() calendar {
	c.periods = c.divided("Semestre", "semester", onOrBefore(day(c.ends.Year, time.January, 31), time.Sunday), c.ends)
	return c
}

// divided are periods that follow one another without a gap, each up to a last
// day.
func (c calendar) divided(name, kind string, lastDays ...pronote.Date) []pronote.Period {
	var periods []pronote.Period
	starts := c.starts
	for i, last := range lastDays {
		periods = append(periods, pronote.Period{
			Name: fmt.Sprintf("%s %d", name, i+1), Year: c.year, Starts: starts, Ends: last, Kind: kind,
		})
		starts = last.AddDays(1)
	}
	return periods
}

// periodOf is the period of a day, or the one of what belongs to no term.
func (c calendar) periodOf(day pronote.Date, outside bool) pronote.Period {
	if outside {
		return c.outside
	}
	return c.periods[c.periodAt(day)]
}

// periodAt is the number of the period of a day, the nearest one for days outside
// the school year.
func (c calendar) periodAt(day pronote.Date) int {
	for i, p := range c.periods {
		if day.Compare(p.Ends) <= 0 {
			return i
		}
	}
	return len(c.periods) - 1
}

// open reports whether there are lessons on a day.
func (c calendar) open(day pronote.Date) bool {
	if day.Compare(c.starts) < 0 || day.Compare(c.ends) > 0 {
		return false
	}
	if day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
		return false
	}
	return !within(c.holidays, day)
}

// openFrom is the first day with lessons from a day on; the day itself when the
// school year is over.
func (c calendar) openFrom(day pronote.Date) pronote.Date {
	for d := day; d.Compare(c.ends) <= 0; d = d.AddDays(1) {
		if c.open(d) {
			return d
		}
	}
	return day
}

// week is "A" or "B", in turn from the first week of the school year on.
func (c calendar) week(day pronote.Date) string {
	if day.DaysSince(c.starts)/7%2 == 0 {
		return "A"
	}
	return "B"
}

func day(year int, month time.Month, day int) pronote.Date {
	return pronote.Date{Year: year, Month: month, Day: day}
}

func onOrAfter(d pronote.Date, weekday time.Weekday) pronote.Date {
	return d.AddDays(int(weekday-d.Weekday()+7) % 7)
}

func onOrBefore(d pronote.Date, weekday time.Weekday) pronote.Date {
	return d.AddDays(-(int(d.Weekday()-weekday+7) % 7))
}

// at is a minute of a day.
func at(d pronote.Date, hour, minute int) pronote.DateTime {
	return pronote.DateTime{Date: d, Hour: hour, Minute: minute}
}

// after is a time so much later on the clock.
func after(t pronote.DateTime, d time.Duration) pronote.DateTime {
	return pronote.DateTimeOf(t.In(time.UTC).Add(d))
}
