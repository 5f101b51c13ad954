package sync

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/robfig/cron/v3"
)

func parseCron(t testing.TB, spec string) cron.Schedule {
	t.Helper()
	schedule, err := cron.ParseStandard(spec)
	if err != nil {
		t.Fatal(err)
	}
	return schedule
}

// Whatever the clock on the wall does, and whenever: what is to be done every
// quarter of an hour is done again within one.
func TestNoJumpOfTheClockSilencesThePlan(t *testing.T) {
	t.Parallel()
	const interval = 15 * time.Minute
	chance := rand.New(rand.NewPCG(8, 3))
	for range 300 {
		real := time.Date(2026, 3, 28, 12, 0, 0, 0, time.UTC) // the night before summer time
		offset := time.Duration(0)
		wall := func() time.Time { return real.Add(offset) }
		a := newAlarms(map[string]cron.Schedule{"lessons": parseCron(t, "*/15 * * * *"), "menus": parseCron(t, "50 7 * * *")}, time.UTC, wall(), real)
		c := clock{wall(), real}
		since, asleep := real, time.Duration(0) // the last time, or the last jump
		for range 8 * 60 {                      // minutes, at each of which the clocks are compared
			if jump := c.jump(wall(), real); jump.Abs() >= leastJump {
				asleep = 0 // it is woken
			}
			if asleep <= 0 {
				names, wait := a.due(wall(), real)
				for _, name := range names {
					if name == "lessons" {
						since = real
					}
				}
				asleep = wait
			}
			if gap := real.Sub(since); gap > interval+clockEvery {
				t.Fatalf("nothing for %s, with the clock off by %s", gap, offset)
			}
			step := min(asleep, clockEvery)
			real, asleep = real.Add(step), asleep-step
			if chance.IntN(40) == 0 {
				since = real
				offset += time.Duration((chance.Float64()*2 - 1) * float64([]time.Duration{time.Minute, 3 * time.Hour, 400 * 24 * time.Hour}[chance.IntN(3)]))
			}
		}
	}
}

// A plan that was slept through is made up for once.
func TestWhatAClockSetForwardLeavesOutIsMadeUpFor(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 12, 6, 0, 0, 0, time.UTC)
	a := newAlarms(map[string]cron.Schedule{"menus": parseCron(t, "50 7 * * *")}, time.UTC, now, now)
	if names, wait := a.due(now, now); len(names) > 0 || wait != 110*time.Minute {
		t.Errorf("at six: %q, and the next in %s", names, wait)
	}
	later := now.Add(5 * time.Hour)
	if names, _ := a.due(later, now.Add(time.Minute)); len(names) != 1 {
		t.Errorf("at eleven: %q, want menus", names)
	}
	if names, _ := a.due(later.Add(time.Hour), now.Add(time.Hour)); len(names) > 0 {
		t.Errorf("at noon: %q, want nothing", names)
	}
}
