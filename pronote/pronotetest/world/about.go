package world

import (
	"slices"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// Seed is what the year was made from.
func (s *School) Seed() uint64 { return s.seed }

// Name is what the school is called: "Collège …".
func (s *School) Name() string { return s.name }

// Class is the name of the class of Pupil.
func (s *School) Class() string { return s.class.name }

// Marked reports whether the tests of the class of Pupil are marked. Another class
// judges by skills alone.
func (s *School) Marked() bool { return s.class.marked }

// Pupils are those of each class, in the order of the register. Any of them can
// be asked for in Truth.
func (s *School) Pupils() []string {
	if s.younger != nil {
		return slices.Concat(s.class.pupils, s.younger.Pupils())
	}
	return slices.Clone(s.class.pupils)
}

// Groups are those that a pupil is in for some lessons, by name.
func (s *School) Groups(pupil string) []string {
	groups := []string{}
	for name := range s.class.groups {
		if name != everybody && s.class.in(name, pupil) {
			groups = append(groups, name)
		}
	}
	slices.Sort(groups)
	return groups
}

// Pupil is the pupil of the student account.
func (s *School) Pupil() string { return firstChild }

// Children are those of the parent account. The first is also Pupil, so that
// two accounts show the same child.
func (s *School) Children() []string {
	if s.younger != nil {
		return slices.Concat(s.class.children, s.younger.Children())
	}
	return slices.Clone(s.class.children)
}

// Parent is the person of the parent account.
func (s *School) Parent() string { return parentName }

// Year is the school year as PRONOTE writes it: "2025-2026".
func (s *School) Year() string { return s.calendar.year }

// Starts is the first day with lessons.
func (s *School) Starts() pronote.Date { return s.calendar.starts }

// Ends is the last day with lessons.
func (s *School) Ends() pronote.Date { return s.calendar.ends }

// FirstMonday is where the server begins to count weeks. The year starts on it.
func (s *School) FirstMonday() pronote.Date { return s.calendar.starts }

// Holidays are those of the year, in order.
func (s *School) Holidays() []pronote.Holiday { return slices.Clone(s.calendar.holidays) }

// Periods are those of the class of Pupil: three terms. They follow one another
// without a gap.
func (s *School) Periods() []pronote.Period { return slices.Clone(s.calendar.periods) }

// Outside is the period of what belongs to none of Periods: it is as long as the
// year, and marks, evaluations and reports have it beside those.
func (s *School) Outside() pronote.Period { return s.calendar.outside }

// PeriodAt is the one of Periods of a day. Holidays belong to one like other
// days; before the year it is the first, after the year the last.
func (s *School) PeriodAt(day pronote.Date) pronote.Period {
	return s.calendar.periods[s.calendar.periodAt(day)]
}

// Subjects are the names of what the class of Pupil is taught, in the school's
// order.
func (s *School) Subjects() []string {
	var names []string
	for _, subject := range s.subjects {
		names = append(names, subject.name)
	}
	return names
}

// Teacher is who teaches a subject, as PRONOTE writes it: "Mme FAURELLE S.". It
// is empty for a subject that the school does not have.
func (s *School) Teacher(subject string) string { return s.subject(subject).teacher }

// subject is the one of a name, or the one of which a name is a part; the zero one
// when there is none.
func (s *School) subject(name string) subject {
	name, _, _ = strings.Cut(name, partOf)
	for _, subject := range s.subjects {
		if subject.name == name {
			return subject
		}
	}
	return subject{}
}

// InGroups reports whether a subject is for some of the class of Pupil only.
func (s *School) InGroups(subject string) bool { return s.subject(subject).group != everybody }
