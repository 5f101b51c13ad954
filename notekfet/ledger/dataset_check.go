package ledger

import (
	"cmp"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/internal/password"
)

// mostNumber is the highest number that a row may bring: others must come behind it.
const mostNumber = 1 << 53

func (d *Dataset) check() error {
	kinds := map[int64]string{0: "club"}
	for id := int64(-5); id < 0; id++ {
		kinds[id] = "club"
	}
	seen := map[int64]bool{}
	for i := range d.Accounts {
		a := &d.Accounts[i]
		if a.Type = cmp.Or(a.Type, "personne"); a.ID == 0 {
			a.Type = "club"
		}
		if seen[a.ID] {
			return fmt.Errorf("account %d is there twice: keep one", a.ID)
		}
		seen[a.ID] = true
		kinds[a.ID] = a.Type
		if err := a.check(); err != nil {
			return err
		}
	}
	for _, check := range []func(map[int64]string) error{d.checkButtons, d.checkActivities, d.checkGuests, d.checkTransactions} {
		if err := check(kinds); err != nil {
			return err
		}
	}
	return d.checkSpecials()
}

// numbered refuses the number of a row, which is its own.
func numbered(seen map[int64]bool, id int64, what string) error {
	switch {
	case id < 1 || id > mostNumber:
		return fmt.Errorf("%s has no id from 1 to %d: give it one", what, int64(mostNumber))
	case seen[id]:
		return fmt.Errorf("%s has id %d, as another has: give it another", what, id)
	}
	seen[id] = true
	return nil
}

func (d *Dataset) checkButtons(accounts map[int64]string) error {
	seen := map[int64]bool{}
	for _, b := range d.Buttons {
		if err := numbered(seen, b.ID, fmt.Sprintf("button %q", b.Label)); err != nil {
			return err
		}
		switch kind, exists := accounts[b.Recipient]; {
		case b.Label == "":
			return fmt.Errorf("button %d has no label: give it one", b.ID)
		case !exists || b.Recipient < 0:
			return fmt.Errorf("button %q pays account %d, which is not there: choose a club", b.Label, b.Recipient)
		case kind != "club":
			return fmt.Errorf("button %q pays account %d, which is a person: choose a club", b.Label, b.Recipient)
		case b.Category == "" || !slices.Contains(d.Categories, b.Category):
			return fmt.Errorf("button %q is in category %q, which is not there: add it to categories", b.Label, b.Category)
		case b.Price < 0 || b.Price > MostAmount:
			return fmt.Errorf("button %q has a price that is not between 0 and %d cents: correct it", b.Label, MostAmount)
		}
	}
	if slices.Contains(d.Categories, "") {
		return errors.New("a category has no name: give it one, or leave it out")
	}
	return nil
}

func (d *Dataset) checkActivities(accounts map[int64]string) error {
	seen := map[int64]bool{}
	for _, a := range d.Activities {
		name := fmt.Sprintf("activity %q", a.Title)
		if err := numbered(seen, a.ID, name); err != nil {
			return err
		}
		begin, wrongBegin := ParseTime(a.Begin)
		end, wrongEnd := ParseTime(a.End)
		people := []int64{a.Club, a.Responsible}
		if a.ValidatedBy != nil {
			people = append(people, *a.ValidatedBy)
		}
		switch {
		case wrongBegin != nil || wrongEnd != nil:
			return fmt.Errorf("%s has a debut or a fin that is not like 2019-03-01 20:00:00: correct it", name)
		case end.Before(begin.Time):
			return fmt.Errorf("%s ends before it begins: correct it", name)
		}
		for _, id := range people {
			if accounts[id] == "" {
				return fmt.Errorf("%s names account %d, which is not there: correct it", name, id)
			}
		}
	}
	return nil
}

func (d *Dataset) checkGuests(accounts map[int64]string) error {
	seen, invited := map[int64]bool{}, map[string]bool{}
	for _, g := range d.Guests {
		name := fmt.Sprintf("guest %q", g.FirstName+" "+g.Name)
		if err := numbered(seen, g.ID, name); err != nil {
			return err
		}
		twice := fmt.Sprintf("%d %s", g.Activity, g.folded())
		switch {
		case accounts[g.Responsible] == "":
			return fmt.Errorf("%s comes with account %d, which is not there: correct it", name, g.Responsible)
		case !slices.ContainsFunc(d.Activities, func(a SeedActivity) bool { return a.ID == g.Activity }):
			return fmt.Errorf("%s comes to activity %d, which is not there: correct it", name, g.Activity)
		case invited[twice]:
			return fmt.Errorf("%s is invited to activity %d twice: keep one", name, g.Activity)
		}
		invited[twice] = true
	}
	return nil
}

