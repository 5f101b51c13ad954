// Package civil has days and times as clocks at a school show them.
package civil

import (
	"cmp"
	"fmt"
	"strconv"
	"time"
)

// Date is a day of the school's calendar. The zero Date means "not given".
//
// Schools write their wall clock and never say in which zone, so Date and DateTime
// carry none: they compare with ==, survive storage unchanged, and
// turn into an instant only where a caller names the place with In.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf is the day of t in t's own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// ParseDate reads "2025-11-17".
func ParseDate(text string) (Date, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return Date{}, fmt.Errorf("%q is not a day like 2025-11-17", text)
	}
	return DateOf(t), nil
}

// IsZero reports whether no day was given.
func (d Date) IsZero() bool { return d == Date{} }

// In is the midnight that starts the day in a place.
func (d Date) In(loc *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, loc)
}

// AddDays is the day n days later, or earlier when n is negative.
func (d Date) AddDays(n int) Date { return DateOf(d.In(time.UTC).AddDate(0, 0, n)) }

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.In(time.UTC).Weekday() }

// Monday is the first day of the week.
func (d Date) Monday() Date { return d.AddDays(-(int(d.Weekday()) + 6) % 7) }

// Compare is negative, zero or positive as d is before, on or after e.
func (d Date) Compare(e Date) int {
	return cmp.Or(cmp.Compare(d.Year, e.Year), cmp.Compare(d.Month, e.Month), cmp.Compare(d.Day, e.Day))
}

// DaysSince is the number of days from e to d.
func (d Date) DaysSince(e Date) int {
	const day = 24 * 60 * 60
	return int((d.In(time.UTC).Unix() - e.In(time.UTC).Unix()) / day) // a time.Duration holds 292 years
}

// String writes "2025-11-17", or nothing for the zero Date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return string(d.append(make([]byte, 0, len(time.DateOnly))))
}

// append does without package fmt: comparing a mirror with a snapshot writes
// every day in them.
func (d Date) append(text []byte) []byte {
	text = append(appendPadded(text, d.Year, 1000), '-')
	text = append(appendPadded(text, int(d.Month), 10), '-')
	return appendPadded(text, d.Day, 10)
}

// appendPadded writes n with as many digits as limit has, or more.
func appendPadded(text []byte, n, limit int) []byte {
	for ; n < limit && limit > 1; limit /= 10 {
		text = append(text, '0')
	}
	return strconv.AppendInt(text, int64(n), 10)
}

// MarshalText implements encoding.TextMarshaler with String.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler with ParseDate; an empty
// text is the zero Date.
func (d *Date) UnmarshalText(text []byte) (err error) {
	*d = Date{}
	if len(text) > 0 {
		*d, err = ParseDate(string(text))
	}
	return err
}

// DateTime is a wall-clock time at the school, to the second. See Date for why
// it has no zone.
type DateTime struct {
	Date
	Hour, Minute, Second int
}

// DateTimeOf is the wall clock that t shows in t's own location.
func DateTimeOf(t time.Time) DateTime {
	return DateTime{DateOf(t), t.Hour(), t.Minute(), t.Second()}
}

// ParseDateTime reads "2025-11-17 13:30:00".
func ParseDateTime(text string) (DateTime, error) {
	t, err := time.Parse(time.DateTime, text)
	if err != nil {
		return DateTime{}, fmt.Errorf("%q is not a time like 2025-11-17 13:30:00", text)
	}
	return DateTimeOf(t), nil
}

// IsZero reports whether no time was given.
func (t DateTime) IsZero() bool { return t == DateTime{} }

// In is the instant at which clocks in a place show t.
func (t DateTime) In(loc *time.Location) time.Time {
	return time.Date(t.Year, t.Month, t.Day, t.Hour, t.Minute, t.Second, 0, loc)
}

// Compare is negative, zero or positive as t is before, at or after u.
func (t DateTime) Compare(u DateTime) int { return t.In(time.UTC).Compare(u.In(time.UTC)) }

// String writes "2025-11-17 13:30:00", or nothing for the zero DateTime.
func (t DateTime) String() string {
	if t.IsZero() {
		return ""
	}
	text := append(t.Date.append(make([]byte, 0, len(time.DateTime))), ' ')
	text = append(appendPadded(text, t.Hour, 10), ':')
	text = append(appendPadded(text, t.Minute, 10), ':')
	return string(appendPadded(text, t.Second, 10))
}

// MarshalText implements encoding.TextMarshaler with String.
func (t DateTime) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler with ParseDateTime; an empty
// text is the zero DateTime.
func (t *DateTime) UnmarshalText(text []byte) (err error) {
	*t = DateTime{}
	if len(text) > 0 {
		*t, err = ParseDateTime(string(text))
	}
	return err
}
