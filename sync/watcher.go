package sync

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
)

// A watcher looks after one account. One goroutine at a time uses it, which is
// also what PRONOTE wants: one request in flight.
type watcher struct {
	engine   *Engine
	account  Account
	log      *slog.Logger
	record   db.Account // what the mirror remembers, and what it will
	saved    db.Account // what it remembers
	purse    *purse
	calendar pronote.School // as of the last login, of this run or another

	session  *pronote.Session // nil when there is none
	usedAt   time.Time        // of the session
	polledAt time.Time        // last try of this run
	students []db.Student     // of the session, in its order
	holder   db.Student       // stands for the account itself

	readAt map[place]time.Time // when spans that seldom change were last read

	schedule agenda
	logins   int // in the day before the last one

	published atomic.Pointer[AccountStatus] // for other goroutines
	busySince atomic.Int64                  // Unix seconds; 0 when idle
}

// A place is one span of one table of one student.
type place struct {
	student int64
	span    db.Span
}

// watch registers an account in the mirror.
func (e *Engine) watch(ctx context.Context, account Account) (*watcher, error) {
	w := &watcher{
		engine: e, account: account, log: e.Log.With("account", account.Name),
		purse:  newPurse(e.Budget, e.Now, account.Location),
		readAt: map[place]time.Time{}, schedule: newAgenda(),
	}
	err := e.Store.Update(ctx, func(tx *db.Tx) (err error) {
		if w.record, err = tx.Account(ctx, account.Name, account.URL, string(account.Credentials.Kind)); err != nil {
			return err
		}
		recent, err := tx.Logins(ctx, w.record.ID, e.Now().Add(-24*time.Hour))
		w.logins = len(recent)
		return err
	})
	if err != nil {
		return nil, err
	}
	w.saved = w.record
	w.purse.day, w.purse.spent = w.record.RequestsOn, w.record.Requests
	if w.record.Calendar != "" {
		if err := json.Unmarshal([]byte(w.record.Calendar), &w.calendar); err != nil {
			return nil, fmt.Errorf("calendar of account %s: %w", account.Name, err)
		}
	}
	if w.record.Phase == db.Suspended && w.record.Refused != account.Fingerprint {
		w.record.Phase = db.Ready // a person has acted
	}
	w.publish()
	return w, nil
}

// now is the wall clock of the school.
func (w *watcher) now() pronote.DateTime {
	return pronote.DateTimeOf(w.engine.Now().In(w.account.Location))
}

// open sees to it that there is a session.
func (w *watcher) open(ctx context.Context) error {
	if w.session != nil {
		return nil
	}
	now := w.engine.Now()
	err := w.engine.Store.Update(ctx, func(tx *db.Tx) error {
		recent, err := tx.Logins(ctx, w.record.ID, now.Add(-24*time.Hour))
		if err != nil {
			return err
		}
		if err := w.purse.mayLogin(recent); err != nil {
			return err
		}
		w.logins = len(recent) + 1
		// Debited before it is tried: a crash must not make a login free.
		return tx.CountLogin(ctx, w.record.ID, now)
	})
	if err != nil {
		return err
	}
	session, err := pronote.Login(ctx, w.account.URL, w.account.Credentials, &pronote.Options{
		Transport: w.engine.Transport, Before: w.purse.spend, Log: w.log,
	})
	if err != nil {
		return err
	}
	w.log.Info("logged in", "version", session.Version().String())
	w.session = session
	err = w.update(ctx, func(tx *db.Tx) error {
		if err := w.enrol(ctx, tx); err != nil {
			return err
		}
		return w.tellUpgrade(ctx, tx)
	})
	if err != nil {
		w.session = nil // its pupils have no rows
	}
	return err
}

// enrol takes over what a login tells: the school, its calendar, the pupils and
// their periods.
func (w *watcher) enrol(ctx context.Context, tx *db.Tx) error {
	w.calendar = w.session.School()
	calendar, err := json.Marshal(w.calendar)
	if err != nil {
		return err
	}
	w.record.School, w.record.Version, w.record.Calendar = w.calendar.Name, w.session.Version().String(), string(calendar)
	known, err := tx.Students(ctx, w.record.ID)
	if err != nil {
		return err
	}
	w.students = nil
	for _, s := range w.session.Students() {
		student, err := w.enrolStudent(ctx, tx, known, s)
		if err != nil {
			return err
		}
		w.students = append(w.students, student)
		periods := listOf(db.Periods, periodMatcher, w.owner(student), db.Span{Low: w.calendar.Year, High: w.calendar.Year}, s.Periods)
		if _, _, err := periods.store(ctx, tx, w.now()); err != nil {
			return err
		}
	}
	if w.account.Credentials.Kind != pronote.KindParent {
		w.holder = w.students[0]
		return nil
	}
	w.holder = db.Student{Name: w.account.Name, Holder: true}
	for _, k := range known {
		if k.Holder {
			w.holder = k
			return nil
		}
	}
	w.holder, err = tx.SaveStudent(ctx, w.record.ID, w.holder)
	return err
}

// enrolStudent finds the row of a pupil by name, or makes one. The only pupil
// of an account is the same pupil under a corrected name.
func (w *watcher) enrolStudent(ctx context.Context, tx *db.Tx, known []db.Student, s pronote.Student) (db.Student, error) {
	student := db.Student{Name: s.Name}
	for _, k := range known {
		if !k.Holder && (k.Name == s.Name || w.account.Credentials.Kind != pronote.KindParent) {
			student = k
			break
		}
	}
	before := student
	student.Name, student.Alias = s.Name, w.account.Aliases[s.Name]
	student.Class, student.School, student.CurrentPeriod = s.Class, s.School, s.Current
	if student.ID != 0 && student == before {
		return student, nil
	}
	return tx.SaveStudent(ctx, w.record.ID, student)
}

func (w *watcher) owner(s db.Student) db.Owner {
	return db.Owner{Account: w.record.ID, Student: s.ID, AccountName: w.account.Name, StudentName: s.Name}
}

var periodMatcher = Matcher[pronote.Period]{
	Identities: []func(pronote.Period) string{
		func(p pronote.Period) string { return identity(p.Year, p.Name) },
	},
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

// close ends the session and saves what is left to save.
func (w *watcher) close(ctx context.Context) error {
	if w.session != nil {
		if err := w.session.Close(ctx); err != nil {
			w.log.Debug("logout not acknowledged", "error", err)
		}
		w.session = nil
	}
	ctx = context.WithoutCancel(ctx) // the school may have used up the time
	return w.update(ctx, func(tx *db.Tx) error { return w.save(ctx, tx, true) })
}
