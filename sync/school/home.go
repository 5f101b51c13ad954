package school

import (
	"context"
	"errors"
	"strings"
	"unicode"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// home reads what feeds two tables in one request. All that is on the page of a
// pupil is the pupil's: nothing tells a wallet that brothers and sisters share
// from two that hold as much, and to name one child too many does less harm than
// to be silent about an empty one.
var home = domain{
	Domain: psync.Domain{
		Name:     "home",
		Schedule: "40 17 * * *", // with menus, after lunch
		Tables:   []db.View{db.Links.Listed(), db.Wallets.Listed()},
		Events:   []string{"wallet.low"},
	},
	read: func(ctx context.Context, v *visit) ([]mirror.Snapshot, error) {
		page, err := v.session.Home(ctx, v.student, v.today)
		if err != nil {
			return nil, err
		}
		return []mirror.Snapshot{homeSnapshot{
			links:   mirror.ListOf(db.Links, linkMatcher, v.owner, db.Span{}, page.Links),
			wallets: mirror.ListOf(db.Wallets, walletMatcher, v.owner, db.Span{}, page.Wallets),
		}}, nil
	},
}

var linkMatcher = mirror.Matcher[pronote.Link]{
	Identities: []func(pronote.Link) string{
		func(l pronote.Link) string { return mirror.Identity(l.Title, l.URL, l.Partner) },
		func(l pronote.Link) string { return mirror.Identity(l.Title) },
		func(l pronote.Link) string { return mirror.Identity(l.URL, l.Partner) },
	},
}

// A renamed wallet keeps most of its name or its balance.
var walletMatcher = mirror.Matcher[pronote.Wallet]{
	Identities: []func(pronote.Wallet) string{
		func(w pronote.Wallet) string { return mirror.Identity(w.Label) },
	},
	Group: func(pronote.Wallet) string { return "" },
	Alike: func(a, b pronote.Wallet) int {
		score := mirror.Overlap(a.Label, b.Label)
		if a.Balance == b.Balance {
			score += 50
		}
		return score
	},
	Keep: func(old pronote.Wallet, seen *pronote.Wallet) {
		today := *seen
		today.BalanceHint = old.BalanceHint
		if today == old && undated(seen.BalanceHint) == undated(old.BalanceHint) {
			*seen = old // the same balance, as of another day
		}
	},
}

// undated is a text without its numbers.
func undated(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return -1
		}
		return r
	}, text)
}

type homeSnapshot struct {
	links   mirror.List[pronote.Link]
	wallets mirror.List[pronote.Wallet]
}

func (s homeSnapshot) Store(ctx context.Context, tx *db.Tx, at pronote.DateTime) (total mirror.Outcome, err error) {
	err = errors.Join(
		storeShown(ctx, tx, at, &s.links, &total, func(mirror.Change[pronote.Link], mirror.Telling) db.Event { return db.Event{} }),
		storeShown(ctx, tx, at, &s.wallets, &total, announceWallet),
	)
	return total, err
}

// announceWallet tells that a balance is low once, when PRONOTE begins to warn, and
// once more when it falls below zero. Every meal moves a balance: that is nobody's news.
func announceWallet(c mirror.Change[pronote.Wallet], _ mirror.Telling) db.Event {
	if c.New.Warning && !c.Old.Warning || owes(c.New) && !owes(c.Old) {
		return db.Event{Kind: "wallet.low"}
	}
	return db.Event{}
}

// owes reports whether a balance is known to be below zero.
func owes(w pronote.Wallet) bool { return w.Balance.Known && w.Balance.Value < 0 }
