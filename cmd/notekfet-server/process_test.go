package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
	"github.com/pronote-sync/pronote-sync/notekfet/passwordtest"
)

// promptEnd keeps a program from taking a second to end under the race detector.
const promptEnd = "GORACE=atexit_sleep_ms=0"

// TestMain makes a program of this very binary: started under the name of the
// command, it is that command. Tests therefore run the real main in processes of
// their own, in which passwords alone are cheaper: a killed server is logged in to
// fifty times.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"notekfet-server": func() {
		passwordtest.Weaken()
		main()
	}})
}

// A process is a server that runs in a folder.
type process struct {
	folder string
	cmd    *exec.Cmd
	addr   string
	log    *os.File
}

// dataset is a bar of twenty members, who have money, and a treasurer.
func dataset(members int) *ledger.Dataset {
	d := &ledger.Dataset{
		Accounts: []ledger.SeedAccount{{
			ID: 1, Pseudo: "tresor", Name: "Hautbois", FirstName: "Marius", Rights: "all", OverRights: "all", Supreme: true, Password: "plop", Years: []int{2019},
		}},
		Categories: []string{"Soft"},
		Buttons:    []ledger.SeedButton{{ID: 1, Label: "Limonade", Price: 130, Category: "Soft"}},
		Special:    map[string]ledger.SeedSpecial{"vincent": {Password: "plop", ACL: []string{"all"}}},
	}
	for i := range members {
		d.Accounts = append(d.Accounts, ledger.SeedAccount{
			ID: int64(i + 2), Pseudo: fmt.Sprintf("membre%d", i), Name: "Membre", FirstName: "Un", Rights: "basic", Balance: 1_000_000, Years: []int{2019},
		})
	}
	return d
}

// prepare makes a folder with a configuration, a certificate and a seeded ledger;
// database is empty for a file of SQLite.
func prepare(t testing.TB, database string) string {
	t.Helper()
	folder := t.TempDir()
	if err := makeCertificates(folder, []string{"127.0.0.1"}); err != nil {
		t.Fatal(err)
	}
	if database == "" {
		database = "notekfet.db"
	}
	config := fmt.Sprintf("listen = \"127.0.0.1:0\"\ndatabase = %q\n[limits]\nconnections_per_address = 1200\n[adhesion]\nannee = 2019\n[login]\ndelay = \"1ms\"\n", database)
	text, err := json.Marshal(dataset(20))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(folder, "notekfet.toml"), config)
	write(t, filepath.Join(folder, "data.json"), string(text))
	if out, err := command(t, folder, "seed", "data.json").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return folder
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func command(t testing.TB, folder string, args ...string) *exec.Cmd {
	t.Helper()
	path, err := exec.LookPath("notekfet-server")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, args...)
	cmd.Dir, cmd.Env = folder, append(cmd.Environ(), promptEnd)
	return cmd
}

// start runs the server of a folder and waits until it listens.
func start(t testing.TB, folder string) *process {
	t.Helper()
	p := &process{folder: folder, cmd: command(t, folder, "run")}
	var err error
	if p.log, err = os.OpenFile(filepath.Join(folder, "log"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600); err != nil {
		t.Fatal(err)
	}
	p.cmd.Stderr = p.log
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var said struct{ Listen string }
	if err := json.NewDecoder(out).Decode(&said); err != nil {
		_ = p.cmd.Wait()
		text, _ := os.ReadFile(filepath.Join(folder, "log"))
		t.Fatalf("it does not listen: %v: %s", err, text)
	}
	p.addr = said.Listen
	return p
}

// kill ends the process at once.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
	_ = p.log.Close()
}

// stop asks the process to end and returns how it did.
func (p *process) stop(t testing.TB) error {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	defer p.log.Close()
	return p.cmd.Wait()
}

// audit has the command audit the ledger of a folder.
func audit(t testing.TB, folder string) {
	t.Helper()
	if out, err := command(t, folder, "audit").CombinedOutput(); err != nil {
		t.Errorf("audit: %v: %s", err, out)
	}
}

// A guest of the bar is a client of bytes.
type peer struct {
	conn *tls.Conn
	r    *bufio.Reader
	said string // the sentence of the last answer
}

func (p *process) dial(ctx context.Context) (*peer, error) {
	text, err := os.ReadFile(filepath.Join(p.folder, "ca.pem"))
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(text)
	dialer := tls.Dialer{Config: &tls.Config{RootCAs: pool}}
	conn, err := dialer.DialContext(ctx, "tcp", p.addr)
	if err != nil {
		return nil, err
	}
	c := &peer{conn: conn.(*tls.Conn), r: bufio.NewReader(conn)}
	for _, request := range []string{`["hello", "manual"]`, `["login", ["vincent", "plop", "special", []]]`} {
		if code, _, err := c.ask(request); err != nil || code != 0 {
			_ = conn.Close()
			return nil, fmt.Errorf("%s: code %d: %w", request, code, err)
		}
	}
	return c, nil
}

func (c *peer) ask(request string) (code int, msg json.RawMessage, err error) {
	_ = c.conn.SetDeadline(time.Now().Add(30 * time.Second))
	if _, err := io.WriteString(c.conn, request); err != nil {
		return 0, nil, err
	}
	line, err := c.r.ReadString('\n')
	if err != nil {
		return 0, nil, err
	}
	size, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		return 0, nil, err
	}
	body := make([]byte, size)
	if _, err := io.ReadFull(c.r, body); err != nil {
		return 0, nil, err
	}
	var a struct {
		Retcode int             `json:"retcode"`
		Errmsg  string          `json:"errmsg"`
		Msg     json.RawMessage `json:"msg"`
	}
	err = json.Unmarshal(body, &a)
	c.said = a.Errmsg
	return a.Retcode, a.Msg, err
}
