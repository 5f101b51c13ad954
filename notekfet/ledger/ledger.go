// Package ledger keeps the money of a bar: accounts, transactions, and what
// belongs to them, in SQLite or PostgreSQL.
//
// Everything that changes the ledger goes through Ledger.Update. Updates that wait
// for each other are committed together, so that a disk that can make four hundred
// commits a second takes thousands of transactions; nobody is answered before the
// commit that holds what he asked for.
//
// A refusal is a *notekfet.Error. Every other error is one of the database.
package ledger

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/pressly/goose/v3"
	"github.com/pronote-sync/pronote-sync/notekfet"
)

// Options are how a ledger is opened.
type Options struct {
	Rules     Rules
	Exclusive bool   // refuse to share the database with another that is exclusive
	Create    bool   // make the database and its tables where there are none
	Password  string // of PostgreSQL, where the address has none
	// Now is the clock, time.Now when nil.
	Now func() time.Time
}

// A Ledger is an open database. Its methods may be used by many goroutines.
type Ledger struct {
	d        *dialect
	database string
	rules    Rules
	now      func() time.Time
	writer   *sql.DB
	readers  *sql.DB
	looking  chan *session // of readers, nil where one must be opened
	unlock   func() error
	// outcomeWait is how long an update waits to learn whether it was committed when
	// the database went away meanwhile.
	outcomeWait time.Duration

	jobs   chan *job
	closed chan struct{} // no more jobs are taken
	idle   chan struct{} // the writer has ended
	once   sync.Once
	last   *scribe // its connection is the last to close: SQLite then tidies up
}

// Open opens the ledger in a database: the path of a file of SQLite, or an
// address like postgres://user@host:5432/name.
func Open(ctx context.Context, database string, o Options) (*Ledger, error) {
	d := dialectOf(database)
	l, err := open(ctx, d, database, o)
	if err != nil {
		return nil, d.explain(database, err)
	}
	return l, nil
}

func open(ctx context.Context, d *dialect, database string, o Options) (*Ledger, error) {
	if o.Create {
		if err := d.create(database); err != nil {
			return nil, err
		}
	}
	writer, readers, unlock, err := d.connect(ctx, database, o)
	if err != nil {
		return nil, err
	}
	writer.SetMaxOpenConns(1)
	if err := prepareSchema(ctx, d, writer, o.Create); err != nil {
		return nil, errors.Join(err, writer.Close(), readers.Close(), unlock())
	}
	l := &Ledger{
		d: d, database: database, rules: o.Rules, now: o.Now, unlock: unlock, outcomeWait: 5 * time.Second,
		writer: writer, readers: readers, looking: make(chan *session, mostReaders),
		jobs: make(chan *job, 4096), closed: make(chan struct{}), idle: make(chan struct{}),
	}
	if l.now == nil {
		l.now = time.Now
	}
	for range mostReaders {
		l.looking <- nil
	}
	l.last = &scribe{Ledger: l}
	go l.write()
	return l, nil
}

// prepareSchema brings the tables to the newest step, or only checks them.
func prepareSchema(ctx context.Context, d *dialect, db *sql.DB, create bool) error {
	provider, err := goose.NewProvider(d.goose, db, d.steps)
	if err != nil {
		return err
	}
	ours, all, err := inventory(ctx, d, db)
	switch {
	case err != nil:
		return err
	case all > 0 && !ours:
		return ErrForeign
	case all == 0 && !create:
		return ErrMissing
	case all > 0:
		current, newest, err := provider.GetVersions(ctx)
		switch {
		case err != nil:
			return err
		case current > newest:
			return ErrNewer
		case current == newest:
			return nil
		}
	}
	_, err = provider.Up(ctx)
	return err
}

// inventory counts the tables of a database and reports whether they are ours.
func inventory(ctx context.Context, d *dialect, db *sql.DB) (ours bool, all int, err error) {
	rows, err := db.QueryContext(ctx, d.tables)
	if err != nil {
		return false, 0, err
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return false, 0, err
		}
		names = append(names, name)
	}
	return slices.Contains(names, "comptes") && slices.Contains(names, goose.DefaultTablename), len(names), rows.Err()
}

// Close waits for the updates that were taken and closes the database.
func (l *Ledger) Close() error {
	l.once.Do(func() { close(l.closed) })
	<-l.idle
	for range mostReaders {
		if s := <-l.looking; s != nil {
			_ = s.close()
		}
	}
	err := l.readers.Close()
	if s := l.last.session; s != nil {
		_ = s.close()
	}
	return l.d.explain(l.database, errors.Join(err, l.writer.Close(), l.unlock()))
}

// Rules are the rules the ledger was opened with.
func (l *Ledger) Rules() Rules { return l.rules }

// ErrClosed means that the ledger takes no more updates.
var ErrClosed = errors.New("the ledger is closed")

// mostReaders is how many look at the ledger at once.
const mostReaders = 4

// View runs fn in a transaction that sees one state of the ledger and cannot
// write.
func (l *Ledger) View(ctx context.Context, fn func(*Tx) error) error {
	return l.d.told(l.database, l.view(ctx, fn))
}

func (l *Ledger) view(ctx context.Context, fn func(*Tx) error) (err error) {
	var s *session
	select {
	case s = <-l.looking:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { l.looking <- s }()
	// The statements do not heed the context: interrupting one costs more than
	// waiting for it.
	ctx = context.WithoutCancel(ctx)
	if s, err = begin(ctx, l.d, l.readers, s, l.d.look); err != nil {
		return err
	}
	t := &Tx{ctx: ctx, session: s, rules: &l.rules, Now: l.now()}
	err = t.call(fn)
	if s.run(ctx, "ROLLBACK") != nil {
		s.drop()
		s = nil
	}
	return err
}

// begin starts a transaction on a session, or on a new one when there is none or
// when it has died: a server of databases may have been restarted meanwhile. It
// returns nil in place of a session that is of no more use.
func begin(ctx context.Context, d *dialect, db *sql.DB, s *session, command string) (_ *session, err error) {
	if s != nil {
		if err = s.run(ctx, command); err == nil {
			return s, nil
		}
		s.drop()
		if errors.Is(d.cause(err), ErrBusy) {
			return nil, err
		}
	}
	if s, err = openSession(ctx, d, db); err != nil {
		return nil, err
	}
	if err = s.run(ctx, command); err != nil {
		s.drop()
		return nil, err
	}
	return s, nil
}

func isRefusal(err error) bool {
	_, ok := errors.AsType[*notekfet.Error](err)
	return ok
}
