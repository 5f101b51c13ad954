package ledger

import (
	"math"
	"time"

	"github.com/pronote-sync/pronote-sync/notekfet"
)

// Rules are the numbers that a bar decides for itself. Amounts are in cents.
type Rules struct {
	Negative     notekfet.Cents // below it an account is negative
	VeryNegative notekfet.Cents // below it a debit needs the right forced
	Floor        notekfet.Cents // below it a debit needs the right overforced

	Fee   notekfet.Cents // of a membership
	WEI   notekfet.Cents // what the integration weekend adds to the fee
	Guest notekfet.Cents // what a guest's entry costs

	UndoFor           time.Duration // how long a transaction can be undone without transactions_admin
	GuestsPerYear     int           // how often one person may be invited in a membership year
	GuestsPerActivity int           // how many guests one member may have at an activity
	TokenFor          time.Duration // how long a token for a new password can be used
	ChangeoverMonth   time.Month    // when a membership year begins
	ChangeoverDay     int
	StandingYear      int // the membership year for ever, 0 for that of the clock
}

// DefaultRules are those of a configuration that says nothing.
func DefaultRules() Rules {
	return Rules{
		VeryNegative: -2000, Floor: -6000, Fee: 1500, Guest: 300, UndoFor: 48 * time.Hour,
		GuestsPerYear: 5, GuestsPerActivity: 3, TokenFor: time.Hour, ChangeoverMonth: time.August, ChangeoverDay: 1,
	}
}

// Year is the membership year of an instant, named by the year it begins in.
func (r Rules) Year(at time.Time) int {
	if r.StandingYear != 0 {
		return r.StandingYear
	}
	return r.calendarYear(at)
}

// calendarYear is the membership year of an instant, whatever year stands.
func (r Rules) calendarYear(at time.Time) int {
	if at.Before(r.begin(at.Year(), at.Location())) {
		return at.Year() - 1
	}
	return at.Year()
}

// begin is when a membership year begins.
func (r Rules) begin(year int, zone *time.Location) time.Time {
	return time.Date(year, r.ChangeoverMonth, r.ChangeoverDay, 0, 0, 0, 0, zone)
}

// Level says how negative a balance is: 0 not at all, 1 negative, 2 so negative
// that a debit down to it needs forced, 3 overforced.
func (r Rules) Level(balance notekfet.Cents) int {
	switch {
	case balance >= r.Negative:
		return 0
	case balance >= r.VeryNegative:
		return 1
	case balance >= r.Floor:
		return 2
	}
	return 3
}

// MostAmount is the largest amount that a request may name, in cents.
const MostAmount notekfet.Cents = 1_000_000_000

// mostBalance is the largest balance either way: what any program of any language
// reads exactly.
const mostBalance notekfet.Cents = 1 << 53

// A Kind is a type of transaction, spelled as the database spells it.
type Kind string

// The kinds of transactions.
const (
	Sale       Kind = "consos"
	Transfer   Kind = "transfert"
	Credit     Kind = "credit"
	Withdrawal Kind = "retrait"
	Gift       Kind = "don"
	Entry      Kind = "invitation"
	Membership Kind = "adhesion"
)

// kinds says which checks a kind of transaction has, and which right makes it.
var kinds = map[Kind]struct {
	right      string
	level      bool // how negative the emitter may become
	positive   bool // the emitter's balance must not fall below 0, whoever asks
	member     bool // the emitter must be up to date with the membership
	receiver   bool // and so must the recipient
	reason     bool // a club takes part only with a reason
	keepsTrace bool // a debit that is refused leaves a row that does not count
	numbered   bool // who asks for it is told the number of its row
}{
	Sale:       {right: "consos", level: true, member: true, keepsTrace: true},
	Transfer:   {right: "transferts", level: true, member: true, receiver: true, reason: true, keepsTrace: true},
	Gift:       {right: "dons", positive: true, member: true, receiver: true, reason: true},
	Credit:     {right: "credits", numbered: true},
	Withdrawal: {right: "retraits", level: true, numbered: true},
	Entry:      {right: "invitations", level: true, member: true, numbered: true},
	Membership: {right: "inscriptions", numbered: true},
}

// A party is one side of a transaction.
type party struct {
	id      int64
	club    bool
	blocked bool
	member  bool
	balance notekfet.Cents

	moved notekfet.Cents // of the balance, what the database has still to be told
	fell  bool           // and whether it fell below 0
	waits bool           // to be told
}

func (p *party) upToDate() bool { return p.club || p.member || p.id <= 0 }

// total is what a transaction moves. It reports whether that can be counted.
func total(quantity int64, unit notekfet.Cents) (notekfet.Cents, bool) {
	if quantity < 0 || unit < 0 || (unit > 0 && quantity > math.MaxInt64/int64(unit)) {
		return 0, false
	}
	return notekfet.Cents(quantity) * unit, true
}

// judge decides about one transaction between two parties, nil where there is no
// such account. The order of its checks is that of the protocol.
func (r Rules) judge(m Move, from, to *party, has func(right string) bool) (notekfet.Code, string) {
	k := kinds[m.Kind]
	switch {
	case (k.reason) && m.From == m.To:
		return notekfet.BadParameter, "un compte ne se verse rien à lui-même"
	case from == nil || to == nil:
		return notekfet.NoButtonOrAccount, "ce compte n'existe pas"
	case k.reason && (from.club || to.club) && blank(m.Description):
		return notekfet.ReasonMissing, "un club participe : donnez un motif"
	case from.blocked || to.blocked:
		return notekfet.AccountBlocked, "un des comptes est bloqué"
	case k.member && !from.upToDate(), k.receiver && !to.upToDate():
		return notekfet.NotMember, "un des comptes n'est pas à jour d'adhésion"
	}
	return r.afford(m, from, to, has)
}

// afford judges the balances that a transaction leaves.
func (r Rules) afford(m Move, from, to *party, has func(right string) bool) (notekfet.Code, string) {
	k := kinds[m.Kind]
	sum, ok := total(m.Quantity, m.Unit)
	if !ok {
		return notekfet.BadParameter, "ce montant est trop grand"
	}
	after := from.balance
	if m.From != m.To {
		if sum > mostBalance || from.balance-sum < -mostBalance || to.balance+sum > mostBalance {
			return notekfet.TooNegative, "le registre ne compte pas aussi loin"
		}
		after -= sum
	}
	switch {
	case k.positive && after < 0:
		return notekfet.TooNegative, "le solde deviendrait négatif"
	case !k.level || from.id <= 0 || sum == 0:
		return notekfet.OK, ""
	}
	// Who holds overforced holds forced as well: it stands for both. A session that
	// gave up forced alone forces nothing, however negative.
	switch r.Level(after) {
	case 3:
		return forced(has("forced") && has("overforced"))
	case 2:
		return forced(has("forced"))
	case 1:
		return notekfet.OK, "attention, le solde est négatif"
	}
	return notekfet.OK, ""
}

func forced(may bool) (notekfet.Code, string) {
	if may {
		return notekfet.Forced, "le solde est trop négatif, la transaction a été forcée"
	}
	return notekfet.TooNegative, "le solde est trop négatif"
}
