package sync

import (
	"context"
	"errors"
	"time"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
)

// A doubt is what the goroutine that watches the clock remembers of it.
type doubt struct {
	engine *Engine
	jumped bool          // the clock was set since the last look, or the machine slept
	wrong  bool          // it was at the last look
	since  time.Time     // when it was found wrong, on the monotonic clock
	asked  time.Time     // when servers were last asked for the time, on the same
	wait   time.Duration // until they are asked again
}

// look compares the clock with what is known, and asks where that says no. Whoever waits
// for the clock is told when it is right again.
func (d *doubt) look(ctx context.Context) {
	err := d.engine.Timekeeper.Err()
	if err != nil && d.jumped {
		d.wait = 0
	}
	if err != nil && time.Since(d.asked) >= d.wait {
		d.ask(ctx)
		err = d.engine.Timekeeper.Err()
	}
	d.jumped = false
	switch {
	case err != nil && !d.wrong:
		d.wrong, d.since = true, time.Now()
		d.engine.Log.Warn("the clock cannot be trusted: nothing is asked, stored or told until it is right", "error", err)
	case err == nil && d.wrong:
		d.wrong, d.wait = false, 0
		d.engine.clockSiren.stop()
		d.engine.Log.Info("the clock is right again")
		for _, w := range d.engine.watchers {
			w.schedule.nudge()
		}
		d.engine.Wake()
	}
	if d.wrong && time.Since(d.since) >= tellClock {
		d.engine.clockSiren.raise("clock", d.engine.Now())
	}
}

// ask hears what the clocks of servers show, without a login: at once, and then ever more
// seldom. Where a machine has slept and nobody answers, what was heard before does not
// count any more.
func (d *doubt) ask(ctx context.Context) {
	d.asked, d.wait = time.Now(), min(max(2*d.wait, clockEvery), askLongest)
	for _, w := range d.engine.watchers {
		if d.engine.greet(ctx, w); d.engine.Timekeeper.heardSince(d.asked) {
			return
		}
	}
	if d.jumped {
		d.engine.Timekeeper.forget()
	}
}

// greet has the server of an account tell its time, if it does that and has not banned
// this address.
func (e *Engine) greet(ctx context.Context, w *watcher) {
	greeter, ok := w.account.Source.(Greeter)
	if !ok {
		return
	}
	err := w.own(ctx, func(ctx context.Context) error {
		if w.record.Phase == db.Banned {
			return nil
		}
		if err := w.purse.spendUndated(ctx); err != nil {
			return err
		}
		return greeter.Greet(ctx)
	})
	if err != nil {
		w.log.Debug("no time heard", "error", err)
	}
}

// ofClock is the event that tells people of a clock that is wrong.
func (e *Engine) ofClock(string) db.Event {
	facts := map[string]any{"shows": "", "school": ""}
	var wrong *ClockError
	if errors.As(e.Timekeeper.Err(), &wrong) && len(e.watchers) > 0 {
		on := func(at time.Time) string { return civil.DateTimeOf(at.In(e.watchers[0].account.Location)).String() }
		facts["shows"] = on(wrong.Shows)
		if !wrong.School.IsZero() {
			facts["school"] = on(wrong.School)
		}
	}
	return systemEvent("system.clock", facts)
}
