package ledger

import (
	"cmp"
	"fmt"
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
	for _, b := range d.Buttons {
		switch kind, exists := kinds[b.Recipient]; {
		case !exists || b.Recipient < 0:
			return fmt.Errorf("button %q pays account %d, which is not there: choose a club", b.Label, b.Recipient)
		case kind != "club":
			return fmt.Errorf("button %q pays account %d, which is a person: choose a club", b.Label, b.Recipient)
		case !slices.Contains(d.Categories, b.Category):
			return fmt.Errorf("button %q is in category %q, which is not there: add it to categories", b.Label, b.Category)
		case b.Price < 0 || b.Price > MostAmount:
			return fmt.Errorf("button %q has a price that is not between 0 and %d cents: correct it", b.Label, MostAmount)
		}
	}
	for name, user := range d.Special {
		if _, unknown := notekfet.Expand(user.ACL, true); len(unknown) > 0 {
			return fmt.Errorf("special user %q has %q in its acl, which is no right: correct it", name, unknown[0])
		}
		if user.Password == "" || name == "" {
			return fmt.Errorf("special user %q has no name or no password: give one", name)
		}
	}
	return d.checkTransactions(kinds)
}

func (a *SeedAccount) check() error {
	wrong := func(what string) error { return fmt.Errorf("account %d %s: correct it", a.ID, what) }
	_, rights := notekfet.SplitRights(a.Rights)
	_, over := notekfet.SplitRights(a.OverRights)
	switch {
	case a.ID < 0:
		return wrong("is below 0: those are made by the program")
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
			return wrong("has a number that is negative or too large")
		case seen[t.ID]:
			return wrong(fmt.Sprintf("has number %d, as another has", t.ID))
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
