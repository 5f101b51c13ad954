package sync

import (
	"context"
	"sync"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
)

// A Plan says when to ask a school for what.
type Plan struct {
	Domains   map[string]cron.Schedule // by the names of domains; one that is missing is never polled
	KeepAlive cron.Schedule            // when to keep an idle session alive
	Rest      Quiet                    // the hours without requests, at the school
	Jitter    time.Duration            // the most that a poll is put off, so that not all machines ask at once
}

// keepAlive stands among the names of domains for keeping the session alive.
const keepAlive = ""

// entries is the plan for some domains, as alarms want it.
func (p Plan) entries(of Domains) map[string]cron.Schedule {
	entries := map[string]cron.Schedule{keepAlive: p.KeepAlive}
	for _, d := range p.planned(of) {
		entries[d.Name] = p.Domains[d.Name]
	}
	return entries
}

// The rest of the plan is not worth an option.
const (
	restDayEvery = 3 * time.Hour    // polls on weekends and in holidays, at most
	idleEnough   = 10 * time.Minute // a session used less long ago needs no keep-alive
	confirmAfter = 2 * time.Minute  // when a list that shrank is looked at again
)

// planned are those of some domains that the plan has a schedule for.
func (p Plan) planned(of Domains) (planned Domains) {
	for _, d := range of {
		if p.Domains[d.Name] != nil {
			planned = append(planned, d)
		}
	}
	return planned
}

func (w *watcher) planned() Domains { return w.engine.Plan.planned(w.account.Source.Domains()) }

// An agenda is what one account has to do: cron adds to it, the account's
// goroutine takes.
type agenda struct {
	domains   Domains       // there are
	poke      chan struct{} // holds a token when there is something new
	mu        *sync.Mutex
	wanted    map[string]bool // domains
	keepAlive bool
	setBack   time.Duration // how far the clock was, all in all, since somebody took note
}

func newAgenda(domains Domains) agenda {
	return agenda{domains: domains, poke: make(chan struct{}, 1), mu: &sync.Mutex{}, wanted: map[string]bool{}}
}

// want adds domains; none stands for keeping the session alive.
func (a *agenda) want(names ...string) {
	a.mu.Lock()
	for _, name := range names {
		a.wanted[name] = true
	}
	a.keepAlive = a.keepAlive || len(names) == 0
	a.mu.Unlock()
	a.nudge()
}

// nudge makes the account's goroutine look at what there is to do.
func (a *agenda) nudge() {
	select {
	case a.poke <- struct{}{}:
	default: // it was told already
	}
}

// wantAll adds what the alarms say.
func (a *agenda) wantAll(names []string) {
	for _, name := range names {
		if name == keepAlive {
			a.want()
		} else {
			a.want(name)
		}
	}
}

// set notes that the clock was set.
func (a *agenda) set(jump time.Duration) {
	a.mu.Lock()
	a.setBack -= jump
	a.mu.Unlock()
	select {
	case a.poke <- struct{}{}:
	default: // it was told already
	}
}

// takeSetBack is how far the clock was set back since the last call.
func (a *agenda) takeSetBack() time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	back := a.setBack
	a.setBack = 0
	return max(back, 0)
}

// peek lists the wanted domains in the order of a poll.
func (a *agenda) peek() (wanted Domains, keepAlive bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, d := range a.domains {
		if a.wanted[d.Name] {
			wanted = append(wanted, d)
		}
	}
	return wanted, a.keepAlive
}

// done strikes out what was done.
func (a *agenda) done(names ...string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, name := range names {
		delete(a.wanted, name)
	}
	if len(names) == 0 {
		a.keepAlive = false
	}
}

// Run polls on schedule and delivers until ctx is done. It then returns nil,
// once all that was under way has ended.
func (e *Engine) Run(ctx context.Context) error {
	if err := e.abandonUnknown(ctx); err != nil {
		return err
	}
	var running sync.WaitGroup
	for _, w := range e.watchers {
		running.Go(func() { w.alarms.run(ctx, e.Now, w.schedule.wantAll) })
		w.schedule.want(w.planned().Names()...) // the plan waits for its hour; a start does not
		running.Go(func() { w.run(ctx) })
	}
	for _, m := range e.recipients {
		running.Go(func() { m.run(ctx) })
	}
	running.Go(func() { e.watchClock(ctx) })
	running.Go(func() { e.sound(ctx, e.siren) })
	running.Go(func() { e.sound(ctx, e.clockSiren) })
	running.Go(func() { e.sound(ctx, e.copySiren) })
	running.Wait()
	return nil
}

