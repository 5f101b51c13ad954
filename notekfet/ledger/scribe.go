package ledger

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"
)

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
