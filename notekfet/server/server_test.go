package server

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/notekfet/internal/password"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
	"github.com/pronote-sync/pronote-sync/notekfet/pgtest"
)

// A bar is a server on loopback with the fixture in its ledger.
type bar struct {
	*Server
	ledger *ledger.Ledger
	addr   string
	pool   *x509.CertPool
	log    *safeBuffer
	folder string
	// database is the name of the ledger's database.
	database string
	later    *atomic.Int64 // what the ledger's clock is ahead, a time.Duration
	done     chan error
	cancel   context.CancelFunc
}

// certificate is made once: making one takes longer than many a test.
var certificate = sync.OnceValues(func() (tls.Certificate, *x509.CertPool) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "bar"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		panic(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(leaf)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
})

// testRules are those of the reference's fixture.
func testRules() ledger.Rules {
	r := ledger.DefaultRules()
	r.VeryNegative, r.Floor, r.StandingYear = -1000, -5000, 2018
	return r
}

// seeded is a ledger of SQLite with the fixture, made once and copied.
var seeded = sync.OnceValues(func() ([]byte, []byte) {
	folder, err := os.MkdirTemp("", "kfet")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "note.db")
	l, err := ledger.Open(context.Background(), path, ledger.Options{Rules: testRules(), Create: true})
	if err != nil {
		panic(err)
	}
	d := fixture()
	if err := l.Seed(d); err != nil {
		panic(err)
	}
	if err := l.Close(); err != nil {
		panic(err)
	}
	content, err := os.ReadFile(path)
	if err != nil {
		panic(err)
	}
	return content, specialsOf(d)
})

func fixture() *ledger.Dataset {
	file, err := os.Open("testdata/fixture.json")
	if err != nil {
		panic(err)
	}
	defer file.Close()
	d, err := ledger.ReadDataset(file)
	if err != nil {
		panic(err)
	}
	return d
}

func specialsOf(d *ledger.Dataset) []byte {
	users := map[string]Special{}
	for name, u := range d.Special {
		users[name] = Special{Password: password.Hash(u.Password), ACL: u.ACL, IPs: u.IPs}
	}
	text, err := json.Marshal(users)
	if err != nil {
		panic(err)
	}
	return text
}

// open starts a bar on SQLite; change adapts its configuration.
func open(t testing.TB, change func(*Config)) *bar {
	t.Helper()
	content, _ := seeded()
	path := filepath.Join(t.TempDir(), "note.db")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return openOn(t, path, change)
}

