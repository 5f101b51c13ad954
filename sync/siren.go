package sync

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/notifiers"
	"github.com/pronote-sync/pronote-sync/sync/internal/wording"
)

// A siren tells people what no outbox can: that the database takes nothing any more,
// or that the clock is wrong by which messages wait there. It tells of a cause once,
// and again only when it has come back after a day.
type siren struct {
	event func(cause string) db.Event
	heard chan string // a cause to tell of

	mu   sync.Mutex
	now  string               // the cause, "" while the database takes what it is given
	told map[string]time.Time // causes, and when they were told of
}

// againAfter is the time in which a cause that comes and goes is told once.
const againAfter = 24 * time.Hour

func newSiren(event func(cause string) db.Event) *siren {
	return &siren{event: event, heard: make(chan string, 1), told: map[string]time.Time{}}
}

// Unusable names what is wrong with the database, as people are told of it, "" when
// err is about something else.
func Unusable(err error) string {
	for _, c := range []struct {
		err  error
		name string
	}{{db.ErrFull, "full"}, {db.ErrCorrupt, "damaged"}, {db.ErrDisk, "disk"}, {db.ErrReadOnly, "read_only"}} {
		if errors.Is(err, c.err) {
			return c.name
		}
	}
	return ""
}

// hear takes note of an error, of whatever kind.
func (s *siren) hear(err error, now time.Time) {
	if cause := Unusable(err); cause != "" {
		s.raise(cause, now)
	}
}

// raise takes note that a cause begins or lasts.
func (s *siren) raise(cause string, now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = cause
	if last, told := s.told[cause]; told && now.Sub(last).Abs() < againAfter {
		return
	}
	select {
	case s.heard <- cause:
		s.told[cause] = now
	default: // one cause is being told already
	}
}

// stop takes note that the cause is over.
func (s *siren) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = ""
}

func (s *siren) lasts(cause string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now == cause
}

// sound tells of what the siren hears until ctx is done.
func (e *Engine) sound(ctx context.Context, s *siren) {
	var telling sync.WaitGroup
	defer telling.Wait()
	for {
		select {
		case cause := <-s.heard:
			event := s.event(cause)
			for _, m := range e.recipients {
				if m.isTold(event) {
					telling.Go(func() { m.shout(ctx, s, event, cause) })
				}
			}
		case <-ctx.Done():
			return
		}
	}
}

func ofDatabase(cause string) db.Event {
	return systemEvent("system.database", map[string]any{"reason": cause})
}

func ofBackup(cause string) db.Event {
	return systemEvent("system.backup", map[string]any{"reason": cause})
}

// BackedUp takes note that a backup of the database was made, or why it could not be.
// Who runs the program is told of the latter past the outbox, while the engine runs.
func (e *Engine) BackedUp(err error) {
	if err == nil {
		e.copySiren.stop()
		return
	}
	cause := Unusable(err)
	if cause == "" {
		cause = "folder"
	}
	e.copySiren.raise(cause, e.Now())
}

// TellUnusable tells the recipients of a configuration that the database cannot be
// used, when the program cannot even start for want of it. Each is tried once, at any
// hour, for the program ends. Cause is as Unusable names it.
func TellUnusable(ctx context.Context, c Config, cause string) {
	if c.Wording == nil {
		c.Wording = NewWording(nil, nil)
	}
	e := &Engine{Config: c}
	event := ofDatabase(cause)
	for _, r := range c.Recipients {
		m := &mailbox{Recipient: r, engine: e}
		if !m.isTold(event) {
			continue
		}
		message, err := m.alarm(event)
		if err == nil {
			err = m.attempt(ctx, message)
		}
		if err != nil {
			c.Log.Warn("message not delivered", "recipient", m.Name, "event", event.Kind, "error", err)
		}
	}
}

// isTold reports whether a recipient wants an event about the account as a whole.
func (m *mailbox) isTold(event db.Event) bool {
	return Route(event, db.Student{}, m.Recipient, nil, m.engine.Now()).Way != db.None
}

// alarm words an event that is in no outbox.
func (m *mailbox) alarm(event db.Event) (notifiers.Message, error) {
	now := m.engine.Timekeeper.best(m.engine.Now())
	words, err := m.engine.Wording.In(m.Language).Message([]wording.Event{{Kind: event.Kind, Data: event.Data}}, m.reader(now))
	id := identityOf(db.Letter{Recipient: m.Name, Kind: event.Kind, Composed: now}, nil, 0)
	return notifiers.Message{ID: id, Title: words.Title, Body: words.Body, Language: m.Language}, err
}

func (m *mailbox) attempt(ctx context.Context, message notifiers.Message) error {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	_, err := m.Notifier.Deliver(ctx, message)
	return err
}

// shout delivers an event past the outbox: after the quiet hours, and as long as
// its cause lasts. Its memory of the tries is lost with the process.
func (m *mailbox) shout(ctx context.Context, s *siren, event db.Event, cause string) {
	message, err := m.alarm(event)
	if err != nil {
		m.engine.Log.Error("message given up", "recipient", m.Name, "event", event.Kind, "error", err)
		return
	}
	began, attempts, triedFor := m.engine.Timekeeper.best(m.engine.Now()), 0, time.Duration(0)
	for wait := m.Quiet.After(began.In(m.Location)).Sub(began); sleep(ctx, wait) == nil && s.lasts(cause); attempts++ {
		err := m.attempt(ctx, message)
		log := m.engine.Log.With("recipient", m.Name, "event", event.Kind)
		if err == nil {
			log.Info("delivered past the outbox")
			return
		}
		wait = retryWait(attempts, m.engine.jitter(), err)
		if triedFor += wait; hopeless(attempts, triedFor, err) {
			log.Error("message given up", "error", err)
			return
		}
		log.Warn("message not delivered", "next", m.engine.Now().Add(wait), "error", err)
	}
}
