package school

import (
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// A wallet that is low stays low for days of meals, which would be a message
// each.
func TestALowBalanceIsToldOnce(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindParent)
		child := w.school.Children()[1]
		id := w.school.Do(world.Add(world.Wallet{Pupil: child, Label: "Cafétéria", Price: 200, Cents: 700}))[0].ID
		w.wantTold("a wallet with enough in it")
		before := len(w.rows(db.WalletsView))
		pay := world.Amend(id, func(w *world.Wallet) { w.Cents -= w.Price })
		w.school.Do(pay)
		w.wantTold("less than three meals are left", "Gabin · wallet.low")
		w.school.Do(pay)
		w.wantTold("a meal")
		w.school.Do(pay)
		w.wantTold("another meal")
		w.school.Do(pay)
		w.wantTold("below zero, which cannot wait", "Gabin · wallet.low")
		w.school.Do(pay)
		w.wantTold("a meal on credit")
		w.school.Do(world.Amend(id, func(w *world.Wallet) { w.Label, w.Hint = "Cafétéria du collège", "Prix : 2 €" }))
		w.wantTold("another name")
		w.school.Do(world.Amend(id, func(w *world.Wallet) { w.Cents += 1000 }))
		w.wantTold("filled up")
		w.server.Rotate()
		w.wantTold("other identifiers")
		w.school.Do(pay, pay)
		w.wantTold("low again", "Gabin · wallet.low")
		if after := len(w.rows(db.WalletsView)); after != before {
			t.Errorf("%d wallets, had %d", after, before)
		}
	})
}

// "Solde au 19/11/2025" would be a version of the wallet for each day of holidays.
func TestABalanceAsOfAnotherDayIsNoChange(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		id := w.school.Do(world.Add(world.Wallet{Pupil: w.school.Pupil(), Label: "Cafétéria", Price: 200, Cents: 2000}))[0].ID
		w.poll()
		versions := func() (n int) {
			for _, change := range w.changes() {
				if strings.Contains(change, "wallets") {
					n++
				}
			}
			return n
		}
		before := versions()
		for day := range 3 {
			w.at(pronote.DateTime{Date: november.AddDays(1 + day), Hour: 18})
			edits := w.school.Do(world.Amend(id, func(*world.Wallet) {}))
			if w.poll(); len(edits) != 1 || versions() != before {
				t.Errorf("day %d: %d edits at the school, %d changes in the mirror, want one and none", day, len(edits), versions()-before)
			}
		}
		w.school.Do(world.Amend(id, func(w *world.Wallet) { w.Cents -= w.Price }))
		if w.poll(); versions() != before+1 {
			t.Errorf("a meal is %d changes, want one", versions()-before)
		}
	})
}

// A page without the widget of the wallets says nothing about them.
func TestWalletsStayWhileTheirPartnerIsAway(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		wallets, links := len(w.rows(db.WalletsView)), len(w.rows(db.LinksView))
		if wallets == 0 || links == 0 {
			t.Fatalf("%d wallets and %d links", wallets, links)
		}
		w.server.Inject(pronotetest.Fault{Kind: "absent", Function: "PageAccueil"})
		w.wantTold("a page without either")
		if a, b := len(w.rows(db.WalletsView)), len(w.rows(db.LinksView)); a != wallets || b != links {
			t.Errorf("%d wallets and %d links, had %d and %d", a, b, wallets, links)
		}
	})
}
