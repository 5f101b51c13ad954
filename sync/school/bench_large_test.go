//go:build linux

package school

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// BenchmarkLargeSnapshot brings a mirror of 100,000 rows to a snapshot in which
// every hundredth was edited: load, compare, store. Beside it stands the least
// that any program could do for the same: one scan of all columns, and prepared
// upserts of the edited rows in one transaction.
func BenchmarkLargeSnapshot(b *testing.B) {
	large, raw := newLargeMirror(b), newRawTable(b)
	raw.upsert(large.edit(0, 1))
	large.look(mirror.Outcome{Seen: largeRows, Added: largeRows})
	var ours, theirs time.Duration // of processors
	b.ReportAllocs()
	for round := 0; b.Loop(); round++ {
		edited := large.edit(round%editEvery, editEvery)
		before := cpuTime(b)
		large.look(mirror.Outcome{Seen: largeRows, Changed: len(edited)})
		ours += cpuTime(b) - before

		b.StopTimer()
		before = cpuTime(b)
		if n := raw.scan(); n != largeRows {
			b.Fatalf("%d rows were scanned", n)
		}
		raw.upsert(edited)
		theirs += cpuTime(b) - before
		b.StartTimer()
	}
	b.ReportMetric(float64(ours.Milliseconds())/float64(b.N), "cpu-ms/op")
	b.ReportMetric(float64(theirs.Milliseconds())/float64(b.N), "raw-cpu-ms/op")
	b.ReportMetric(ours.Seconds()/theirs.Seconds(), "times-raw")
}

const (
	largeRows = 100_000 // a century of homework
	editEvery = 100     // rows
)

// A largeMirror is a mirror, and a snapshot of homework that it is to have.
type largeMirror struct {
	testbed  *testbed
	snapshot mirror.List[pronote.Homework]
	edits    int // so far
}

func newLargeMirror(b *testing.B) *largeMirror {
	b.Helper()
	l := &largeMirror{testbed: newTestbed(b, 1, pronote.KindStudent, pronotetest.Options{})}
	l.testbed.poll() // enrols the pupil
	l.snapshot = mirror.ListOf(db.Homework, homeworkMatcher, l.testbed.owners()[l.testbed.school.Pupil()].Owner, db.Span{Low: "1", High: "2"}, nil)
	for i := range largeRows {
		given := pronote.Date{Year: 1890, Month: time.September, Day: 1}.AddDays(i / 3)
		l.snapshot.Rows = append(l.snapshot.Rows, pronote.Homework{
			Subject: fmt.Sprintf("MATIERE %d", i%3), GivenOn: given, DueOn: given.AddDays(7), Difficulty: "easy", Minutes: 10 + i%50,
		})
	}
	return l
}

// edit rewrites each of so many rows of the snapshot, and returns them.
func (l *largeMirror) edit(first, every int) (edited []db.Row[pronote.Homework]) {
	l.edits++
	for i := first; i < len(l.snapshot.Rows); i += every {
		row := &l.snapshot.Rows[i]
		row.Description = fmt.Sprintf("Faire les exercices %d et %d page %d, puis revoir la leçon (%d).", i%17, i%19, i, l.edits)
		row.HTML = "<div>" + row.Description + "</div>"
		edited = append(edited, db.Row[pronote.Homework]{ID: int64(i), Value: *row})
	}
	return edited
}

// look stores the snapshot, which must come to what is wanted.
func (l *largeMirror) look(want mirror.Outcome) {
	t := l.testbed.t
	t.Helper()
	ctx := context.WithoutCancel(t.Context()) // as polls do
	err := l.testbed.store.Update(ctx, func(tx *db.Tx) error {
		snapshot := l.snapshot
		_, got, err := snapshot.Store(ctx, tx, june)
		if err == nil && fmt.Sprint(got) != fmt.Sprint(want) {
			err = fmt.Errorf("it came to %+v, want %+v", got, want)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A rawTable is a plain table with the columns of homework, in a file of its own
// with the settings of the mirror.
type rawTable struct {
	b    *testing.B
	conn *sql.DB
}

func newRawTable(b *testing.B) *rawTable {
	b.Helper()
	conn, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "raw.db")+
		"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=cache_size(-1024)&_txlock=immediate")
	if err != nil {
		b.Fatal(err)
	}
	conn.SetMaxOpenConns(1)
	b.Cleanup(func() {
		if err := conn.Close(); err != nil {
			b.Error(err)
		}
	})
	_, err = conn.Exec("CREATE TABLE raw (id INTEGER PRIMARY KEY, " + strings.Join(db.Homework.Columns, ", ") + ")")
	if err != nil {
		b.Fatal(err)
	}
	return &rawTable{b, conn}
}

// upsert writes rows in one transaction.
func (r *rawTable) upsert(rows []db.Row[pronote.Homework]) {
	r.b.Helper()
	tx, err := r.conn.Begin()
	if err != nil {
		r.b.Fatal(err)
	}
	var places, sets []string
	for _, column := range db.Homework.Columns {
		places, sets = append(places, ", ?"), append(sets, column+" = excluded."+column)
	}
	stmt, err := tx.Prepare("INSERT INTO raw VALUES (?" + strings.Join(places, "") + ") ON CONFLICT (id) DO UPDATE SET " + strings.Join(sets, ", "))
	if err != nil {
		r.b.Fatal(err)
	}
	for _, row := range rows {
		if _, err := stmt.Exec(append([]any{row.ID}, db.Homework.Fields(&row.Value)...)...); err != nil {
			r.b.Fatal(err)
		}
	}
	if err := tx.Commit(); err != nil {
		r.b.Fatal(err)
	}
}

// scan reads every column of every row, as SQLite has them, and returns the
// number of rows.
func (r *rawTable) scan() (n int) {
	r.b.Helper()
	rows, err := r.conn.Query("SELECT * FROM raw")
	if err != nil {
		r.b.Fatal(err)
	}
	values := make([]any, 1+len(db.Homework.Columns))
	into := make([]any, len(values))
	for i := range values {
		into[i] = &values[i]
	}
	for ; rows.Next(); n++ {
		if err := rows.Scan(into...); err != nil {
			r.b.Fatal(err)
		}
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		r.b.Fatal(err)
	}
	return n
}
