// Package world is an invented school: its people, its timetable, and what happens
// to them during a school year. It knows what each page of PRONOTE shows, every
// edit that led there, and what a mirror of it must hold. It speaks no protocol;
// package pronotetest serves it.
package world

import (
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// A School is the world behind the fake server: one class of a French collège
// over one school year, or two of them, see NewFamily. Everything in it is
// invented.
//
// A year is made from a seed. What happens in it is a script of changes, each at
// a minute of the year: teachers enter and correct marks, give homework, publish
// infos; pupils tick and read. AdvanceTo plays the script, Do adds changes by
// hand, Truth says what a page shows now, and Edits tells how it came to that.
//
// The methods may be called from several goroutines.
type School struct {
	seed      uint64
	name      string
	calendar  calendar
	class     class
	subjects  []subject
	timetable []slot
	younger   *School // the class of the child who is not in this one; nil where there is none
	isYounger bool    // it is that class, and has nothing that is the parent's or the whole school's

	mu      sync.Mutex // for all that follows
	now     pronote.DateTime
	script  []event // what is still to happen
	objects map[int]object
	lastID  int
	log     []Edit
	shelf   *shelf                           // nil when something changed
	board   map[string][]Row[pronote.Lesson] // the timetable by pupil, emptied when a lesson changes
}

// event is a change at a time.
type event struct {
	at     pronote.DateTime
	change Change
}

// NewSchool makes the school year that begins in the September of a year. The
// same seed and year always make the same one. It is then the evening before
// the first day, and nothing has been published.
func NewSchool(seed uint64, year int) *School {
	rng := rand.New(rand.NewPCG(seed, uint64(year)))
	s := &School{
		seed:      seed,
		name:      pick(rng, collegeNames()...),
		calendar:  newCalendar(year, rng.IntN(3)),
		class:     newClass(rng),
		subjects:  newSubjects(rng),
		timetable: newTimetable(rng),
		objects:   map[int]object{},
		board:     map[string][]Row[pronote.Lesson]{},
	}
	s.now = at(s.calendar.starts.AddDays(-1), 20, 0)
	s.script = newScript(rng, s)
	return s
}

// Quiet forgets what the script had in store, and returns the school: from now
// on only Do changes it, and infos still end on their last day.
func (s *School) Quiet() *School {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script = nil
	if s.younger != nil {
		s.younger.Quiet()
	}
	return s
}

// Now is the time at the school.
func (s *School) Now() pronote.DateTime {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// AdvanceTo lets time pass up to a time, that minute included, and returns what
// happened. It does nothing when that time is past.
func (s *School) AdvanceTo(t pronote.DateTime) []Edit {
	edits := s.advanceTo(t)
	if s.younger != nil {
		edits = inOrder(edits, s.younger.AdvanceTo(t))
	}
	return edits
}

func (s *School) advanceTo(t pronote.DateTime) []Edit {
	s.mu.Lock()
	defer s.mu.Unlock()
	before := len(s.log)
	for s.now.Date.Compare(t.Date) < 0 {
		s.play(at(s.now.Date, 23, 59))
		s.turn()
	}
	s.play(t)
	return slices.Clone(s.log[before:])
}

// play makes the changes of the script up to a time of the same day.
func (s *School) play(until pronote.DateTime) {
	for len(s.script) > 0 && s.script[0].at.Compare(until) <= 0 {
		next := s.script[0]
		s.script = s.script[1:]
		s.now = next.at
		s.apply(next.change)
	}
	if s.now.Compare(until) < 0 {
		s.now = until
	}
}

// turn makes it midnight, when infos begin and end.
func (s *School) turn() {
	var infos []*Info
	for _, o := range s.objects { // no shelf for it, which each day would make anew
		if i, ok := o.(*Info); ok {
			infos = append(infos, i)
		}
	}
	slices.SortFunc(infos, byPublication)
	var ids []int
	for _, i := range infos {
		ids = append(ids, i.id)
	}
	s.record(ids, func() { s.now = at(s.now.AddDays(1), 0, 0) })
}

// Do makes changes now, in order, and returns what they did to the pages of the
// accounts. What it adds belongs to the class of Pupil; School.Of finds another.
func (s *School) Do(changes ...Change) []Edit {
	s.mu.Lock()
	defer s.mu.Unlock()
	var edits []Edit
	for _, c := range changes {
		if other := s.holder(c.id); other != s {
			edits = append(edits, other.Do(c)...)
			continue
		}
		before := len(s.log)
		s.apply(c)
		edits = append(edits, s.log[before:]...)
	}
	return edits
}

// Edits are all so far, in order.
func (s *School) Edits() []Edit {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.younger != nil {
		return inOrder(s.log, s.younger.Edits())
	}
	return slices.Clone(s.log)
}
