package db

import (
	"fmt"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// A KfetBalance is what an account of a student bar holds.
type KfetBalance struct {
	Pseudo      string
	Cents       int64 // below zero for a debt
	Level       int   // 0 from zero on, else 1 to 3 for how far below; 1 where the server does not say
	Blocked     bool
	Member      bool         // the membership is up to date
	MemberUntil pronote.Date // zero where the server does not say
}

// KfetBalances keeps what the accounts of student bars hold.
var KfetBalances = Table[KfetBalance]{
	Name:    "kfet_balances",
	View:    View{Name: "kfet_balances", when: "changed_at", order: "account, uid"},
	Columns: []string{"pseudo", "balance_cents", "level", "blocked", "member", "member_until"},
	Fields: func(b *KfetBalance) []any {
		return []any{&b.Pseudo, &b.Cents, &b.Level, &b.Blocked, &b.Member, (*day)(&b.MemberUntil)}
	},
}

// A KfetTransaction is a row of the ledger of a student bar.
type KfetTransaction struct {
	Number      int64            // the server's own, which grows
	DoneOn      pronote.DateTime // zero where the server writes no date that can be read
	Kind        string           // as the server calls it: "consos", "don"
	From, To    string           // pseudos
	Quantity    int64
	UnitCents   int64
	AmountCents int64 // as it moves the account: below zero for what it pays
	Description string
	Category    string
	Valid       bool // it counts
}

// KfetTransactions keeps the rows of the ledgers of student bars, placed by their
// numbers.
var KfetTransactions = Table[KfetTransaction]{
	Name:    "kfet_transactions",
	View:    View{Name: "kfet_transactions", when: "done_on", order: "account, number DESC"},
	Place:   "printf('%015d', number)",
	PlaceOf: func(t KfetTransaction) string { return KfetPlace(t.Number) },
	Columns: []string{
		"number", "done_on", "kind", "from_name", "to_name", "quantity", "unit_cents", "amount_cents", "description", "category", "valid",
	},
	Fields: func(t *KfetTransaction) []any {
		return []any{
			&t.Number, (*instant)(&t.DoneOn), &t.Kind, &t.From, &t.To, &t.Quantity, &t.UnitCents, &t.AmountCents, &t.Description, &t.Category, &t.Valid,
		}
	},
}

// KfetPlace is where a transaction stands in a Span.
func KfetPlace(number int64) string { return fmt.Sprintf("%015d", number) }

// A KfetActivity is a party, or something like it.
type KfetActivity struct {
	Number        int64 // the server's own
	Title         string
	Starts, Ends  pronote.DateTime // zero where the server writes no date that can be read
	Place         string
	Description   string
	GuestsAllowed bool
}

// KfetActivities keeps the activities that student bars announce, placed by when they
// start.
var KfetActivities = Table[KfetActivity]{
	Name:    "kfet_activities",
	View:    View{Name: "kfet_activities", when: "starts_at", order: "account, starts_at, uid"},
	Place:   "ifnull(starts_at, '')",
	PlaceOf: func(a KfetActivity) string { return a.Starts.String() },
	Columns: []string{"number", "title", "starts_at", "ends_at", "place", "description", "guests_allowed"},
	Fields: func(a *KfetActivity) []any {
		return []any{&a.Number, &a.Title, (*instant)(&a.Starts), (*instant)(&a.Ends), &a.Place, &a.Description, &a.GuestsAllowed}
	},
}
