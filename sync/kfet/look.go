package kfet

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/notekfet"
	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// Domains are what can be scheduled: a look at all there is.
func Domains() psync.Domains {
	return psync.Domains{{
		Name:     "kfet",
		Schedule: "*/10 * * * *",
		Tables:   []db.View{db.KfetBalances.Listed(), db.KfetTransactions.Listed(), db.KfetActivities.Listed()},
		Events:   []string{"balance.low", "balance.negative", "transaction.new", "transaction.undone", "activity.new", "activity.changed"},
	}}
}

// A look is what a bar shows of an account at once: a transaction is told with the
// balance after it, and a balance with the last purchase.
type look struct {
	label string // of the bar, in titles
	low   int64  // cents
	now   civil.DateTime

	balance      mirror.List[db.KfetBalance]
	transactions mirror.List[db.KfetTransaction] // Rows nil where the server does not show them
	activities   mirror.List[db.KfetActivity]
}

// look asks for all there is.
func (s *Session) look(ctx context.Context, w psync.Window) (seen look, err error) {
	if err := s.identify(ctx); err != nil {
		return seen, err
	}
	seen = look{label: s.source.Label, low: int64(s.source.BalanceLow), now: w.Now, balance: s.balance(w.Owner)}
	if seen.transactions, err = s.transactions(ctx, w); err != nil {
		return seen, err
	}
	seen.activities, err = s.activities(ctx, w)
	return seen, err
}

// missing reports whether a server does not have a command, or answers it in a shape of
// its own: the balance is told without it.
func missing(err error) bool {
	var refusal *notekfet.Error
	return errors.As(err, &refusal) && refusal.Code != notekfet.DatabaseFailed && refusal.Code != notekfet.Crashed || errors.Is(err, notekfet.ErrShape)
}

// instant reads a time of the server, which has no zone; zero where it is none.
func instant(text string) civil.DateTime {
	text, _, _ = strings.Cut(strings.Replace(text, "T", " ", 1), ".")
	t, err := time.Parse(time.DateTime, text)
	if err != nil {
		return civil.DateTime{}
	}
	return civil.DateTimeOf(t)
}

// Store implements mirror.Snapshot.
func (l look) Store(ctx context.Context, tx *db.Tx, at civil.DateTime) (total mirror.Outcome, err error) {
	balances, total, err := l.balance.Store(ctx, tx, at)
	if err != nil {
		return total, err
	}
	var done []mirror.Change[db.KfetTransaction]
	if l.transactions.Rows != nil {
		var o mirror.Outcome
		if done, o, err = l.transactions.Store(ctx, tx, at); err != nil {
			return total, err
		}
		total.Add(o)
	}
	var announced []mirror.Change[db.KfetActivity]
	if l.activities.Rows != nil {
		var o mirror.Outcome
		if announced, o, err = l.activities.Store(ctx, tx, at); err != nil {
			return total, err
		}
		total.Add(o)
	}
	total.Seen = len(l.transactions.Rows) // which is what people count
	fallen := l.tellBalance(balances, done)
	total.Events = append(total.Events, l.tellTransactions(done, causeOf(fallen))...)
	total.Events = append(total.Events, fallen...)
	total.Events = append(total.Events, l.tellActivities(announced)...)
	return total, nil
}
