package world

import (
	"slices"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// holidays are those of a school year, in order: the four breaks, then the
// public holidays that fall outside of them.
func holidays(year, zone int) []pronote.Holiday {
	next := year + 1
	winter := onOrAfter(day(next, time.February, 5), time.Saturday).AddDays(7 * zone)
	ascension := easter(next).AddDays(39)
	all := []pronote.Holiday{
		fortnight("Vacances de la Toussaint", onOrAfter(day(year, time.October, 17), time.Saturday)),
		fortnight("Vacances de Noël", onOrAfter(day(year, time.December, 18), time.Saturday)),
		fortnight("Vacances d'hiver", winter),
		fortnight("Vacances de printemps", winter.AddDays(8*7)),
		{Name: "Pont de l'Ascension", Starts: ascension, Ends: ascension.AddDays(3)},
	}
	for _, h := range []pronote.Holiday{
		single("Armistice 1918", day(year, time.November, 11)),
		single("Lundi de Pâques", easter(next).AddDays(1)),
		single("Fête du Travail", day(next, time.May, 1)),
		single("Victoire 1945", day(next, time.May, 8)),
		single("Lundi de Pentecôte", easter(next).AddDays(50)),
	} {
		if !within(all, h.Starts) {
			all = append(all, h)
		}
	}
	slices.SortFunc(all, func(a, b pronote.Holiday) int { return a.Starts.Compare(b.Starts) })
	return all
}

// fortnight is a break of two weeks with the three weekends around them.
func fortnight(name string, saturday pronote.Date) pronote.Holiday {
	return pronote.Holiday{Name: name, Starts: saturday, Ends: saturday.AddDays(15)}
}

func single(name string, day pronote.Date) pronote.Holiday {
	return pronote.Holiday{Name: name, Starts: day, Ends: day}
}

func within(holidays []pronote.Holiday, day pronote.Date) bool {
	return slices.ContainsFunc(holidays, func(h pronote.Holiday) bool {
		return day.Compare(h.Starts) >= 0 && day.Compare(h.Ends) <= 0
	})
}

// easter is Easter Sunday of the Gregorian calendar, by the anonymous method
// that almanacs print.
func easter(year int) pronote.Date {
	a, b, c := year%19, year/100, year%100
	d := (19*a + b - b/4 - (b-(b+8)/25+1)/3 + 15) % 30
	e := (32 + 2*(b%4) + 2*(c/4) - d - c%4) % 7
	f := d + e - 7*((a+11*d+22*e)/451) + 114
	return day(year, time.Month(f/31), f%31+1)
}
