package sync

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
)

// A watcher looks after one account. One goroutine at a time uses it, which is
// also what servers want: one request in flight. See own.
type watcher struct {
	used chan struct{} // holds a token while somebody uses the rest

	engine    *Engine
	account   Account
	accountID int64 // in the mirror
	log       *slog.Logger
	record    db.Account // what the mirror remembers, and what it will
	saved     db.Account // what it remembers
	purse     *purse
	off       func(civil.Date) bool // as of the last login, of this run or another

	sitting
	freshAt  time.Time // when it last read what is as before, too
	polledAt time.Time // last try of this run that its plan wanted
	triedAt  time.Time // last try of this run

	missing map[int64]bool      // pupils whom the last login did not show
	readAt  map[place]time.Time // when spans that seldom change were last read
	unkept  map[int64]time.Time // when files of attachments could not be had

	complaints map[string]string // by domain, what went wrong when it was last polled

	schedule agenda
	alarms   *alarms
	logins   int // in the day before the last one

	published atomic.Pointer[AccountStatus] // for other goroutines
	busySince atomic.Pointer[time.Time]     // nil when idle; not on the clock of the engine
}

// A sitting is a session, and what goes with it.
type sitting struct {
	session  Session // nil when there is none
	usedAt   time.Time
	students []db.Student // in the session's order
	holder   db.Student   // stands for the account itself
}

// A place is one span of one domain of one student.
type place struct {
	domain  string
	student int64
	span    db.Span
}

// watch registers an account in the mirror.
func (e *Engine) watch(ctx context.Context, account Account) (*watcher, error) {
	w := &watcher{
		used:   make(chan struct{}, 1),
		engine: e, account: account, log: e.Log.With("account", account.Name),
		purse:  newPurse(e.Budget.of(account), e.Now, account.Location),
		readAt: map[place]time.Time{}, unkept: map[int64]time.Time{}, missing: map[int64]bool{}, schedule: newAgenda(account.Source.Domains()),
		alarms:     newAlarms(e.Plan.entries(account.Source.Domains()), account.Location, e.Now(), time.Now()),
		complaints: map[string]string{},
	}
	err := e.Store.Update(ctx, func(tx *db.Tx) (err error) {
		if w.record, err = tx.Account(ctx, account.Name, account.Source.Name(), account.URL, string(account.Kind)); err != nil {
			return err
		}
		recent, err := tx.Logins(ctx, w.record.ID, e.Now().Add(-24*time.Hour))
		if err != nil {
			return err
		}
		w.logins = len(recent)
		known, err := tx.Students(ctx, w.record.ID)
		for _, s := range known {
			if !s.Holder && s.LeftOn.IsZero() {
				w.purse.children++
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	w.saved, w.accountID = w.record, w.record.ID
	if last := w.record.LastSuccessAt; !last.IsZero() {
		e.Timekeeper.remember(last.In(account.Location).Add(-time.Hour)) // the hour of a night in autumn comes twice
	}
	w.purse.day, w.purse.spent = w.record.RequestsOn, w.record.Requests
	if w.off, err = account.Source.Off(w.record.Calendar); err != nil {
		return nil, fmt.Errorf("account %s: %w", account.Name, err)
	}
	if w.record.Phase == db.Suspended && w.record.Refused != account.Fingerprint {
		w.record.Phase = db.Ready // a person has acted
	}
	w.publish()
	return w, nil
}

// now is the wall clock of the school.
func (w *watcher) now() civil.DateTime {
	return civil.DateTimeOf(w.engine.Now().In(w.account.Location))
}

// open sees to it that there is a session.
func (w *watcher) open(ctx context.Context) error {
	if w.session != nil {
		return nil
	}
	return w.login(ctx, w.account.Source.Open)
}

// login opens a session, and takes over what it tells.
func (w *watcher) login(ctx context.Context, open func(context.Context, Spend) (Session, error)) error {
	if err := w.engine.Timekeeper.Err(); err != nil {
		return err
	}
	session, err := open(ctx, Spend{Login: w.mayLogin, Request: w.spend})
	if err != nil {
		return err
	}
	w.session = session
	if err := w.engine.Timekeeper.Err(); err != nil {
		w.leave(ctx)
		return err
	}
	err = w.update(ctx, func(tx *db.Tx) error {
		news, err := w.enrol(ctx, tx)
		if err != nil {
			return err
		}
		return w.enqueue(ctx, tx, news)
	})
	if err != nil {
		w.session = nil // its people have no rows
		return err
	}
	w.log.Info("logged in", "version", w.record.Version)
	return nil
}

// spend takes one request out of the budget. The first answer of a login tells whether
// the clock is right, before anything is asked that counts.
func (w *watcher) spend(ctx context.Context) error {
	if err := w.engine.Timekeeper.Err(); err != nil {
		return err
	}
	return w.purse.spend(ctx)
}

// mayLogin takes one login out of the budget, if there is room for it.
func (w *watcher) mayLogin(ctx context.Context) error {
	now := w.engine.Now()
	var spent error
	err := w.engine.Store.Update(ctx, func(tx *db.Tx) error {
		if err := tx.ReviseLogins(ctx, w.record.ID, now); err != nil {
			return err
		}
		recent, err := tx.Logins(ctx, w.record.ID, now.Add(-24*time.Hour))
		if err != nil {
			return err
		}
		if spent = w.purse.mayLogin(recent); spent != nil {
			return nil // and what was revised stays so
		}
		w.logins = len(recent) + 1
		// Debited before it is tried: a crash must not make a login free.
		return tx.CountLogin(ctx, w.record.ID, now)
	})
	return cmp.Or(err, spent)
}

func (w *watcher) owner(s db.Student) db.Owner {
	return db.Owner{Account: w.record.ID, Student: s.ID, AccountName: w.account.Name, StudentName: s.Name, Language: w.engine.Language}
}

// update runs a transaction. Where it fails, what was saved in it was not.
func (w *watcher) update(ctx context.Context, f func(tx *db.Tx) error) error {
	saved := w.saved
	err := w.engine.Store.Update(ctx, f)
	if err != nil {
		w.saved = saved
	}
	return err
}

// save writes the record if it says anything new; the time of the last success
// and the count of requests are worth a write only in company.
func (w *watcher) save(ctx context.Context, tx *db.Tx, always bool) error {
	w.record.RequestsOn, w.record.Requests = w.purse.day, w.purse.spent
	quiet := w.record
	quiet.LastSuccessAt, quiet.RequestsOn, quiet.Requests = w.saved.LastSuccessAt, w.saved.RequestsOn, w.saved.Requests
	if w.record == w.saved || !always && quiet == w.saved {
		return nil
	}
	if err := tx.SaveAccount(ctx, w.record); err != nil {
		return err
	}
	w.saved = w.record
	return nil
}

// leave ends the session, if there is one.
func (w *watcher) leave(ctx context.Context) {
	if w.session == nil {
		return
	}
	if err := w.session.Close(ctx); err != nil {
		w.log.Debug("logout not acknowledged", "error", err)
	}
	w.session = nil
}

// close ends the session and saves what is left to save.
func (w *watcher) close(ctx context.Context) error {
	if err := w.acquire(ctx); err != nil {
		return err
	}
	defer w.release()
	w.leave(ctx)
	return w.flush(ctx)
}

// flush saves what is left to save, also when the school has used up the time.
func (w *watcher) flush(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	return w.update(ctx, func(tx *db.Tx) error { return w.save(ctx, tx, true) })
}
