package sync

import (
	"fmt"
	"strings"
	"time"
)

// Quiet is a stretch of each day without messages, or with polls, in minutes
// since midnight. It may run over midnight; the zero Quiet is empty.
type Quiet struct{ From, To int }

// ParseQuiet reads "21:30-06:45".
func ParseQuiet(text string) (Quiet, error) {
	from, to, ok := strings.Cut(strings.ReplaceAll(text, " ", ""), "-")
	start, errFrom := time.Parse("15:04", from)
	end, errTo := time.Parse("15:04", to)
	if !ok || errFrom != nil || errTo != nil {
		return Quiet{}, fmt.Errorf("%q is not a stretch of hours like 21:30-06:45", text)
	}
	return Quiet{From: start.Hour()*60 + start.Minute(), To: end.Hour()*60 + end.Minute()}, nil
}

// Holds reports whether t, on its own clock, lies within.
func (q Quiet) Holds(t time.Time) bool {
	minute := t.Hour()*60 + t.Minute()
	if q.From <= q.To {
		return q.From <= minute && minute < q.To
	}
	return minute >= q.From || minute < q.To
}

// After is t itself, or the end of the quiet hours that hold it.
func (q Quiet) After(t time.Time) time.Time {
	if !q.Holds(t) {
		return t
	}
	end := time.Date(t.Year(), t.Month(), t.Day(), q.To/60, q.To%60, 0, 0, t.Location())
	if !end.After(t) {
		end = time.Date(t.Year(), t.Month(), t.Day()+1, q.To/60, q.To%60, 0, 0, t.Location())
	}
	return end
}

// An Hour is a time of each day; the zero Hour is none.
type Hour struct {
	Set    bool
	Minute int // since midnight
}

// ParseHour reads "18:30".
func ParseHour(text string) (Hour, error) {
	t, err := time.Parse("15:04", strings.TrimSpace(text))
	if err != nil {
		return Hour{}, fmt.Errorf("%q is not a time of day like 18:30", text)
	}
	return Hour{Set: true, Minute: t.Hour()*60 + t.Minute()}, nil
}

// On is the hour on the day of an instant.
func (h Hour) On(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), h.Minute/60, h.Minute%60, 0, 0, t.Location())
}
