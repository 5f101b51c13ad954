package sync

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// A Result is what a poll came to.
type Result struct {
	Domains []DomainResult
	Files   []FileResult
	Doubted bool       // a list shrank suspiciously: only another poll can tell
	Stored  []Snapshot // what reached the mirror
}

// A DomainResult counts the rows of one domain over all pupils.
type DomainResult struct {
	Domain                        string
	Seen, Added, Changed, Removed int    // Seen leaves out the answers that were those of the poll before
	Unavailable                   bool   // the school shows it of no pupil
	Doubt                         string // an answer that may not be the whole truth, in a sentence
	Err                           error
}

// A PhaseError says that an account must not be polled now.
type PhaseError struct {
	Phase  db.Phase
	Until  time.Time // zero when only a person can end the phase
	Reason string
	Cause  string // the name of that, as Verdict has it
}

// Error implements error.
func (e *PhaseError) Error() string {
	if e.Phase == db.Banned {
		return fmt.Sprintf("the school has banned this address: nothing is asked before %s (%s)", e.Until.Format("2006-01-02 15:04"), e.Reason)
	}
	return fmt.Sprintf("the account is suspended until its configuration changes (%s)", e.Reason)
}

// pollOnce polls on demand.
func (w *watcher) pollOnce(ctx context.Context, names []string, policy Files) (Result, error) {
	if err := w.barred(); err != nil {
		return Result{}, err
	}
	wanted, err := w.account.Source.Domains().named(names)
	if err != nil {
		return Result{}, err
	}
	if len(names) == 0 {
		wanted = w.planned()
	}
	if len(wanted) == 0 {
		return Result{}, nil // nothing is worth a login
	}
	return w.poll(ctx, wanted, policy)
}

// barred is an error while the school must not be asked anything: a *ClockError, or a
// *PhaseError.
func (w *watcher) barred() error {
	if err := w.engine.Timekeeper.Err(); err != nil {
		return err
	}
	now := w.engine.Now()
	until := phaseEnd(w.record, now)
	if w.record.Phase == db.Suspended || w.record.Phase == db.Banned && now.Before(until) {
		return &PhaseError{Phase: w.record.Phase, Until: until, Reason: w.record.LastError, Cause: w.record.Reason}
	}
	return nil
}

// poll looks at the account once: open a session, read each domain, store each
// snapshot with its messages, keep files, remember how it went.
func (w *watcher) poll(ctx context.Context, wanted Domains, policy Files) (Result, error) {
	poll := &poll{watcher: w, policy: policy, results: make([]DomainResult, len(wanted)), whole: wanted.holdsAll(w.planned())}
	for i, d := range wanted {
		poll.results[i].Domain = d.Name
	}
	w.triedAt = w.engine.Now()
	err := w.open(ctx)
	if err == nil {
		w.refresh()
		err = poll.collect(ctx, wanted)
	}
	storeErr := poll.store(context.WithoutCancel(ctx)) // what was read is kept, also by who must leave
	if storeErr != nil {
		w.log.Error("not stored, the next poll tries again", "error", storeErr)
	}
	var files []FileResult
	settled := false // nothing of it is left to do
	if err == nil && ctx.Err() == nil {
		files, err = poll.keepFiles(ctx, poll.files)
		settled = err == nil && len(files) == 0
	}
	poll.remember(settled && poll.completed && !poll.doubted)
	result := Result{Domains: poll.results, Files: files, Doubted: poll.doubted, Stored: poll.stored}
	if ctx.Err() != nil {
		return result, ctx.Err() // cut short by us: it says nothing about the school
	}
	if err = w.settle(ctx, poll, err); storeErr != nil {
		err = errors.Join(err, storeErr)
	}
	if err == nil && poll.written {
		w.engine.siren.stop()
	}
	w.engine.siren.hear(err, w.engine.Now())
	w.engine.Wake()
	return result, err
}

