package world

import (
	"math/rand/v2"
	"slices"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// slot is one lesson of the weekly timetable. Its teacher and its room are the
// subject's.
type slot struct {
	day     time.Weekday
	hour    int    // of the day, when it starts
	hours   int    // how long it lasts
	subject string // by name
	group   string // who has it
	week    string // "A" or "B", "" for every week
}

// newTimetable is the week of a 4e. The long days change places from one
// school to another; the lessons of a day stay together, so that nobody is ever
// expected in two rooms.
func newTimetable(rng *rand.Rand) []slot {
	days := []time.Weekday{time.Monday, time.Tuesday, time.Thursday, time.Friday}
	rng.Shuffle(len(days), func(i, j int) { days[i], days[j] = days[j], days[i] })
	return []slot{
		{days[0], 8, 1, french, everybody, ""},
		{days[0], 9, 1, maths, everybody, ""},
		{days[0], 10, 1, history, everybody, ""},
		{days[0], 11, 1, english, everybody, ""},
		{days[0], 14, 1, biology, everybody, ""},
		{days[0], 15, 2, sports, everybody, ""},

		{days[1], 8, 1, maths, everybody, ""},
		{days[1], 9, 1, french, everybody, ""},
		{days[1], 10, 1, spanishLV2, spanish, ""},
		{days[1], 10, 1, germanLV2, german, ""},
		{days[1], 11, 1, technology, everybody, ""},
		{days[1], 13, 1, latinOption, latin, ""},
		{days[1], 14, 1, physics, everybody, ""},
		{days[1], 15, 1, arts, everybody, ""},

		{time.Wednesday, 8, 1, history, everybody, ""},
		{time.Wednesday, 9, 1, english, everybody, ""},
		{time.Wednesday, 10, 1, french, everybody, ""},
		{time.Wednesday, 11, 1, french, everybody, "A"},
		{time.Wednesday, 11, 1, maths, everybody, "B"},

		{days[2], 8, 1, biology, half1, "A"},
		{days[2], 8, 1, physics, half2, "A"},
		{days[2], 8, 1, physics, half1, "B"},
		{days[2], 8, 1, biology, half2, "B"},
		{days[2], 9, 1, maths, everybody, ""},
		{days[2], 10, 1, spanishLV2, spanish, ""},
		{days[2], 10, 1, germanLV2, german, ""},
		{days[2], 11, 1, music, everybody, ""},
		{days[2], 14, 1, history, everybody, ""},
		{days[2], 15, 1, sports, everybody, "A"},

		{days[3], 8, 1, english, everybody, ""},
		{days[3], 9, 1, french, everybody, ""},
		{days[3], 10, 1, technology, everybody, "A"},
		{days[3], 10, 1, spanishLV2, spanish, "B"},
		{days[3], 10, 1, germanLV2, german, "B"},
		{days[3], 11, 1, maths, everybody, "A"},
		{days[3], 13, 1, latinOption, latin, ""},
	}
}

// lessons are those of one day, by the hour.
func (s *School) lessons(day pronote.Date) []slot {
	var found []slot
	for _, l := range s.timetable {
		if s.takesPlace(l, day) {
			found = append(found, l)
		}
	}
	return found
}

// lessonDays are the days of a span, both ends included, on which all of a
// group have a subject.
func (s *School) lessonDays(subject, group string, from, to pronote.Date) []pronote.Date {
	var days []pronote.Date
	for d := from; d.Compare(to) <= 0; d = d.AddDays(1) {
		if slices.ContainsFunc(s.timetable, func(l slot) bool {
			return l.subject == subject && (l.group == everybody || l.group == group) && s.takesPlace(l, d)
		}) {
			days = append(days, d)
		}
	}
	return days
}

// takesPlace reports whether there is a lesson of a slot on a day.
func (s *School) takesPlace(l slot, d pronote.Date) bool {
	return l.day == d.Weekday() && (l.week == "" || l.week == s.calendar.week(d)) && s.calendar.open(d)
}
