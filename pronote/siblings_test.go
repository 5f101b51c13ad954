package pronote_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// family is the session of a parent with twins in one class and a younger child
// in another, in the second period of both.
func family(t *testing.T) (*pronotetest.Server, *pronote.Session) {
	t.Helper()
	school := world.NewFamily(7, 2025)
	school.AdvanceTo(pronote.DateTime{Date: pronote.Date{Year: 2026, Month: time.March, Day: 5}, Hour: 18})
	server := pronotetest.NewServer(school, pronotetest.Options{})
	c := student
	c.Kind = pronote.KindParent
	session, err := pronote.Login(t.Context(), pronotetest.Address, c, &pronote.Options{Transport: server.Transport()})
	if err != nil {
		t.Fatal(err)
	}
	return server, session
}

// A child in another class was once asked for the terms of its siblings' class.
func TestEachChildIsReadByItsOwnPeriods(t *testing.T) {
	t.Parallel()
	server, session := family(t)
	want := map[string][]string{
		"PARENT Fanny": {"Trimestre 1", "Trimestre 2", "Trimestre 3"}, "PARENT Gabin": {"Trimestre 1", "Trimestre 2", "Trimestre 3"},
		"PARENT Hélène": {"Semestre 1", "Semestre 2"},
	}
	for _, s := range session.Students() {
		school := server.School().Of(s.Name)
		if s.Class != school.Class() {
			t.Errorf("%s is in %s, want %s", s.Name, s.Class, school.Class())
		}
		for _, tab := range []pronote.Tab{0, pronote.TabEvaluations, pronote.TabReports, pronote.TabSchoolLife} {
			periods, current := s.Periods, s.Current
			if tab != 0 {
				periods, current = s.PeriodsOf(tab)
			}
			wanted := want[s.Name]
			if tab != pronote.TabSchoolLife {
				wanted = append(slices.Clone(wanted), "Hors période")
			}
			if got := namesOf(periods); !slices.Equal(got, wanted) || current != wanted[1] {
				t.Errorf("tab %d of %s has the periods %q, now %q, want %q", tab, s.Name, got, current, wanted)
			}
		}
		var evaluations []pronote.Evaluation
		var reports []pronote.Report
		for _, p := range s.Periods {
			e, err := session.Evaluations(t.Context(), s, p)
			if err != nil {
				t.Fatal(err)
			}
			r, err := session.Report(t.Context(), s, p)
			if err != nil {
				t.Fatal(err)
			}
			if evaluations = append(evaluations, e...); r != nil {
				reports = append(reports, *r)
			}
		}
		truth := server.School().Truth(pronote.KindParent, s.Name)
		slices.SortStableFunc(evaluations, func(a, b pronote.Evaluation) int { return b.Date.Compare(a.Date) })
		same(t, "evaluations of "+s.Name, evaluations, truth.Evaluations)
		same(t, "reports of "+s.Name, reports, truth.Reports)
	}
}

func namesOf(periods []pronote.Period) (names []string) {
	for _, p := range periods {
		names = append(names, p.Name)
	}
	return names
}

// A tab that only a sibling has was once asked for all the same, and refused.
func TestAChildWithoutMarksIsNotAskedForThem(t *testing.T) {
	t.Parallel()
	server, session := family(t)
	before := len(server.Requests())
	for _, s := range session.Students() {
		marks, _, err := session.Marks(t.Context(), s, s.Periods[0])
		if lacks := s.Name == "PARENT Hélène"; lacks != errors.Is(err, pronote.ErrNotAvailable) || lacks == (len(marks) > 0) {
			t.Errorf("%d marks of %s: %v", len(marks), s.Name, err)
		}
	}
	if asked := server.Requests()[before:]; len(asked) != 2 {
		t.Errorf("asked %d times, want twice: %v", len(asked), asked)
	}
}
