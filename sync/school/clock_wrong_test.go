package school

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

// A wrongClock is a testbed on a machine whose clock is off, at a school whose clock is
// right and is in each of its answers.
type wrongClock struct {
	*testbed
	offset   atomic.Int64
	down     atomic.Bool
	requests atomic.Int32
}

func newWrongClock(t *testing.T, offset time.Duration) *wrongClock {
	w := &wrongClock{testbed: quietTestbed(t, pronote.KindStudent)}
	w.offset.Store(int64(offset))
	w.config.Now = func() time.Time { return time.Now().Round(0).Add(time.Duration(w.offset.Load())) }
	w.config.Timekeeper = psync.NewTimekeeper(w.config.Now, time.Now().AddDate(-1, 0, 0), nil)
	w.config.Plan.Rest = psync.Quiet{}
	w.account.ServerTime = w.config.Timekeeper.Hear
	w.account.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
		if w.down.Load() {
			return nil, errors.New("no route to host")
		}
		w.requests.Add(1)
		resp, err := w.server.Transport().RoundTrip(r)
		if err == nil {
			resp.Header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
		}
		return resp, err
	})
	w.restart()
	return w
}

// run starts the engine; the function that it returns stops it.
func (w *wrongClock) run() (stop func()) {
	ctx, cancel := context.WithCancel(w.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.engine.Run(ctx) }()
	return func() {
		cancel()
		if err := <-ended; err != nil {
			w.t.Error(err)
		}
	}
}

// misdated are the mirror's instants that lie in the future, or a day and more ago.
func (w *wrongClock) misdated() (rows []string) {
	w.t.Helper()
	from, to := pronote.DateTimeOf(time.Now().Add(-24*time.Hour).In(w.paris)).String(), pronote.DateTimeOf(time.Now().Add(time.Hour).In(w.paris)).String()
	for _, q := range []string{`SELECT at FROM changes`, `SELECT due_at FROM deliveries`, `SELECT coalesce(sent_at, '` + to + `') FROM deliveries`, `SELECT last_success_at FROM accounts`} {
		for _, at := range w.column(q) {
			if at < from || at > to {
				rows = append(rows, q+": "+at)
			}
		}
	}
	return rows
}

// column is what a query gives.
func (w *wrongClock) column(query string) (values []string) {
	w.t.Helper()
	conn, err := sql.Open("sqlite", w.path)
	if err != nil {
		w.t.Fatal(err)
	}
	defer conn.Close()
	rows, err := conn.Query(query)
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var value string
		if err := rows.Scan(&value); err != nil {
			w.t.Fatal(err)
		}
		values = append(values, value)
	}
	return values
}

// A machine without a clock of its own once polled in 1970: it dated everything by that,
// and spent the token of a login whose certificate it could not check.
func TestAClockThatCannotBeIsWaitedFor(t *testing.T) {
	for name, year := range map[string]int{"1970": 1970, "2036": 2036} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				w := newWrongClock(t, time.Duration(year-2025)*365*24*time.Hour)
				w.down.Store(true) // no certificate is good in such a year
				w.school.Do(maths(w.school.Pupil(), "12"))
				before, logins := w.changes(), w.record()
				stop := w.run()
				time.Sleep(10 * time.Minute)
				if n := w.askedFor("Identification"); w.requests.Load() != 0 || len(w.changes()) != len(before) || w.record() != logins {
					t.Errorf("%d requests, %d logins and %d changes by a clock of %s", w.requests.Load(), n, len(w.changes())-len(before), name)
				}
				if s := w.engine.Status()[0]; s.Reason != "clock" || !strings.Contains(s.LastError, "the clock of this machine is wrong") {
					t.Errorf("status says %+v", s)
				}
				w.down.Store(false)
				w.offset.Store(int64(time.Second))
				time.Sleep(time.Minute + 10*time.Second)
				stop()
				if got := w.inbox.take(); len(got) == 0 || !strings.Contains(got[0].Title, "12") {
					t.Errorf("a minute after the clock was set: %v", got)
				}
				if rows := w.misdated(); len(rows) > 0 {
					t.Errorf("dated by the wrong clock: %q", rows)
				}
			})
		})
	}
}

// A clock that is some hours off can be, until the school answers: nothing is asked then
// that counts, and people are told once.
func TestAClockThatTheSchoolContradicts(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := newWrongClock(t, -8*time.Hour)
		w.school.Do(maths(w.school.Pupil(), "12"))
		stop := w.run()
		time.Sleep(12 * time.Hour)
		if n := w.askedFor("Authentification"); n != 1 { // the testbed's own
			t.Errorf("%d logins went through", n-1)
		}
		if n := w.requests.Load(); n > 20 {
			t.Errorf("the school was asked %d times for its time", n)
		}
		told := w.inbox.take()
		if len(told) != 1 || !strings.Contains(told[0].Title, "horloge") || !strings.Contains(told[0].Body, "timedatectl") {
			t.Errorf("told %v, want once that the clock is wrong", told)
		}
		w.offset.Store(0)
		time.Sleep(time.Minute + 10*time.Second)
		stop()
		if got := w.inbox.take(); len(got) != 1 || !strings.Contains(got[0].Title, "12") {
			t.Errorf("a minute after the clock was set: %v", got)
		}
		if rows := w.misdated(); len(rows) > 0 {
			t.Errorf("dated by the wrong clock: %q", rows)
		}
	})
}

// A clock set to the wrong time while the daemon runs stops it, and the school's answer
// tells that from a machine that slept.
func TestAJumpOfTheClockIsCheckedAtTheSchool(t *testing.T) {
	for name, tt := range map[string]struct {
		jump  time.Duration
		slept bool
		down  bool
		works bool // within a few minutes
	}{
		"back by three hours":      {jump: -3 * time.Hour},
		"forward by three hours":   {jump: 3 * time.Hour},
		"back, and nobody answers": {jump: -3 * time.Hour, down: true},
		"slept for eight hours":    {slept: true, works: true},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				w := newWrongClock(t, 0)
				stop := w.run()
				time.Sleep(10 * time.Minute)
				w.inbox.take()
				if tt.slept { // what was heard is of before, and the wall clock has gone on
					w.config.Timekeeper.Hear(time.Now().Add(-8 * time.Hour))
					w.offset.Store(int64(-time.Minute))
				}
				w.down.Store(tt.down)
				w.offset.Add(int64(tt.jump))
				time.Sleep(2 * time.Minute)
				w.school.Do(maths(w.school.Pupil(), "12"))
				time.Sleep(3 * time.Hour)
				marks := 0
				for _, m := range w.inbox.take() {
					if strings.Contains(m.Title, "12") {
						marks++
					}
				}
				if (marks == 1) != tt.works || marks > 1 {
					t.Errorf("the mark was told %d times", marks)
				}
				w.down.Store(false)
				w.offset.Store(0)
				time.Sleep(31 * time.Minute)
				for _, m := range w.inbox.take() {
					if strings.Contains(m.Title, "12") {
						marks++
					}
				}
				stop()
				synctest.Wait()
				if marks != 1 {
					t.Errorf("the mark was told %d times in the end", marks)
				}
				if rows := w.misdated(); len(rows) > 0 {
					t.Errorf("dated by the wrong clock: %q", rows)
				}
			})
		})
	}
}
