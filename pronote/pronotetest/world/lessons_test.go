package world

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// sights are the lessons of a pupil as texts, by number. Replaced is left out:
// it follows from other lessons.
func sights(s *School, pupil string) map[int]string {
	all := map[int]string{}
	for _, row := range s.Truth("student", pupil).Lessons {
		row.Value.Replaced = false
		all[row.ID] = fmt.Sprintf("%+v", row.Value)
	}
	return all
}

func TestLessonEditsAgreeWithTruths(t *testing.T) {
	alone(t)
	s := NewSchool(3, 2025)
	before, edited := sights(s, firstChild), 0
	for d := s.Starts(); d.Compare(s.Ends()) <= 0; d = d.AddDays(5) {
		edits := map[int]bool{}
		for _, e := range s.AdvanceTo(at(d, 12, 0)) {
			if e.Domain == "lessons" && e.Concerns("student", firstChild) {
				edits[e.ID] = true
			}
		}
		after := sights(s, firstChild)
		for id := range union(before, after) {
			if before[id] != after[id] && !edits[id] {
				t.Errorf("%s: lesson %d changed, and no edit says so: %s, then %s", d, id, before[id], after[id])
			}
		}
		before = after
		edited += len(edits)
	}
	if edited < 150 {
		t.Errorf("%d lessons were edited in a year", edited)
	}
}

// Changes of timetables that are hard for a mirror occur several times a year.
func TestTimetableHasTheHardCases(t *testing.T) {
	alone(t)
	found := map[string]int{}
	for seed := range uint64(4) {
		s := NewSchool(seed, 2025)
		for d := s.Starts(); d.Compare(s.Ends()) <= 0; d = d.AddDays(1) {
			s.AdvanceTo(at(d, 7, 55))
			rows := s.Timetable(firstChild, d)
			for i, row := range rows {
				l := row.Value
				for name, is := range map[string]bool{
					"cancelled": l.Cancelled, "cancelled without the flag": l.Cancelled && !s.Flagged(row.ID), "replaced": l.Replaced,
					"detention": l.Detention, "outing": l.Outing, "test": l.Test, "exempted": l.Exempted, "memo": l.Memo != "",
					"link": l.Links != nil, "council": l.Kind == "council", "substitute": l.Kind == "substitute",
					"replacement": l.Kind == "replacement", "two rooms": len(l.Rooms) == 2, "moved": l.Status == "Cours déplacé",
					"twins": i > 0 && l.Number == 900 && rows[i-1].Value.Number == 900,
				} {
					if is {
						found[name]++
					}
				}
				if l.Starts.Compare(l.Ends) >= 0 || l.Subject == "" && l.Title == "" {
					t.Errorf("seed %d: a lesson is %+v", seed, l)
				}
			}
		}
	}
	for name, atLeast := range map[string]int{
		"cancelled": 100, "cancelled without the flag": 15, "replaced": 30, "detention": 4, "outing": 4, "test": 50, "exempted": 2,
		"memo": 10, "link": 3, "council": 4, "substitute": 40, "replacement": 4, "two rooms": 5, "moved": 5, "twins": 2,
	} {
		if found[name] < atLeast {
			t.Errorf("%s: %d times in four years, want %d or more", name, found[name], atLeast)
		}
	}
}

func TestDoLessons(t *testing.T) {
	t.Parallel()
	s := quiet()
	monday := day(2025, time.November, 24)
	rows := s.Timetable(firstChild, monday)
	if len(rows) < 4 {
		t.Fatalf("%d lessons on a Monday", len(rows))
	}
	first := rows[0]
	expect(t, "cancelled", s.Do(Amend(first.ID, func(l *Lesson) { l.Status = "Prof. absent" })),
		"PARENT Fanny lessons changed [status cancelled]", "PARENT Gabin lessons changed [status cancelled]")
	edits := s.Do(Add(Lesson{Starts: first.Value.Starts, Ends: first.Value.Ends, Subject: music, Kind: "replacement", Pupil: firstChild}))
	expect(t, "replaced", edits, "PARENT Fanny lessons added []")
	rows = s.Timetable(firstChild, monday)
	if old, by := rows[0].Value, rows[1].Value; !old.Replaced || by.Replaced || by.Number <= old.Number || by.Subject != music {
		t.Errorf("replaced %+v by %+v", old, by)
	}
	if rows := s.Timetable(secondChild, monday); rows[0].Value.Replaced {
		t.Error("the lesson of the other child is replaced too")
	}
	expect(t, "removed", s.Do(Remove(edits[0].ID)), "PARENT Fanny lessons removed []")
	if s.Timetable(firstChild, monday)[0].Value.Replaced {
		t.Error("it is still replaced")
	}
	if got := s.Timetable(firstChild, monday.AddDays(-1)); got != nil {
		t.Errorf("lessons on a Sunday: %v", got)
	}
	hours := func(rows []Row[pronote.Lesson]) (hours []int) {
		for _, row := range rows {
			hours = append(hours, row.Value.Starts.Hour)
		}
		return hours
	}
	if got := hours(rows); !slices.IsSorted(got) {
		t.Errorf("the lessons begin at %v", got)
	}
}
