package world

import (
	"cmp"
	"math/rand/v2"
	"reflect"
	"slices"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// NewFamily is NewSchool with a third child of the parent, who is in another
// class: a 6e with its own timetable and teachers, which has semesters in place
// of terms, and no marks, for it judges by skills alone. All else is the same as
// without that child.
func NewFamily(seed uint64, year int) *School {
	s := NewSchool(seed, year)
	rng := rand.New(rand.NewPCG(seed, uint64(year)+youngerObjects))
	s.younger = &School{
		seed:      seed + youngerObjects,
		name:      s.name,
		calendar:  s.calendar.inSemesters(),
		class:     newSixth(rng, s.class),
		subjects:  sixthSubjects(rng),
		timetable: sixthTimetable(rng),
		isYounger: true,
		now:       s.now,
		objects:   map[int]object{},
		lastID:    youngerObjects,
		board:     map[string][]Row[pronote.Lesson]{},
	}
	s.younger.script = newScript(rng, s.younger)
	return s
}

// youngerObjects is below the numbers of all objects of the younger child's
// class, and above those of the other class.
const youngerObjects = 1_000_000

// Of is the school as the class of a pupil has it: its name, its periods, its
// subjects and teachers. Do adds things to that class.
func (s *School) Of(pupil string) *School {
	if s.younger != nil && slices.Contains(s.younger.class.pupils, pupil) {
		return s.younger
	}
	return s
}

// holder is the class that has an object.
func (s *School) holder(object int) *School {
	if s.younger != nil && object > youngerObjects {
		return s.younger
	}
	return s
}

// AllPeriods are those that the school has, whoever goes by them: terms, semesters,
// the year, and what is outside of either.
func (s *School) AllPeriods() []pronote.Period {
	c := s.calendar
	return slices.Concat(c.periods, c.inSemesters().periods, []pronote.Period{
		c.throughout("Année continue", "year"), c.outside, c.throughout("Contrôle en cours de formation", "other"),
	})
}

// inOrder merges the edits of two classes.
func inOrder(a, b []Edit) []Edit {
	all := slices.Concat(a, b)
	slices.SortStableFunc(all, func(a, b Edit) int { return a.At.Compare(b.At) })
	return all
}

// with is what two parts of a school show of one pupil.
func (t Truth) with(u Truth) Truth {
	lists, others := reflect.ValueOf(&t).Elem(), reflect.ValueOf(u)
	for i := range lists.NumField() {
		list, other := lists.Field(i), others.Field(i)
		if list.Len() == 0 {
			list.Set(other)
			continue
		}
		list.Set(reflect.AppendSlice(list.Slice3(0, list.Len(), list.Len()), other))
	}
	// Of these alone a page has some of either part, in an order other than that.
	slices.SortStableFunc(t.Infos, func(a, b Row[pronote.Info]) int {
		return cmp.Or(b.Value.PublishedAt.Compare(a.Value.PublishedAt), b.ID-a.ID)
	})
	slices.SortStableFunc(t.Agenda, func(a, b Row[pronote.AgendaEntry]) int {
		return cmp.Or(a.Value.Starts.Compare(b.Value.Starts), a.ID-b.ID)
	})
	return t
}
