package pronoteapi

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/secret"
)

// An account is a person at a school, as manners know it.
type account struct {
	host, portal, username string
	kind                   pronote.Kind
}

// manners keep clients from doing what gets a household blocked.
type manners struct {
	perHour int
	now     func() time.Time
	salt    string // of this process alone

	mu       sync.Mutex
	budgets  map[account]*rate.Limiter
	passed   map[account][sha256.Size]byte // the password that was refused last
	banned   map[string]hold               // by host
	lastSwap time.Time
}

// How long nothing is asked of a school, when it does not say itself.
const (
	banLasts   = 2 * time.Hour
	limitLasts = 10 * time.Minute
)

func newManners(perHour int, now func() time.Time) *manners {
	return &manners{
		perHour: perHour, now: now, salt: rand.Text(),
		budgets: map[account]*rate.Limiter{}, passed: map[account][sha256.Size]byte{}, banned: map[string]hold{},
	}
}

// mayAsk debits one request, or says why it must not be made.
func (m *manners) mayAsk(of account) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := m.now()
	if h, held := m.banned[of.host]; held && now.Before(h.until) {
		return h.is
	}
	m.forget(now)
	budget := m.budgets[of]
	if budget == nil {
		budget = rate.NewLimiter(rate.Limit(float64(m.perHour)/3600), m.perHour)
		m.budgets[of] = budget
	}
	if !budget.AllowN(now, 1) {
		return errBudget
	}
	return nil
}

// forget drops, now and then, the budgets that are full again.
func (m *manners) forget(now time.Time) {
	if now.Sub(m.lastSwap) < time.Hour {
		return
	}
	m.lastSwap = now
	for of, budget := range m.budgets {
		if budget.TokensAt(now) >= float64(m.perHour) {
			delete(m.budgets, of)
		}
	}
	for host, h := range m.banned {
		if !now.Before(h.until) {
			delete(m.banned, host)
		}
	}
}

// refused reports whether a password is the one that the school has refused.
func (m *manners) refused(of account, password secret.Text) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	last, known := m.passed[of]
	return known && last == m.sum(password)
}

func (m *manners) sum(password secret.Text) [sha256.Size]byte {
	return sha256.Sum256([]byte(m.salt + password.Reveal()))
}

// loggedIn learns from the outcome of a login.
func (m *manners) loggedIn(of account, password secret.Text, err error) {
	m.heed(of.host, err)
	m.mu.Lock()
	defer m.mu.Unlock()
	switch {
	case err == nil:
		delete(m.passed, of)
	case translate(err) == errCredentials && !errors.Is(err, pronote.ErrNotPRONOTE):
		m.passed[of] = m.sum(password)
	}
}

// heed learns from the outcome of any request that a school blocks this address.
func (m *manners) heed(host string, err error) {
	var blocked *pronote.BlockedError
	if !errors.As(err, &blocked) {
		return
	}
	wait, stopped := blocked.Wait, errBanned
	if blocked.Limited {
		stopped = errRateLimited
	}
	if wait <= 0 {
		if wait = banLasts; blocked.Limited {
			wait = limitLasts
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.banned[host] = hold{m.now().Add(wait), stopped}
}

// A hold is a stop towards a school.
type hold struct {
	until time.Time
	is    *apiError // what clients are told meanwhile
}

// before is what a session asks before each request.
func (m *manners) before(of account) func(context.Context, string) error {
	return func(context.Context, string) error { return m.mayAsk(of) }
}
