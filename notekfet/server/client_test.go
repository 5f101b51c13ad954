package server

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"image"
	"image/color"
	"image/png"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

// client is a client of the package, logged in as an account of the fixture.
func (b *bar) client(t testing.TB, user string) *notekfet.Client {
	t.Helper()
	c, err := notekfet.Dial(t.Context(), b.addr, &notekfet.Options{RootCAs: b.pool})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	if user == "vincent" {
		err = c.LoginSpecial(t.Context(), user, "plop", nil)
	} else {
		err = c.Login(t.Context(), user, "plop", notekfet.Mask{})
	}
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// refused checks that an error is a refusal with a code.
func refused(t *testing.T, err error, code notekfet.Code) {
	t.Helper()
	refusal, ok := errors.AsType[*notekfet.Error](err)
	if !ok || refusal.Code != code || refusal.Text == "" {
		t.Errorf("%v, want code %d", err, code)
	}
}

// must is a value that comes without an error.
func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Error(err)
		}
		return v
	}
}

func TestTheClientSpendsAnEvening(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	ctx := t.Context()
	alice, bob, carl := b.client(t, "alice"), b.client(t, "bob"), b.client(t, "carl")
	if me := must[notekfet.Account](t)(bob.WhoAmI(ctx)); me.ID != 2 || me.Balance != 5000 || me.SocialNumber != "1990199012345" {
		t.Errorf("%+v", me)
	}
	_, err := bob.Compte(ctx, 2)
	refused(t, err, notekfet.Forbidden)
	entries := must[[]notekfet.Entry](t)(carl.Consos(ctx, []notekfet.Item{{Button: 1, Account: 1, Quantity: 2}, {Button: 99, Account: 1, Quantity: 1}}))
	if len(entries) != 2 || entries[0].Code != 0 || entries[1].Code != notekfet.NoButtonOrAccount || string(entries[0].About) != "1" {
		t.Errorf("%+v", entries)
	}
	entries = must[[]notekfet.Entry](t)(bob.Dons(ctx, []int64{3}, 500, "merci"))
	if len(entries) != 1 || !entries[0].Code.Success() {
		t.Errorf("%+v", entries)
	}
	entries = must[[]notekfet.Entry](t)(carl.Transferts(ctx, []int64{1}, []int64{2, 3}, 10, "x"))
	if len(entries) != 2 {
		t.Errorf("%+v", entries)
	}
	o := must[notekfet.Outcome](t)(carl.Crediter(ctx, 2, 1000, notekfet.Payment{Means: "especes"}))
	if o.Code != 0 || o.ID <= 1004 {
		t.Errorf("%+v", o)
	}
	must[notekfet.Outcome](t)(alice.DevaliderTransaction(ctx, o.ID))
	must[notekfet.Outcome](t)(alice.ValiderTransaction(ctx, o.ID))
	must[notekfet.Outcome](t)(carl.Retirer(ctx, 2, 10, notekfet.Payment{Means: "especes", Reason: "x"}))
	h := must[notekfet.History](t)(bob.HistoriqueTransactions(ctx, 2, 0, 3))
	if h.Total < 7 || len(h.Transactions) != 3 || h.Transactions[0].Kind != "retrait" || h.Transactions[0].FromPseudo != "bob" {
		t.Errorf("%+v", h)
	}
	if hits := must[[]notekfet.Hit](t)(carl.QuickSearch(ctx, "tot", false)); len(hits) != 1 || hits[0].Was != "alias" {
		t.Errorf("%+v", hits)
	}
	if found := must[[]notekfet.Found](t)(carl.Search(ctx, "ai", map[string]string{"nom": "chab"})); len(found) != 1 || found[0].Pseudo != "carl" || len(found[0].More) != 1 {
		t.Errorf("%+v", found)
	}
	if p := must[notekfet.Powers](t)(bob.MayI(ctx)); len(p.Rights) != 6 {
		t.Errorf("%+v", p)
	}
	id, made, err := alice.CreateBouton(ctx, notekfet.Button{Label: "Thé", Price: 40, Category: "Soft"})
	if err != nil || !made {
		t.Error(id, made, err)
	}
	button := must[notekfet.Button](t)(carl.GetUnBouton(ctx, id))
	button.Price = 50
	if err := alice.UpdateBouton(ctx, button); err != nil {
		t.Error(err)
	}
	activity := must[int64](t)(bob.AddActivite(ctx, notekfet.Activity{Title: "Jeux", Begin: "2099-01-01 20:00:00", End: "2099-01-01 22:00:00", Club: 7, List: true}))
	if _, err := alice.ValiderActivite(ctx, activity); err != nil {
		t.Error(err)
	}
	if err := alice.OuvrirActivite(ctx, activity); err != nil {
		t.Error(err)
	}
	guest, forced, err := bob.AddInvite(ctx, activity, "dupond", "jean", 0)
	if err != nil || forced != "" {
		t.Error(guest, forced, err)
	}
	must[notekfet.Outcome](t)(carl.Invitations(ctx, 2, guest, activity))
	if pdf := must[[]byte](t)(alice.ListeInvites(ctx, activity)); !bytes.HasPrefix(pdf, []byte("%PDF")) {
		t.Errorf("%.20q", pdf)
	}
	application := must[int64](t)(bob.Preinscrire(ctx, map[string]any{"nom": "dupond", "prenom": "jean", "mail": "jean@example.org"}))
	member := must[int64](t)(carl.Inscrire(ctx, application, notekfet.Joining{Year: 2018, Values: map[string]any{"section": "42A0"}, OnNote: 100, Payment: notekfet.Payment{Means: "especes"}}))
	if a := must[notekfet.Account](t)(carl.Compte(ctx, member)); a.Balance != 100 || a.Pseudo != "jdupond" || !a.Member {
		t.Errorf("%+v", a)
	}
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewPaletted(image.Rect(0, 0, 3, 2), color.Palette{color.White})); err != nil {
		t.Fatal(err)
	}
	if err := bob.UpdatePhoto(ctx, 2, picture.Bytes(), "png"); err != nil {
		t.Error(err)
	}
	if got := must[[]byte](t)(bob.GetPhoto(ctx, 2)); !bytes.HasPrefix(got, []byte("\x89PNG")) {
		t.Errorf("%.20q", got)
	}
	sound(t, b)
}