// openOn starts a bar on a database that holds the fixture.
func openOn(t testing.TB, database string, change func(*Config)) *bar {
	t.Helper()
	later := &atomic.Int64{}
	l, err := ledger.Open(t.Context(), database, ledger.Options{
		Rules: testRules(), Exclusive: true, Now: func() time.Time { return time.Now().Add(time.Duration(later.Load())) },
	})
	if err != nil {
		t.Fatal(err)
	}
	_, users := seeded()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "special.json"), users, 0o600); err != nil {
		t.Fatal(err)
	}
	specials, err := OpenSpecials(filepath.Join(folder, "special.json"))
	if err != nil {
		t.Fatal(err)
	}
	cert, pool := certificate()
	b := &bar{database: database, later: later, ledger: l, pool: pool, log: &safeBuffer{}, folder: folder, done: make(chan error, 1)}
	config := Config{
		Ledger: l, Specials: specials, Certificate: func() (*tls.Certificate, error) { return &cert, nil },
		Log:    slog.New(slog.NewJSONHandler(b.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Limits: Limits{Request: 65536, Photo: 131072, Connections: 1200, ConnectionsPerAddress: 1200},
		Login:  LoginRules{Delay: time.Millisecond, DelayMax: 4 * time.Millisecond},
		Photos: PhotoRules{Folder: folder, Formats: []string{"png", "jpg", "gif", "bmp"}, Side: 640},
		Die:    true,
	}
	if change != nil {
		change(&config)
	}
	b.Server = New(config)
	b.pause = time.Second
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	b.addr = listener.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	b.cancel = cancel
	go func() { b.done <- b.Serve(ctx, listener) }()
	t.Cleanup(func() {
		cancel()
		if err := <-b.done; err != nil {
			t.Error(err)
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

// A safeBuffer is a log that is written and read at once.
type safeBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.String()
}

// A customer is a client that shares no code with the server: bytes out, bytes in.
type customer struct {
	t    testing.TB
	conn *tls.Conn
	r    *bufio.Reader
}

// An answer is what the server sent.
type answer struct {
	Code   int
	Errmsg string
	Msg    any
}

func (b *bar) dial(t testing.TB) *customer {
	t.Helper()
	conn, err := tls.Dial("tcp", b.addr, &tls.Config{RootCAs: b.pool})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &customer{t: t, conn: conn, r: bufio.NewReader(conn)}
}

// hello is a connection that has greeted.
func (b *bar) hello(t testing.TB) *customer {
	t.Helper()
	c := b.dial(t)
	c.want(0, `["hello", "manual"]`)
	return c
}

// as is a connection of a user of the fixture.
func (b *bar) as(t testing.TB, user string) *customer {
	t.Helper()
	c := b.hello(t)
	c.want(0, loginOf(user))
	return c
}

func loginOf(user string) string {
	switch user {
	case "vincent", "robot", "aide":
		return fmt.Sprintf(`["login", [%q, "plop", "special", []]]`, user)
	}
	return fmt.Sprintf(`["login", [%q, "plop", "bdd", [[], [], false]]]`, user)
}

func (c *customer) send(text string) {
	c.t.Helper()
	if _, err := io.WriteString(c.conn, text); err != nil {
		c.t.Fatal(err)
	}
}

// read returns the next frame; a failure to read is an error.
func (c *customer) read() (answer, error) {
	_ = c.conn.SetReadDeadline(time.Now().Add(20 * time.Second))
	line, err := c.r.ReadString('\n')
	if err != nil {
		return answer{}, err
	}
	size, err := strconv.Atoi(strings.TrimSuffix(line, "\n"))
	if err != nil {
		return answer{}, err
	}
	body := make([]byte, size)
	if _, err := io.ReadFull(c.r, body); err != nil {
		return answer{}, err
	}
	var a struct {
		Retcode *int    `json:"retcode"`
		Errmsg  *string `json:"errmsg"`
		Msg     any     `json:"msg"`
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if err := decoder.Decode(&a); err != nil {
		return answer{}, err
	}
	if a.Retcode == nil || a.Errmsg == nil || !bytes.Contains(body, []byte(`"msg"`)) {
		return answer{}, fmt.Errorf("keys are missing in %s", body)
	}
	if i := bytes.IndexFunc(body, func(r rune) bool { return r > '~' }); i >= 0 {
		return answer{}, fmt.Errorf("%q is not ASCII", body)
	}
	return answer{*a.Retcode, *a.Errmsg, a.Msg}, nil
}

func (c *customer) ask(request string) answer {
	c.t.Helper()
	c.send(request)
	a, err := c.read()
	if err != nil {
		c.t.Fatalf("%s: %v", request, err)
	}
	return a
}

// want asks and checks the code.
func (c *customer) want(code int, request string) answer {
	c.t.Helper()
	a := c.ask(request)
	if a.Code != code {
		c.t.Errorf("%.200s: %d %s, want %d", request, a.Code, a.Errmsg, code)
	}
	return a
}

// text writes an answer's payload as JSON.
func (a answer) text() string {
	text, err := json.Marshal(a.Msg)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func TestATransferIsDurable(t *testing.T) {
	t.Parallel()
	b := open(t, nil)
	carl := b.as(t, "carl")
	a := carl.want(0, `["transferts", [[1], [2], 100, "Hanjo"]]`)
	if got := a.text(); got != `[[0,[1,2],""]]` {
		t.Error(got)
	}
	bob := b.as(t, "bob")
	if got := bob.want(0, `["whoami"]`).Msg.(map[string]any)["solde"]; got != json.Number("5100") {
		t.Error(got)
	}
	sound(t, b)
}

// background is a context that the end of a test does not end.
var background = context.Background()

// A kind of bar is one on a kind of database.
type kindOfBar struct {
	name string
	open func(testing.TB) *bar
}

// bars are the kinds there are on this machine.
func bars(testing.TB) []kindOfBar {
	return []kindOfBar{
		{"SQLite", func(t testing.TB) *bar { return open(t, nil) }},
		{"PostgreSQL", func(t testing.TB) *bar { return openOn(t, onPostgres(t, pgtest.Shared(t)), nil) }},
	}
}

// beside runs a statement on the ledger as another program would.
func (b *bar) beside(t testing.TB, statement string) {
	t.Helper()
	driver, name := "sqlite", "file:"+b.database
	if strings.HasPrefix(b.database, "postgres:") {
		driver, name = "pgx", b.database
	}
	db, err := sql.Open(driver, name)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
}
