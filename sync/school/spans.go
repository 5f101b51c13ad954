package school

import "time"

// Spans say how much of what has days each poll reads, in weeks, and how long
// what lies beyond is left alone once it is mirrored, in days.
type Spans struct {
	Homework int // weeks back from today; what is ahead is read to the end of the year
	Lessons  int // weeks from this one on
	Contents int // weeks up to this one
	Menus    int // weeks from this one on, a request for each
	Agenda   int // weeks that no poll has read yet, a request for each

	Past int // days until past terms, and homework long due, are read again
	Rest int // days until the other weeks of the timetable and of the contents are
}

// UsualSpans are those of an Engine that is given none.
var UsualSpans = Spans{Homework: 2, Lessons: 2, Contents: 2, Menus: 2, Agenda: 6, Past: 1, Rest: 6}

// age is how long ago something must have been read to be read again after a
// number of days. It is some hours less than the days, so that a poll that is a
// little early does not wait for the next day.
func age(days int) time.Duration { return time.Duration(days)*24*time.Hour - 4*time.Hour }