// run does what the agenda says until ctx is done.
func (w *watcher) run(ctx context.Context) {
	for first := true; ; {
		var alarm <-chan time.Time
		wait, ready := w.wait(ctx)
		switch {
		case ready && first:
			first = false
			w.work(ctx)
		case ready:
			if sleep(ctx, time.Duration(w.engine.jitter()*float64(w.engine.Plan.Jitter))) == nil {
				w.work(ctx)
			}
		case wait > 0:
			alarm = time.After(wait)
		}
		select {
		case <-w.schedule.poke:
		case <-alarm:
		case <-ctx.Done():
			return
		}
	}
}

// wait reports whether the account may do what is on its agenda now, or else
// how long until it may; 0 when only a new entry or a person can tell.
func (w *watcher) wait(ctx context.Context) (wait time.Duration, ready bool) {
	_ = w.own(ctx, func(context.Context) error { // or else it is time to stop
		wait, ready = w.waitNow()
		return nil
	})
	return wait, ready
}

func (w *watcher) waitNow() (time.Duration, bool) {
	if w.engine.Timekeeper.Err() != nil {
		return 0, false // whoever watches the clock tells when that is over
	}
	now := w.engine.Now()
	if back := w.schedule.takeSetBack(); w.record.PhaseUntil != 0 {
		w.record.PhaseUntil -= int64(back.Seconds()) // or the wait would be longer by that
	}
	if wanted, keepAlive := w.schedule.peek(); len(wanted) == 0 && !keepAlive {
		return 0, false
	}
	if !due(w.record, now) {
		if w.record.Phase == db.Suspended {
			return 0, false
		}
		return phaseEnd(w.record, now).Sub(now) + time.Second, false
	}
	return 0, true
}

// work polls what is wanted, or keeps the session alive, unless it is time to rest.
// A poll that falls into the night is dropped, for the next will come; one that
// falls into the rest of a day off waits for the next poll.
func (w *watcher) work(ctx context.Context) {
	_ = w.own(ctx, func(ctx context.Context) error { // or else it is time to stop
		if _, ready := w.waitNow(); ready {
			w.workNow(ctx)
		}
		return nil
	})
}

func (w *watcher) workNow(ctx context.Context) {
	wanted, keepAlive := w.schedule.peek()
	now := w.engine.Now()
	names := wanted.Names()
	if night, off := w.resting(now); night || off {
		w.schedule.done()
		if night {
			w.schedule.done(names...)
		}
		return
	}
	if len(wanted) > 0 {
		w.polledAt = now
		result, err := w.poll(ctx, wanted, w.engine.Files)
		if err == nil {
			w.schedule.done(names...)
		}
		if result.Doubted {
			time.AfterFunc(confirmAfter, func() { w.schedule.want(names...) })
		}
	}
	if keepAlive {
		w.schedule.done()
		w.stayAlive(ctx)
	}
}

// resting reports whether the school is asked nothing now: at night, and most
// of the time on days off, those without lessons.
func (w *watcher) resting(now time.Time) (night, off bool) {
	local := now.In(w.account.Location)
	if w.polledAt.IsZero() {
		return false, false // a start is answered at any hour
	}
	off = w.off(civil.DateOf(local)) && within(restDayEvery, w.polledAt, now)
	return !w.account.AnyHour && w.engine.Plan.Rest.Holds(local), off
}

// stayAlive keeps a session that would otherwise be idle too long. A session
// that has ended is not replaced: the next poll does that if it must.
func (w *watcher) stayAlive(ctx context.Context) {
	if w.session == nil || within(idleEnough, w.usedAt, w.engine.Now()) {
		return
	}
	if err := w.session.Touch(ctx); err != nil {
		w.log.Info("session not kept alive", "reason", err)
		w.session = nil
		return
	}
	w.usedAt = w.engine.Now()
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
