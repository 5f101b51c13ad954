package ledger

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/pgtest"
)

// onEach runs a test on a small ledger of each kind of database.
func onEach(t *testing.T, test func(t *testing.T, l *Ledger)) {
	for _, kind := range []string{"SQLite", "PostgreSQL"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			database := filepath.Join(t.TempDir(), "note.db")
			if kind == "PostgreSQL" {
				var err error
				if database, err = pgtest.Shared(t).Create(t.Context(), ""); err != nil {
					t.Fatal(err)
				}
			}
			l := openTest(t, database)
			err := l.Seed(&Dataset{
				Accounts: []SeedAccount{
					{ID: 1, Pseudo: "léa", Balance: 1500, Years: []int{2019}}, {ID: 2, Pseudo: "tom", Balance: 1500, Years: []int{2019}},
					{ID: 3, Pseudo: "zoé", Years: []int{2019}}, {ID: 7, Type: "club", Pseudo: "Fanfare"},
				},
				Categories: []string{"Soft"}, Buttons: []SeedButton{{ID: 1, Label: "Limonade", Price: 130, Category: "Soft"}},
			})
			if err != nil {
				t.Fatal(err)
			}
			test(t, l)
			if wrong, err := l.Audit(t.Context()); err != nil || len(wrong) > 0 {
				t.Error(wrong, err)
			}
		})
	}
}

// anybody holds no right.
func anybody(id int64) By { return By{ID: id, Name: "test", Has: func(string) bool { return false }} }

func update(t *testing.T, l *Ledger, fn func(*Tx) error) {
	t.Helper()
	if err := l.Update(fn); err != nil {
		t.Fatal(err)
	}
}

func TestAReadInTheMiddleSeesWhatWasBooked(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, l *Ledger) {
		update(t, l, func(tx *Tx) error {
			for range 3 {
				if _, err := tx.Transfer([]int64{1}, []int64{2}, 100, "x", anybody(1)); err != nil {
					return err
				}
			}
			a, err := tx.Account(1)
			if err != nil {
				return err
			}
			n, list, err := tx.Transactions(1, 0, 10)
			if err != nil {
				return err
			}
			if a.Balance != 1200 || n != 4 {
				t.Errorf("%d cents and %d rows, want 1200 and 4", a.Balance, n)
			}
			o, err := tx.Validate(list[0].ID, false, By{Has: func(string) bool { return true }})
			if err != nil || o.Code != notekfet.OK {
				t.Errorf("the newest row is not undone: %v %v", o, err)
			}
			a, err = tx.Account(1)
			if err == nil && a.Balance != 1300 {
				t.Errorf("%d cents, want 1300", a.Balance)
			}
			return err
		})
	})
}

// TestMoneyThatWasJustMovedIsNotSpentTwice has an account be read again, beside one
// that is new, before the database knows what it spent.
func TestMoneyThatWasJustMovedIsNotSpentTwice(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, l *Ledger) {
		update(t, l, func(tx *Tx) error {
			if o, err := tx.Give([]int64{2}, 1500, "x", anybody(1)); err != nil || o[0].Code != notekfet.OK {
				t.Error(o, err)
			}
			o, err := tx.Give([]int64{3}, 1, "x", anybody(1))
			if err == nil && o[0].Code != notekfet.TooNegative {
				t.Errorf("what is not there is given: %v", o)
			}
			return err
		})
	})
}

