package main

import (
	"testing"

	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/kfet"
	"github.com/pronote-sync/pronote-sync/sync/school"
)

// A dry run beside the daemon once took an account of a bar for no account at all.
func TestEveryKindOfAccountHasGuests(t *testing.T) {
	t.Parallel()
	accounts := []psync.Account{
		{Name: "lea", Source: school.New(school.Account{})},
		{Name: "bar", Source: kfet.New(kfet.Account{})},
	}
	for _, a := range accounts {
		lodged, err := guestOf(accounts, a.Name, nil)
		if err != nil {
			t.Fatal(err)
		}
		if g, ok := lodged.Source.(guest); !ok || g.Name() != a.Source.Name() || g.Source == a.Source {
			t.Errorf("%s: %+v, want a source of the same kind for the guest alone", a.Name, lodged.Source)
		}
	}
}
