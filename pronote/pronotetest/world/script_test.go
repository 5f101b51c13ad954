package world

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// The cases that a mirror finds hard all occur within a few years.
func TestScriptHasTheHardCases(t *testing.T) {
	alone(t)
	found := map[string]int{}
	for seed := range uint64(2) {
		s := NewSchool(seed, 2025)
		s.AdvanceTo(at(s.Ends().AddDays(30), 0, 0))
		hardEdits(s, found)
		hardRows(s.Truth("student", s.Pupil()), found)
	}
	for name, atLeast := range map[string]int{
		"two edits in a minute": 5, "eight tests in an evening": 6, "on a free day": 50, "at night": 25, "two columns": 4,
		"only the class": 50, "shown again": 4, "same day and title": 2, "same day and value": 4, "identical homework": 2,
		"two discussions alike": 2, "a message withdrawn": 2, "a discussion renamed": 2,
	} {
		if found[name] < atLeast {
			t.Errorf("%s: %d times in two years, want %d or more", name, found[name], atLeast)
		}
	}
}

// hardEdits counts edits that are hard to understand.
func hardEdits(s *School, found map[string]int) {
	minutes, evenings, last := map[pronote.DateTime]int{}, map[pronote.Date]int{}, map[int]string{}
	for _, e := range s.Edits() {
		if !e.Concerns("student", s.Pupil()) {
			continue
		}
		if minutes[e.At]++; minutes[e.At] > 1 {
			found["two edits in a minute"]++
		}
		if !s.calendar.open(e.At.Date) {
			found["on a free day"]++
		}
		if e.At.Hour > 20 || e.At.Hour < 7 {
			found["at night"]++
		}
		if last[e.ID] == "removed" {
			found["shown again"]++
		}
		last[e.ID] = e.Kind
		if e.Domain == "discussions" {
			hardTalk(e, found)
		}
		if e.Domain != "marks" {
			continue
		}
		if e.Kind == "added" {
			if evenings[e.At.Date]++; evenings[e.At.Date] == 8 {
				found["eight tests in an evening"]++
			}
		}
		if slices.Equal(e.What, []string{"title", "coefficient"}) {
			found["two columns"]++
		}
		if slices.Contains(e.What, "class_average") && !slices.Contains(e.What, "value") {
			found["only the class"]++
		}
	}
}

func hardTalk(e Edit, found map[string]int) {
	if slices.Equal(e.What, []string{"message_count"}) {
		found["a message withdrawn"]++
	}
	if slices.Contains(e.What, "subject") {
		found["a discussion renamed"]++
	}
}

// hardRows counts rows that are hard to tell apart.
func hardRows(truth Truth, found map[string]int) {
	for i, a := range truth.Marks {
		for _, b := range truth.Marks[i+1:] {
			if a.Value.GivenOn != b.Value.GivenOn {
				continue
			}
			if a.Value.Subject == b.Value.Subject && a.Value.Title == b.Value.Title && a.Value.OutOf == b.Value.OutOf {
				found["same day and title"]++
			}
			if a.Value.Score == b.Value.Score {
				found["same day and value"]++
			}
		}
	}
	for i, a := range truth.Homework {
		for _, b := range truth.Homework[i+1:] {
			if a.Value.Subject == b.Value.Subject && a.Value.DueOn == b.Value.DueOn && cmp.Equal(a.Value, b.Value, shown) {
				found["identical homework"]++
			}
		}
	}
	for i, a := range truth.Discussions {
		for _, b := range truth.Discussions[i+1:] {
			if a.Value.Subject == b.Value.Subject && a.Value.Public == b.Value.Public {
				found["two discussions alike"]++
			}
		}
	}
}

func TestMarksOfTheLastTermAreStillEdited(t *testing.T) {
	alone(t)
	s := NewSchool(1, 2025)
	everyDay(s, func(pronote.Date) {})
	starts := s.Periods()[1].Starts
	terms := map[int]string{}
	for _, row := range s.Truth("student", s.Pupil()).Marks {
		terms[row.ID] = row.Value.Period
	}
	late := 0
	for _, e := range s.Edits() {
		if terms[e.ID] != "Trimestre 1" || e.At.Date.Compare(starts) < 0 {
			continue
		}
		late++
		if e.At.Date.DaysSince(starts) > 14 {
			t.Errorf("a mark of the first term is edited on %s", e.At)
		}
	}
	if late < 5 {
		t.Errorf("%d edits of the first term after its end, want 5 or more", late)
	}
}

func TestRowsAreOrderedAndUnique(t *testing.T) {
	alone(t)
	s := NewSchool(7, 2025)
	everyDay(s, func(d pronote.Date) {
		truth := s.Truth("parent", s.Pupil())
		ids, averages := map[int]bool{}, map[int]bool{}
		for i, row := range truth.Marks {
			ids[row.ID] = true
			if i > 0 && row.Value.GivenOn.Compare(truth.Marks[i-1].Value.GivenOn) > 0 {
				t.Errorf("%s: marks are not newest first", d)
			}
		}
		for i, row := range truth.Homework {
			ids[row.ID] = true
			if i > 0 && row.Value.DueOn.Compare(truth.Homework[i-1].Value.DueOn) < 0 {
				t.Errorf("%s: homework is not by due date", d)
			}
		}
		for i, row := range truth.Infos {
			ids[row.ID] = true
			if i > 0 && row.Value.PublishedAt.Compare(truth.Infos[i-1].Value.PublishedAt) > 0 {
				t.Errorf("%s: infos are not newest first", d)
			}
		}
		for i, row := range truth.Menus {
			ids[row.ID] = true
			if i > 0 && row.Value.Date.Compare(truth.Menus[i-1].Value.Date) < 0 {
				t.Errorf("%s: menus are not by day", d)
			}
		}
		for _, row := range truth.Links {
			ids[row.ID] = true
		}
		for _, row := range truth.Averages {
			averages[row.ID] = true
		}
		if len(ids) != len(truth.Marks)+len(truth.Homework)+len(truth.Infos)+len(truth.Menus)+len(truth.Links) || len(averages) != len(truth.Averages) {
			t.Errorf("%s: numbers are not unique", d)
		}
	})
}
