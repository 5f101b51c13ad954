//go:build linux

package school

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	psync "github.com/pronote-sync/pronote-sync/sync"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

// june is near the end of a school year, when there is most to read.
var june = pronote.DateTime{Date: pronote.Date{Year: 2026, Month: time.June, Day: 18}, Hour: 17}

// sealings are the two extremes of how servers send their answers.
var sealings = map[string]pronotetest.Options{"plain": {}, "sealed": {Encrypt: true, Compress: true}}

// benchTestbed is the testbed of a parent of two, with a tape on the way to a school
// where time stands still in June.
func benchTestbed(b *testing.B, options pronotetest.Options) (*testbed, *tape) {
	b.Helper()
	w := newTestbed(b, 1, pronote.KindParent, options)
	w.school.AdvanceTo(june)
	w.config.Now = func() time.Time { return june.In(w.paris) }
	w.config.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	w.config.Budget = psync.Budget{PerHour: 1 << 30, PerDay: 1 << 30, LoginsPerDay: 1 << 30} // no time goes by to earn it anew
	p := &tape{t: b, school: w.server.Transport()}
	w.account.Transport = p
	w.restart()
	return w, p
}

// settle polls until there is nothing more to write, and returns how many rows
// were written.
func (w *testbed) settle() (total int) {
	w.t.Helper()
	for written := w.written(); written > 0; written = w.written() {
		total += written
	}
	w.deliver()
	return total
}

// written polls and returns how many rows that wrote. No domain may fail.
func (w *testbed) written() (rows int) {
	w.t.Helper()
	for _, d := range w.poll().Domains {
		if d.Err != nil {
			w.t.Fatalf("%s: %v", d.Domain, d.Err)
		}
		rows += d.Added + d.Changed + d.Removed
	}
	return rows
}

// BenchmarkQuietPoll is a poll of all domains of a parent of two that finds
// nothing new: the requests, the protocol, the decoding, the comparison. The
// school's work is not in it.
func BenchmarkQuietPoll(b *testing.B) {
	for name, options := range sealings {
		b.Run(name, func(b *testing.B) {
			w, tape := benchTestbed(b, options)
			w.settle()
			tape.rewind(w.server.Transport())
			w.poll()
			tape.play()
			before := w.files()
			m := measure(b)
			for b.Loop() {
				if n := w.written(); n > 0 {
					b.Fatalf("%d rows were new", n)
				}
			}
			m.report(b)
			tape.checkPlayed(b.N)
			b.ReportMetric(float64(len(tape.answers)), "requests/op")
			b.ReportMetric(float64(tape.size()), "read-B/op")
			if w.files() != before {
				b.Error("the files of the mirror are no longer the same")
			}
		})
	}
}

// files are the contents of the mirror's files, all that SQLite keeps beside it
// included.
func (w *testbed) files() string {
	w.t.Helper()
	names, err := filepath.Glob(w.path + "*")
	if err != nil {
		w.t.Fatal(err)
	}
	var all strings.Builder
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			w.t.Fatal(err)
		}
		_, _ = fmt.Fprintf(&all, "%s %x\n", name, text) // a Builder accepts every write
	}
	return all.String()
}

// BenchmarkDomain reads one domain of one pupil as at the first look, with the
// largest answers of the year: the requests, the protocol and the decoding. The
// school's work is not in it.
func BenchmarkDomain(b *testing.B) {
	for _, d := range domains {
		b.Run(d.Name, func(b *testing.B) {
			w, tape := benchTestbed(b, pronotetest.Options{})
			w.settle()
			owner := w.owners()[w.school.Pupil()].Owner
			all := psync.Window{
				Owner: owner, Holder: owner, Now: pronote.DateTimeOf(w.config.Now().In(w.paris)), Store: w.store,
				Due: func(db.Span, time.Duration) bool { return true },
			}
			read := func() {
				err := w.engine.Do(b.Context(), "famille", func(ctx context.Context, s psync.Session) error {
					s.Remember(false)
					_, err := s.Read(ctx, d.Name, all)
					return err
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			tape.rewind(w.server.Transport())
			read()
			tape.play()
			b.SetBytes(int64(tape.size()))
			m := measure(b)
			for b.Loop() {
				read()
			}
			m.report(b)
			tape.checkPlayed(b.N)
		})
	}
}

// BenchmarkFirstMirror logs in and mirrors a school year of all domains into a
// new file. The time of the school, which works in the same process, is in it,
// and reported apart too.
func BenchmarkFirstMirror(b *testing.B) {
	w, tape := benchTestbed(b, pronotetest.Options{})
	rows := 0
	m := measure(b)
	for b.Loop() {
		store, err := db.Open(b.Context(), filepath.Join(b.TempDir(), "pronote.db"))
		if err != nil {
			b.Fatal(err)
		}
		w.config.Store = store
		w.restart()
		rows = w.settle()
		if err := store.Close(); err != nil {
			b.Fatal(err)
		}
	}
	m.report(b)
	b.ReportMetric(float64(rows), "rows/op")
	b.ReportMetric(float64(tape.spent.Nanoseconds())/1e6/float64(b.N), "school-ms/op")
}
