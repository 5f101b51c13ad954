package pronote

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// The parts of a date as PRONOTE speaks of it in the list of discussions.
var (
	spokenClock = regexp.MustCompile(`\b(\d{1,2})[h:](\d{2})\b`)
	spokenDay   = regexp.MustCompile(`\b(\d{1,2})/(\d{1,2})(?:/(\d{2}|\d{4}))?\b`)
	yesterday   = regexp.MustCompile(`(?i)\bhier\b`)
	weekdays    = []string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"}
)

// parseSpoken reads "15h50", "hier 15h50", "lundi 15h50", "lundi 17/11" and
// "17/11/25", said on a day. Where the text leaves it open, the date is the latest
// that is not after that day. The clock is 0:00:00 where there is none; a text
// that says no day, or none that is known here, gives the zero DateTime.
func parseSpoken(text string, today Date) DateTime {
	at := DateTime{Date: spokenDate(text, today)}
	clock := spokenClock.FindStringSubmatch(text)
	switch {
	case clock == nil:
	case at.Date.IsZero() && strings.TrimSpace(text) != clock[0]:
		return DateTime{} // words of another language
	default:
		hour, minute := atoi(clock[1]), atoi(clock[2])
		if hour > 23 || minute > 59 {
			return DateTime{}
		}
		at.Hour, at.Minute = hour, minute
		if at.Date.IsZero() {
			at.Date = today
		}
	}
	return at
}

func spokenDate(text string, today Date) Date {
	if day := spokenDay.FindStringSubmatch(text); day != nil {
		return dayBefore(atoi(day[1]), atoi(day[2]), day[3], today)
	}
	if yesterday.MatchString(text) {
		return today.AddDays(-1)
	}
	for i, name := range weekdays {
		if strings.Contains(strings.ToLower(text), name) {
			return today.AddDays(-(int(today.Weekday()) - i + 7) % 7)
		}
	}
	return Date{}
}

// dayBefore is a day of a year; where none is given, of the latest in which it
// is not after today.
func dayBefore(day, month int, year string, today Date) Date {
	date := Date{Year: today.Year, Month: time.Month(month), Day: day}
	switch {
	case len(year) == 2:
		date.Year = 2000 + atoi(year)
	case year != "":
		date.Year = atoi(year)
	case date.Compare(today) > 0:
		date.Year--
	}
	if DateOf(date.In(time.UTC)) != date {
		return Date{} // 31 February
	}
	return date
}

// atoi reads digits that a pattern has found.
func atoi(digits string) int {
	n, err := strconv.Atoi(digits)
	if err != nil {
		return -1 // more than an int holds, which no pattern here lets through
	}
	return n
}
