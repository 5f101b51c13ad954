package pronoteapi

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"maps"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/pronote-sync/pronote-sync/cas"
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
	waiting  map[account]hold              // for a person to do something
	banned   map[string]hold               // by host
	lastSwap time.Time
}

// How long nothing is asked of a school, when it does not say itself, and how long
// nobody logs in who has to do something else first.
const (
	banLasts    = 2 * time.Hour
	limitLasts  = 10 * time.Minute
	personLasts = 10 * time.Minute
	lockLasts   = time.Hour
)

func newManners(perHour int, now func() time.Time) *manners {
	return &manners{
		perHour: perHour, now: now, salt: rand.Text(),
		budgets: map[account]*rate.Limiter{}, passed: map[account][sha256.Size]byte{}, waiting: map[account]hold{}, banned: map[string]hold{},
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
	maps.DeleteFunc(m.banned, func(_ string, h hold) bool { return !now.Before(h.until) })
	maps.DeleteFunc(m.waiting, func(_ account, h hold) bool { return !now.Before(h.until) })
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

// mayLogIn says why an account must not log in now: the last login found that a
// person has to do something first, and one more will not find anything else.
func (m *manners) mayLogIn(of account) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if h, held := m.waiting[of]; held && m.now().Before(h.until) {
		return h.is
	}
	return nil
}

// loggedIn learns from the outcome of a login.
func (m *manners) loggedIn(of account, password secret.Text, err error) {
	m.heed(of.host, err)
	m.mu.Lock()
	defer m.mu.Unlock()
	wait := waitOf(err)
	switch {
	case err == nil:
		delete(m.passed, of)
	case errors.Is(err, pronote.ErrCredentials), errors.Is(err, cas.WrongPassword):
		m.passed[of] = m.sum(password)
	case wait > 0:
		m.waiting[of] = hold{m.now().Add(wait), translate(err)}
	}
}

// waitOf is how long there is no use in another login, 0 when there may be one.
func waitOf(err error) time.Duration {
	var portal *cas.Error
	var access *pronote.AccessError
	switch {
	case errors.As(err, &portal):
		switch {
		case !portal.NeedsPerson(), portal.Patience() > 0: // it may pass
			return 0
		case portal.Reason == cas.AccountLocked:
			return lockLasts
		}
		return personLasts
	case errors.As(err, &access):
		return personLasts
	}
	for _, e := range []error{pronote.ErrSecondFactor, pronote.ErrNewPassword, pronote.ErrProtection, pronote.ErrPortalLogin} {
		if errors.Is(err, e) {
			return personLasts
		}
	}
	return 0
}

// heed learns from the outcome of any request that a school wants no more of them
// for a while.
func (m *manners) heed(host string, err error) {
	var blocked *pronote.BlockedError
	var status *pronote.HTTPError
	var stop hold
	switch {
	case errors.As(err, &blocked) && blocked.Limited:
		stop = hold{m.now().Add(cmp.Or(blocked.Wait, limitLasts)), errRateLimited}
	case errors.As(err, &blocked):
		stop = hold{m.now().Add(cmp.Or(blocked.Wait, banLasts)), errBanned}
	case errors.As(err, &status) && (status.Status == http.StatusTooManyRequests || status.Wait > 0):
		// A proxy may say this too, and is not believed for longer.
		stop = hold{m.now().Add(min(cmp.Or(status.Wait, limitLasts), limitLasts)), translate(err)}
	default:
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.banned[host] = stop
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
