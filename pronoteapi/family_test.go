package pronoteapi

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// A child whose class has semesters is asked for by those, beside children whose
// class has terms: the period of today when none is named.
func TestAChildMayHaveSemesters(t *testing.T) {
	t.Parallel()
	school := world.NewFamily(11, 2025)
	school.AdvanceTo(pronote.DateTime{Date: pronote.Date{Year: 2025, Month: time.November, Day: 20}, Hour: 18})
	w := newTestbedOf(t, school.Quiet(), Options{})
	token, children := w.login("account", "parent"), school.Children()
	youngest := children[len(children)-1]
	if got := school.Of(youngest).PeriodAt(school.Now().Date).Name; len(children) != 3 || got != "Semestre 1" {
		t.Fatalf("of the children %q the last is in %s", children, got)
	}
	of := sight{viewer: pronote.KindParent, from: pronote.Date{Year: 2025, Month: time.November, Day: 3}, to: pronote.Date{Year: 2025, Month: time.November, Day: 21}}
	for _, of.pupil = range children {
		if got := w.check(token, of); len(got["evaluations"]) == 0 {
			t.Errorf("%s has no evaluations", of.pupil)
		}
	}
	for text, want := range map[string]string{
		`{evaluations(student: %q) {name}}`:                                                          "Semestre 1",
		`{evaluations(student: %q, period: "Semestre 2") {name}}`:                                    "Semestre 2",
		`{absences(student: %q) {absences{id}}}`:                                                     "Semestre 1",
		`{absences(student: %q, period: "Semestre 2") {absences{id}}}`:                               "Semestre 2",
		`{absences(student: %q, from: "2025-09-01", to: "2026-07-01") {absences{id}}}`:               "Semestre 1",
		`{absences(student: %q, from: "2025-09-01", to: "2026-07-01", period: "") {absences{id}}}`:   "Semestre 1",
		`{absences(student: %q, from: "2025-09-01", to: "2026-07-01", period: null) {absences{id}}}`: "Semestre 1",
	} {
		w.data(token, fmt.Sprintf(text, youngest))
		requests := w.school.Requests()
		last := requests[len(requests)-1]
		if !strings.Contains(string(last.Data), want) || last.Pupil != youngest || last.Refused != 0 {
			t.Errorf("%s asks %+v, want %s", text, last, want)
		}
	}
}
