package db

import (
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/pronote-sync/pronote-sync/pronote"
)

func TestWhatOneSawIsSeenForAll(t *testing.T) {
	t.Parallel()
	newStore(t).try(t, func(tx *Tx) {
		o := tx.owner(t, "lea", "MARTIN Léa")
		seen := rig[pronote.Absence]{Absences}.add(t, tx, o, "1", pronote.Absence{StartsAt: at(0)}, at(0))
		other := rig[pronote.Absence]{Absences}.add(t, tx, o, "2", pronote.Absence{StartsAt: at(60)}, at(0))
		for i, who := range []string{"papa", "maman"} {
			if err := tx.See(t.Context(), who, []int64{seen}, at(i)); err != nil {
				t.Fatal(err)
			}
		}
		if by := one[string](t, tx, `SELECT recipient FROM _seen`); by != "papa" {
			t.Errorf("first seen by %s", by)
		}
		for item, want := range map[int64]bool{seen: true, other: false} {
			if got, err := tx.Seen(t.Context(), item); got != want || err != nil {
				t.Errorf("item %d: %v, %v", item, got, err)
			}
		}
	})
}

func TestMutesEnd(t *testing.T) {
	t.Parallel()
	newStore(t).try(t, func(tx *Tx) {
		o := tx.owner(t, "lea", "MARTIN Léa")
		all := Mute{Recipient: "maman", Family: "menu", Until: unix(10)}
		hers := Mute{Recipient: "maman", Family: "homework", Student: o.Student, Until: unix(20)}
		short := hers
		short.Until = unix(1)
		for _, m := range []Mute{all, short, hers} {
			if err := tx.Mute(t.Context(), m); err != nil {
				t.Fatal(err)
			}
		}
		for after, want := range map[int][]Mute{0: {hers, all}, 10: {hers}, 20: nil} {
			got, err := tx.Mutes(t.Context(), unix(after))
			if diff := gocmp.Diff(want, got, gocmp.Comparer(time.Time.Equal)); diff != "" || err != nil {
				t.Errorf("after %d s: %v\n%s", after, err, diff)
			}
		}
	})
}
