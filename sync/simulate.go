package sync

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/notifiers"
)

// A Simulation tells a stretch of the past once more: by other rules, or by the same
// ones to see what they did. What was muted in a chat was muted then, and is not now.
type Simulation struct {
	Store      *db.Store // of a copy of a mirror, which holds afterwards what would have been sent
	Accounts   []Account // their names, addresses and zones
	Recipients []Recipient
	Wording    *Wording // that of the program when nil
	Log        *slog.Logger
	From, To   time.Time // when the clock begins and stops; what is due later waits
}

// Run routes the events that are stored, composes letters of them and of the mirror as
// it was, and delivers them to nobody. It is the engine itself that does, on a clock
// that goes from one thing that happens to the next.
func (s Simulation) Run(ctx context.Context) error {
	r := replay{Simulation: s, now: s.From}
	if err := r.open(ctx); err != nil {
		return err
	}
	for len(r.events) > 0 || !r.now.After(s.To) { // a clock that was set back has stored events in the future
		if err := r.step(ctx); err != nil {
			return err
		}
		next := r.next()
		if next.IsZero() {
			break
		}
		r.now = next
	}
	return nil
}

// A replay is a simulation under way.
type replay struct {
	Simulation
	now      time.Time
	engine   *Engine
	students map[int64]db.Student
	zones    map[int64]*time.Location // by account
	events   []db.StoredEvent         // to come
	due      []time.Time              // when there is next anything to do, by recipient
}

func (r *replay) open(ctx context.Context) error {
	r.engine = &Engine{Config: Config{
		Store: r.Store, Accounts: r.Accounts, Wording: r.Wording, Log: r.Log, Now: func() time.Time { return r.now },
	}, siren: newSiren(ofDatabase)}
	if r.Wording == nil {
		r.engine.Wording = NewWording(nil, nil)
	}
	for _, to := range r.Recipients {
		to.Notifier = nowhere{}
		r.engine.recipients = append(r.engine.recipients, &mailbox{Recipient: to, engine: r.engine, poke: make(chan struct{}, 1)})
		r.due = append(r.due, r.From)
	}
	return r.Store.Update(ctx, func(tx *db.Tx) (err error) {
		if err := r.enrol(ctx, tx); err != nil {
			return err
		}
		r.events, err = tx.Rewind(ctx, civil.DateTimeOf(r.From.In(r.zone())), r.From.Unix())
		r.events = slices.DeleteFunc(r.events, func(e db.StoredEvent) bool {
			return e.Kind == "system.undelivered" || r.zones[e.Account] == nil // of letters that were, or of an account that is not configured
		})
		return err
	})
}

// enrol reads who the people are.
func (r *replay) enrol(ctx context.Context, tx *db.Tx) error {
	r.students, r.zones = map[int64]db.Student{}, map[int64]*time.Location{}
	records, err := tx.Accounts(ctx)
	if err != nil {
		return err
	}
	for _, record := range records {
		i := slices.IndexFunc(r.Accounts, func(a Account) bool { return a.Name == record.Name })
		if i < 0 {
			continue
		}
		w := &watcher{engine: r.engine, account: r.Accounts[i], record: record}
		status := StatusOf(record, 0)
		w.published.Store(&status)
		r.engine.watchers = append(r.engine.watchers, w)
		r.zones[record.ID] = w.account.Location
		students, err := tx.Students(ctx, record.ID)
		if err != nil {
			return err
		}
		for _, s := range students {
			r.students[s.ID] = s
		}
	}
	return nil
}

// zone is that of the clocks that the mirror is written by.
func (r *replay) zone() *time.Location {
	for _, a := range r.Accounts {
		return a.Location
	}
	return time.UTC
}

// step does what is due: what was stored then is stored again, and delivered.
func (r *replay) step(ctx context.Context) error {
	if err := r.store(ctx); err != nil {
		return err
	}
	for i, m := range r.engine.recipients {
		if m.dueDigest(r.now) != "" { // which reads the rows
			err := r.Store.Update(ctx, func(tx *db.Tx) error { return tx.Show(ctx, civil.DateTimeOf(r.now.In(r.zone()))) })
			if err != nil {
				return err
			}
		}
		next, err := m.deliver(ctx)
		if err != nil {
			return err
		}
		r.due[i] = next
	}
	return nil
}

// store puts the events of now into the outbox, each poll's in a batch of their own.
func (r *replay) store(ctx context.Context) error {
	for len(r.events) > 0 && !r.at(r.events[0]).After(r.now) {
		first := r.events[0]
		var batch []db.Event
		for len(r.events) > 0 && r.events[0].Batch == first.Batch {
			batch, r.events = append(batch, r.events[0].Event), r.events[1:]
		}
		err := r.Store.Update(ctx, func(tx *db.Tx) error {
			return tx.Enqueue(ctx, first.Account, first.At, batch, func(e db.Event) []db.Address {
				return r.engine.addresses(e, r.students[e.Student], r.zones[first.Account], nil, "")
			})
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// at is when an event was stored.
func (r *replay) at(e db.StoredEvent) time.Time { return e.At.In(r.zones[e.Account]) }

// next is when something happens next, the zero time for never.
func (r *replay) next() (next time.Time) {
	if len(r.events) > 0 {
		next = r.at(r.events[0])
	}
	for _, due := range r.due {
		next = sooner(next, due)
	}
	if !next.IsZero() && !next.After(r.now) { // a clock that was set back when the events were stored
		next = r.now.Add(time.Second)
	}
	return next
}

// Nowhere is a channel that takes every message, and delivers none.
type nowhere struct{}

// Deliver implements notifiers.Notifier.
func (nowhere) Deliver(context.Context, notifiers.Message) (notifiers.Receipt, error) { return "", nil }