func TestABalanceThatFallsBelowZeroHasADate(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, l *Ledger) {
		update(t, l, func(tx *Tx) error {
			_, err := tx.Transfer([]int64{3}, []int64{1, 2}, 50, "x", anybody(3))
			return err
		})
		err := l.View(t.Context(), func(tx *Tx) error {
			a, err := tx.Account(3)
			if err == nil && (a.Balance != -100 || !a.LastNegative.Valid) {
				t.Errorf("%d cents, negative since %v", a.Balance, a.LastNegative)
			}
			b, err2 := tx.Account(1)
			if err2 == nil && (b.Balance != 1550 || b.LastNegative.Valid) {
				t.Errorf("%d cents, negative since %v", b.Balance, b.LastNegative)
			}
			return errors.Join(err, err2)
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// TestAButtonWhoseChangeIsRefusedKeepsItsPrice sells in the transaction that refuses
// the change.
func TestAButtonWhoseChangeIsRefusedKeepsItsPrice(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, l *Ledger) {
		update(t, l, func(tx *Tx) error {
			b, err := tx.Button(1)
			if err != nil {
				return err
			}
			b.Price, b.Category = 1, "there is none"
			if err := tx.UpdateButton(*b); err == nil {
				t.Error("the button is changed")
			}
			_, err = tx.Sell([]Item{{Button: 1, Account: 1, Quantity: 1}}, anybody(0))
			return err
		})
		update(t, l, func(tx *Tx) error {
			a, err := tx.Account(1)
			if err == nil && a.Balance != 1370 {
				t.Errorf("%d cents are left, want 1370", a.Balance)
			}
			return err
		})
	})
}

// TestManyMovesAreFewStatements holds what makes PostgreSQL fast enough: a round
// trip for a move is the price of all of them together.
func TestManyMovesAreFewStatements(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, l *Ledger) {
		counted := *l.d
		rows, statements := 0, 0
		counted.insert = func(tx *Tx, list []row) error { rows += len(list); return l.d.insert(tx, list) }
		counted.shift = func(tx *Tx, moved []*party) error { statements++; return l.d.shift(tx, moved) }
		update(t, l, func(tx *Tx) error {
			tx.session.d = &counted
			defer func() { tx.session.d = l.d }()
			for range 500 {
				if _, err := tx.Transfer([]int64{1}, []int64{2}, 1, "x", anybody(1)); err != nil {
					return err
				}
			}
			return tx.flush()
		})
		if rows != 500 || statements != 1 {
			t.Errorf("%d rows in %d statements, want 500 in 1", rows, statements)
		}
		largest := 0
		counted.insert = func(tx *Tx, list []row) error { largest = max(largest, len(list)); return l.d.insert(tx, list) }
		update(t, l, func(tx *Tx) error {
			tx.session.d = &counted
			defer func() { tx.session.d = l.d }()
			for range 50 {
				if _, err := tx.Transfer([]int64{1}, []int64{2}, 1, strings.Repeat("x", 60_000), anybody(1)); err != nil {
					return err
				}
			}
			return tx.flush()
		})
		if largest > 20 {
			t.Errorf("%d rows of 60 kB wait in memory", largest)
		}
		var previous int64
		err := l.View(t.Context(), func(tx *Tx) error {
			_, list, err := tx.Transactions(1, 0, 500)
			for _, row := range list {
				if previous != 0 && row.ID != previous-1 {
					t.Errorf("row %d is before row %d", row.ID, previous)
				}
				previous = row.ID
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// TestARowThatIsRefusedLateFailsItsOwnUpdateAlone has the database refuse a row when
// the rows of many are written together.
func TestARowThatIsRefusedLateFailsItsOwnUpdateAlone(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, l *Ledger) {
		release, started := make(chan struct{}), make(chan struct{})
		done := make(chan error, 1)
		go func() { done <- l.Update(func(*Tx) error { close(started); <-release; return nil }) }()
		<-started
		errs := make(chan error, 9)
		for i := range 9 {
			go func() {
				errs <- l.Update(func(tx *Tx) error {
					from, to, err := tx.parties(1, 2)
					if err != nil {
						return err
					}
					kind := Transfer
					if i == 4 {
						kind = "a kind that there is not"
					}
					return tx.book(row{Move: Move{Kind: kind, From: 1, To: 2, Quantity: 1, Unit: 10}, date: Time{tx.Now}, valid: true}, from, to)
				})
			}()
		}
		close(release)
		if err := <-done; err != nil {
			t.Error(err)
		}
		failed := 0
		for range 9 {
			if err := <-errs; err != nil {
				failed++
			}
		}
		err := l.View(t.Context(), func(tx *Tx) error {
			a, err := tx.Account(1)
			if err == nil && (failed != 1 || a.Balance != 1420) {
				t.Errorf("%d failed, %d cents are left, want 1 and 1420", failed, a.Balance)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

// TestWhatFailedOnceIsNotWrittenTwice has the database fail for a moment, behind the
// rows, and an update go on as if nothing were.
func TestWhatFailedOnceIsNotWrittenTwice(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, l *Ledger) {
		failing, calls := *l.d, 0
		failing.insert = func(tx *Tx, list []row) error {
			if calls++; calls > 1 {
				return l.d.insert(tx, list)
			}
			return errors.Join(l.d.insert(tx, list), errors.New("for a moment"))
		}
		err := l.Update(func(tx *Tx) error {
			tx.session.d = &failing
			defer func() { tx.session.d = l.d }()
			if _, err := tx.Give([]int64{2}, 10, "x", anybody(1)); err != nil {
				return err
			}
			_, _ = tx.Account(1) // fails
			return nil
		})
		if err == nil {
			t.Error("it is committed")
		}
	})
}