// A poll is the state of one.
type poll struct {
	*watcher
	policy    Files   // which files are kept
	asked     []place // spans read that are not due again for a while
	found     []finding
	stored    []Snapshot
	files     []mirror.ListedFile // that hang on what was stored
	results   []DomainResult      // one per wanted domain
	reopened  bool                // the one new login that a poll may make was made
	doubted   bool
	written   bool
	completed bool // every wanted domain was read, or is not shown
	whole     bool // every domain of the plan is wanted
}

// A finding is a snapshot and the index of its domain's result.
type finding struct {
	Snapshot
	domain int
}

// collect reads the wanted domains of every pupil. It returns an error when the
// rest of the poll makes no sense; that of a single domain is in its result.
func (p *poll) collect(ctx context.Context, wanted Domains) error {
	p.completed = true
	shown := map[int]bool{} // the domains that some pupil has
	// A login in between may show fewer pupils.
	for s := 0; s < len(p.students); s++ {
		for i, d := range wanted {
			if s >= len(p.students) {
				return nil
			}
			p.engine.Progress(p.account.Name, d.Name, s*len(wanted)+i, len(p.students)*len(wanted))
			snapshots, err := p.read(ctx, d, s)
			for _, snapshot := range snapshots {
				p.found = append(p.found, finding{snapshot, i})
				shown[i], p.results[i].Unavailable = true, false
			}
			switch {
			case err == nil:
			case p.judge(err).Unavailable:
				p.results[i].Unavailable = !shown[i]
			case p.session == nil, p.judge(err).Stop:
				p.completed = false
				return err
			default:
				p.completed = false
				p.results[i].Err = err
				p.log.Warn("domain not read", "domain", d.Name, "error", err)
			}
		}
	}
	return nil
}

// read reads one domain of one pupil. A session that has ended is replaced
// once in a poll.
func (p *poll) read(ctx context.Context, d Domain, student int) ([]Snapshot, error) {
	snapshots, err := p.readNow(ctx, d, student)
	if !p.judge(err).Relogin {
		return snapshots, err
	}
	p.session = nil
	if p.reopened {
		return nil, err
	}
	p.reopened = true
	p.log.Info("session ended, logging in again", "reason", err)
	if err := p.open(ctx); err != nil {
		return nil, err
	}
	if student >= len(p.students) {
		return nil, nil // who has left the account
	}
	snapshots, err = p.readNow(ctx, d, student)
	if p.judge(err).Relogin {
		p.session = nil
	}
	return snapshots, err
}

// readNow reads with the session as it is.
func (p *poll) readNow(ctx context.Context, d Domain, student int) ([]Snapshot, error) {
	var asked []place // spans that are not due again for a while, if all goes well
	due := func(span db.Span, age time.Duration) bool {
		at := place{d.Name, p.students[student].ID, span}
		if within(age, p.readAt[at], p.engine.Now()) {
			return false
		}
		asked = append(asked, at)
		return true
	}
	snapshots, err := p.session.Read(ctx, d.Name, Window{
		Person: student, Owner: p.owner(p.students[student]), Holder: p.owner(p.holder),
		Now: p.now(), Store: p.engine.Store, Restore: p.policy.restores(), Due: due,
	})
	p.usedAt = p.engine.Now()
	if err == nil {
		for _, at := range asked {
			p.readAt[at] = p.usedAt
		}
		p.asked = append(p.asked, asked...)
	}
	return snapshots, err
}

// lookAgain makes the spans due that this poll has read of a domain: what is in
// doubt or was not stored must be read again soon, however seldom it changes.
func (p *poll) lookAgain(domain string) {
	for _, at := range p.asked {
		if at.domain == domain {
			delete(p.readAt, at)
		}
	}
}

// rereadAfter is when everything is read again, changed or not, and when a file
// that could not be fetched is asked for again.
const rereadAfter = 20 * time.Hour

