package wording

import (
	"fmt"
	"math"
	"strings"
)

const (
	trueMinus = "\u2212"
	noBreak   = "\u00a0"
)

// cents is an amount as the mirror has it, a whole number of cents.
func cents(value any) (n int64, ok bool) {
	bare, _ := uncover(value)
	switch v := bare.(type) {
	case float64:
		return int64(v), true
	case int64:
		return v, true
	case int:
		return int64(v), true
	}
	return 0, false
}

// money writes cents as an amount of euros, always with two decimals: "4,20 €".
func (l *Language) money(value any) string {
	n, ok := cents(value)
	if !ok {
		return "?"
	}
	sign := ""
	if n < 0 {
		sign, n = trueMinus, -n
	}
	amount := fmt.Sprintf("%d%s%02d", n/100, l.comma, n%100)
	if l.euroFirst {
		return sign + "€" + amount
	}
	return sign + amount + noBreak + "€"
}

// euros writes an amount of euros, as a canteen tells it.
func (l *Language) euros(value any) string {
	f, ok := value.(float64)
	if !ok {
		return ""
	}
	return l.money(math.Round(f * 100))
}

// signed writes an amount that something is moved by: "+4,20 €".
func (l *Language) signed(value any) string {
	if n, ok := cents(value); ok && n > 0 {
		return "+" + l.money(value)
	}
	return l.money(value)
}

// unsigned writes an amount without saying which way it goes.
func (l *Language) unsigned(value any) string { return strings.TrimPrefix(l.money(value), trueMinus) }

// opposite writes what undoing an amount moves.
func (l *Language) opposite(value any) string {
	n, _ := cents(value)
	return l.signed(-n)
}

// credit reports whether an amount was received.
func credit(value any) bool {
	n, _ := cents(value)
	return n > 0
}

// debt reports whether an amount is below zero.
func debt(value any) bool {
	n, _ := cents(value)
	return n < 0
}

// several reports whether there were more than one.
func several(value any) bool {
	n, _ := cents(value)
	return n > 1
}

// A tally is what some transactions come to.
type tally struct {
	Label     string // of the bar
	Count     int    // of what was bought, or of transactions where something else is among them
	Purchases bool   // nothing else is
	Cents     int64  // that they moved
	Balance   any    // after them
	Lines     []*tallied
}

// A tallied is what was bought, or done, several times.
type tallied struct {
	Name  string
	Count int
	Cents int64
}

// factsOf are what the events of a kind say.
func factsOf(events []view, kind string) (list []Facts) {
	for _, e := range events {
		if e.Kind == kind {
			list = append(list, e.Facts)
		}
	}
	return list
}

// tallyOf adds up transactions, in the order in which each thing was first done.
func tallyOf(all []Facts) tally {
	t := tally{Purchases: true}
	for _, f := range all {
		t.Label, t.Balance = textOf(f.Of["label"]), f.Of["balance_cents"]
		amount, _ := cents(f.Now["amount_cents"])
		quantity, _ := cents(f.Now["quantity"])
		if amount > 0 || quantity < 1 {
			t.Purchases = false
		}
		t.Cents += amount
		t.Count += int(quantity)
		name := textOf(firstOf(f.Now["description"], f.Now["to_name"]))
		i := 0
		for ; i < len(t.Lines) && t.Lines[i].Name != name; i++ {
		}
		if i == len(t.Lines) {
			t.Lines = append(t.Lines, &tallied{Name: name})
		}
		t.Lines[i].Count += int(quantity)
		t.Lines[i].Cents += amount
	}
	if !t.Purchases {
		t.Count = len(all)
	}
	return t
}
