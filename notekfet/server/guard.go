package server

import (
	"sync"
	"time"
)

// LoginRules are what follows a wrong password.
type LoginRules struct {
	Delay    time.Duration // before the answer, doubled with each one
	DelayMax time.Duration // up to this
	// Proxies are the networks of peers that may forward an address.
	Proxies []string
}

// A guard delays the answers to wrong passwords, for each account and for each
// address. It never locks anybody out.
type guard struct {
	rules LoginRules

	mu     sync.Mutex
	wrongs map[string]wrong
}

type wrong struct {
	times int
	last  time.Time
}

const (
	forgetAfter = 10 * time.Minute
	mostWrongs  = 100_000
)

func newGuard(rules LoginRules) *guard { return &guard{rules: rules, wrongs: map[string]wrong{}} }

// failed notes a wrong password and returns how long its answer waits: as long as
// the worst of the keys wants.
func (g *guard) failed(keys ...string) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	now, delay := time.Now(), time.Duration(0)
	if len(g.wrongs) > mostWrongs {
		g.sweep(now)
	}
	for _, key := range keys {
		w := g.wrongs[key]
		if now.Sub(w.last) > forgetAfter {
			w.times = 0
		}
		delay = max(delay, min(g.rules.DelayMax, g.rules.Delay<<min(w.times, 20)))
		w.times++
		w.last = now
		g.wrongs[key] = w
	}
	return delay
}

// passed forgets the wrong passwords of those keys.
func (g *guard) passed(keys ...string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, key := range keys {
		delete(g.wrongs, key)
	}
}

// sweep drops what is old, or everything where that is not enough.
func (g *guard) sweep(now time.Time) {
	for key, w := range g.wrongs {
		if now.Sub(w.last) > forgetAfter {
			delete(g.wrongs, key)
		}
	}
	if len(g.wrongs) > mostWrongs {
		clear(g.wrongs)
	}
}