func TestMessagesGoToTheirHandler(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	got := make(chan notekfet.Pushed, 1)
	c, err := notekfet.Dial(t.Context(), b.addr, &notekfet.Options{RootCAs: b.pool, OnMessage: func(p notekfet.Pushed) { got <- p }})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := b.client(t, "vincent").Broadcast(t.Context(), "fermeture"); err != nil {
		t.Fatal(err)
	}
	for len(got) == 0 {
		if _, err := c.Help(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if p := <-got; p.Code != notekfet.Broadcast || !strings.Contains(p.Text, `"fermeture"`) {
		t.Errorf("%+v", p)
	}
}

func TestTheClientVerifiesTheServer(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	cert, _ := certificate()
	sum := sha256.Sum256(cert.Certificate[0])
	for _, test := range []struct {
		options *notekfet.Options
		ok      bool
	}{
		{nil, false},
		{&notekfet.Options{RootCAs: b.pool}, true},
		{&notekfet.Options{RootCAs: b.pool, ServerName: "elsewhere"}, false},
		{&notekfet.Options{Fingerprint: "sha256:" + hex.EncodeToString(sum[:])}, true},
		{&notekfet.Options{Fingerprint: "sha256:" + strings.Repeat("00", 32)}, false},
		{&notekfet.Options{Fingerprint: "abc"}, false},
		{&notekfet.Options{RootCAs: b.pool, Client: "v0.0"}, false},
	} {
		c, err := notekfet.Dial(t.Context(), b.addr, test.options)
		if (err == nil) != test.ok {
			t.Errorf("%+v: %v", test.options, err)
		}
		if err == nil {
			_ = c.Close()
		}
	}
}

// TestAnInterruptedTransferIsOfUnknownOutcome ends the context while the ledger is
// busy: the client does not ask again, and says so.
func TestAnInterruptedTransferIsOfUnknownOutcome(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	carl := b.client(t, "carl")
	release := make(chan struct{})
	go func() { _ = b.ledger.Update(func(*ledger.Tx) error { <-release; return nil }) }()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := carl.Transferts(ctx, []int64{1}, []int64{2}, 100, "x")
	close(release)
	if !errors.Is(err, notekfet.ErrOutcomeUnknown) || !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	if _, err := carl.Help(t.Context()); !errors.Is(err, notekfet.ErrClosed) {
		t.Errorf("the connection can still be used: %v", err)
	}
}

// TestAServerThatBreaksLeavesTheOutcomeUnknown has the database fail under a gift: the
// code is there, and the warning too; what moves no money has the code alone.
func TestAServerThatBreaksLeavesTheOutcomeUnknown(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	c := b.client(t, "carl")
	b.beside(t, `ALTER TABLE adhesions RENAME TO elsewhere`)
	_, err := c.Dons(t.Context(), []int64{2}, 1, "x")
	refused(t, err, notekfet.DatabaseFailed)
	if !errors.Is(err, notekfet.ErrOutcomeUnknown) {
		t.Error(err)
	}
	_, err = c.QuickSearch(t.Context(), "b", false)
	refused(t, err, notekfet.DatabaseFailed)
	if errors.Is(err, notekfet.ErrOutcomeUnknown) {
		t.Error(err)
	}
	b.beside(t, `ALTER TABLE elsewhere RENAME TO adhesions`)
	if list, err := c.Dons(t.Context(), []int64{2}, 1, "x"); err != nil || list[0].Code != notekfet.OK {
		t.Error(list, err)
	}
}

// TestTheClientHasEveryCommand compares its methods with the table.
func TestTheClientHasEveryCommand(t *testing.T) {
	t.Parallel()
	elsewhere := map[string]string{
		"hello": "Dial", "login": "Login", "adduser": "AddUser", "deluser": "DelUser", "whowith": "Who", "whospecial": "Who", "whomanualclient": "Who",
		"whohttpclient": "Who", "whononeclient": "Who", "client_speak": "Speak", "client_broadcast": "Broadcast", "mayi": "MayI", "whoami": "WhoAmI",
		"myconnection": "MyConnection", "chgpass": "ChgPass",
	}
	methods := map[string]bool{"Dial": true}
	for i := range reflect.TypeFor[*notekfet.Client]().NumMethod() {
		methods[reflect.TypeFor[*notekfet.Client]().Method(i).Name] = true
	}
	for _, cmd := range table() {
		name := elsewhere[cmd.name]
		if name == "" {
			for _, word := range strings.Split(cmd.name, "_") {
				name += strings.ToUpper(word[:1]) + word[1:]
			}
		}
		if !methods[name] {
			t.Errorf("there is no method %s for %s", name, cmd.name)
		}
	}
}
