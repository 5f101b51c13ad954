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
	"fmt"
	"runtime/debug"
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

// A job is an update that waits for its commit.
type job struct {
	run  func(*Tx) error
	done chan error
}

// Update runs fn in a transaction, together with others that wait. It returns
// when the transaction is committed, or when nothing of fn remains; an error that
// wraps ErrUnknown says that neither is known.
//
// Fn may be called more than once: only what its last call leaves counts, so it
// must begin by forgetting the results of earlier calls. An error of fn undoes
// what it wrote, and nothing else. Update does not heed the end of a context: who
// has asked for money to be moved must learn whether it was.
func (l *Ledger) Update(fn func(*Tx) error) error {
	j := &job{run: fn, done: make(chan error, 1)}
	select {
	case <-l.closed:
		return ErrClosed
	default:
	}
	select {
	case <-l.closed:
		return ErrClosed
	case l.jobs <- j:
	}
	select {
	case err := <-j.done:
		return err
	case <-l.idle:
		select {
		case err := <-j.done: // it was the last one
			return err
		default:
			return ErrClosed
		}
	}
}

// What one commit holds is bounded, so that no answer waits for long.
const (
	mostTogether = 1024
	longest      = 100 * time.Millisecond
)

// mostReaders is how many look at the ledger at once.
const mostReaders = 4

// write owns the connection that writes.
func (l *Ledger) write() {
	defer close(l.idle)
	w := l.last
	for {
		select {
		case j := <-l.jobs:
			w.commit(l.gather(j))
		case <-l.closed:
			for len(l.jobs) > 0 {
				w.commit(l.gather(<-l.jobs))
			}
			return
		}
	}
}

// A scribe is what the goroutine that writes knows.
type scribe struct {
	*Ledger
	session *session // nil until there is one
}

// forget gives up the connection, for the next transaction to open another.
func (w *scribe) forget() {
	if w.session != nil {
		w.session.drop()
		w.session = nil
	}
}

// gather takes those who wait as well.
func (l *Ledger) gather(first *job) []*job {
	batch := []*job{first}
	for len(batch) < mostTogether {
		select {
		case j := <-l.jobs:
			batch = append(batch, j)
		default:
			return batch
		}
	}
	return batch
}

// commit runs a batch in one transaction, or in a few when it takes long. If one
// of its jobs spoils a transaction, each runs in one of its own, so that only the
// one fails.
func (w *scribe) commit(batch []*job) {
	for len(batch) > 0 {
		errs, spoiled, err := w.together(batch)
		if spoiled && len(batch) > 1 {
			for _, j := range batch {
				w.commit([]*job{j})
			}
			return
		}
		if err != nil {
			for _, j := range batch {
				j.done <- w.d.explain(w.database, err)
			}
			return
		}
		for i, err := range errs {
			batch[i].done <- w.d.told(w.database, err)
		}
		batch = batch[len(errs):]
	}
}

// together commits the first jobs of a batch and returns the error of each, or one
// of the whole. Spoiled means that a job failed in a way that leaves the others
// nothing to commit.
func (w *scribe) together(batch []*job) (errs []error, spoiled bool, err error) {
	ctx := context.Background() // a commit that is interrupted is of unknown outcome
	if w.session, err = begin(ctx, w.d, w.writer, w.session, w.d.begin); err != nil {
		return nil, false, err
	}
	start := time.Now()
	t := &Tx{ctx: ctx, session: w.session, rules: &w.rules, Now: w.now()}
	for _, j := range batch {
		t.wrote = false
		err := t.call(j.run)
		errs = append(errs, err)
		if err != nil && (t.wrote || !isRefusal(err)) {
			if w.session.run(ctx, "ROLLBACK") != nil {
				w.forget()
			}
			return errs, true, nil
		}
		if time.Since(start) > longest {
			break
		}
	}
	if err := t.flush(); err != nil {
		if w.session.run(ctx, "ROLLBACK") != nil {
			w.forget()
		}
		return []error{err}, true, nil
	}
	number, err := t.number()
	if err == nil {
		if err = w.session.run(ctx, "COMMIT"); err == nil {
			return errs, false, nil
		}
	}
	w.forget()
	done, err := w.outcome(ctx, number, err)
	if done {
		return errs, false, nil
	}
	return nil, false, err
}

// number is what PostgreSQL knows the transaction by, "" where nothing was written
// and in SQLite, which knows by itself what became of a transaction.
func (tx *Tx) number() (number string, err error) {
	if tx.d.current == "" {
		return "", nil
	}
	_, err = tx.oneKnown(tx.d.current, nil, &number)
	return number, err
}

// outcome asks what became of a transaction that was lost with its connection: the
// answer to a COMMIT may have been on its way. Nobody may be told that nothing was
// done when it was, nor the other way round.
func (w *scribe) outcome(ctx context.Context, number string, lost error) (done bool, err error) {
	if number == "" {
		return false, lost
	}
	for begun := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		switch status, err := w.status(ctx, number); {
		case err == nil && status == "committed":
			return true, nil
		case err == nil && status == "aborted":
			return false, lost
		case time.Since(begun) > w.outcomeWait:
			return false, fmt.Errorf("%w (%w)", ErrUnknown, lost)
		}
	}
}

func (w *scribe) status(ctx context.Context, number string) (status string, err error) {
	s, err := openSession(ctx, w.d, w.readers)
	if err != nil {
		return "", err
	}
	defer s.drop()
	t := &Tx{ctx: ctx, session: s}
	_, err = t.oneKnown(w.d.outcome, []any{number}, &status)
	return status, err
}

// A PanicError is a panic of a function that was given to Update or View.
type PanicError struct {
	Value any
	Stack []byte
}

// Error names the value of the panic.
func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// call runs fn and makes an error of a panic: it must not end the writer.
func (tx *Tx) call(fn func(*Tx) error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{Value: v, Stack: debug.Stack()}
		}
	}()
	return fn(tx)
}

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
