package pronote

import (
	"context"
	"errors"
	"sync"
	"time"
)

// usualBeat is how often PRONOTE's own client keeps its session alive.
const usualBeat = 2 * time.Minute

// KeepAlive keeps the session alive in the background, every so often, until
// stop is called, which waits for a request that is under way to be given up.
// Zero stands for two minutes. Failed, unless nil, is told of each failure; after
// ErrSessionExpired there is no more to keep.
func (s *Session) KeepAlive(every time.Duration, failed func(error)) (stop func()) {
	if every <= 0 {
		every = usualBeat
	}
	ctx, cancel := context.WithCancel(context.Background())
	var beating sync.WaitGroup
	beating.Go(func() { s.beat(ctx, every, failed) })
	return func() { cancel(); beating.Wait() }
}

func (s *Session) beat(ctx context.Context, every time.Duration, failed func(error)) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
		err := s.Touch(ctx)
		if err == nil || ctx.Err() != nil {
			continue
		}
		if failed != nil {
			failed(err)
		}
		if errors.Is(err, ErrSessionExpired) {
			return
		}
	}
}

// Touch makes the server forget that the session was idle, by the request that
// its version has for it. It is one beat of KeepAlive, for programs with a
// schedule of their own.
func (s *Session) Touch(ctx context.Context) error {
	tab := s.homeTab()
	call := Call{Function: "Navigation", Tab: tab, Data: map[string]Tab{"onglet": tab, "ongletPrec": tab}}
	if !s.version.atLeast(versionData) {
		call = Call{Function: "Presence", Tab: tab}
	}
	_, err := s.Request(ctx, call)
	return err
}
