package sync

import (
	"context"
	"time"

	"github.com/robfig/cron/v3"
)

// The clock of a small machine is wrong now and then: it starts in the past where
// no battery keeps it, and is set when the network comes, forward or back. Plans by
// the wall clock must survive that. The monotonic time, which nobody sets, tells
// when the wall clock was set.

// A clock compares the two.
type clock struct{ wall, real time.Time }

// jump is how far the wall clock was set since the last call: forward, or back
// where it is negative. A machine that slept has seen it set forward.
func (c *clock) jump(wall, real time.Time) time.Duration {
	wall = wall.Round(0) // or Sub would look at what time has really gone by
	jump := wall.Sub(c.wall) - real.Sub(c.real)
	c.wall, c.real = wall, real
	return jump
}

const (
	clockEvery = time.Minute      // how often the clocks are compared
	leastJump  = 10 * time.Second // nothing is planned to the second
)

// watchClock tells everybody when the wall clock was set, and when it is wrong, until ctx
// is done.
func (e *Engine) watchClock(ctx context.Context) {
	clock, doubt := clock{e.Now().Round(0), time.Now()}, doubt{engine: e}
	tick := time.NewTicker(clockEvery)
	defer tick.Stop()
	for {
		doubt.look(ctx)
		select {
		case <-tick.C:
			jump := clock.jump(e.Now(), time.Now())
			doubt.jumped = jump.Abs() >= leastJump
			e.clockSet(jump)
		case <-ctx.Done():
			return
		}
	}
}

// clockSet has everybody look at the clock again after it was set. A wait that a
// clock set back would prolong takes no longer than it was meant to.
func (e *Engine) clockSet(jump time.Duration) {
	if jump.Abs() < leastJump {
		return
	}
	e.Log.Warn("the clock of this machine was set, or it slept", "by", jump.Round(time.Second).String())
	for _, w := range e.watchers {
		w.alarms.wake()
		w.schedule.set(jump)
	}
	for _, m := range e.recipients {
		m.setBack.Store(jump < 0)
		m.wake()
	}
}

// within reports whether something happened less than a given time ago. A time in
// the future, left by a clock that was ahead, counts as long ago.
func within(span time.Duration, at, now time.Time) bool {
	age := now.Sub(at)
	return age >= 0 && age < span
}

// Alarms find the entries of a plan that have fallen due.
type alarms struct {
	plan     map[string]cron.Schedule
	location *time.Location
	poke     chan struct{} // holds a token when the clock was set

	clock clock
	seen  time.Time // until when the plan was looked at, on the wall clock
}

func newAlarms(plan map[string]cron.Schedule, location *time.Location, wall, real time.Time) *alarms {
	return &alarms{plan: plan, location: location, poke: make(chan struct{}, 1), clock: clock{wall.Round(0), real}, seen: wall.Round(0)}
}

// due lists the entries that have fallen due since the last call, including those
// that a clock set forward has skipped, and says how long it is until the next.
func (a *alarms) due(wall, real time.Time) (names []string, wait time.Duration) {
	if jump := a.clock.jump(wall, real); jump <= -leastJump {
		a.seen = a.seen.Add(jump)
	}
	now := wall.Round(0).In(a.location)
	wait = 24 * time.Hour // some plans have nothing more to come
	for name, schedule := range a.plan {
		next := schedule.Next(a.seen.In(a.location))
		if !next.IsZero() && !next.After(now) {
			names = append(names, name)
			next = schedule.Next(now)
		}
		if !next.IsZero() {
			wait = min(wait, next.Sub(now))
		}
	}
	if now.After(a.seen) {
		a.seen = now
	}
	return names, wait
}

// wake makes run look at the clock.
func (a *alarms) wake() {
	select {
	case a.poke <- struct{}{}:
	default: // it was told already
	}
}

// run calls back with what falls due until ctx is done.
func (a *alarms) run(ctx context.Context, now func() time.Time, due func(names []string)) {
	for {
		names, wait := a.due(now(), time.Now())
		due(names)
		select {
		case <-time.After(wait):
		case <-a.poke:
		case <-ctx.Done():
			return
		}
	}
}
