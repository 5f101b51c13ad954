package db

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrWho is about a name that means no account or pupil of the mirror, or several.
var ErrWho = errors.New("the name means nobody, or several")

// A WhoError says which name that is.
type WhoError struct {
	What  string   // "account" or "pupil"
	Name  string   // as it was given
	Meant []string // those that it may mean; else all that there are
	Many  bool     // whether it means several
}

// Error implements error.
func (e *WhoError) Error() string {
	if e.Many {
		return fmt.Sprintf("several %ss are called %q: %s", e.What, e.Name, strings.Join(e.Meant, ", "))
	}
	return fmt.Sprintf("no %s in the mirror is called %q: there are %s", e.What, e.Name, cmp.Or(strings.Join(e.Meant, ", "), "none"))
}

// Is makes it an ErrWho.
func (e *WhoError) Is(target error) bool { return target == ErrWho }

// Who turns what people call an account and a pupil into the names that the views
// have; "" stays "". A pupil may be meant by the whole name, the alias or a part of
// it, case-insensitively. The error is a *WhoError.
func (tx *Tx) Who(ctx context.Context, account, pupil string) (accountName, studentName string, err error) {
	accounts, err := tx.Accounts(ctx)
	if err != nil {
		return "", "", err
	}
	var names, pupils, meant []string
	for _, a := range accounts {
		names = append(names, a.Name)
		if account != "" && a.Name != account {
			continue
		}
		students, err := tx.Students(ctx, a.ID)
		if err != nil {
			return "", "", err
		}
		for _, s := range students {
			shown := cmp.Or(s.Alias, s.Name)
			if s.Holder || slices.Contains(pupils, shown) {
				continue
			}
			pupils = append(pupils, shown)
			if s.Called(pupil) {
				meant = append(meant, shown)
			}
		}
	}
	switch {
	case account != "" && !slices.Contains(names, account):
		return "", "", &WhoError{What: "account", Name: account, Meant: names}
	case pupil == "":
		return account, "", nil
	case len(meant) == 0:
		return "", "", &WhoError{What: "pupil", Name: pupil, Meant: pupils}
	case len(meant) > 1:
		return "", "", &WhoError{What: "pupil", Name: pupil, Meant: meant, Many: true}
	}
	return account, meant[0], nil
}
