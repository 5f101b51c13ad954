package wording

import (
	"fmt"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/pronote-sync/pronote-sync/civil"
)

// How far away a day is at most that its weekday and its number name: in a line, and in
// a title, which has less room, and is read at once.
const (
	nearDays  = 6
	titleDays = 13
)

// A moment is a day, or a time of one.
type moment struct {
	civil.DateTime
	timed bool // the time is known
}

// momentOf reads what the mirror or a digest has: "2025-11-20", "2025-11-20 08:30:00",
// a civil.Date or a civil.DateTime.
func momentOf(value any) (moment, bool) {
	switch v := value.(type) {
	case civil.Date:
		return moment{civil.DateTime{Date: v}, false}, !v.IsZero()
	case civil.DateTime:
		return moment{v, true}, !v.IsZero()
	case string:
		if t, err := civil.ParseDateTime(v); err == nil {
			return moment{t, true}, true
		}
		day, err := civil.ParseDate(v)
		return moment{civil.DateTime{Date: day}, false}, err == nil
	}
	return moment{}, false
}

// A calendar writes days and hours in a language, for a reader on whose clock it is now.
type calendar struct {
	*Language
	now civil.DateTime // zero where nobody reads: no word is relative then
}

// written lets a function write a moment; what is none is written as it is.
func written(write func(moment) string) func(any) string {
	return func(value any) string {
		m, ok := momentOf(value)
		if !ok {
			return textOf(value)
		}
		return write(m)
	}
}

// distance is the number of days from today, and whether it is known.
func (c *calendar) distance(d civil.Date) (int, bool) {
	return d.DaysSince(c.now.Date), !c.now.IsZero()
}

// near writes a day for a title: "demain", "jeu. 27", "jeu. 4 déc.".
func (c *calendar) near(m moment) string {
	days, known := c.distance(m.Date)
	if word, ok := c.relative[days]; ok && known {
		return word
	}
	if known && abs(days) <= titleDays {
		return c.weekdaysShort[m.Weekday()] + " " + c.number1(m.Date)
	}
	return c.short(m.Date)
}

// brief writes a day with short names that no word replaces, "jeu. 20".
func (c *calendar) brief(m moment) string { return c.short(m.Date) }

func (c *calendar) short(d civil.Date) string {
	weekday := c.weekdaysShort[d.Weekday()]
	if days, known := c.distance(d); known && days >= -nearDays && days <= nearDays {
		return weekday + " " + c.number1(d)
	}
	return weekday + " " + c.date(d, c.monthsShort)
}

// day writes a day for a line: "jeudi 20", "jeudi 27 novembre".
func (c *calendar) day(m moment) string {
	weekday := c.weekdays[m.Weekday()]
	if days, known := c.distance(m.Date); known && days >= -nearDays && days <= nearDays {
		return weekday + " " + c.number1(m.Date)
	}
	return weekday + " " + c.date(m.Date, c.months)
}

// full writes a day whole, for the heading of a digest: "jeudi 20 novembre 2025".
func (c *calendar) full(m moment) string {
	return c.weekdays[m.Weekday()] + " " + c.number1(m.Date) + noBreak + c.months[m.Month-1] + noBreak + fmt.Sprint(m.Year)
}

// date writes a day by its number and its month, and the year if it is another one.
func (c *calendar) date(d civil.Date, months []string) string {
	text := c.number1(d) + noBreak + months[d.Month-1]
	if !c.now.IsZero() && d.Year != c.now.Year && abs(d.DaysSince(c.now.Date)) > sameYear {
		text += noBreak + fmt.Sprint(d.Year)
	}
	return text
}

// sameYear is within how many days the year of a day is understood: in December,
// January is the next one.
const sameYear = 120

func abs(n int) int { return max(n, -n) }

// number1 writes the number of a day, "1er".
func (c *calendar) number1(d civil.Date) string {
	if d.Day == 1 {
		return c.first
	}
	return fmt.Sprint(d.Day)
}

// clock writes a time, "8 h 30".
func (c *calendar) clock(m moment) string {
	if !m.timed {
		return ""
	}
	return c.writeTime(m.Hour, m.Minute)
}

// at writes a day and a time for a title, "demain à 8 h 30".
func (c *calendar) at(m moment) string { return joined(c.near(m), c.atWord, c.clock(m)) }

