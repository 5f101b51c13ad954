package sync

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestWhatAClockMayShow(t *testing.T) {
	t.Parallel()
	built := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		shows  time.Time
		school time.Time // zero where nobody answers
		synced bool
		wrong  bool
	}{
		"1970":                               {shows: time.Unix(0, 0), wrong: true},
		"1970, and the school says 1970 too": {shows: time.Unix(0, 0), school: time.Unix(60, 0)},
		"2036":                               {shows: built.AddDate(10, 0, 0), wrong: true},
		"a program that is three years old":  {shows: built.AddDate(3, 0, 0)},
		"a program that is ten years old":    {shows: built.AddDate(10, 0, 0), school: built.AddDate(10, 0, 0).Add(time.Minute)},
		"a quarter of an hour":               {shows: built.Add(time.Hour), school: built.Add(75 * time.Minute)},
		"two hours behind the school":        {shows: built.Add(time.Hour), school: built.Add(3 * time.Hour), wrong: true},
		"two hours ahead of the school":      {shows: built.Add(3 * time.Hour), school: built.Add(time.Hour), wrong: true},
		"the school's is wrong":              {shows: built.Add(3 * time.Hour), school: built.Add(time.Hour), synced: true},
		"before the build, as the system is": {shows: built.AddDate(-1, 0, 0), synced: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			keeper := NewTimekeeper(func() time.Time { return tt.shows }, built, func() bool { return tt.synced })
			if !tt.school.IsZero() {
				keeper.Hear(tt.school)
			}
			var wrong *ClockError
			if err := keeper.Err(); errors.As(err, &wrong) != tt.wrong {
				t.Errorf("%v", err)
			}
		})
	}
}

// What was heard goes on as time does, until the clock is set or the machine has slept.
func TestWhatWasHeardGrowsOld(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		offset := time.Duration(0)
		keeper := NewTimekeeper(func() time.Time { return time.Now().Add(offset) }, time.Now().Add(-time.Hour), nil)
		if keeper.settled() {
			t.Error("settled before anything was heard")
		}
		keeper.Hear(time.Now())
		time.Sleep(24 * time.Hour)
		if err := keeper.Err(); err != nil || !keeper.settled() {
			t.Errorf("a day later: %v", err)
		}
		offset = -3 * time.Hour
		if err := keeper.Err(); err == nil || !keeper.best(time.Now().Add(offset)).Equal(time.Now()) {
			t.Errorf("three hours back: %v", err)
		}
		keeper.forget()
		if err := keeper.Err(); err == nil {
			t.Error("what was heard has not been")
		}
		offset = 3 * time.Hour
		if err := keeper.Err(); err != nil || keeper.settled() {
			t.Errorf("three hours ahead, or awake again: %v", err)
		}
		time.Sleep(listenFor)
		if !keeper.settled() {
			t.Error("nobody answers, and messages wait for ever")
		}
	})
}

// Set back and forward again before anybody took note, a clock has not gone back.
func TestAClockThatWasSetBackAndRightAgain(t *testing.T) {
	t.Parallel()
	a := newAgenda(nil)
	a.set(-3 * time.Hour)
	a.set(3 * time.Hour)
	if back := a.takeSetBack(); back != 0 {
		t.Errorf("set back by %s", back)
	}
	a.set(2 * time.Hour)
	if back := a.takeSetBack(); back != 0 {
		t.Errorf("forward is back by %s", back)
	}
	a.set(-2 * time.Hour)
	if back := a.takeSetBack(); back != 2*time.Hour {
		t.Errorf("set back by %s, want 2h", back)
	}
}
