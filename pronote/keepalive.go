package pronote

import (
	"context"
	"errors"
	"sync"
	"time"
)

// usualBeat is how often PRONOTE's own client keeps its session alive.
const usualBeat = 2 * time.Minute

// KeepAlive keeps the session alive in the background, once per interval, until
// stop is called, which waits until a request under way is given up. Zero means two
// minutes. Failed, unless nil, is called with each failure, and may call stop;
// after ErrSessionExpired there is nothing left to keep.
func (s *Session) KeepAlive(every time.Duration, failed func(error)) (stop func()) {
	if every <= 0 {
		every = usualBeat
	}
	ctx, cancel := context.WithCancel(context.Background())
	var beating sync.Mutex
	go s.beat(ctx, every, &beating, failed)
	return func() {
		cancel()
		beating.Lock() // which the beat that is under way holds
		defer beating.Unlock()
	}
}

func (s *Session) beat(ctx context.Context, every time.Duration, beating *sync.Mutex, failed func(error)) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
		beating.Lock()
		err := s.Touch(ctx)
		beating.Unlock()
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
