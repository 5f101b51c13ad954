package sync

import (
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/civil"
)

func TestDaysAsPeopleTypeThem(t *testing.T) {
	t.Parallel()
	today := civil.Date{Year: 2025, Month: time.November, Day: 19} // a Wednesday
	for _, test := range []struct{ word, ahead, since string }{
		{"2025-11-20", "2025-11-20", "2025-11-20"},
		{"demain", "2025-11-20", "2025-11-20"},
		{"HIER", "2025-11-18", "2025-11-18"},
		{"après-demain", "2025-11-21", "2025-11-21"},
		{"avant-hier", "2025-11-17", "2025-11-17"},
		{"aujourd’hui", "2025-11-19", "2025-11-19"},
		{" today ", "2025-11-19", "2025-11-19"},
		{"lundi", "2025-11-24", "2025-11-17"},
		{"Mon", "2025-11-24", "2025-11-17"},
		{"mer.", "2025-11-19", "2025-11-19"},
		{"17/11", "2025-11-17", "2025-11-17"},
		{"1/9", "2025-09-01", "2025-09-01"},
		{"05/01", "2026-01-05", "2026-01-05"},
		{"17/11/2024", "2024-11-17", "2024-11-17"},
		{"17/11/24", "2024-11-17", "2024-11-17"},
		{"31/11", "", ""}, {"29/02", "", ""}, {"0/0", "", ""}, {"17/11/", "", ""}, {"+7/11", "", ""}, {"17/11/2025/1", "", ""}, {"17 11", "", ""},
		{"/", "", ""}, {"99999999999999999999/1", "", ""}, {"", "", ""}, {"lund", "", ""}, {"2025-02-30", "", ""},
	} {
		ahead, ok := DayOf(test.word, today)
		since, alsoOK := DaySince(test.word, today)
		if ok != alsoOK || ok != (test.ahead != "") || ok && (ahead.String() != test.ahead || since.String() != test.since) {
			t.Errorf("%q is %s (%t) and %s (%t), want %s and %s", test.word, ahead, ok, since, alsoOK, test.ahead, test.since)
		}
	}
	if day, _ := DayOf("17/11", civil.Date{Year: 2026, Month: time.June, Day: 1}); day.String() != "2025-11-17" {
		t.Errorf("in June, 17/11 is %s", day)
	}
}

func FuzzDayOf(f *testing.F) {
	for _, word := range []string{"2025-11-20", "demain", "lundi", "17/11", "17/11/2025", "1/1/1", "mer.", "", "//"} {
		f.Add(word, 20_000)
	}
	f.Fuzz(func(t *testing.T, word string, days int) {
		today := civil.Date{Year: 1970, Month: time.January, Day: 1}.AddDays(days % 100_000)
		day, ok := DayOf(word, today)
		if since, alsoOK := DaySince(word, today); ok != alsoOK || since.Compare(day) > 0 {
			t.Errorf("%q is %s (%t), and since then %s (%t)", word, day, ok, since, alsoOK)
		}
		if again, err := civil.ParseDate(day.String()); ok && (err != nil || again != day) {
			t.Errorf("%q is %v, which is no day: %v", word, day, err)
		}
	})
}
