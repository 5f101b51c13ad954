package wire

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// DateTime is a date as the server writes it, "17/11/2025" or "17/11/2025
// 13:30:00": the school's wall clock, without a zone. It reads into a time.Time
// in UTC that stands for that wall clock; absent or empty is the zero Time.
type DateTime struct{ time.Time }

// UnmarshalJSON implements json.Unmarshaler.
func (d *DateTime) UnmarshalJSON(text []byte) error {
	var plain Text
	if err := plain.UnmarshalJSON(text); err != nil {
		return err
	}
	parsed, err := ParseDateTime(string(plain))
	*d = DateTime{parsed}
	return err
}

// ParseDateTime reads "17/11/2025", "1/9/2025 8:0:0" and "05/09/25 08h30".
func ParseDateTime(text string) (time.Time, error) {
	date, clock, _ := strings.Cut(strings.TrimSpace(text), " ")
	if date == "" {
		return time.Time{}, nil
	}
	day, ok := numbers(date, "/")
	if !ok || len(day) != 3 {
		return time.Time{}, fmt.Errorf("expected a date like 17/11/2025")
	}
	if day[2] < 100 {
		day[2] += 2000
	}
	at := time.Date(day[2], time.Month(day[1]), day[0], 0, 0, 0, 0, time.UTC)
	if at.Day() != day[0] || int(at.Month()) != day[1] {
		return time.Time{}, fmt.Errorf("expected a date like 17/11/2025")
	}
	if clock = strings.TrimSpace(strings.Replace(clock, "h", ":", 1)); clock == "" {
		return at, nil
	}
	hms, ok := numbers(clock, ":")
	if !ok || len(hms) < 2 || len(hms) > 3 || hms[0] > 23 || hms[1] > 59 || hms[len(hms)-1] > 59 {
		return time.Time{}, fmt.Errorf("expected a time like 13:30:00")
	}
	at = at.Add(time.Duration(hms[0])*time.Hour + time.Duration(hms[1])*time.Minute)
	if len(hms) == 3 {
		at = at.Add(time.Duration(hms[2]) * time.Second)
	}
	return at, nil
}

func numbers(text, separator string) ([]int, bool) {
	var out []int
	for part := range strings.SplitSeq(text, separator) {
		n, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil || n < 0 || n > 9999 {
			return nil, false
		}
		out = append(out, n)
	}
	return out, true
}

// FormatDate writes a date as the server does: a typed value of type 7.
func FormatDate(at time.Time) map[string]any {
	return map[string]any{"_T": 7, "V": at.Format("02/01/2006 15:04:05")}
}
