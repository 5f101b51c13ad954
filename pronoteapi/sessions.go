package pronoteapi

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// A session is a login to a school, by the token that its client has.
type session struct {
	kind     pronote.Kind
	schema   *ast.Schema
	zone     *time.Location
	now      func() time.Time
	upstream *pronote.Session

	params, user, rules []byte      // what the login answered, as it came
	hidden              []any       // tabs that the account must not open
	heed                func(error) // learns from the outcome of requests

	mu     sync.Mutex
	filled map[string][]any // the weeks that the school has published, by pupil
	stop   func()           // ends the keep-alive; nil when there is none
	used   time.Time
	busy   int  // queries that run
	over   bool // the school has ended it, or the client
}

// heedOwn learns from the outcome of a request of the session.
func (s *session) heedOwn(err error) {
	s.heed(err)
	if errors.Is(err, pronote.ErrSessionExpired) {
		s.finish()
	}
}

// finish notes that only params and user can be asked for from now on.
func (s *session) finish() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = true
}

// keepAliveEvery is how often a session that is kept alive asks for something.
const keepAliveEvery = 2 * time.Minute

// keep starts the keep-alive, which goes on for as long as the session does, or stops
// it.
func (s *session) keep(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case on && s.stop == nil:
		s.stop = s.upstream.KeepAlive(keepAliveEvery, func(err error) {
			s.heedOwn(err)
			if errors.Is(err, pronote.ErrSessionExpired) {
				s.keep(false)
			}
		})
	case !on && s.stop != nil:
		go s.stop() // which waits for a request that is under way
		s.stop = nil
	}
}

// close ends the session at the school.
func (s *session) close(ctx context.Context) error {
	s.keep(false)
	err := s.upstream.Close(ctx)
	if errors.Is(err, pronote.ErrSessionExpired) {
		return nil
	}
	return err
}

// mutation is what a mutation of the session starts from.
func (s *session) mutation() object {
	return object{
		"setKeepAlive": resolver(func(_ context.Context, args map[string]any) (any, error) {
			on := args["enabled"] == true
			s.keep(on)
			return on, nil
		}),
		"keepAlive": resolver(func(ctx context.Context, _ map[string]any) (any, error) {
			err := s.upstream.Touch(ctx)
			s.heedOwn(err)
			return true, err
		}),
		"logout": resolver(func(ctx context.Context, _ map[string]any) (any, error) {
			s.keep(false)
			s.finish()
			return true, s.upstream.Close(ctx)
		}),
	}
}

// How long a session may be idle.
const (
	idleUntilRoom = 10 * time.Minute // before it has to make room for a newcomer
	idleEnd       = 2 * time.Hour    // before it ends
	idleKeptEnd   = 24 * time.Hour   // if it is kept alive
)

// sessions are those that are open, by token. Their number is limited.
type sessions struct {
	limit int
	now   func() time.Time

	mu      sync.Mutex
	open    map[string]*session
	pending int // logins under way
	stopped bool
}

// reserve makes room for a login, and returns the session that had to go, if any.
// The place is to be given back by add or by release.
func (t *sessions) reserve() (gone *session, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.stopped {
		return nil, errStopping
	}
	if len(t.open)+t.pending >= t.limit {
		token := t.idlest()
		if token == "" {
			return nil, errFull
		}
		gone = t.open[token]
		delete(t.open, token)
	}
	t.pending++
	return gone, nil
}

// idlest is the token of the session that has been idle longest, if that is long
// enough, or of one that is over; "" when there is none.
func (t *sessions) idlest() (token string) {
	oldest := t.now().Add(-idleUntilRoom)
	for candidate, s := range t.open {
		used, over := s.idle()
		if over {
			return candidate
		}
		if !used.After(oldest) {
			token, oldest = candidate, used
		}
	}
	return token
}

// idle is when a session was used last, which is now while a query runs, and whether
// it is over.
func (s *session) idle() (used time.Time, over bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy > 0 {
		return s.now(), false
	}
	return s.used, s.over
}

func (t *sessions) release() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.pending--
}

// add puts a session into a reserved place. It is not ok when the server has
// stopped meanwhile.
func (t *sessions) add(s *session) (token string, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.pending--
	if t.stopped {
		return "", false
	}
	token = uuid.NewString()
	s.used = t.now()
	t.open[token] = s
	return token, true
}

// use finds a session, which does not end until done is called.
func (t *sessions) use(token string) (s *session, done func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s = t.open[token]
	if s == nil {
		return nil, nil
	}
	mark := func(change int) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.busy += change
		s.used = t.now()
	}
	mark(1)
	return s, func() { mark(-1) }
}

// remove takes a session out, nil when there is none.
func (t *sessions) remove(token string) *session {
	t.mu.Lock()
	defer t.mu.Unlock()
	s := t.open[token]
	delete(t.open, token)
	return s
}

// expired takes out the sessions that have been idle too long.
func (t *sessions) expired() (gone []*session) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for token, s := range t.open {
		s.mu.Lock()
		limit := idleEnd
		if s.stop != nil {
			limit = idleKeptEnd
		}
		if s.busy == 0 && t.now().Sub(s.used) >= limit {
			gone = append(gone, s)
			delete(t.open, token)
		}
		s.mu.Unlock()
	}
	return gone
}

// stop takes all sessions out and lets none in any more.
func (t *sessions) stop() (gone []*session) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.stopped = true
	for token, s := range t.open {
		gone = append(gone, s)
		delete(t.open, token)
	}
	return gone
}
