package kfet

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
	"github.com/pronote-sync/pronote-sync/sync/internal/wording"
	"github.com/pronote-sync/pronote-sync/sync/internal/wording/wordingtest"
)

var friday = civil.DateTime{Date: civil.Date{Year: 2025, Month: time.November, Day: 21}, Hour: 20}

func pinte(number int64) db.KfetTransaction {
	return db.KfetTransaction{
		Number: number, DoneOn: friday, Kind: "consos", From: "marius", To: "Fanfare", Quantity: 1, UnitCents: 210, AmountCents: -210,
		Description: "Pinte", Category: "Bière", Valid: true,
	}
}

// tellings are the events of a bar, as they are worded as examples.
func tellings() map[string][]db.Event {
	at := func(cents int64) look {
		balance := mirror.ListOf(db.KfetBalances, balanceMatcher, db.Owner{Student: 1}, db.Span{}, []db.KfetBalance{{Pseudo: "marius", Cents: cents}})
		return look{label: "Bar", low: 500, now: friday, balance: balance}
	}
	done := func(cents int64, rows ...db.KfetTransaction) []db.Event {
		var changes []mirror.Change[db.KfetTransaction]
		for _, row := range rows {
			changes = append(changes, mirror.Change[db.KfetTransaction]{Kind: mirror.Added, New: row})
		}
		slices.Reverse(changes) // newest first, as the server lists them
		return at(cents).tellTransactions(changes, "")
	}
	fell := func(from, to int64) []db.Event {
		change := mirror.Change[db.KfetBalance]{Kind: mirror.Changed, Old: db.KfetBalance{Pseudo: "marius", Cents: from}, New: db.KfetBalance{Pseudo: "marius", Cents: to}}
		return at(to).tellBalance([]mirror.Change[db.KfetBalance]{change}, []mirror.Change[db.KfetTransaction]{{Kind: mirror.Added, New: pinte(7)}})
	}
	gift, three, undone, snack := pinte(8), pinte(9), pinte(7), pinte(10)
	gift.Kind, gift.From, gift.To, gift.UnitCents, gift.AmountCents, gift.Description = "don", "lise", "marius", 2000, 2000, "pizza"
	three.Quantity, three.AmountCents = 3, -630
	snack.UnitCents, snack.AmountCents, snack.Description = 250, -250, "Croque-monsieur"
	undone.Valid = false
	party := db.KfetActivity{Number: 3, Title: "Soirée crêpes", Starts: friday, Ends: civil.DateTime{Date: friday.Date, Hour: 23}, Place: "Foyer", Description: "Apportez vos poêles.", GuestsAllowed: true}
	later, elsewhere, tomorrow := party, party, party
	later.Starts.Hour = 21
	elsewhere.Place, elsewhere.GuestsAllowed = "Salle des fêtes", false
	tomorrow.Starts.Date, tomorrow.Ends.Date = friday.Date.AddDays(1), friday.Date.AddDays(1)
	announced := func(kind mirror.Kind, old, now db.KfetActivity) []db.Event {
		return at(0).tellActivities([]mirror.Change[db.KfetActivity]{{Kind: kind, Old: old, New: now}})
	}
	return map[string][]db.Event{
		"balance.low":               fell(630, 420),
		"balance.negative":          fell(510, -340),
		"transaction.new":           done(420, pinte(7)),
		"transaction.new gift":      done(2420, gift),
		"transaction.new three":     done(420, three),
		"transaction.new evening":   done(-1540, pinte(11), snack, pinte(12), pinte(13), snack),
		"transaction.new mixed":     done(1540, pinte(11), gift, pinte(12)),
		"transaction.undone":        at(630).tellTransactions([]mirror.Change[db.KfetTransaction]{{Kind: mirror.Changed, Old: pinte(7), New: undone}}, ""),
		"activity.new":              announced(mirror.Added, db.KfetActivity{}, party),
		"activity.changed":          announced(mirror.Changed, party, later),
		"activity.changed tomorrow": announced(mirror.Changed, party, tomorrow),
		"activity.changed place":    announced(mirror.Changed, party, elsewhere),
		"activity.changed off":      announced(mirror.Removed, party, db.KfetActivity{}),
	}
}

