package kfet

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"log/slog"
	"math/big"
	mathrand "math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/robfig/cron/v3"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
	"github.com/pronote-sync/pronote-sync/notekfet/server"
	"github.com/pronote-sync/pronote-sync/notifiers"
	"github.com/pronote-sync/pronote-sync/secret"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

// A bar is a server, an account of which is mirrored, and somebody who is told. All
// that the daemon says passes a tap.
type bar struct {
	t       testing.TB
	addr    string
	pool    *x509.CertPool
	account Account
	config  psync.Config
	store   *db.Store
	engine  *psync.Engine
	inbox   *inbox
	said    strings.Builder // log of the daemon

	mu    sync.Mutex
	heard bytes.Buffer // by the tap
	conns []net.Conn

	misheard [2]string // a word, and what is passed on in its place
}

func newBar(t testing.TB) *bar {
	t.Helper()
	b := &bar{t: t, inbox: &inbox{}}
	cert := b.certificate()
	serve(t, cert, b)
	b.tap(cert)
	var err error
	if b.store, err = db.Open(t.Context(), filepath.Join(t.TempDir(), "pronote.db")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.store.Close(); err != nil {
			t.Error(err)
		}
	})
	log := slog.New(slog.NewTextHandler(&b.said, nil))
	b.account.Label, b.account.Username, b.account.Password = "Bar", "marius", secret.New("demo")
	b.account.Options, b.account.BalanceLow, b.account.Log = notekfet.Options{RootCAs: b.pool}, 500, log
	b.config = psync.Config{
		Store: b.store, Accounts: []psync.Account{{Name: "bar", URL: "notekfet://" + b.account.Address, Kind: "note", Fingerprint: "first", Location: time.Local}},
		Recipients: []psync.Recipient{{Name: "marius", Channel: "test", Notifier: b.inbox, Reveal: psync.RevealFull, Admin: true, Language: "fr", Location: time.Local}},
		Plan:       psync.Plan{Domains: map[string]cron.Schedule{"kfet": cron.Every(10 * time.Minute)}, KeepAlive: cron.Every(time.Hour)},
		Budget:     psync.Budget{PerHour: 10_000, PerDay: 10_000, LoginsPerDay: 200},
		Log:        log, Now: time.Now, Rand: mathrand.New(mathrand.NewPCG(1, 1)),
	}
	b.restart()
	return b
}

// restart makes an engine, as a new process does.
func (b *bar) restart() {
	b.t.Helper()
	b.config.Accounts[0].Source = New(b.account)
	var err error
	if b.engine, err = psync.New(b.t.Context(), b.config); err != nil {
		b.t.Fatal(err)
	}
}

// certificate makes one for 127.0.0.1, which signs itself.
func (b *bar) certificate() tls.Certificate {
	b.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		b.t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "bar"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		b.t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		b.t.Fatal(err)
	}
	b.pool = x509.NewCertPool()
	b.pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

// serve runs a real server with an invented bar.
func serve(t testing.TB, cert tls.Certificate, b *bar) {
	t.Helper()
	folder, years, rules := t.TempDir(), []int{2026}, ledger.DefaultRules()
	rules.StandingYear = 2026
	l, err := ledger.Open(t.Context(), filepath.Join(folder, "note.db"), ledger.Options{
		Create: true, Exclusive: true, Rules: rules,
	})
	if err != nil {
		t.Fatal(err)
	}
	err = l.Seed(&ledger.Dataset{
		Accounts: []ledger.SeedAccount{
			{ID: 2, Pseudo: "basile", Name: "Tambour", FirstName: "Basile", Rights: "all", OverRights: "all", Supreme: true, Balance: 120000, Password: "demo", Years: years},
			{ID: 3, Pseudo: "marius", Name: "Hautbois", FirstName: "Marius", Rights: "all", OverRights: "all", Balance: 2500, Password: "demo", Years: years},
			{ID: 7, Type: "club", Pseudo: "Fanfare", Balance: 30000},
		},
		Categories: []string{"Soft"},
		Buttons:    []ledger.SeedButton{{ID: 1, Label: "Limonade", Price: 130, Category: "Soft"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "special.json"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	specials, err := server.OpenSpecials(filepath.Join(folder, "special.json"))
	if err != nil {
		t.Fatal(err)
	}
	s := server.New(server.Config{
		Ledger: l, Specials: specials, Certificate: func() (*tls.Certificate, error) { return &cert, nil }, Log: slog.New(slog.DiscardHandler),
		Limits: server.Limits{Request: 65536, Photo: 131072, Connections: 100, ConnectionsPerAddress: 100},
		Login:  server.LoginRules{Delay: time.Millisecond, DelayMax: time.Millisecond}, Photos: server.PhotoRules{Folder: folder, Side: 640},
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b.addr = listener.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, listener) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
}

// tap listens where the daemon connects, and passes on what it says.
func (b *bar) tap(cert tls.Certificate) {
	b.t.Helper()
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{cert}})
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = listener.Close(); b.hangUp() })
	b.account.Address = listener.Addr().String()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go b.pass(conn)
		}
	}()
}

