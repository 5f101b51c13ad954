package pronote_test

import (
	"errors"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// The agenda is read week by week, as each family sees it: a council of another class is
// no business of a child.
func TestAgenda(t *testing.T) {
	t.Parallel()
	server, session := family(t)
	school := server.School()
	school.Do(world.Add(world.AgendaEntry{AgendaEntry: pronote.AgendaEntry{ // from one week into the next
		Title: "Voyage à Rome", Category: "Voyages", AllDay: true,
		Starts: pronote.DateTime{Date: pronote.Date{Year: 2026, Month: time.January, Day: 8}},
		Ends:   pronote.DateTime{Date: pronote.Date{Year: 2026, Month: time.January, Day: 13}},
	}}))
	councils := 0
	for _, child := range session.Students() {
		var entries []pronote.AgendaEntry
		for monday := school.FirstMonday(); monday.Compare(school.Ends()) <= 0; monday = monday.AddDays(7) {
			week, err := session.Agenda(t.Context(), child, monday.AddDays(3))
			if err != nil {
				t.Fatal(err)
			}
			entries = append(entries, week...)
		}
		for i, e := range entries {
			for j, a := range e.Attachments {
				if _, got, err := download(t.Context(), session, a, megabyte, pronote.Resume{}); err != nil || len(got) == 0 {
					t.Errorf("%s of %s: %v", a.Name, e.Title, err)
				}
				entries[i].Attachments[j] = pronote.Attachment{Name: a.Name, Kind: a.Kind, Role: a.Role, URL: a.URL}
			}
			if e.Council {
				councils++
			}
		}
		truth := school.Truth(pronote.KindParent, child.Name).Agenda
		if len(truth) < 4 {
			t.Errorf("%s has only %d entries to compare", child.Name, len(truth))
		}
		same(t, "agenda of "+child.Name, entries, truth)
	}
	if councils < 3 {
		t.Errorf("%d class councils were read", councils)
	}
	if before, err := session.Agenda(t.Context(), session.Students()[0], school.FirstMonday().AddDays(-3)); err != nil || before == nil || len(before) > 0 {
		t.Errorf("before the first week: %v, %v, want nothing", before, err)
	}
	server.Inject(pronotetest.Fault{Kind: "absent", Function: "PageAgenda"})
	if _, err := session.Agenda(t.Context(), session.Students()[0], school.FirstMonday()); !errors.Is(err, pronote.ErrUnreadable) {
		t.Errorf("without a list: %v, want ErrUnreadable", err)
	}
}
