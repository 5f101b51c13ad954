package school

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// Notices for the parents of one class stood in the list of that child alone, and
// was lost where it was not the first.
func TestAnInfoForTheParentsOfOneClassIsToldOnce(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietFamily(t)
		helene := w.school.Children()[2]
		w.school.Of(helene).Do(world.Add(world.Info{Title: "Classe de neige", Author: "M. LE PROVISEUL G.", To: pronote.KindParent}))
		w.wantTold("for the 6e", "info.new")
		w.wantTold("another look")
		w.server.Rotate()
		w.wantTold("another session")
		w.school.Do(world.Add(world.Info{Title: "Kermesse", Author: "M. LE PROVISEUL G.", To: pronote.KindParent}))
		w.wantTold("for all", "info.new")
		held := map[string]int{}
		for _, row := range w.rows(db.InfosView) {
			held[fmt.Sprint(row["title"], " of ", row["student"])]++
		}
		if held["Classe de neige of "] != 1 || held["Kermesse of "] != 1 {
			t.Errorf("the mirror has %v, want each once, of the parent", held)
		}
	})
}

// The children's lists are told apart by what they say, not by their number.
func TestTwoInfosOfOneSecondAreTwo(t *testing.T) {
	t.Parallel()
	at := pronote.DateTime{Date: november.Date, Hour: 9}
	a, b := pronote.Info{Title: "Cross", Author: "M. X", PublishedAt: at}, pronote.Info{Title: "Photo", Author: "M. X", PublishedAt: at}
	renamed, opened := a, a
	renamed.Title = "Cross du collège"
	opened.Opened, opened.Content = true, "Départ à 9h"
	for name, tt := range map[string]struct{ first, second, want []pronote.Info }{
		"the same":        {[]pronote.Info{a, b}, []pronote.Info{a, b}, []pronote.Info{a, b}},
		"one more":        {[]pronote.Info{a}, []pronote.Info{a, b}, []pronote.Info{a, b}},
		"one fewer":       {[]pronote.Info{a, b}, []pronote.Info{b}, []pronote.Info{a, b}},
		"edited meantime": {[]pronote.Info{a}, []pronote.Info{renamed}, []pronote.Info{renamed}},
		"of others":       {nil, []pronote.Info{b}, []pronote.Info{b}},
		"none":            {nil, nil, nil},
	} {
		h := householdOf(2)
		h.enter(0, tt.first)
		h.enter(1, tt.second)
		if h.seen(1) || h.seen(0) || !h.seen(1) {
			t.Errorf("%s: not put together after the last of both", name)
		}
		if got, _ := h.together(); !cmp.Equal(got, tt.want, cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(pronote.Info{})) {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
		if h.begin(); h.seen(0) || h.seen(1) {
			t.Errorf("%s: put together again with nothing new", name)
		}
		h.begin()
		if h.enter(1, tt.second); h.seen(1) {
			t.Errorf("%s: put together without the first, who could not be read", name)
		}
	}
	h := householdOf(2)
	h.leaveOut(0)
	if h.leaveOut(1); h.seen(0) || h.seen(1) {
		t.Error("two children without informations are put together, as none")
	}
	h.enter(0, []pronote.Info{a})
	h.leaveOut(1)
	if h.seen(0) || !h.seen(1) {
		t.Error("a child without informations keeps those of the other back")
	}
	if got, _ := h.together(); len(got) != 1 {
		t.Errorf("one child without informations leaves %v", got)
	}
	h.enter(0, []pronote.Info{opened})
	if h.open(&a); a.Content != opened.Content || !a.Opened {
		t.Errorf("what was opened for one child is %+v for the other", a)
	}
}
