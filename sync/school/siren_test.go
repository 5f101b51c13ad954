package school

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
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
			if strings.Contains(m.Title, "Fichier de données abîmé") {
				told = append(told, m)
			}
		}
		if len(told) != 1 {
			t.Errorf("told %v, want once that the database is damaged", told)
		}
	})
}

// While a disk is full, what a channel has taken cannot be recorded: it was sent
// again every minute.
func TestWhatWasSentIsNotSentAgainBecauseItIsNotRecorded(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.school.Do(maths(w.school.Pupil(), "12"))
		w.poll()
		sent, fails := 0, true
		w.config.Recipients[0].Notifier = notifierFunc(func(ctx context.Context, message notifiers.Message) (notifiers.Receipt, error) {
			sent++
			if fails { // the disk fills up while the message is under way
				if err := w.store.Close(); err != nil {
					t.Fatal(err)
				}
			}
			return "", nil
		})
		w.restart()
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
