package world

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// writer makes up what happens in a school year. Each object gets a life of its
// own: when it appears, what becomes of it, and when it goes.
type writer struct {
	*rand.Rand
	school *School
	script []event
	talent map[string]float64 // by pupil, on a scale of 20

	surveys []survey
}

// newScript is the whole year, in order.
func newScript(rng *rand.Rand, s *School) []event {
	w := &writer{Rand: rng, school: s, talent: map[string]float64{}}
	for _, pupil := range s.class.pupils {
		w.talent[pupil] = 12 + 2.5*w.NormFloat64()
	}
	if s.class.marked {
		w.marks()
	}
	w.homework()
	w.infos()
	w.reseed("answers")
	w.answers()
	if !s.isYounger {
		w.reseed("discussions")
		w.discussions()
		w.reseed("menus")
		w.menus()
	}
	w.reseed("attachments")
	w.attachments()
	w.reseed("school life")
	w.schoolLife()
	w.reseed("evaluations")
	w.evaluations()
	w.reseed("staff")
	w.colleagues()
	w.reseed("reports")
	w.reports()
	w.reseed("lessons")
	w.timetable()
	w.reseed("contents")
	w.contents()
	w.reseed("home")
	w.home()
	w.reseed("persons")
	w.persons()
	w.reseed("files of school life")
	w.filesOfSchoolLife()
	w.reseed("agenda")
	w.agenda()
	w.reseed("outside of the terms")
	w.outside()
	slices.SortStableFunc(w.script, func(a, b event) int { return a.at.Compare(b.at) })
	return w.script
}

// reseed takes other dice, so that what one kind of data draws changes nothing
// in the others.
func (w *writer) reseed(name string) {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(name)) // a hash accepts every write
	w.Rand = rand.New(rand.NewPCG(w.school.seed, hash.Sum64()))
}

// add plans an addition, and returns the number that the object will have.
func (w *writer) add(t pronote.DateTime, c Change) int {
	c.id = w.school.newID()
	w.plan(t, c)
	return c.id
}

func (w *writer) plan(t pronote.DateTime, c Change) { w.script = append(w.script, event{t, c}) }

func (w *writer) chance(p float64) bool { return w.Float64() < p }

// moment is when somebody gets round to something: an hour or more after a time,
// some days later at most, or the next school day.
func (w *writer) moment(since pronote.DateTime, days int) pronote.DateTime {
	d := since.AddDays(w.IntN(days + 1))
	if !w.chance(0.1) {
		d = w.school.calendar.openFrom(d)
	}
	t := at(d, w.hour(), w.IntN(60))
	if t.Compare(after(since, time.Hour)) < 0 {
		return w.moment(at(since.AddDays(1), 0, 0), days)
	}
	return t
}

// hour is one of the day, seldom of the night.
func (w *writer) hour() int {
	if w.chance(0.06) {
		return pick(w.Rand, 0, 6, 7, 21, 22, 23)
	}
	return 8 + w.IntN(12)
}

// fill replaces what the phrases leave open.
func (w *writer) fill(text string, subject subject, number int, d pronote.Date) string {
	return strings.NewReplacer(
		"{n}", strconv.Itoa(number),
		"{chapter}", pick(w.Rand, subject.chapters...),
		"{page}", strconv.Itoa(10+w.IntN(200)),
		"{exercise}", strconv.Itoa(1+w.IntN(40)),
		"{date}", spoken(d),
	).Replace(text)
}

// spoken is a day as people write it: "jeudi 12 mars".
func spoken(d pronote.Date) string {
	weekdays := []string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"}
	months := []string{
		"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
	}
	return weekdays[d.Weekday()] + " " + strconv.Itoa(d.Day) + " " + months[d.Month-1]
}
