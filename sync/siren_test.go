package sync

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/notifiers"
	"github.com/pronote-sync/pronote-sync/pronote"
)

// damage overwrites the first page of a table, as a bad card does.
func (w *testbed) damage(table string) {
	w.t.Helper()
	if err := w.store.Close(); err != nil {
		w.t.Fatal(err)
	}
	conn, err := sql.Open("sqlite", w.path)
	if err != nil {
		w.t.Fatal(err)
	}
	var page, size int64
	_, err = conn.Exec(`PRAGMA wal_checkpoint(TRUNCATE)`)
	err = errors.Join(err, conn.QueryRow(`SELECT rootpage, (SELECT page_size FROM pragma_page_size) FROM sqlite_master WHERE name = ?`, table).Scan(&page, &size))
	if err = errors.Join(err, conn.Close()); err != nil {
		w.t.Fatal(err)
	}
	file, err := os.OpenFile(w.path, os.O_RDWR, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	_, err = file.WriteAt(bytes.Repeat([]byte{0xAA}, int(size)), (page-1)*size)
	if err = errors.Join(err, file.Close()); err != nil {
		w.t.Fatal(err)
	}
	if w.store, err = db.Open(w.t.Context(), w.path); err != nil {
		w.t.Fatal(err)
	}
	w.config.Store = w.store
	w.restart()
}

// runFor runs the engine for a while.
func (w *testbed) runFor(d time.Duration) {
	w.t.Helper()
	ctx, stop := context.WithCancel(w.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.engine.Run(ctx) }()
	time.Sleep(d)
	stop()
	if err := <-ended; err != nil {
		w.t.Error(err)
	}
}

// A message about a damaged database waited in that database.
func TestADamagedDatabaseIsToldThoughItTakesNoMessage(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.inbox.failures = []error{errors.New("down"), errors.New("down")}
		w.damage("_marks")
		w.school.Do(maths(w.school.Pupil(), "12"))
		w.runFor(5 * time.Hour)
		var told []notifiers.Message
		for _, m := range w.inbox.take() {
			if strings.Contains(m.Title, "Base de données abîmée") {
				told = append(told, m)
			}
		}
		if len(told) != 1 {
			t.Errorf("told %v, want once that the database is damaged", told)
		}
	})
}

func TestASirenTellsOfACauseOnce(t *testing.T) {
	t.Parallel()
	s := newSiren()
	full := fmt.Errorf("store marks: %w", db.ErrFull)
	now := time.Unix(1_763_000_000, 0)
	heard := func() (cause string) {
		select {
		case cause = <-s.heard:
		default:
		}
		return cause
	}
	for i, step := range []struct {
		err   error
		after time.Duration
		stop  bool
		want  string
	}{
		{err: nil}, {err: errors.New("no route to host")}, {err: db.ErrBusy},
		{err: full, want: "full"}, {err: full, after: time.Minute}, {stop: true, err: full, after: time.Hour},
		{err: db.ErrCorrupt, want: "damaged"}, {err: full, after: 25 * time.Hour, want: "full"},
	} {
		if step.stop {
			s.stop()
		}
		now = now.Add(step.after)
		s.hear(step.err, now)
		if got := heard(); got != step.want {
			t.Errorf("step %d: %q, want %q", i, got, step.want)
		}
	}
	if s.stop(); s.lasts("full") {
		t.Error("it lasts after it has stopped")
	}
}

// While a disk is full, what a channel has taken cannot be recorded: it was sent
// again every minute.
func TestWhatWasSentIsNotSentAgainBecauseItIsNotRecorded(t *testing.T) {
	bubble(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.school.Do(maths(w.school.Pupil(), "12"))
		w.poll()
		m := w.engine.recipients[0]
		sent, fails := 0, true
		m.Notifier = notifierFunc(func(ctx context.Context, message notifiers.Message) (notifiers.Receipt, error) {
			sent++
			if fails { // the disk fills up while the message is under way
				if err := w.store.Close(); err != nil {
					t.Fatal(err)
				}
			}
			return "", nil
		})
		for range 3 {
			if _, err := w.engine.Deliver(t.Context(), "maman"); err == nil {
				t.Fatal("recorded in a database that is closed")
			}
		}
		fails = false
		var err error
		if w.store, err = db.Open(t.Context(), w.path); err != nil {
			t.Fatal(err)
		}
		w.engine.Store = w.store
		w.deliver()
		if gotSent, pending, _ := w.counts(); sent != 1 || pending != 0 || gotSent == 0 {
			t.Errorf("sent %d times, %d recorded, %d pending", sent, gotSent, pending)
		}
	})
}

type notifierFunc func(context.Context, notifiers.Message) (notifiers.Receipt, error)

func (f notifierFunc) Deliver(ctx context.Context, m notifiers.Message) (notifiers.Receipt, error) {
	return f(ctx, m)
}
