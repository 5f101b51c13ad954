// Package sync is the flow from a source, such as a school, to people: it polls
// accounts on a schedule, compares what it sees with the mirror, stores the differences and
// the messages about them in one transaction, and delivers the messages.
//
//	poll ──► decode ──► snapshot ──► diff ──► store + outbox ──► deliver
//	└── network, no database ──┘    └── one transaction ────┘    └ network, then one row ┘
//
// One goroutine looks after each account and one after each recipient; nothing
// else touches what is theirs. A Source is where the data of an account comes
// from; this package knows no particular one.
//
// Importers call the package psync, to leave the standard library its name.
package sync

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/pronote-sync/pronote-sync/db"
)

// An Account is one login to mirror, as configured.
type Account struct {
	Name        string
	URL         string // of the server, as the view account shows it
	Kind        Kind
	Source      Source
	Fingerprint string            // changes when the credentials do, and does not give them away
	Location    *time.Location    // of the school
	Aliases     map[string]string // what to call a person, by the name that the source uses

	AnyHour        bool // the hours of rest do not hold for it
	LoginsPerDay   int  // within any 24 hours; 0 for that of the budget
	RequestsPerDay int  // 0 for that of the budget
}

// A Kind says whose an account is.
type Kind string

// The kinds whose rows differ.
const (
	Parent  Kind = "parent"  // of some children; some rows are addressed to the parent
	Student Kind = "student" // of the only person whose rows there are
)

// Config is what an Engine needs. All fields are required but Files, Wording,
// Subjects, Timekeeper, Progress and Recipients.
type Config struct {
	Store      *db.Store
	Accounts   []Account
	Recipients []Recipient
	Plan       Plan
	Budget     Budget
	Files      Files             // of attachments, and what is kept of them
	Wording    *Wording          // that of the program when nil
	Subjects   map[string]string // what messages call subjects, by the school's names in any case
	Language   string            // that changes are summarised in: "fr" when empty
	Log        *slog.Logger
	Now        func() time.Time
	Timekeeper *Timekeeper // says whether Now is right; nil where it always is
	Rand       *rand.Rand  // for jitter; only the engine uses it

	Progress func(account, domain string, done, total int) // called before each domain of a poll is read, with how many were
	Mirrored func()                                        // called when the first mirror of an account is stored
}

// An Engine mirrors accounts and tells recipients. All its methods but Run and
// Close may be called by several goroutines, also while it runs: each account
// answers one at a time.
type Engine struct {
	Config
	watchers   []*watcher
	recipients []*mailbox
	siren      *siren // about the database
	clockSiren *siren
	copySiren  *siren // about backups of the database
	subjects   subjects
	chance     sync.Mutex // guards Rand

	life context.Context // ends when the engine is closed, or has a successor
	end  context.CancelFunc
}

// New prepares an engine. It registers the accounts in the mirror, and makes no
// request.
func New(ctx context.Context, c Config) (*Engine, error) {
	e := &Engine{Config: c, siren: newSiren(ofDatabase), copySiren: newSiren(ofBackup), subjects: subjects{own: c.Subjects}}
	e.clockSiren = newSiren(e.ofClock)
	e.life, e.end = context.WithCancel(context.Background())
	if e.Wording == nil {
		e.Wording = NewWording(nil, nil)
	}
	if e.Progress == nil {
		e.Progress = func(string, string, int, int) {}
	}
	if e.Mirrored == nil {
		e.Mirrored = func() {}
	}
	for _, account := range c.Accounts {
		w, err := e.watch(ctx, account)
		if err != nil {
			return nil, err
		}
		e.watchers = append(e.watchers, w)
	}
	for _, r := range c.Recipients {
		e.recipients = append(e.recipients, &mailbox{Recipient: r, engine: e, poke: make(chan struct{}, 1)})
	}
	return e, nil
}

// Poll looks at one account once, at the domains named, or else at all that the
// plan has a schedule for. It refuses an account that is suspended or banned with
// a *PhaseError. The error of one domain does not keep the others from being
// stored.
func (e *Engine) Poll(ctx context.Context, account string, names ...string) (Result, error) {
	w, err := e.find(account)
	if err != nil {
		return Result{}, err
	}
	var result Result
	err = w.own(ctx, func(ctx context.Context) (err error) {
		result, err = w.pollOnce(ctx, names, e.Files)
		return err
	})
	return result, err
}

// Download polls what files are attached to, and keeps the files that the given
// policy wants.
func (e *Engine) Download(ctx context.Context, account string, policy Files) (Result, error) {
	w, err := e.find(account)
	if err != nil {
		return Result{}, err
	}
	var names []string
	for _, domain := range policy.Keep {
		names = append(names, w.account.Source.Domains().polledWith(domain))
	}
	if len(names) == 0 {
		return Result{}, nil
	}
	var result Result
	err = w.own(ctx, func(ctx context.Context) (err error) {
		w.lookAnew(names)
		result, err = w.pollOnce(ctx, names, policy)
		return err
	})
	return result, err
}

func (e *Engine) find(account string) (*watcher, error) {
	for _, w := range e.watchers {
		if w.account.Name == account {
			return w, nil
		}
	}
	return nil, fmt.Errorf("%w %q", ErrNoAccount, account)
}

// ErrNoAccount: the configuration has no account of the name that was given.
var ErrNoAccount = errors.New("no account is named")

// Wake delivers what is due now, and not only after the next poll, when something
// outside the engine has made it due.
func (e *Engine) Wake() {
	for _, m := range e.recipients {
		m.wake()
	}
}

// Deliver sends what is due to one recipient and returns when the next message
// is, the zero time when none is pending.
func (e *Engine) Deliver(ctx context.Context, recipient string) (next time.Time, err error) {
	for _, m := range e.recipients {
		if m.Name == recipient {
			return m.deliver(ctx)
		}
	}
	return time.Time{}, fmt.Errorf("no recipient is named %q", recipient)
}

// Close ends what is under way, logs out of the schools and writes down what was
// not worth a write before. It does not close the store.
func (e *Engine) Close(ctx context.Context) error {
	e.end()
	var errs []error
	for _, w := range e.watchers {
		errs = append(errs, w.close(ctx))
	}
	return errors.Join(errs...)
}

// jitter is a random number in [0, 1).
func (e *Engine) jitter() float64 {
	e.chance.Lock()
	defer e.chance.Unlock()
	return e.Rand.Float64()
}
