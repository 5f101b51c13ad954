package wording

import (
	"fmt"
	"text/template"
	"time"
)

// A Language is one way of wording: a template for each kind of event, and the
// ways of writing numbers and days.
type Language struct {
	shipped *template.Template
	own     *template.Template // those of a person among them; nil where there are none
	warn    func(error)        // told of what fails of them

	comma     string
	euroFirst bool     // before the amount
	weekdays  []string // from Sunday on
	months    []string
	day       func(l *Language, t time.Time) string
	clock     func(hour, minute int) string
	at        string // between a day and a time
	times     string // how often, a format
}

// Languages are those that messages can be written in.
var Languages = []string{"fr", "en"}

func languageOf(name string) *Language {
	if name == "en" {
		return english()
	}
	return french()
}

func french() *Language {
	return &Language{
		comma:    ",",
		weekdays: []string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
		months: []string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
			"septembre", "octobre", "novembre", "décembre"},
		day: func(l *Language, t time.Time) string {
			ordinal := fmt.Sprint(t.Day())
			if t.Day() == 1 {
				ordinal = "1er"
			}
			return l.weekdays[t.Weekday()] + " " + ordinal + " " + l.months[t.Month()-1]
		},
		clock: func(hour, minute int) string {
			if minute == 0 {
				return fmt.Sprintf("%d h", hour)
			}
			return fmt.Sprintf("%d h %02d", hour, minute)
		},
		at:    " à ",
		times: " (%d fois)",
	}
}

func english() *Language {
	return &Language{
		comma:     ".",
		euroFirst: true,
		weekdays:  []string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		months: []string{"January", "February", "March", "April", "May", "June", "July", "August",
			"September", "October", "November", "December"},
		day: func(l *Language, t time.Time) string {
			return fmt.Sprintf("%s %d %s", l.weekdays[t.Weekday()], t.Day(), l.months[t.Month()-1])
		},
		clock: func(hour, minute int) string { return fmt.Sprintf("%d:%02d", hour, minute) },
		at:    " at ",
		times: " (%d times)",
	}
}
