package sync

import (
	"errors"
	"fmt"
	"sync"
	"time"
)

// A Timekeeper says whether the clock of this machine is right: nothing is asked of a
// server, dated or told by one that is wrong. It goes by what cannot be, such as 1970,
// and by what the clocks of servers show, of which it hears with each answer.
//
// Its methods may be called by several goroutines. The nil pointer trusts the machine.
type Timekeeper struct {
	now    func() time.Time
	synced func() bool

	mu    sync.Mutex
	known time.Time // it is later than that
	heard *hearing  // the last; nil before the first, and when it no longer counts
	since time.Time // when it began to listen, on the monotonic clock
}

// A hearing is what the clock of a server showed, and when on the monotonic clock.
type hearing struct{ showed, at time.Time }

const (
	harmless   = 30 * time.Minute         // by which a clock may be wrong
	beyondLife = 8 * 365 * 24 * time.Hour // after what is known, and nothing of it is left to trust
	listenFor  = 30 * time.Second         // how long messages wait for the first answer
	tellClock  = 15 * time.Minute         // how long a clock may be wrong before people are told
	askLongest = time.Hour                // between two questions for the time
)

// NewTimekeeper watches a clock, which cannot be right before a given time, that of the
// build. Synced reports whether the system itself has set the clock by others since it
// was started, and so knows better than any school; it may be nil.
func NewTimekeeper(now func() time.Time, after time.Time, synced func() bool) *Timekeeper {
	if synced == nil {
		synced = func() bool { return false }
	}
	return &Timekeeper{now: now, synced: synced, known: after, since: time.Now()}
}

// Hear takes note of what the clock of a server shows at this moment.
func (t *Timekeeper) Hear(showed time.Time) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.heard = &hearing{showed.Round(0), time.Now()}
}

// remember takes note of a time that has been.
func (t *Timekeeper) remember(at time.Time) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if at.After(t.known) {
		t.known = at
	}
}

// forget stops to go by what was heard before the machine slept or the clock was set.
func (t *Timekeeper) forget() {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.heard != nil && t.heard.now().After(t.known) {
		t.known = t.heard.now()
	}
	t.heard, t.since = nil, time.Now()
}

// now is what the clock of the server shows now. A machine that slept does not know how
// long.
func (h *hearing) now() time.Time { return h.showed.Add(time.Since(h.at)) }

// Err is a *ClockError while the clock is wrong.
func (t *Timekeeper) Err() error {
	if t == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	shows := t.now().Round(0)
	if t.heard != nil {
		school := t.heard.now()
		if shows.Sub(school).Abs() <= harmless || t.synced() {
			return nil
		}
		return &ClockError{Shows: shows, School: school}
	}
	if (shows.Before(t.known.Add(-harmless)) || shows.After(t.known.Add(beyondLife))) && !t.synced() {
		return &ClockError{Shows: shows}
	}
	return nil
}

// settled reports whether messages may be dated by the clock: it is right as far as is
// known, and there was time to hear otherwise.
func (t *Timekeeper) settled() bool {
	if t.Err() != nil {
		return false
	}
	if t == nil || t.synced() || t.heardSince(time.Time{}) {
		return true
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return time.Since(t.since) >= listenFor
}

// heardSince reports whether a server told its time after an instant of the monotonic
// clock.
func (t *Timekeeper) heardSince(at time.Time) bool {
	if t == nil {
		return false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.heard != nil && !t.heard.at.Before(at)
}

// best is what time it is as far as anybody knows.
func (t *Timekeeper) best(shows time.Time) time.Time {
	var wrong *ClockError
	if errors.As(t.Err(), &wrong) && !wrong.School.IsZero() {
		return wrong.School
	}
	return shows
}

// A ClockError says that the clock of this machine is wrong.
type ClockError struct {
	Shows  time.Time
	School time.Time // what the clock of a server shows; zero where none was heard
}

// Error implements error.
func (e *ClockError) Error() string {
	const minute = "2006-01-02 15:04 MST"
	if e.School.IsZero() {
		return fmt.Sprintf("the clock of this machine is wrong: it shows %s, which cannot be", e.Shows.Format(minute))
	}
	return fmt.Sprintf("the clock of this machine is wrong: it shows %s, and the school's %s", e.Shows.Format(minute), e.School.In(e.Shows.Location()).Format(minute))
}