// on writes a day and a time for a line, "jeudi 20 à 8 h 30".
func (c *calendar) on(m moment) string { return joined(c.day(m), c.atWord, c.clock(m)) }

func joined(a, word, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + word + b
}

// hours writes a stretch of a day for a title, "8 h–12 h"; only the start where
// the end is unknown.
func (c *calendar) hours(from, to any) string {
	a, b := written(c.clock)(from), written(c.clock)(to)
	if b == "" || a == b {
		return a
	}
	return a + "–" + b
}

// span writes a stretch of a day for a line, "de 8 h à 12 h".
func (c *calendar) span(from, to any) string {
	a, b := written(c.clock)(from), written(c.clock)(to)
	switch {
	case a == "" && b == "":
		return ""
	case b == "" || a == b:
		return c.spanAt + a
	case a == "":
		return c.spanUntil + b
	}
	return c.spanFrom + a + c.spanTo + b
}

// days writes several days for a line, "du 17 au 21 novembre"; one day by itself.
func (c *calendar) days(from, to any) string {
	a, okA := momentOf(from)
	b, okB := momentOf(to)
	switch {
	case !okA:
		return written(c.day)(to)
	case !okB || a.Date == b.Date:
		return c.day(a)
	case a.Year == b.Year && a.Month == b.Month:
		return c.daysFrom + c.number1(a.Date) + c.daysTo + c.date(b.Date, c.months)
	}
	return c.daysFrom + c.date(a.Date, c.months) + c.daysTo + c.date(b.Date, c.months)
}

// near days are written for a title, "du lun. 17 au mer. 19", "du 25 nov. au 9 déc.".
func (c *calendar) nearDays(from, to any) string {
	a, okA := momentOf(from)
	b, okB := momentOf(to)
	switch {
	case !okA:
		return written(c.near)(to)
	case !okB || a.Date == b.Date:
		return c.near(a)
	}
	since, known := c.distance(a.Date)
	until, _ := c.distance(b.Date)
	if known && since >= -nearDays && until <= nearDays {
		return c.daysFrom + c.short(a.Date) + c.daysTo + c.short(b.Date)
	}
	if a.Year == b.Year && a.Month == b.Month {
		return c.daysFrom + c.number1(a.Date) + c.daysTo + c.date(b.Date, c.monthsShort)
	}
	return c.daysFrom + c.date(a.Date, c.monthsShort) + c.daysTo + c.date(b.Date, c.monthsShort)
}

// weekday writes the name of a day alone, "jeudi".
func (c *calendar) weekday(m moment) string { return c.weekdays[m.Weekday()] }

// minutes writes a duration, "45 min", "1 h 15".
func (l *Language) minutes(value any) string {
	n := int(amount(value))
	switch {
	case n <= 0:
		return ""
	case n < 60:
		return fmt.Sprint(n) + noBreak + "min"
	case n%60 == 0:
		return fmt.Sprint(n/60) + noBreak + "h"
	}
	return fmt.Sprintf("%d%sh%s%02d", n/60, noBreak, noBreak, n%60)
}

// amount is a number of the data, 0 for none.
func amount(value any) float64 {
	bare, _ := uncover(value)
	switch v := bare.(type) {
	case float64:
		return v
	case int:
		return float64(v)
	case int64:
		return float64(v)
	case time.Duration:
		return v.Minutes()
	}
	return 0
}

// sameDay reports whether two moments are of one day.
func sameDay(a, b any) bool {
	one, ok := momentOf(a)
	other, okToo := momentOf(b)
	return ok && okToo && one.Date == other.Date
}

// capital writes a text with a capital in front.
func capital(value any) any {
	bare, hidden := uncover(value)
	text := textOf(bare)
	first, size := utf8.DecodeRuneInString(text)
	if size == 0 {
		return value
	}
	return coverIf(hidden, string(unicode.ToUpper(first))+text[size:])
}

// isZero reports whether a day or a time of a digest is not given.
func isZero(value any) bool {
	_, ok := momentOf(value)
	return !ok
}

// Day writes a day, such as "2025-11-20", in full and alone: "Jeudi 20 novembre 2025"; ""
// where it is none.
func (l *Language) Day(day string) string {
	m, ok := momentOf(day)
	if !ok {
		return ""
	}
	c := &calendar{Language: l}
	return textOf(capital(c.full(m)))
}
