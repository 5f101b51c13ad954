package db

import (
	"errors"
	"testing"
)

// What takes long to compose kept everybody else from writing.
func TestOthersWriteWhileADraftIsComposed(t *testing.T) {
	t.Parallel()
	for name, meanwhile := range map[string]struct {
		do   func(tx *Tx, o Owner)
		want error
	}{
		"an account of no concern": {func(tx *Tx, _ Owner) { tx.owner(t, "tom", "MARTIN") }, nil},
		"an event":                 {func(tx *Tx, o Owner) { tx.enqueue(t, o, 0, to(0, "papa"), "mark.new") }, ErrChanged},
		"what waits":               {func(tx *Tx, _ Owner) { must(t, tx.Hold(t.Context(), "maman", unix(9), at(9))) }, ErrChanged},
		"what waits for another":   {func(tx *Tx, _ Owner) { must(t, tx.Hold(t.Context(), "papa", unix(9), at(9))) }, nil},
		"a row": {func(tx *Tx, o Owner) {
			item, err := Infos.Add(t.Context(), tx, o, "a", Infos.zero(), at(0))
			must(t, err)
			must(t, tx.RecordChange(t.Context(), Change{Item: item, Kind: "added"}, at(0)))
		}, ErrChanged},
	} {
		store := newStore(t)
		var o Owner
		store.write(t, func(tx *Tx) error {
			o = tx.owner(t, "lea", "MARTIN Léa")
			tx.enqueue(t, o, 0, to(0, "maman", "papa"), "mark.new")
			return nil
		})
		err := store.Draft(t.Context(), func(tx *Tx) (string, error) { return tx.Basis(t.Context(), "maman") }, func(tx *Tx) error {
			tx.AtEnd(func(tx *Tx) error { return tx.CountLogin(t.Context(), o.Account, unix(0)) })
			store.write(t, func(tx *Tx) error { meanwhile.do(tx, o); return nil })
			return nil
		})
		store.read(t, func(tx *Tx) error {
			logins, readErr := tx.Logins(t.Context(), o.Account, unix(-1))
			if !errors.Is(err, meanwhile.want) || (err == nil) != (len(logins) == 1) {
				t.Errorf("%s: %v, and %d writes, want %v", name, err, len(logins), meanwhile.want)
			}
			return readErr
		})
	}
}
