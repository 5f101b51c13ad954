package db

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// A model is a domain as a plain list of what is current, with the memory of
// each second.
type model[T any] struct {
	rig[T]
	current []entry[T]
	known   map[string]entry[T] // by identity and ordinal
	past    []string            // what was current at the end of each second
}

type entry[T any] struct {
	id        int64
	uid       string
	slot      string // identity and ordinal
	value     T
	firstSeen int
	changed   int
}

// testHistory adds, replaces and retires at random, and asks for each past
// second what was current then.
func (r rig[T]) testHistory(t *testing.T, store *Store) {
	rapid.Check(t, func(rt *rapid.T) {
		store.try(rt, func(tx *Tx) {
			o := tx.owner(rt, "lea", "MARTIN Léa")
			m := &model[T]{rig: r, known: map[string]entry[T]{}}
			for range rapid.IntRange(1, 12).Draw(rt, "steps") {
				for range rapid.IntRange(0, 2).Draw(rt, "seconds") {
					m.past = append(m.past, m.shown())
				}
				m.step(rt, tx, o)
			}
			m.past = append(m.past, m.shown())
			m.checkView(rt, tx)
			for second, want := range m.past {
				if got := m.shownAt(rt, tx, second); got != want {
					rt.Fatalf("at second %d the history shows\n%s\nwant\n%s", second, got, want)
				}
				if got := m.selectedAt(rt, tx, second); got != want {
					rt.Fatalf("at second %d one selects\n%s\nwant\n%s", second, got, want)
				}
			}
			if got := m.shownAt(rt, tx, -1); got != "" {
				rt.Fatalf("before the first second the history shows\n%s", got)
			}
		})
	})
}

// step does one thing in the mirror and in the model.
func (m *model[T]) step(rt *rapid.T, tx *Tx, o Owner) {
	now := len(m.past)
	action := rapid.SampledFrom([]string{"add", "add", "replace", "retire"}).Draw(rt, "action")
	if action == "add" || len(m.current) == 0 {
		m.add(rt, tx, o, now)
		return
	}
	i := rapid.IntRange(0, len(m.current)-1).Draw(rt, "item")
	e := m.current[i]
	if action == "retire" {
		if err := m.Retire(rt.Context(), tx, e.id, at(now)); err != nil {
			rt.Fatal(err)
		}
		m.current = slices.Delete(m.current, i, i+1)
		return
	}
	m.redraw(rt, &e.value)
	e.changed = now
	if err := m.Replace(rt.Context(), tx, o, e.id, e.value, at(now)); err != nil {
		rt.Fatal(err)
	}
	m.current[i] = e
}

// add expects the lowest ordinal that no twin has, and the item that had it.
func (m *model[T]) add(rt *rapid.T, tx *Tx, o Owner, now int) {
	identity := rapid.SampledFrom([]string{"a", "b"}).Draw(rt, "identity")
	slot := ""
	for n := 0; slot == ""; n++ {
		slot = fmt.Sprint(identity, n)
		if slices.ContainsFunc(m.current, func(e entry[T]) bool { return e.slot == slot }) {
			slot = ""
		}
	}
	e := entry[T]{slot: slot, value: m.draw(rt), firstSeen: now, changed: now}
	e.id = m.rig.add(rt, tx, o, identity, e.value, at(now))
	e.uid = one[string](rt, tx, `SELECT uid FROM _item WHERE id = ?`, e.id)
	if known, ok := m.known[slot]; ok {
		if e.id != known.id || e.uid != known.uid {
			rt.Fatalf("%s came back as item %d, uid %s, want %d and %s", slot, e.id, e.uid, known.id, known.uid)
		}
		e.firstSeen = known.firstSeen
	}
	for other, known := range m.known {
		if other != slot && (known.id == e.id || known.uid == e.uid) {
			rt.Fatalf("%s and %s share item %d or uid %s", slot, other, e.id, e.uid)
		}
	}
	m.known[slot] = e
	m.current = append(m.current, e)
}

