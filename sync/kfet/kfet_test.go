package kfet

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/secret"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

func TestAnEveningAtTheBarIsTold(t *testing.T) {
	t.Parallel()
	b := newBar(t)
	barman := b.client("basile")
	b.drink(barman, 2)
	b.wantTold("a first look", "ℹ️ Suivi de Bar en place")
	b.wantTold("nothing new")
	b.drink(barman, 1)
	b.wantTold("a lemonade", "💶 Bar : −1,30 €, Limonade (reste 21,10 €)")
	b.drink(barman, 10)
	b.wantTold("ten", "💶 Bar : 10 achats, −13,00 € (reste 8,10 €)")
	b.drink(barman, 3)
	b.wantTold("three lemonades and the low balance that they cause", "💶 Bar : il reste 4,20 €")
	b.drink(barman, 1)
	b.wantTold("one more, below what was asked for already", "💶 Bar : −1,30 €, Limonade (reste 2,90 €)")
	if _, err := barman.Dons(t.Context(), []int64{3}, 2000, "pizza"); err != nil {
		t.Fatal(err)
	}
	b.wantTold("a gift", "💶 Bar : +20,00 €, de basile, « pizza » (reste 22,90 €)")
	history, err := barman.HistoriqueTransactions(t.Context(), 3, 0, 2)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := barman.DevaliderTransaction(t.Context(), history.Transactions[1].ID); err != nil {
		t.Fatal(err)
	}
	b.wantTold("a lemonade undone", "💶 Bar : annulé, Limonade, +1,30 € (solde : 24,20 €)")
	b.drink(barman, 19)
	b.wantTold("nineteen, and what they cause", "💶 Bar : solde négatif, −0,50 €")
	if _, err := barman.Transferts(t.Context(), []int64{3}, []int64{7}, 3000, "verres cassés"); err != nil {
		t.Fatal(err)
	}
	b.told()
	err = b.store.View(t.Context(), func(tx *db.Tx) error {
		rows, err := db.KfetBalances.Select(t.Context(), tx, db.Filter{})
		if len(rows) != 1 || rows[0].Value.Cents != -3050 || rows[0].Value.Level != 2 || !rows[0].Value.Member {
			t.Errorf("balances = %+v", rows)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAPartyIsTold(t *testing.T) {
	t.Parallel()
	b := newBar(t)
	barman := b.client("basile")
	b.told()
	day := time.Now().AddDate(0, 0, 3).Format(time.DateOnly)
	party := notekfet.Activity{Title: "Soirée crêpes", Begin: day + " 20:00:00", End: day + " 23:00:00", Place: "Foyer", Club: 7, List: true}
	id, err := barman.AddActivite(t.Context(), party)
	if err != nil {
		t.Fatal(err)
	}
	b.wantTold("what is not announced")
	if _, err := barman.ValiderActivite(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if got := b.told(); len(got) != 1 || !strings.HasPrefix(got[0], "🎉 Soirée crêpes, ") {
		t.Errorf("told %q, want the party", got)
	}
	if err := barman.UpdateActivite(t.Context(), id, map[string]any{"debut": day + " 21:00:00"}); err != nil {
		t.Fatal(err)
	}
	if got := b.told(); len(got) != 1 || !strings.HasPrefix(got[0], "🎉 Soirée crêpes : ") || !strings.HasSuffix(got[0], " à 21 h") {
		t.Errorf("told %q, want another hour", got)
	}
	if err := barman.DevaliderActivite(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	for range 2 { // what is missing is believed at the second look
		if got := b.told(); len(got) > 0 {
			if !strings.HasPrefix(got[0], "🎉 Soirée crêpes, ") || !strings.HasSuffix(got[0], " : n’aura pas lieu") {
				t.Errorf("told %q", got)
			}
			return
		}
	}
	t.Error("nobody is told that the party is off")
}

// An evening of hundreds of rows between two looks is longer than a page.
func TestAnEveningOfSixHundredRowsIsWhole(t *testing.T) {
	t.Parallel()
	b := newBar(t)
	barman := b.client("basile")
	if _, err := barman.Crediter(t.Context(), 3, 100_000, notekfet.Payment{Means: "especes"}); err != nil {
		t.Fatal(err)
	}
	b.drink(barman, 5)
	b.told()
	b.drink(barman, 600)
	b.told()
	err := b.store.View(t.Context(), func(tx *db.Tx) error {
		rows, err := db.KfetTransactions.Select(t.Context(), tx, db.Filter{})
		if len(rows) != 607 { // the balance to begin with is one
			t.Errorf("the mirror has %d rows, want 607", len(rows))
		}
		if newest := rows[0].Value; newest.AmountCents != -130 || newest.From != "marius" || !newest.Valid || newest.DoneOn.IsZero() {
			t.Errorf("the newest is %+v", newest)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The daemon asks for what it tells, and for nothing else, ever.
func TestOnlyFiveCommandsAreEverSaid(t *testing.T) {
	t.Parallel()
	b := newBar(t)
	barman := b.client("basile")
	b.told()
	b.drink(barman, 20)
	b.told()
	b.hangUp()
	b.drink(barman, 1)
	b.told()
	if err := b.engine.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	counts := map[string]int{}
	for said := json.NewDecoder(&b.heard); said.More(); {
		var request []json.RawMessage
		if err := said.Decode(&request); err != nil {
			t.Fatal(err)
		}
		var command string
		if err := json.Unmarshal(request[0], &command); err != nil {
			t.Fatal(err)
		}
		counts[command]++
		if command == "login" && (strings.Contains(string(request[1]), `"myself"`) || !strings.Contains(string(request[1]), `"consos"`) || !strings.Contains(string(request[1]), "true]")) {
			t.Errorf("the mask is %s", request[1])
		}
	}
	if counts["hello"] != 2 || counts["login"] != 2 {
		t.Errorf("%v, want one connection, and another one after it was cut", counts)
	}
	for command := range counts {
		if !slices.Contains([]string{"hello", "login", "whoami", "historique_transactions", "get_activites"}, command) {
			t.Errorf("the daemon says %s", command)
		}
	}
}

func TestAWrongPasswordSuspendsTheAccount(t *testing.T) {
	t.Parallel()
	b := newBar(t)
	b.account.Password = secret.New("wrong")
	b.restart()
	_, err := b.engine.Poll(t.Context(), "bar")
	var refusal *notekfet.Error
	if status := b.engine.Status()[0]; !errors.As(err, &refusal) || refusal.Code != notekfet.LoginFailed || status.Phase != db.Suspended || status.Reason != "bar_credentials" {
		t.Errorf("poll: %v, %+v", err, status)
	}
	if _, err := b.engine.Deliver(t.Context(), "marius"); err != nil {
		t.Fatal(err)
	}
	if got := b.inbox.take(); len(got) != 1 || got[0] != "⚠️ Bar refuse le mot de passe" {
		t.Errorf("told %q", got)
	}
	heard := b.spoken()
	if _, err := b.engine.Poll(t.Context(), "bar"); !psync.As[*psync.PhaseError](err) || b.spoken() != heard {
		t.Errorf("a second try: %v", err)
	}
}

func TestAnotherCertificateIsNotTrusted(t *testing.T) {
	t.Parallel()
	b := newBar(t)
	b.account.Options = notekfet.Options{Fingerprint: "sha256:" + strings.Repeat("00", 32)}
	b.restart()
	if _, err := b.engine.Poll(t.Context(), "bar"); !errors.Is(err, notekfet.ErrCertificate) || b.engine.Status()[0].Reason != "bar_certificate" {
		t.Errorf("poll: %v, %+v", err, b.engine.Status()[0])
	}
	if b.spoken() > 0 {
		t.Error("it was spoken to")
	}
}

// An older server may lack the history: the balance is told all the same.
func TestAServerWithoutAHistoryTellsTheBalance(t *testing.T) {
	t.Parallel()
	b := newBar(t)
	b.mishear("historique_transactions", "historique_transaktions")
	barman := b.client("basile")
	b.told()
	b.drink(barman, 16)
	b.wantTold("a fall below the threshold", "💶 Bar : il reste 4,20 €")
	b.drink(barman, 4)
	b.wantTold("a fall below zero", "💶 Bar : solde négatif, −1,00 €")
	if n := strings.Count(b.said.String(), "shows no history"); n != 1 {
		t.Errorf("the log says so %d times", n)
	}
}

// A server that goes on with the same page is asked no further.
func TestAHistoryThatRepeatsItselfEnds(t *testing.T) {
	t.Parallel()
	b := newBar(t)
	barman := b.client("basile")
	if _, err := barman.Crediter(t.Context(), 3, 100_000, notekfet.Payment{Means: "especes"}); err != nil {
		t.Fatal(err)
	}
	b.drink(barman, 600)
	b.mishear(",1,500]", ",0,500]")
	b.told()
	err := b.store.View(t.Context(), func(tx *db.Tx) error {
		rows, err := db.KfetTransactions.Select(t.Context(), tx, db.Filter{})
		if len(rows) != 500 {
			t.Errorf("the mirror has %d rows, want those of the page", len(rows))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