// folded are both names of a guest, for comparison.
func (g *SeedGuest) folded() string { return Fold(g.FirstName) + "\n" + Fold(g.Name) }

func (d *Dataset) checkSpecials() error {
	for name, user := range d.Special {
		if _, unknown := notekfet.Expand(user.ACL, true); len(unknown) > 0 {
			return fmt.Errorf("special user %q has %q in its acl, which is no right: correct it", name, unknown[0])
		}
		if user.Password == "" || name == "" {
			return fmt.Errorf("special user %q has no name or no password: give one", name)
		}
		if !areNetworks(user.IPs) {
			return fmt.Errorf("special user %q has a network that is none: write one like 192.0.2.0/24", name)
		}
	}
	return nil
}

// areNetworks reports whether all of a list are addresses or networks in CIDR
// notation.
func areNetworks(list []string) bool {
	return !slices.ContainsFunc(list, func(text string) bool {
		_, address := netip.ParseAddr(text)
		_, network := netip.ParsePrefix(text)
		return address != nil && network != nil
	})
}

func (a *SeedAccount) check() error {
	wrong := func(what string) error { return fmt.Errorf("account %d %s: correct it", a.ID, what) }
	_, rights := notekfet.SplitRights(a.Rights)
	_, over := notekfet.SplitRights(a.OverRights)
	switch {
	case a.ID < 0 || a.ID > mostNumber:
		return wrong("is below 0, where the program makes them, or too large")
	case a.Type != "personne" && a.Type != "club":
		return wrong("has a type that is neither personne nor club")
	case !IsName(a.Pseudo):
		return wrong("has no pseudo, or one that is too long")
	case !rights || !over:
		return wrong("has rights that are not words joined by commas")
	case a.Hash != "" && !password.IsStored(a.Hash):
		return wrong("has a passwd_hash that is not <salt>|<hex of SHA-256(salt + password)>")
	case a.Deleted && a.Balance != 0:
		return wrong("is deleted and has money")
	case a.Balance > mostBalance || a.Balance < -mostBalance:
		return wrong("has a balance that is too large")
	case a.ID <= 0 && (a.Password != "" || a.Hash != ""):
		return wrong("cannot have a password")
	case a.ID <= 0 && len(a.Years) > 0:
		return wrong("cannot have adhesions")
	case len(slices.Compact(slices.Sorted(slices.Values(a.Years)))) != len(a.Years):
		return wrong("has an adhesion twice")
	case slices.ContainsFunc(a.Aliases, func(alias string) bool { return !IsName(alias) }):
		return wrong("has an alias that is empty or too long")
	case !areNetworks(a.Networks):
		return wrong("has a network that is not like 192.0.2.0/24")
	}
	return nil
}

func (d *Dataset) checkTransactions(accounts map[int64]string) error {
	seen := map[int64]bool{}
	for i, t := range d.Transactions {
		wrong := func(what string) error { return fmt.Errorf("transaction %d of the list %s: correct it", i+1, what) }
		_, known := kinds[t.Kind]
		_, from := accounts[t.From]
		_, to := accounts[t.To]
		sum, counted := total(t.quantity(), t.Unit)
		switch {
		case t.ID < 0 || t.ID > mostNumber:
			return wrong("has an id that is negative or too large")
		case seen[t.ID]:
			return wrong(fmt.Sprintf("has id %d, as another has", t.ID))
		case !known:
			return wrong(fmt.Sprintf("has type %q, which is none", t.Kind))
		case !from || !to:
			return wrong("is of an account that is not there")
		case !counted || sum > mostBalance:
			return wrong("has an amount that is negative or too large")
		}
		seen[t.ID] = t.ID != 0
		if _, err := t.date(time.Time{}); err != nil {
			return wrong("has a date that is not like 2019-03-01 20:00:00")
		}
	}
	return nil
}

func (t *SeedTransaction) quantity() int64 {
	if t.Quantity == nil {
		return 1
	}
	return *t.Quantity
}

func (t *SeedTransaction) valid() bool { return t.Valid == nil || *t.Valid }

func (t *SeedTransaction) date(now time.Time) (Time, error) {
	if t.Date == "" {
		return Time{now}, nil
	}
	return ParseTime(t.Date)
}
