package db

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// testSelect reads what two pupils of two accounts have, in its own types.
func (r rig[T]) testSelect(t *testing.T, store *Store) {
	rapid.Check(t, func(rt *rapid.T) {
		store.try(rt, func(tx *Tx) {
			type shown struct{ uid, account, student, firstSeen, changed, key string }
			var want []shown
			for i, name := range []string{"lea", "noe"} {
				o := tx.owner(rt, name, "MARTIN "+name)
				for n := range rapid.IntRange(0, 3).Draw(rt, "rows") {
					v := r.draw(rt)
					id := r.add(rt, tx, o, fmt.Sprint(n), v, at(i))
					if rapid.Bool().Draw(rt, "changed") {
						r.redraw(rt, &v)
						if err := r.Replace(rt.Context(), tx, o, id, v, at(i+1)); err != nil {
							rt.Fatal(err)
						}
					}
					want = append(want, shown{
						one[string](rt, tx, `SELECT uid FROM _item WHERE id = ?`, id), name, o.StudentName,
						one[string](rt, tx, `SELECT first_seen_at FROM _item WHERE id = ?`, id),
						one[string](rt, tx, "SELECT valid_from FROM _"+r.Name+" WHERE id = ? AND valid_to IS NULL", id), r.Key(&v),
					})
				}
			}
			order := func(a, b shown) int { return strings.Compare(a.uid, b.uid) }
			for _, f := range []Filter{{}, {Account: "lea"}, {Student: "MARTIN noe"}, {Account: "lea", Student: "MARTIN noe"}} {
				items, err := r.Select(rt.Context(), tx, f)
				if err != nil {
					rt.Fatal(err)
				}
				var got, expected []shown
				for _, i := range items {
					got = append(got, shown{i.UID, i.Account, i.Student, i.FirstSeen.String(), i.Changed.String(), r.Key(&i.Value)})
				}
				for _, w := range want {
					if (f.Account == "" || f.Account == w.account) && (f.Student == "" || f.Student == w.student) {
						expected = append(expected, w)
					}
				}
				slices.SortFunc(got, order)
				slices.SortFunc(expected, order)
				if !slices.Equal(got, expected) {
					rt.Fatalf("%+v selects\n%q, want\n%q", f, got, expected)
				}
			}
			if items, err := r.Select(rt.Context(), tx, Filter{Limit: 1}); err != nil || len(items) != min(1, len(want)) {
				rt.Fatalf("one of %d: %d items, %v", len(want), len(items), err)
			}
		})
	})
}

func TestSelectIsInTheOrderOfTheList(t *testing.T) {
	t.Parallel()
	newStore(t).try(t, func(tx *Tx) {
		o := tx.owner(t, "lea", "MARTIN Léa")
		for day := range 4 {
			rig[pronote.Homework]{Homework}.add(t, tx, o, fmt.Sprint(day), pronote.Homework{DueOn: at(0).AddDays((day + 2) % 4)}, at(0))
		}
		from := at(0).AddDays(1)
		items, err := Homework.Select(t.Context(), tx, Filter{Since: from.String(), Until: from.AddDays(1).String()})
		if err != nil || len(items) != 2 || items[0].Value.DueOn != from || items[1].Value.DueOn != from.AddDays(1) {
			t.Errorf("homework of two days: %+v, %v", items, err)
		}
	})
}

func TestWhoFindsWhomPeopleMean(t *testing.T) {
	t.Parallel()
	newStore(t).try(t, func(tx *Tx) {
		for account, pupils := range map[string][]Student{
			"famille": {{Name: "MARTIN Léa", Alias: "Puce"}, {Name: "MARTIN Noé"}, {Name: "famille", Holder: true}},
			"cousin":  {{Name: "PETIT Zoé"}},
		} {
			a, err := tx.Account(t.Context(), account, "pronote", "", "parent")
			must(t, err)
			for _, s := range pupils {
				_, err := tx.SaveStudent(t.Context(), a.ID, s)
				must(t, err)
			}
		}
		for _, test := range []struct{ account, pupil, wantAccount, wantPupil, wantErr string }{
			{"", "", "", "", ""},
			{"famille", "", "famille", "", ""},
			{"", "léa", "", "Puce", ""},
			{"", "puce", "", "Puce", ""},
			{"", "martin noé", "", "MARTIN Noé", ""},
			{"cousin", "Zoé", "cousin", "PETIT Zoé", ""},
			{"", "martin", "", "", `several pupils are called "martin": Puce, MARTIN Noé`},
			{"cousin", "Léa", "", "", `no pupil in the mirror is called "Léa": there are PETIT Zoé`},
			{"", "famille", "", "", `no pupil in the mirror is called "famille": there are PETIT Zoé, Puce, MARTIN Noé`},
			{"oncle", "", "", "", `no account in the mirror is called "oncle": there are cousin, famille`},
		} {
			account, pupil, err := tx.Who(t.Context(), test.account, test.pupil)
			if account != test.wantAccount || pupil != test.wantPupil || (err == nil) != (test.wantErr == "") ||
				err != nil && (err.Error() != test.wantErr || !errors.Is(err, ErrWho)) {
				t.Errorf("%+v: %q, %q, %v", test, account, pupil, err)
			}
		}
	})
}
