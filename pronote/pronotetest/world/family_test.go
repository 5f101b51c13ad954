package world

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// The younger child changes nothing for the others.
func TestALargerFamilyHasTheSameTwins(t *testing.T) {
	alone(t)
	two, three := NewSchool(3, 2025), NewFamily(3, 2025)
	for d := two.Starts(); d.Compare(two.Ends()) <= 0; d = d.AddDays(40) {
		two.AdvanceTo(at(d, 23, 0))
		three.AdvanceTo(at(d, 23, 0))
		for _, pupil := range two.Children() {
			for _, viewer := range viewers() {
				if !reflect.DeepEqual(two.Truth(viewer, pupil), three.Truth(viewer, pupil)) {
					t.Errorf("%s: the pages of %s for a %s differ", d, pupil, viewer)
				}
			}
		}
	}
	edits := slices.DeleteFunc(three.Edits(), func(e Edit) bool { return e.Pupil == thirdChild })
	if !reflect.DeepEqual(two.Edits(), edits) {
		t.Errorf("%d edits of the twins, %d with a younger child", len(two.Edits()), len(edits))
	}
}

func TestTheYoungerChildIsInAnotherClass(t *testing.T) {
	alone(t)
	s := NewFamily(1, 2025)
	s.AdvanceTo(at(s.Ends(), 23, 0))
	s.Do(Add(Info{Title: "Kermesse", Survey: true, Text: []string{"Viendrez-vous ?"}}))
	if got := s.Children(); !slices.Equal(got, []string{firstChild, secondChild, thirdChild}) {
		t.Fatalf("children = %q", got)
	}
	if all := s.Pupils(); len(all) != 2*classSize || len(slices.Compact(slices.Sorted(slices.Values(all)))) != len(all) {
		t.Errorf("somebody is in two classes: %q", all)
	}
	for _, subject := range s.Of(thirdChild).Subjects() {
		if s.Of(thirdChild).Teacher(subject) == "" {
			t.Errorf("nobody teaches %s", subject)
		}
	}
	periods := map[string]bool{}
	parents := []string{"discussions", "messages", "persons"}
	for _, viewer := range viewers() {
		truth := s.Truth(viewer, thirdChild)
		for domain, rows := range Columns(truth) {
			empty := domain == "marks" || domain == "averages" || viewer == pronote.KindStudent && slices.Contains(parents, domain)
			if empty != (len(rows) == 0) {
				t.Errorf("%d %s on the page for a %s", len(rows), domain, viewer)
			}
			for _, row := range rows {
				if period, ok := row["period"].(string); ok {
					periods[period] = true
				}
			}
		}
		if !slices.IsSortedFunc(truth.Infos, func(a, b Row[pronote.Info]) int { return b.Value.PublishedAt.Compare(a.Value.PublishedAt) }) {
			t.Error("infos are not newest first")
		}
	}
	delete(periods, s.Outside().Name)
	if len(periods) != 2 || !periods["Semestre 1"] || !periods["Semestre 2"] {
		t.Errorf("periods = %v, want two semesters", periods)
	}
	twins := s.Truth(pronote.KindParent, firstChild).Lessons
	if slices.ContainsFunc(s.Truth(pronote.KindParent, thirdChild).Lessons, func(row Row[pronote.Lesson]) bool {
		return strings.Contains(row.Value.Subject, "LV2") || slices.ContainsFunc(twins, func(other Row[pronote.Lesson]) bool { return other.ID == row.ID })
	}) {
		t.Error("a lesson of the 4e is on the timetable of the 6e")
	}
}

func TestChangesFindTheClass(t *testing.T) {
	t.Parallel()
	s := NewFamily(1, 2025).Quiet()
	s.AdvanceTo(at(day(2025, 11, 17), 18, 0))
	work := s.Of(thirdChild).Do(Add(Homework{Subject: sciences, DueOn: day(2025, 11, 20), Text: []string{"Apporter une graine"}}))
	expect(t, "in the 6e", work, "PARENT Hélène homework added []")
	expect(t, "by its number", s.Do(Tick(work[0].ID, thirdChild, true)), "PARENT Hélène homework changed [done]")
	expect(t, "in the 4e", s.Do(Add(Homework{Subject: maths, DueOn: day(2025, 11, 20), Text: []string{"Exercice 3"}})),
		"PARENT Fanny homework added []", "PARENT Gabin homework added []")
	expect(t, "for the parent", s.Do(Add(Info{Title: "Kermesse", To: pronote.KindParent})),
		"PARENT Fanny parentinfos added []", "PARENT Gabin parentinfos added []", "PARENT Hélène parentinfos added []")
	if got := len(s.Edits()); got != 7 {
		t.Errorf("%d edits in all, want 7", got)
	}
}
