package sync

import (
	"cmp"
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"golang.org/x/time/rate"

	"github.com/pronote-sync/pronote-sync/civil"
)

// A Budget bounds what is asked of a school, per account. PRONOTE announces no
// limits; these are the figures of careful clients.
type Budget struct {
	Spacing      time.Duration // between two requests
	PerHour      int           // requests
	PerDay       int           // requests; 0 is perChild for each child, and leastPerDay at least
	LoginsPerDay int           // within any 24 hours
}

// of is the budget of an account.
func (b Budget) of(a Account) Budget {
	b.LoginsPerDay, b.PerDay = cmp.Or(a.LoginsPerDay, b.LoginsPerDay), cmp.Or(a.RequestsPerDay, b.PerDay)
	return b
}

// The requests of a day where the budget leaves it to the number of children:
// some more than the usual schedule asks.
const (
	perChild    = 200
	leastPerDay = 400
)

// A BudgetError says that the account's own budget is spent.
type BudgetError struct {
	What  string // what there were too many of
	Until time.Time
}

// Error implements error.
func (e *BudgetError) Error() string {
	return fmt.Sprintf("the budget of %s is spent: the account rests until %s", e.What, e.Until.Format("2006-01-02 15:04"))
}

// purse is a budget being spent. One goroutine at a time uses it.
type purse struct {
	budget   Budget
	now      func() time.Time
	loc      *time.Location
	spacing  *rate.Limiter
	hourly   *rate.Limiter
	children int // of the account, as far as is known

	day   civil.Date // that spent counts
	spent int

	lastAt atomic.Pointer[time.Time] // of the last request, for other goroutines too; not on the clock of now
}

func newPurse(b Budget, now func() time.Time, loc *time.Location) *purse {
	p := &purse{now: now, loc: loc, spacing: rate.NewLimiter(0, 1), hourly: rate.NewLimiter(0, b.PerHour)}
	p.limit(b)
	return p
}

// limit changes the budget, and nothing about what was spent.
func (p *purse) limit(b Budget) {
	p.budget = b
	now := p.now()
	p.spacing.SetLimitAt(now, rate.Every(b.Spacing))
	p.hourly.SetLimitAt(now, rate.Every(time.Hour/time.Duration(b.PerHour)))
	p.hourly.SetBurstAt(now, b.PerHour)
}

// spend takes one request out of the purse, before it is sent: a request that
// fails has cost the server as much as one that succeeds. It waits out the
// spacing, and returns a BudgetError where the wait would be longer.
func (p *purse) spend(ctx context.Context) error {
	if today := civil.DateOf(p.now().In(p.loc)); today != p.day {
		p.day, p.spent = today, 0
	}
	return p.spendUndated(ctx)
}

// spendUndated is spend on the day of the request before, for when nobody knows what day
// it is.
func (p *purse) spendUndated(ctx context.Context) error {
	now := p.now()
	asked := time.Now()
	p.lastAt.Store(&asked)
	if p.spent >= p.perDay() {
		return &BudgetError{What: "requests for today", Until: p.day.AddDays(1).In(p.loc)}
	}
	if !p.hourly.AllowN(now, 1) {
		return &BudgetError{What: "requests for this hour", Until: now.Add(time.Hour / time.Duration(p.budget.PerHour))}
	}
	p.spent++
	wait := p.spacing.ReserveN(now, 1).DelayFrom(now)
	if wait == 0 {
		return nil
	}
	return sleep(ctx, wait)
}

func (p *purse) perDay() int {
	return cmp.Or(p.budget.PerDay, max(leastPerDay, perChild*p.children))
}

// mayLogin checks the logins of the last day against the budget.
func (p *purse) mayLogin(recent []time.Time) error {
	if len(recent) < p.budget.LoginsPerDay {
		return nil
	}
	return &BudgetError{What: "logins for a day", Until: recent[len(recent)-p.budget.LoginsPerDay].Add(24 * time.Hour)}
}
