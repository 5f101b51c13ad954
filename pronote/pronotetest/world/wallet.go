package world

import (
	"fmt"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// Wallet is what a pupil pays the canteen from. PRONOTE warns when less than
// three meals are left in it.
type Wallet struct {
	Pupil string
	Label string
	Hint  string
	Cents int
	Price int // of a meal, in cents; 0 where it is for something else

	id   int
	asOf pronote.Date // of the last movement
}

func (*Wallet) domain() string { return "wallets" }

func (w *Wallet) enter(id int, now pronote.DateTime) { w.id, w.asOf = id, now.Date }

func (w *Wallet) settle(s *School) { w.asOf = s.now.Date }

// wallet is the row of a pupil.
func (w *Wallet) wallet() pronote.Wallet {
	return pronote.Wallet{
		Label: w.Label, Hint: w.Hint, Balance: pronote.Num(float64(w.Cents) / 100), BalanceText: euros(w.Cents),
		BalanceHint: fmt.Sprintf("Solde au %02d/%02d/%d", w.asOf.Day, w.asOf.Month, w.asOf.Year), Warning: w.low(),
	}
}

func (w *Wallet) low() bool { return w.Cents < 3*w.Price }

func (w *Wallet) facts(_ *School, _ Viewer, pupil string) []fact {
	if pupil != w.Pupil {
		return nil
	}
	row := w.wallet()
	return []fact{
		{"label", row.Label}, {"hint", row.Hint}, {"balance", row.BalanceText}, {"balance_hint", row.BalanceHint}, {"warning", row.Warning},
	}
}

// euros writes an amount as the canteen's partner does: "-3,20 €".
func euros(cents int) string {
	sign := ""
	if cents < 0 {
		sign, cents = "-", -cents
	}
	return strings.ReplaceAll(fmt.Sprintf("%s%d.%02d €", sign, cents/100, cents%100), ".", ",")
}