func (b *bar) pass(conn net.Conn) {
	behind, err := tls.Dial("tcp", b.addr, &tls.Config{RootCAs: b.pool})
	if err != nil {
		_ = conn.Close()
		return
	}
	b.mu.Lock()
	b.conns = append(b.conns, conn, behind)
	b.mu.Unlock()
	go func() { _, _ = io.Copy(conn, behind); _ = conn.Close() }()
	_, _ = io.Copy(writerFunc(func(p []byte) (int, error) {
		return behind.Write(b.hear(p))
	}), conn)
	_ = behind.Close()
}

// hear notes what the daemon says, and returns what is passed on.
func (b *bar) hear(said []byte) []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	_, _ = b.heard.Write(said) // a buffer takes all
	if b.misheard[0] == "" {
		return said
	}
	return bytes.ReplaceAll(said, []byte(b.misheard[0]), []byte(b.misheard[1]))
}

// mishear has the tap pass on another word of the same length.
func (b *bar) mishear(word, another string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.misheard = [2]string{word, another}
}

// spoken is how much the daemon has said.
func (b *bar) spoken() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.heard.Len()
}

// hangUp ends all connections of the daemon.
func (b *bar) hangUp() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.conns {
		_ = c.Close()
	}
	b.conns = nil
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

// client is somebody at the bar.
func (b *bar) client(pseudo string) *notekfet.Client {
	b.t.Helper()
	c, err := notekfet.Dial(b.t.Context(), b.addr, &notekfet.Options{RootCAs: b.pool})
	if err == nil {
		err = c.Login(b.t.Context(), pseudo, "demo", notekfet.Mask{})
	}
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = c.Close() })
	return c
}

// drink has the bartender sell lemonades, a transaction each.
func (b *bar) drink(barman *notekfet.Client, n int) {
	b.t.Helper()
	for n > 0 {
		items := slices.Repeat([]notekfet.Item{{Button: 1, Account: 3, Quantity: 1}}, min(n, 100))
		entries, err := barman.Consos(b.t.Context(), items)
		if err != nil || slices.ContainsFunc(entries, func(e notekfet.Entry) bool { return !e.Code.Success() }) {
			b.t.Fatalf("sold %+v: %v", entries, err)
		}
		n -= len(items)
	}
}

// told looks once, and returns the titles of what is told.
func (b *bar) told() []string {
	b.t.Helper()
	if _, err := b.engine.Poll(b.t.Context(), "bar"); err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.engine.Deliver(b.t.Context(), "marius"); err != nil {
		b.t.Fatal(err)
	}
	return b.inbox.take()
}

func (b *bar) wantTold(what string, want ...string) {
	b.t.Helper()
	if got := b.told(); !slices.Equal(got, want) {
		b.t.Errorf("%s: told %q, want %q", what, got, want)
	}
}

// An inbox keeps titles.
type inbox struct {
	mu     sync.Mutex
	titles []string
}

func (i *inbox) Deliver(_ context.Context, m notifiers.Message) (notifiers.Receipt, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.titles = append(i.titles, strings.ReplaceAll(m.Title, "\u00a0", " "))
	return "", nil
}

func (i *inbox) take() []string {
	i.mu.Lock()
	defer i.mu.Unlock()
	titles := i.titles
	i.titles = nil
	return titles
}
