package sync

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
)

// TestWhatIsOfTodayWaitsForTheDigest: an observation of today was told at once, since
// the evening is not before today. Only what is over by then cannot wait.
func TestWhatIsOfTodayWaitsForTheDigest(t *testing.T) {
	t.Parallel()
	now := time.Date(2025, 11, 18, 16, 0, 0, 0, time.UTC) // a Tuesday
	today := civil.DateOf(now)
	to := Recipient{Name: "maman", Location: time.UTC, Policy: Policy{Preset: Normal, Digest: Hour{Set: true, Minute: 18*60 + 30}}}
	work := func(days int) db.Event {
		due := today.AddDays(days)
		return db.Event{Kind: "homework.new", Day: due, Over: civil.DateTime{Date: due, Hour: 12}}
	}
	for name, tt := range map[string]struct {
		e     db.Event
		later time.Duration // after now
		want  string
	}{
		"an observation of today":             {db.Event{Kind: "observation.new", Day: today}, 0, db.Digest},
		"a corrected absence of last week":    {db.Event{Kind: "absence.changed", Day: today.AddDays(-7)}, 0, db.Digest},
		"work for tomorrow":                   {work(1), 0, db.Digest},
		"work for tomorrow, after the digest": {work(1), 3 * time.Hour, db.Now},
		"work for the day after, after it":    {work(2), 3 * time.Hour, db.Digest},
	} {
		tt.e.Data = json.RawMessage(`{"now":{}}`)
		if got := Route(tt.e, db.Student{}, to, nil, now.Add(tt.later)); got.Way != tt.want {
			t.Errorf("%s: %+v, want %s", name, got, tt.want)
		}
	}
}
