package sync

import (
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
)

// TestWhoHearsNothingOfPunishmentsIsToldHowLongTheDayIs: a detention on the timetable is
// told with its punishment, but not to a grandmother who waits at the gate and wants the
// timetable alone.
func TestWhoHearsNothingOfPunishmentsIsToldHowLongTheDayIs(t *testing.T) {
	t.Parallel()
	now := time.Date(2025, 11, 18, 16, 0, 0, 0, time.UTC)
	e := db.Event{Kind: "day.changed", Day: civil.DateOf(now).AddDays(1), Minor: db.MinorTold, Data: []byte(`{"now":{},"what":["ends_at"]}`)}
	for name, tt := range map[string]struct {
		Policy
		silent bool
	}{
		"everything":         {Policy{}, true},
		"the preset":         {Policy{Preset: Normal}, true},
		"the timetable":      {Policy{Events: []string{"lesson.*", "day.*"}}, false},
		"all but punishment": {Policy{Preset: Calm, Mute: []string{"punishment.*"}}, false},
	} {
		d := Route(e, db.Student{}, Recipient{Location: time.UTC, Policy: tt.Policy}, nil, now)
		if (d.Way == db.None) != tt.silent {
			t.Errorf("%s: %+v", name, d)
		}
	}
}
