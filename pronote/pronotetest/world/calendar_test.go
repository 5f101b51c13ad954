package world

import (
	"slices"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
)

func TestEaster(t *testing.T) {
	t.Parallel()
	for year, want := range map[int]string{
		2019: "2019-04-21", 2024: "2024-03-31", 2025: "2025-04-20", 2026: "2026-04-05", 2027: "2027-03-28", 2038: "2038-04-25",
	} {
		if got := easter(year).String(); got != want {
			t.Errorf("easter(%d) = %s, want %s", year, got, want)
		}
	}
}

func TestCalendarOf2025(t *testing.T) {
	t.Parallel()
	var got []string
	c := newCalendar(2025, 1)
	for _, h := range c.holidays {
		got = append(got, h.Starts.String()+" "+h.Ends.String()+" "+h.Name)
	}
	want := []string{
		"2025-10-18 2025-11-02 Vacances de la Toussaint",
		"2025-11-11 2025-11-11 Armistice 1918",
		"2025-12-20 2026-01-04 Vacances de Noël",
		"2026-02-14 2026-03-01 Vacances d'hiver",
		"2026-04-06 2026-04-06 Lundi de Pâques",
		"2026-04-11 2026-04-26 Vacances de printemps",
		"2026-05-01 2026-05-01 Fête du Travail",
		"2026-05-08 2026-05-08 Victoire 1945",
		"2026-05-14 2026-05-17 Pont de l'Ascension",
		"2026-05-25 2026-05-25 Lundi de Pentecôte",
	}
	if !slices.Equal(got, want) {
		t.Errorf("holidays:\ngot  %q\nwant %q", got, want)
	}
	if c.starts != day(2025, time.September, 1) || c.ends != day(2026, time.July, 3) {
		t.Errorf("the year is %s to %s", c.starts, c.ends)
	}
}

func TestCalendarsOfManyYears(t *testing.T) {
	t.Parallel()
	for year := 2000; year < 2060; year++ {
		for zone := range 3 {
			c := newCalendar(year, zone)
			open, starts := 0, c.starts
			for d := c.starts; d.Compare(c.ends) <= 0; d = d.AddDays(1) {
				if c.open(d) {
					open++
				}
			}
			if c.starts.Weekday() != time.Monday || open < 165 || open > 185 {
				t.Errorf("%s, zone %d: starts on a %s, %d days with lessons", c.year, zone, c.starts.Weekday(), open)
			}
			for i, p := range c.periods {
				if p.Starts != starts || c.periodAt(p.Starts) != i || c.periodAt(p.Ends) != i {
					t.Errorf("%s: %s from %s to %s", c.year, p.Name, p.Starts, p.Ends)
				}
				starts = p.Ends.AddDays(1)
			}
			if starts != c.ends.AddDays(1) {
				t.Errorf("%s: the terms end on %s", c.year, starts)
			}
		}
	}
}

func TestPeriodAt(t *testing.T) {
	t.Parallel()
	s := NewSchool(1, 2025)
	for text, want := range map[string]string{
		"2025-08-20": "Trimestre 1", "2025-11-30": "Trimestre 1", "2025-12-01": "Trimestre 2", "2025-12-28": "Trimestre 2",
		"2026-03-16": "Trimestre 3", "2026-08-01": "Trimestre 3",
	} {
		d, err := pronote.ParseDate(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.PeriodAt(d).Name; got != want {
			t.Errorf("PeriodAt(%s) = %s, want %s", text, got, want)
		}
	}
}

// Nobody is in two rooms at once, and no room has two lessons at once.
func TestTimetableIsSound(t *testing.T) {
	alone(t)
	for seed := range uint64(5) {
		s := NewSchool(seed, 2025)
		for _, week := range []string{"A", "B"} {
			taken := map[any]string{}
			for _, l := range s.timetable {
				if l.week != "" && l.week != week {
					continue
				}
				for hour := l.hour; hour < l.hour+l.hours; hour++ {
					who := append([]string{s.subject(l.subject).room, s.Teacher(l.subject)}, s.class.groups[l.group]...)
					for _, name := range who {
						key := struct {
							day  time.Weekday
							hour int
							who  string
						}{l.day, hour, name}
						if other := taken[key]; other != "" {
							t.Errorf("week %s, %s %dh: %s has both %s and %s", week, l.day, hour, name, other, l.subject)
						}
						taken[key] = l.subject
					}
				}
			}
		}
	}
}

func TestNothingOutsideLessons(t *testing.T) {
	alone(t)
	for seed := range uint64(3) {
		s := NewSchool(seed, 2025+int(seed))
		taught := map[string]bool{}
		for d := s.Starts(); d.Compare(s.Ends()) <= 0; d = d.AddDays(1) {
			for _, l := range s.lessons(d) {
				taught[d.String()+l.subject] = true
			}
		}
		everyDay(s, func(pronote.Date) {
			for id, o := range s.objects {
				switch o := o.(type) {
				case *Test:
					if !o.Outside && !taught[o.GivenOn.String()+o.Subject] { // a mock exam is in no lesson
						t.Fatalf("seed %d: test %d of %s on %s", seed, id, o.Subject, o.GivenOn)
					}
				case *Homework:
					if !taught[o.GivenOn.String()+o.Subject] || !taught[o.DueOn.String()+o.Subject] || o.DueOn.Compare(o.GivenOn) <= 0 {
						t.Fatalf("seed %d: homework %d of %s from %s to %s", seed, id, o.Subject, o.GivenOn, o.DueOn)
					}
				}
			}
		})
	}
}
