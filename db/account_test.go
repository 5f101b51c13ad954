package db

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestAccountRoundTrip(t *testing.T) {
	t.Parallel()
	store := newStore(t)
	var made Account
	store.write(t, func(tx *Tx) (err error) {
		made, err = tx.Account(t.Context(), "lea", "pronote", "https://0123456a.example/pronote/", "student")
		return err
	})
	want := Account{ID: made.ID, Name: "lea", URL: "https://0123456a.example/pronote/", Kind: "student", Source: "pronote", Phase: Ready}
	if made != want || made.ID == 0 {
		t.Errorf("a new account is %+v, want %+v", made, want)
	}
	for _, a := range []Account{
		{
			School: "Collège Inventé", Version: "2026.2.5", Calendar: `{"Year":"2025-2026"}`, MirroredAt: at(1),
			Phase: Waiting, PhaseUntil: math.MaxInt32 + 1, Failures: 3, FailingSince: math.MaxInt32 + 2, Told: true, LastError: "no answer", Reason: "network", ReasonSince: 7, Refused: "1a2b",
			LastSuccessAt: at(2), RequestsOn: at(3).Date, Requests: 17,
		},
		{Phase: Ready}, // all forgotten
		{Phase: Suspended}, {Phase: Banned, PhaseUntil: 1},
	} {
		a.ID, a.Name, a.URL, a.Kind, a.Source = made.ID, made.Name, made.URL, made.Kind, made.Source
		store.write(t, func(tx *Tx) error { return tx.SaveAccount(t.Context(), a) })
		store.read(t, func(tx *Tx) error {
			got, err := tx.Accounts(t.Context())
			if diff := cmp.Diff([]Account{a}, got); diff != "" {
				t.Errorf("accounts (-saved +loaded):\n%s", diff)
			}
			return err
		})
		store.write(t, func(tx *Tx) error {
			got, err := tx.Account(t.Context(), a.Name, "pronote", a.URL, a.Kind)
			if diff := cmp.Diff(a, got); diff != "" {
				t.Errorf("the account found by name (-saved +found):\n%s", diff)
			}
			return err
		})
	}
}

func TestAccountFollowsItsConfiguration(t *testing.T) {
	t.Parallel()
	newStore(t).try(t, func(tx *Tx) {
		for i, step := range []struct {
			url, kind string
			writes    int
		}{
			{"https://a.example/pronote/", "student", 1},
			{"https://a.example/pronote/", "student", 0},
			{"https://b.example/pronote/", "student", 1},
			{"https://b.example/pronote/", "parent", 1},
			{"https://b.example/pronote/", "parent", 0},
		} {
			before := writes(t, tx)
			a, err := tx.Account(t.Context(), "lea", "pronote", step.url, step.kind)
			if err != nil || a.URL != step.url || a.Kind != step.kind {
				t.Errorf("step %d: account is %+v (%v), want %+v", i, a, err, step)
			}
			if got := writes(t, tx) - before; got != step.writes {
				t.Errorf("step %d wrote %d rows, want %d", i, got, step.writes)
			}
		}
		if err := tx.SaveAccount(t.Context(), Account{ID: 1, Name: "lea", Phase: "sleepy"}); err == nil || !strings.Contains(err.Error(), "account lea") {
			t.Errorf("an unknown phase: %v, want a refusal", err)
		}
	})
}

func TestAccountsAreInOrder(t *testing.T) {
	t.Parallel()
	newStore(t).try(t, func(tx *Tx) {
		for _, name := range []string{"noe", "lea"} {
			tx.owner(t, name, "MARTIN")
		}
		list, err := tx.Accounts(t.Context())
		if err != nil || len(list) != 2 || list[0].Name != "lea" || list[1].Name != "noe" {
			t.Errorf("accounts are %+v (%v), want lea and noe", list, err)
		}
	})
}

func TestLogins(t *testing.T) {
	t.Parallel()
	newStore(t).try(t, func(tx *Tx) {
		lea, noe := tx.owner(t, "lea", "MARTIN Léa"), tx.owner(t, "noe", "MARTIN Noé")
		const day = 24 * 3600
		for _, second := range []int{0, 10, 3600, day, day + 10} { // the fourth forgets the first, the fifth the second
			if err := tx.CountLogin(t.Context(), lea.Account, unix(second)); err != nil {
				t.Fatal(err)
			}
		}
		if err := tx.CountLogin(t.Context(), noe.Account, unix(5)); err != nil {
			t.Fatal(err)
		}
		for since, want := range map[int][]time.Time{
			-1:   {unix(3600), unix(day), unix(day + 10)},
			3599: {unix(3600), unix(day), unix(day + 10)},
			3600: {unix(day), unix(day + 10)},
			day:  {unix(day + 10)},
			1e6:  nil,
		} {
			got, err := tx.Logins(t.Context(), lea.Account, unix(since))
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("logins since second %d (-want +got, %v):\n%s", since, err, diff)
			}
		}
		if got, err := tx.Logins(t.Context(), noe.Account, unix(0)); len(got) != 1 || err != nil {
			t.Errorf("logins of another account: %v (%v), want one", got, err)
		}
		if err := tx.CountLogin(t.Context(), 99, unix(0)); err == nil {
			t.Error("a login of no account was counted")
		}
	})
}

func TestStudentRoundTrip(t *testing.T) {
	t.Parallel()
	store := newStore(t)
	students := []Student{
		{Name: "MARTIN Léa", Alias: "Léa", Class: "4B", School: "Collège Inventé", CurrentPeriod: "Trimestre 1"},
		{Name: "MARTIN Noé"},
		{Name: "famille", Holder: true},
	}
	var account Account
	store.write(t, func(tx *Tx) (err error) {
		if account, err = tx.Account(t.Context(), "famille", "pronote", "", "parent"); err != nil {
			return err
		}
		for i, s := range students {
			if students[i], err = tx.SaveStudent(t.Context(), account.ID, s); err != nil {
				return err
			}
			if students[i].ID == 0 {
				t.Errorf("%s has no number", s.Name)
			}
		}
		tx.owner(t, "another", "PETIT Zoé")
		return nil
	})
	check := func() {
		t.Helper()
		store.read(t, func(tx *Tx) error {
			got, err := tx.Students(t.Context(), account.ID)
			if diff := cmp.Diff(students, got); diff != "" {
				t.Errorf("students (-saved +loaded):\n%s", diff)
			}
			return err
		})
	}
	check()
	students[0].Name, students[0].Alias, students[0].Class = "MARTIN-PETIT Léa", "", "3A"
	store.write(t, func(tx *Tx) error { _, err := tx.SaveStudent(t.Context(), account.ID, students[0]); return err })
	check()
	store.read(t, func(tx *Tx) error { // the holder is not a pupil
		if got, want := column[string](t, tx, `SELECT name FROM students WHERE account = 'famille' ORDER BY name`), []string{"MARTIN Noé", "MARTIN-PETIT Léa"}; !cmp.Equal(got, want) {
			t.Errorf("the view shows %q, want %q", got, want)
		}
		return nil
	})
	err := store.Update(t.Context(), func(tx *Tx) error {
		_, err := tx.SaveStudent(t.Context(), account.ID, Student{Name: "MARTIN Noé"})
		return err
	})
	if err == nil || errors.Is(err, ErrCorrupt) {
		t.Errorf("a pupil twice: %v, want a refusal", err)
	}
}
