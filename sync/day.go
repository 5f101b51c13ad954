package sync

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pronote-sync/pronote-sync/civil"
)

// dayWords are how many days after today people mean.
var dayWords = map[string]int{
	"aujourd'hui": 0, "aujourd’hui": 0, "aujourdhui": 0, "today": 0, "demain": 1, "tomorrow": 1, "hier": -1, "yesterday": -1,
	"après-demain": 2, "apres-demain": 2, "avant-hier": -2,
}

// weekdays are their names, from Sunday on.
var weekdays = [][]string{
	{"dimanche", "dim", "sunday", "sun"}, {"lundi", "lun", "monday", "mon"}, {"mardi", "mar", "tuesday", "tue"}, {"mercredi", "mer", "wednesday", "wed"},
	{"jeudi", "jeu", "thursday", "thu"}, {"vendredi", "ven", "friday", "fri"}, {"samedi", "sam", "saturday", "sat"},
}

// DayOf reads a day as people write it, in either language: "2025-11-20", "20/11/2025",
// "20/11" of the school year, "demain", or the next "jeudi", which may be today.
func DayOf(word string, today civil.Date) (civil.Date, bool) {
	word = strings.ToLower(strings.TrimSpace(word))
	if day, err := civil.ParseDate(word); err == nil {
		return day, true
	}
	if ahead, ok := dayWords[word]; ok {
		return today.AddDays(ahead), true
	}
	if n, ok := weekdayOf(word); ok {
		return today.AddDays((n - int(today.Weekday()) + 7) % 7), true
	}
	return slashed(word, today)
}

// DaySince is DayOf for the beginning of what is over: a weekday is the last one, which
// may be today.
func DaySince(word string, today civil.Date) (civil.Date, bool) {
	day, ok := DayOf(word, today)
	if _, isWeekday := weekdayOf(strings.ToLower(strings.TrimSpace(word))); isWeekday && day.Compare(today) > 0 {
		day = day.AddDays(-7)
	}
	return day, ok
}

func weekdayOf(word string) (n int, ok bool) {
	n = slices.IndexFunc(weekdays, func(names []string) bool { return slices.Contains(names, strings.TrimSuffix(word, ".")) })
	return n, n >= 0
}

// slashed reads "20/11", "20/11/25" and "20/11/2025".
func slashed(word string, today civil.Date) (civil.Date, bool) {
	var day, month, year int
	switch strings.Count(word, "/") {
	case 1:
		if !scanned(word, "%d/%d", &day, &month) {
			return civil.Date{}, false
		}
		year = schoolYear(today)
		if time.Month(month) < newYear {
			year++
		}
	case 2:
		if !scanned(word, "%d/%d/%d", &day, &month, &year) {
			return civil.Date{}, false
		}
		if year < 100 {
			year += 2000
		}
	}
	found, err := civil.ParseDate(fmt.Sprintf("%04d-%02d-%02d", year, month, day))
	return found, err == nil
}

// newYear is the month from which people mean the coming school year.
const newYear = time.August

// schoolYear is the calendar year in which the school year of a day begins.
func schoolYear(day civil.Date) int {
	if day.Month < newYear {
		return day.Year - 1
	}
	return day.Year
}

// scanned reads numbers without signs, and nothing after them.
func scanned(text, format string, numbers ...any) bool {
	if strings.Trim(text, "0123456789/") != "" {
		return false
	}
	var rest string
	n, _ := fmt.Sscanf(text+" .", format+" %s", append(numbers, &rest)...)
	return n == len(numbers)+1 && rest == "."
}