// shown is what is current in the model.
func (m *model[T]) shown() string {
	var lines []string
	for _, e := range m.current {
		lines = append(lines, fmt.Sprintf("%d %q", e.id, m.Key(&e.value)))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// selectedAt asks the same of SelectAt.
func (m *model[T]) selectedAt(rt *rapid.T, tx *Tx, second int) string {
	items, err := m.SelectAt(rt.Context(), tx, Filter{Account: "lea", Student: "MARTIN Léa"}, at(second))
	if err != nil {
		rt.Fatal(err)
	}
	var lines []string
	for _, item := range items {
		lines = append(lines, fmt.Sprintf("%d %q", one[int64](rt, tx, `SELECT id FROM _item WHERE uid = ?`, item.UID), m.Key(&item.Value)))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// shownAt asks the history what was current at the end of a second.
func (m *model[T]) shownAt(rt *rapid.T, tx *Tx, second int) string {
	rows, err := tx.query(rt.Context(), "SELECT id, "+strings.Join(m.columns(), ", ")+" FROM _"+m.Name+" "+
		"WHERE valid_from <= ?1 AND coalesce(valid_to, '9999') > ?1", at(second).String())
	if err != nil {
		rt.Fatal(err)
	}
	var lines []string
	for rows.Next() {
		var row Row[T]
		if err := rows.Scan(append([]any{&row.ID}, m.fields(&row.Value)...)...); err != nil {
			rt.Fatal(err)
		}
		lines = append(lines, fmt.Sprintf("%d %q", row.ID, m.Key(&row.Value)))
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		rt.Fatal(err)
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// checkView compares the view with what is current.
func (m *model[T]) checkView(rt *rapid.T, tx *Tx) {
	type line struct{ Account, Student, UID, Key, FirstSeen, Changed string }
	var want, got []line
	for _, e := range m.current {
		want = append(want, line{"lea", "MARTIN Léa", e.uid, m.Key(&e.value), at(e.firstSeen).String(), at(e.changed).String()})
	}
	columns := m.columns()
	if m.Parent != "" {
		columns[0] = "(SELECT id FROM _item AS item WHERE item.uid = " + strings.Replace(m.Parent, "_id", "_uid", 1) + ")"
	}
	rows, err := tx.query(rt.Context(), "SELECT account, student, uid, first_seen_at, changed_at, "+strings.Join(columns, ", ")+" FROM "+m.Name)
	if err != nil {
		rt.Fatal(err)
	}
	for rows.Next() {
		var l line
		var v T
		if err := rows.Scan(append([]any{&l.Account, &l.Student, &l.UID, &l.FirstSeen, &l.Changed}, m.fields(&v)...)...); err != nil {
			rt.Fatal(err)
		}
		l.Key = m.Key(&v)
		got = append(got, l)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		rt.Fatal(err)
	}
	for _, lines := range [][]line{want, got} {
		slices.SortFunc(lines, func(a, b line) int { return strings.Compare(a.UID, b.UID) })
	}
	if diff := cmp.Diff(want, got); diff != "" {
		rt.Fatalf("the view is not what is current (-want +got):\n%s", diff)
	}
}

// testClockPutBack: a machine without a battery may start in the past. At no
// instant do two versions of an item show.
func (r rig[T]) testClockPutBack(t *testing.T, store *Store) {
	rapid.Check(t, func(rt *rapid.T) {
		times := rapid.SliceOfN(rapid.IntRange(0, 9), 2, 6).Draw(rt, "times")
		store.try(rt, func(tx *Tx) {
			o := tx.owner(rt, "lea", "MARTIN Léa")
			id := r.add(rt, tx, o, "a", r.draw(rt), at(times[0]))
			for _, second := range times[1:] {
				if err := r.Replace(rt.Context(), tx, o, id, r.draw(rt), at(second)); err != nil {
					rt.Fatal(err)
				}
			}
			if err := r.Retire(rt.Context(), tx, id, at(0)); err != nil {
				rt.Fatal(err)
			}
			for second := range 10 {
				n := one[int](rt, tx, "SELECT count(*) FROM _"+r.Name+" WHERE valid_from <= ?1 AND coalesce(valid_to, '9999') > ?1", at(second).String())
				if n > 1 {
					rt.Fatalf("at second %d the item has %d versions", second, n)
				}
			}
			if n := one[int](rt, tx, "SELECT count(*) FROM _"+r.Name+" WHERE valid_to < valid_from"); n > 0 {
				rt.Fatalf("%d versions end before they begin", n)
			}
		})
	})
}

func TestOnlyCurrentItemsCanBeClosed(t *testing.T) {
	t.Parallel()
	newStore(t).try(t, func(tx *Tx) {
		o := tx.owner(t, "lea", "MARTIN Léa")
		work := pronote.Homework{Subject: "FRANÇAIS", DueOn: at(0).Date}
		id, err := Homework.Add(t.Context(), tx, o, "a", work, at(0))
		if err != nil {
			t.Fatal(err)
		}
		if err := Homework.Retire(t.Context(), tx, id, at(1)); err != nil {
			t.Fatal(err)
		}
		if err := Homework.Retire(t.Context(), tx, id, at(2)); err == nil {
			t.Error("retired twice")
		}
		if err := Homework.Replace(t.Context(), tx, o, id, work, at(2)); err == nil {
			t.Error("replaced what is gone")
		}
		if got, want := one[string](t, tx, `SELECT group_concat(valid_to || gone) FROM homework_history`), at(1).String()+"1"; got != want {
			t.Errorf("the history ends with %q, want %q", got, want)
		}
	})
}

// TestUIDsAreTheSameOnANewCard mirrors one year twice, into files in which
// every number is another.
func TestUIDsAreTheSameOnANewCard(t *testing.T) {
	t.Parallel()
	marks := func(store *Store, before int) (uids []string) {
		store.write(t, func(tx *Tx) error {
			for i := range before {
				stranger := tx.owner(t, fmt.Sprint("stranger", i), "PETIT Zoé")
				if _, err := Marks.Add(t.Context(), tx, stranger, "a", pronote.Mark{}, at(0)); err != nil {
					return err
				}
			}
			o := tx.owner(t, "lea", "MARTIN Léa")
			for _, identity := range []string{"a", "b", "a", "c", "a"} { // with twins
				id, err := Marks.Add(t.Context(), tx, o, identity, pronote.Mark{}, at(before))
				if err != nil {
					return err
				}
				uids = append(uids, one[string](t, tx, `SELECT uid FROM _item WHERE id = ?`, id))
			}
			return nil
		})
		return uids
	}
	first, second := marks(newStore(t), 0), marks(newStore(t), 3)
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("uids (-first +second):\n%s", diff)
	}
	for i, uid := range first {
		if slices.Contains(first[:i], uid) {
			t.Errorf("two marks have uid %s", uid)
		}
		if len(uid) != 16 || strings.Trim(uid, "0123456789abcdefghjkmnpqrstvwxyz") != "" {
			t.Errorf("uid %q is not 16 plain characters", uid)
		}
	}
}

// TestUIDsAreFrozen: calendars and links of people out there hold them.
func TestUIDsAreFrozen(t *testing.T) {
	t.Parallel()
	newStore(t).try(t, func(tx *Tx) {
		o := tx.owner(t, "lea", "MARTIN Léa")
		for _, want := range []string{"8hxqc1kvgaqfaysw", "rxhskyp8kc1w7rqt"} {
			id, err := Homework.Add(t.Context(), tx, o, `"FRANÇAIS" "2025-11-17"`, pronote.Homework{DueOn: at(0).Date}, at(0))
			if err != nil {
				t.Fatal(err)
			}
			if got := one[string](t, tx, `SELECT uid FROM _item WHERE id = ?`, id); got != want {
				t.Errorf("uid is %q, want %q", got, want)
			}
		}
	})
}