// TestWording compares every message in every language and degree of reveal with the
// one a person approved.
func TestWording(t *testing.T) {
	t.Parallel()
	shipped := psync.NewWording(nil, nil)
	kinds := map[string]bool{}
	for name, events := range tellings() {
		kind, _, _ := strings.Cut(name, " ")
		kinds[kind] = true
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var batch []wording.Event
			for _, e := range events {
				if e.Kind != kind {
					t.Errorf("the event is %s", e.Kind)
				}
				batch = append(batch, wording.Event{Kind: e.Kind, Data: e.Data})
			}
			var got strings.Builder
			for _, language := range psync.Languages {
				for _, reveal := range []psync.Reveal{psync.RevealFull, psync.RevealSpoiler, psync.RevealHint} {
					m, err := shipped.In(language).Message(batch, wording.Reader{Reveal: reveal, Now: civil.DateTime{Date: civil.Date{Year: 2025, Month: 11, Day: 18}, Hour: 12}})
					if err != nil {
						t.Fatalf("%s %s: %v", language, reveal, err)
					}
					if reveal == psync.RevealHint && strings.ContainsAny(m.Title+m.Body, "€") {
						t.Errorf("a hint tells an amount: %s\n%s", m.Title, m.Body)
					}
					fmt.Fprintf(&got, "── %s %s\n%s\n%s\n", language, reveal, m.Title, m.Body)
				}
			}
			wordingtest.Golden(t, filepath.Join("testdata", "wording", strings.ReplaceAll(name, " ", "-")+".txt"), wordingtest.Visible(got.String()))
		})
	}
	for _, kind := range Domains()[0].Events {
		if !kinds[kind] {
			t.Errorf("no message of kind %s is tested", kind)
		}
	}
}

// TestAPurchaseAndTheLowBalanceItCausesAreOneMessage: they were two for somebody who is
// told of purchases in the evening.
func TestAPurchaseAndTheLowBalanceItCausesAreOneMessage(t *testing.T) {
	t.Parallel()
	snack := pinte(10)
	snack.UnitCents, snack.AmountCents, snack.Description = 250, -250, "Croque-monsieur"
	gift := pinte(6)
	gift.Kind, gift.AmountCents = "don", 2000
	balance := mirror.ListOf(db.KfetBalances, balanceMatcher, db.Owner{Student: 1}, db.Span{}, []db.KfetBalance{{Pseudo: "marius", Cents: 420}})
	bar := look{label: "Bar", low: 500, now: friday, balance: balance}
	var done []mirror.Change[db.KfetTransaction]
	for _, row := range []db.KfetTransaction{snack, pinte(9), pinte(8), gift} { // newest first
		done = append(done, mirror.Change[db.KfetTransaction]{Kind: mirror.Added, New: row})
	}
	fallen := bar.tellBalance([]mirror.Change[db.KfetBalance]{{Kind: mirror.Changed, Old: db.KfetBalance{Cents: 1090}, New: db.KfetBalance{Cents: 420}}}, done)
	bought := bar.tellTransactions(done, causeOf(fallen))
	if len(fallen) != 1 || len(bought) != 4 || fallen[0].Cause == "" || bought[0].Cause != "" {
		t.Fatalf("told %+v and %+v", fallen, bought)
	}
	lead := wording.Event{Kind: fallen[0].Kind, Data: fallen[0].Data}
	now := civil.DateTime{Date: friday.Date, Hour: 12}
	marius := psync.Recipient{Location: time.UTC, Policy: psync.Policy{Preset: psync.Normal}}
	for _, e := range bought[1:] {
		if d := psync.Route(e, db.Student{}, marius, nil, now.In(time.UTC)); e.Cause != fallen[0].Cause || d.Way != db.Now {
			t.Errorf("%s of cause %q leaves by %s", e.Kind, e.Cause, d.Way)
		}
		lead.With = append(lead.With, wording.Event{Kind: e.Kind, Data: e.Data})
	}
	m, err := psync.NewWording(nil, nil).In("fr").Message([]wording.Event{lead}, wording.Reader{Reveal: wording.Full, Now: now})
	if want := "2␣× Pinte −4,20␣€\nCroque-monsieur −2,50␣€"; err != nil || wordingtest.Visible(m.Body) != want {
		t.Errorf("%s\n%s, %v, want\n%s", m.Title, m.Body, err, want)
	}
}

// TestSamplesOfEvents keeps what people's own templates are rehearsed on.
func TestSamplesOfEvents(t *testing.T) {
	t.Parallel()
	samples := map[string]json.RawMessage{}
	all := tellings()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if event := all[name][0]; samples[event.Kind] == nil {
			samples[event.Kind] = event.Data
		}
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "\t")
	if err := encoder.Encode(samples); err != nil {
		t.Fatal(err)
	}
	wordingtest.Golden(t, filepath.Join("..", "internal", "wording", "samples_kfet.json"), text.String())
}
