package school

import (
	"strings"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// TestAServerWhoseClockIsADayOff: what is known is neither lost nor told again,
// and what is new is told.
func TestAServerWhoseClockIsADayOff(t *testing.T) {
	for name, days := range map[string]int{"ahead": 1, "behind": -1} {
		t.Run(name, func(t *testing.T) {
			alone(t, func(t *testing.T) {
				w := quietTestbed(t, pronote.KindStudent)
				if days > 0 {
					w.school.AdvanceTo(pronote.DateTime{Date: november.AddDays(1), Hour: november.Hour})
				} else {
					time.Sleep(24 * time.Hour) // and the school does not notice
				}
				before := w.changes()
				w.wantTold("another clock")
				w.server.Rotate()
				w.wantTold("another clock and another session")
				if now := w.changes(); len(now) != len(before) {
					t.Errorf("%d changes, of which these are new: %q", len(now), now[:len(now)-len(before)])
				}
				w.school.Do(maths(w.school.Pupil(), "12"))
				if got := w.told(); len(got) != 1 || !strings.HasPrefix(got[0], "mark.new") {
					t.Errorf("a mark: told %q", got)
				}
				w.school.Do(world.Add(world.Homework{Subject: "FRANCAIS", DueOn: november.AddDays(4), Text: []string{"Lire"}}))
				if got := w.told(); len(got) != 1 || got[0] != "homework.new" {
					t.Errorf("homework: told %q", got)
				}
			})
		})
	}
}