// store brings the mirror to what was found, one transaction for each snapshot
// with its messages: a domain that offends the database fails alone. Where the
// database itself cannot be used, no other domain is tried.
func (p *poll) store(ctx context.Context) error {
	var errs []error
	wrong := p.engine.Timekeeper.Err() // and what is stored would be dated by it
	unusable := wrong != nil
	if wrong != nil && len(p.found) > 0 {
		p.completed, errs = false, append(errs, wrong)
	}
	for _, f := range p.found {
		if unusable {
			p.lookAgain(p.results[f.domain].Domain)
			continue
		}
		var o mirror.Outcome
		err := p.engine.Store.Update(ctx, func(tx *db.Tx) (err error) {
			if o, err = f.Store(ctx, tx, p.now()); err != nil {
				return err
			}
			return p.enqueue(ctx, tx, p.account.Source.Domains().declared(o.Events))
		})
		result := &p.results[f.domain]
		if err != nil {
			p.completed = false
			p.lookAgain(result.Domain)
			result.Err = err
			errs = append(errs, fmt.Errorf("store %s: %w", result.Domain, err))
			unusable = errors.Is(err, db.ErrUnusable)
			continue
		}
		p.stored = append(p.stored, f.Snapshot)
		p.files = append(p.files, o.Files...)
		result.Seen += o.Seen
		result.Added += o.Added
		result.Changed += o.Changed
		result.Removed += o.Removed
		if o.Doubt != "" {
			result.Doubt = o.Doubt
			p.log.Warn("answer in doubt", "domain", result.Domain, "doubt", o.Doubt)
		}
		if o.Doubted > 0 {
			p.doubted = true
			p.lookAgain(result.Domain)
		}
		p.written = p.written || o.Written()
	}
	return errors.Join(errs...)
}

// settle remembers how the poll went, and tells people what they must know. It
// returns err.
func (w *watcher) settle(ctx context.Context, p *poll, err error) error {
	if wrong := w.engine.Timekeeper.Err(); wrong != nil {
		return cmp.Or(err, wrong) // which says nothing about the school, and no day is known to write it down under
	}
	before := w.record
	w.record = next(w.record, err, w.judge(err), w.engine.Now(), w.engine.jitter(), w.account.Fingerprint)
	var events []db.Event
	if err == nil {
		w.record.LastSuccessAt, w.record.LastError = w.now(), p.complaint()
		if w.record.MirroredAt.IsZero() && p.completed && p.whole {
			w.record.MirroredAt = w.now()
			events = append(events, systemEvent("system.mirrored", w.mirroredFacts(p.results)))
		}
		w.log.Info("polled", "domains", len(p.results), "found", len(p.found), "written", p.written)
	} else if w.record.Phase == db.Suspended {
		w.log.Error("account suspended", "error", err)
	} else {
		w.log.Warn("poll failed", "phase", w.record.Phase, "until", time.Unix(w.record.PhaseUntil, 0), "error", err)
	}
	events = append(events, w.systemNews(before, err)...)
	if saveErr := w.update(ctx, func(tx *db.Tx) error {
		if err := w.save(ctx, tx, p.written); err != nil {
			return err
		}
		return w.enqueue(ctx, tx, events)
	}); saveErr != nil && !(errors.Is(err, db.ErrUnusable) && errors.Is(saveErr, db.ErrUnusable)) { // it is said
		return errors.Join(err, saveErr)
	} else if saveErr == nil && before.MirroredAt.IsZero() && !w.record.MirroredAt.IsZero() {
		w.engine.Mirrored()
	}
	return err
}

// complaint is what is wrong although the poll as a whole went well. The complaint
// about a domain lasts until the domain is polled again.
func (p *poll) complaint() string {
	for _, r := range p.results {
		delete(p.complaints, r.Domain)
		switch {
		case r.Err != nil:
			p.complaints[r.Domain] = r.Err.Error()
		case r.Doubt != "":
			p.complaints[r.Domain] = r.Doubt
		}
	}
	for _, name := range p.account.Source.Domains().Names() {
		if complaint, ok := p.complaints[name]; ok {
			return name + ": " + complaint
		}
	}
	return ""
}

func systemEvent(kind string, facts map[string]any) db.Event {
	return mirror.FactsEvent(kind, 0, facts)
}
