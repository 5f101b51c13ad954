package db

import (
	"errors"
	"slices"
	"testing"
)

// What takes long to compose kept everybody else from writing.
func TestOthersWriteWhileADraftIsComposed(t *testing.T) {
	t.Parallel()
	store := newStore(t)
	accounts := func() (names []string) {
		store.read(t, func(tx *Tx) error {
			names = column[string](t, tx, `SELECT name FROM accounts ORDER BY name`)
			return nil
		})
		return names
	}
	draft := func(name string) {
		t.Helper()
		err := store.Draft(t.Context(), func(tx *Tx) error {
			tx.AtEnd(func() error { tx.owner(t, name, "MARTIN"); return nil })
			_, err := tx.Accounts(t.Context())
			return err
		})
		must(t, err)
	}
	draft("a")
	err := store.Draft(t.Context(), func(tx *Tx) error {
		tx.AtEnd(func() error { return tx.CountLogin(t.Context(), 1, unix(0)) })
		_, err := tx.Accounts(t.Context())
		store.write(t, func(tx *Tx) error { tx.owner(t, "b", "MARTIN"); return nil })
		return err
	})
	if !errors.Is(err, ErrChanged) {
		t.Errorf("a draft of what has changed: %v, want ErrChanged", err)
	}
	draft("c")
	if got := accounts(); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("accounts are %q", got)
	}
	store.read(t, func(tx *Tx) error {
		if logins, err := tx.Logins(t.Context(), 1, unix(-1)); err != nil || len(logins) != 0 {
			t.Errorf("%d logins (%v) of a draft that failed", len(logins), err)
		}
		return nil
	})
}

func TestADraftWaitsForNobodyWhoWrites(t *testing.T) {
	t.Parallel()
	store := newStore(t)
	store.write(t, func(tx *Tx) error {
		tx.owner(t, "a", "MARTIN")
		err := store.Draft(t.Context(), func(tx *Tx) error {
			tx.AtEnd(func() error { return tx.CountLogin(t.Context(), 1, unix(0)) })
			_, err := tx.Accounts(t.Context())
			return err
		})
		if !errors.Is(err, ErrChanged) {
			t.Errorf("a draft beside who writes: %v, want ErrChanged", err)
		}
		return nil
	})
}
