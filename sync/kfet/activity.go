package kfet

import (
	"cmp"
	"context"
	"strconv"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// activities reads those that are announced and not over. What is over is no longer
// listed, and stays in the mirror.
func (s *Session) activities(ctx context.Context, w psync.Window) (list mirror.List[db.KfetActivity], err error) {
	if err := s.spend(ctx); err != nil {
		return list, err
	}
	listed, err := s.client.GetActivites(ctx)
	if missing(err) {
		return list, nil
	}
	if err != nil {
		return list, err
	}
	span := db.Span{Low: w.Now.String(), High: "9999"}
	rows := make([]db.KfetActivity, 0, len(listed))
	for _, a := range listed {
		row := db.KfetActivity{
			Number: a.ID, Title: a.Title, Starts: instant(a.Begin), Ends: instant(a.End), Place: a.Place, Description: a.Description, GuestsAllowed: a.List,
		}
		if row.Starts.IsZero() {
			continue // it has no place among the others
		}
		span.Low = min(span.Low, db.KfetActivities.PlaceOf(row))
		rows = append(rows, row)
	}
	list = mirror.ListOf(db.KfetActivities, activityMatcher, w.Owner, span, rows)
	list.Returns = true
	return list, nil
}

var activityMatcher = mirror.Matcher[db.KfetActivity]{
	Identities: []func(db.KfetActivity) string{
		func(a db.KfetActivity) string { return strconv.FormatInt(a.Number, 10) },
	},
}

// activityColumns are those whose change people want to know.
var activityColumns = []string{"title", "starts_at", "ends_at", "place", "guests_allowed"}

// tellActivities tells of what is still to come. One that is withdrawn has changed.
func (l look) tellActivities(changes []mirror.Change[db.KfetActivity]) (events []db.Event) {
	for _, c := range changes {
		t := mirror.TellingOf(db.KfetActivities, c)
		if !l.ahead(c.Row()) {
			continue
		}
		e := db.Event{Day: c.Row().Starts.Date, Over: ended(c.Row()), Minor: t.Minor(activityColumns, "title", "place")}
		switch {
		case c.Kind == mirror.Added:
			e.Kind = "activity.new"
		case c.Kind == mirror.Removed:
			t.Of = mirror.DataOf(map[string]any{"withdrawn": true})
			e.Kind = "activity.changed"
		case t.Touches(activityColumns):
			e.Kind = "activity.changed"
		default:
			continue
		}
		events = append(events, t.Complete(e, l.balance.Owner))
	}
	return events
}

// ahead reports whether an activity is not over.
func (l look) ahead(a db.KfetActivity) bool { return ended(a).Compare(l.now) > 0 }

// ended is when an activity is over. One without an end is over when it has begun.
func ended(a db.KfetActivity) civil.DateTime { return cmp.Or(a.Ends, a.Starts) }
