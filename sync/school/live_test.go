package school

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

// live lets time go by as the daemon does: each kind of data is looked at on its
// schedule, and every letter leaves when it is due.
func (w *testbed) live(until pronote.DateTime) {
	w.t.Helper()
	const tick = 5 * time.Minute
	end := until.In(w.paris)
	for now := time.Now().Truncate(tick); now.Before(end); {
		last := now
		now = now.Add(tick)
		w.deliverUntil(now)
		var due []string
		for _, d := range domains {
			if next := w.config.Plan.Domains[d.Name].Next(last.In(w.paris)); !next.After(now) {
				due = append(due, d.Name)
			}
		}
		if len(due) == 0 || w.config.Plan.Rest.Holds(now.In(w.paris)) {
			continue
		}
		w.at(pronote.DateTimeOf(now.In(w.paris)))
		if _, err := w.engine.Poll(w.t.Context(), "famille", due...); err != nil {
			w.t.Fatalf("poll at %s: %v", now, err)
		}
	}
	w.deliverUntil(end)
}

// deliverUntil delivers what falls due until an instant, each letter in its minute.
func (w *testbed) deliverUntil(end time.Time) {
	w.t.Helper()
	for {
		next := end
		for _, r := range w.config.Recipients {
			due, err := w.engine.Deliver(w.t.Context(), r.Name)
			if err != nil {
				w.t.Fatalf("deliver to %s: %v", r.Name, err)
			}
			if !due.IsZero() && due.Before(next) {
				next = due
			}
		}
		time.Sleep(max(0, time.Until(next)))
		if !next.Before(end) {
			return
		}
	}
}

// presets gives a testbed three recipients, of one preset each.
func presets(t testing.TB, w *testbed) {
	t.Helper()
	usual := w.config.Recipients[0]
	w.config.Recipients = nil
	for _, preset := range psync.Presets {
		r := usual
		r.Name, r.Policy, r.Admin = string(preset), normal(t), false
		if r.Preset = preset; preset == psync.All {
			r.Quiet = psync.Quiet{}
		}
		w.config.Recipients = append(w.config.Recipients, r)
	}
	w.restart()
}

// The same rules over the past send the same letters at the same minutes: a simulation
// cannot differ from what it simulates.
func TestSimulationRepeatsWhatWasSent(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := newTestbed(t, 5, pronote.KindParent, pronotetest.Options{})
		start := november.AddDays(-2) // a Sunday
		w.at(pronote.DateTime{Date: start, Hour: 20})
		w.poll()
		presets(t, w)
		midnight := pronote.DateTime{Date: start.AddDays(1)}
		w.deliverUntil(midnight.In(w.paris))
		w.live(pronote.DateTime{Date: start.AddDays(2), Hour: 22})

		path := t.TempDir() + "/copy.db"
		if err := w.store.CopyTo(t.Context(), path); err != nil {
			t.Fatal(err)
		}
		replayed, err := db.Open(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := replayed.Close(); err != nil {
				t.Error(err)
			}
		}()
		config := w.settings()
		err = psync.Simulation{
			Store: replayed, Accounts: config.Accounts, Recipients: config.Recipients, Log: config.Log, From: midnight.In(w.paris), To: time.Now(),
		}.Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		sent, simulated := lettersSince(t, w.store, midnight.Date), lettersSince(t, replayed, midnight.Date)
		if len(sent) < 6 {
			t.Errorf("only %d letters were sent", len(sent))
		}
		if diff := cmp.Diff(sent, simulated); diff != "" {
			t.Errorf("the simulation differs (-sent +simulated):\n%s", diff)
		}
	})
}

// lettersSince are the letters from a day on, in a comparable form.
func lettersSince(t *testing.T, store *db.Store, day pronote.Date) (letters []string) {
	t.Helper()
	err := store.View(t.Context(), func(tx *db.Tx) error {
		rows, err := tx.List(t.Context(), db.LettersView, db.Filter{Since: day.String()})
		for _, r := range rows {
			letters = append(letters, r["composed_at"].(string)[:16]+" "+r["recipient"].(string)+" "+r["kind"].(string)+" "+r["state"].(string)+"\n"+r["title"].(string)+"\n"+r["text"].(string))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(letters)
	return letters
}
