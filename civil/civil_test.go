package civil_test

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/pronote-sync/pronote-sync/civil"
)

func day(year int, month time.Month, day int) civil.Date {
	return civil.Date{Year: year, Month: month, Day: day}
}

// anyDay draws a day that a calendar has.
func anyDay(t *rapid.T, name string) civil.Date {
	return day(1900, time.January, 1).AddDays(rapid.IntRange(0, 100_000).Draw(t, name))
}

// anyTime draws a wall-clock time.
func anyTime(t *rapid.T, name string) civil.DateTime {
	second := rapid.IntRange(0, 86_399).Draw(t, name+" second")
	return civil.DateTime{Date: anyDay(t, name+" day"), Hour: second / 3600, Minute: second / 60 % 60, Second: second % 60}
}

func TestDaysAndTimesAsText(t *testing.T) {
	t.Parallel()
	for want, d := range map[string]civil.Date{
		"": {}, "2025-11-17": day(2025, time.November, 17), "2025-01-02": day(2025, time.January, 2),
		"0007-03-09": day(7, time.March, 9), "0987-12-31": day(987, time.December, 31), "12025-10-10": day(12025, time.October, 10),
	} {
		if got := d.String(); got != want {
			t.Errorf("%#v is written %q, want %q", d, got, want)
		}
	}
	for want, dt := range map[string]civil.DateTime{
		"": {}, "2025-11-17 00:00:00": {Date: day(2025, time.November, 17)},
		"2025-01-02 03:04:05": {Date: day(2025, time.January, 2), Hour: 3, Minute: 4, Second: 5},
		"2025-12-31 23:59:10": {Date: day(2025, time.December, 31), Hour: 23, Minute: 59, Second: 10},
	} {
		if got := dt.String(); got != want {
			t.Errorf("%#v is written %q, want %q", dt, got, want)
		}
	}
}

func TestParseDate(t *testing.T) {
	t.Parallel()
	if got, err := civil.ParseDate("2024-02-29"); err != nil || got != day(2024, time.February, 29) {
		t.Errorf("ParseDate(2024-02-29) = %v, %v", got, err)
	}
	for _, text := range []string{"", "2025-02-29", "2025-13-01", "2025-1-1", "17/11/2025", "2025-11-17 10:00:00", "demain"} {
		if got, err := civil.ParseDate(text); err == nil {
			t.Errorf("ParseDate(%q) = %v, want an error", text, got)
		}
	}
	if got, err := civil.ParseDateTime("2025-11-17 13:30:05"); err != nil || got != (civil.DateTime{Date: day(2025, time.November, 17), Hour: 13, Minute: 30, Second: 5}) {
		t.Errorf("ParseDateTime(2025-11-17 13:30:05) = %v, %v", got, err)
	}
	for _, text := range []string{"", "2025-11-17", "2025-11-17T13:30:05", "2025-11-17 24:00:00", "2025-11-17 13:30"} {
		if got, err := civil.ParseDateTime(text); err == nil {
			t.Errorf("ParseDateTime(%q) = %v, want an error", text, got)
		}
	}
}

func TestZeroDatesAreEmptyTexts(t *testing.T) {
	t.Parallel()
	type both struct {
		D civil.Date
		T civil.DateTime
	}
	text, err := json.Marshal(both{})
	if want := `{"D":"","T":""}`; err != nil || string(text) != want {
		t.Errorf("zero values as JSON = %s, %v, want %s", text, err, want)
	}
	full := both{day(2025, time.May, 1), civil.DateTime{Date: day(2025, time.May, 1)}}
	if err := json.Unmarshal(text, &full); err != nil || full != (both{}) {
		t.Errorf("empty texts read over other values = %+v, %v, want zero values", full, err)
	}
	if err := json.Unmarshal([]byte(`{"D":"demain"}`), &full); err == nil {
		t.Error("a text that is no day is accepted")
	}
	if !(civil.Date{}).IsZero() || !(civil.DateTime{}).IsZero() || day(2025, time.May, 1).IsZero() {
		t.Error("IsZero is wrong")
	}
}

func TestDateProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d, e := anyDay(t, "d"), anyDay(t, "e")
		n := rapid.IntRange(-100_000, 100_000).Draw(t, "n")
		if got := d.AddDays(n).DaysSince(d); got != n {
			t.Errorf("%s plus %d days is %d days later", d, n, got)
		}
		if got := e.AddDays(d.DaysSince(e)); got != d {
			t.Errorf("from %s to %s: %s", e, d, got)
		}
		if got, want := sign(d.Compare(e)), sign(d.DaysSince(e)); got != want || d.Compare(e) != -e.Compare(d) {
			t.Errorf("%s.Compare(%s) = %d, want the sign %d", d, e, got, want)
		}
		if (d.Compare(e) == 0) != (d == e) {
			t.Errorf("%s.Compare(%s) = 0, and they differ", d, e)
		}
		if got := d.AddDays(7).Weekday(); got != d.Weekday() {
			t.Errorf("a week after %s is a %s", d, got)
		}
		if got, err := civil.ParseDate(d.String()); err != nil || got != d {
			t.Errorf("ParseDate(%s) = %s, %v", d, got, err)
		}
		if got := civil.DateOf(d.In(time.FixedZone("", 11*3600))); got != d {
			t.Errorf("%s in another zone is %s", d, got)
		}
	})
}

func TestDateTimeProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyTime(t, "a"), anyTime(t, "b")
		if got, err := civil.ParseDateTime(a.String()); err != nil || got != a {
			t.Errorf("ParseDateTime(%s) = %s, %v", a, got, err)
		}
		zone := time.FixedZone("", rapid.IntRange(-12, 14).Draw(t, "zone")*3600)
		if got := civil.DateTimeOf(a.In(zone)); got != a {
			t.Errorf("%s in a zone shows %s", a, got)
		}
		if got, want := a.Compare(b), a.In(zone).Compare(b.In(zone)); got != want || (got == 0) != (a == b) {
			t.Errorf("%s.Compare(%s) = %d, want %d", a, b, got, want)
		}
		text, err := json.Marshal(a)
		var again civil.DateTime
		if err != nil || json.Unmarshal(text, &again) != nil || again != a {
			t.Errorf("%s through JSON (%s) is %s", a, text, again)
		}
	})
}

// Durations hold 292 years; the distance to the zero Date once came out as that.
func TestDaysSinceLongAgo(t *testing.T) {
	t.Parallel()
	if got, want := day(9999, time.December, 31).DaysSince(day(1, time.January, 1)), 3_652_058; got != want {
		t.Errorf("days from year 1 to 9999 = %d, want %d", got, want)
	}
}

func sign(n int) int { return max(-1, min(1, n)) }
