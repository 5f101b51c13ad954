package kfet

import (
	"strconv"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// balance is what the account holds, as the session last heard.
func (s *Session) balance(owner db.Owner) mirror.List[db.KfetBalance] {
	b := db.KfetBalance{Pseudo: s.me.Pseudo, Cents: int64(s.me.Balance), Blocked: s.me.Blocked, Member: s.me.Member}
	switch {
	case s.me.Level != nil:
		b.Level = int(*s.me.Level)
	case b.Cents < 0:
		b.Level = 1
	}
	return mirror.ListOf(db.KfetBalances, balanceMatcher, owner, db.Span{}, []db.KfetBalance{b})
}

var balanceMatcher = mirror.Matcher[db.KfetBalance]{
	Identities: []func(db.KfetBalance) string{
		func(db.KfetBalance) string { return "" }, // an account has one
	},
}

// tellBalance tells once that the balance has fallen below what was asked for, and once
// that it has fallen below zero; both at once are the latter.
func (l look) tellBalance(changes []mirror.Change[db.KfetBalance], done []mirror.Change[db.KfetTransaction]) (events []db.Event) {
	for _, c := range changes {
		if c.Kind != mirror.Changed {
			continue
		}
		t, last := mirror.TellingOf(db.KfetBalances, c), lastPurchase(done)
		t.Of = l.facts(purchaseFacts(last))
		switch {
		case c.Old.Cents >= 0 && c.New.Cents < 0:
			events = append(events, t.Event("balance.negative", l.balance.Owner))
		case c.Old.Cents >= l.low && c.New.Cents < l.low && c.New.Cents >= 0:
			events = append(events, t.Event("balance.low", l.balance.Owner))
		}
		if n := len(events); n > 0 && last.Number != 0 {
			events[n-1].Cause = "purchase " + strconv.FormatInt(last.Number, 10)
		}
	}
	return events
}

// causeOf is what the fall of a balance and the purchases it came of have in common, ""
// where nothing fell.
func causeOf(fallen []db.Event) string {
	if len(fallen) == 0 {
		return ""
	}
	return fallen[0].Cause
}

// lastPurchase is the last thing that was paid for, the zero value for none.
func lastPurchase(done []mirror.Change[db.KfetTransaction]) (last db.KfetTransaction) {
	for _, c := range done {
		if c.New.Number > last.Number && c.New.Valid && c.New.AmountCents < 0 {
			last = c.New
		}
	}
	return last
}

func purchaseFacts(last db.KfetTransaction) map[string]any {
	if last.Number == 0 {
		return nil
	}
	return map[string]any{"last": last.Description, "last_cents": last.AmountCents}
}

// facts are what an event says beside its row: what the bar is called, and the balance.
func (l look) facts(more map[string]any) []byte {
	facts := map[string]any{"label": l.label}
	if len(l.balance.Rows) > 0 {
		facts["balance_cents"] = l.balance.Rows[0].Cents
	}
	for name, fact := range more {
		facts[name] = fact
	}
	return mirror.DataOf(facts)
}
