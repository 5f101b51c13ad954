package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

const (
	secretBird = "Zaunkoenig" // sits in every secret
	letterBird = "Bachstelze" // sits in a mark and in an information
)

// TestSecretsNeverLeak lets everything go wrong at debug level, with servers that
// repeat what they were told, and looks for secrets in all that the program says
// and writes. What a message says is for its recipient and the mirror alone.
func TestSecretsNeverLeak(t *testing.T) {
	t.Parallel()
	l := newLeakHunt(t)

	// A school that answers, and channels that refuse, then fail, then work.
	l.channels(http.StatusUnauthorized)
	l.mustExit(exitChannel, "check", "--online")
	l.mustExit(exitChannel, "notify", "test")
	l.mustExit(exitChannel, "sync")
	for i, status := range []int{http.StatusUnauthorized, http.StatusBadRequest, http.StatusInternalServerError, http.StatusOK} {
		l.channels(status)
		p := l.start("--debug", "run")
		l.said = append(l.said, p)
		p.says(polled, 1)
		l.mark(fmt.Sprintf("%s %d", letterBird, i), "12")
		p.says(polled, 3)
		l.mustExit(exitOK, "status")
		p.leaves(syscall.SIGTERM)
	}
	l.mustExit(exitOK, "status", "--json")
	l.mustExit(exitOK, "request", "lea", "PageActualites", "--tab", "8")
	l.mustExit(exitFailure, "request", "lea", "PageInconnue")

	// Schools that fail, each with a mirror of its own.
	echo := func(status int) func(http.ResponseWriter, *http.Request, func()) {
		return func(w http.ResponseWriter, r *http.Request, answer func()) {
			if strings.Contains(r.URL.Path, "appelfonction") {
				w.WriteHeader(status)
				_, _ = io.WriteString(w, r.URL.String()+" "+l.password+"{{{")
				return
			}
			answer()
		}
	}
	for _, status := range []int{http.StatusOK, http.StatusForbidden, http.StatusInternalServerError} {
		l.campus.around.Store(ptr(echo(status)))
		l.elsewhere(l.url, l.password)
	}
	l.campus.around.Store(nil)
	for _, kind := range []string{"html", "closed", "reset", "503"} {
		l.server.Load().Inject(pronotetest.Fault{Kind: kind, Function: "page"})
		l.elsewhere(l.url, l.password)
	}
	encrypted := httptest.NewTLSServer(l.campus)
	t.Cleanup(encrypted.Close)
	l.elsewhere(encrypted.URL+"/pronote/", l.password)
	l.elsewhere("http://127.0.0.1:1/pronote/", l.password)
	l.elsewhere(l.url, "another "+secretBird)
	l.server.Load().Ban(true)
	l.elsewhere(l.url, l.password)

	// A configuration with a mistake on the line of a secret.
	l.configure("[[account]]\nname = \"lea\"\npassword = \"" + l.password + "\n")
	l.mustExit(exitConfig, "check")

	l.search()
}

// A leakHunt is a home whose secrets can be recognised.
type leakHunt struct {
	*home
	password string
	status   atomic.Int64 // with which the channels answer
	notify   string       // their configuration
	said     []*process
	places   int
}

func newLeakHunt(t *testing.T) *leakHunt {
	l := &leakHunt{home: &home{t: t, dir: t.TempDir()}, password: "password " + secretBird}
	l.campus = openCampus(t, 1, autumn, pronotetest.Options{})
	l.server.Load().SetPassword(l.password)
	l.Do(world.Add(world.Info{Title: letterBird, Author: "Mme FAURELLE S.", Category: "Suivi", Text: []string{letterBird}}))
	service := httptest.NewServer(http.HandlerFunc(l.serve))
	t.Cleanup(service.Close)
	l.notify = fmt.Sprintf(`
[[notify]]
name = "webhook"
channel = "webhook"
url = "%[1]s/hook/%[2]s?key=%[2]s"
token = "token-%[2]s"
headers = { "X-Key" = "header-%[2]s" }
[[notify]]
name = "telegram"
channel = "telegram"
server = "%[1]s"
token = "123456:%[2]s"
chat_id = 1
[[notify]]
name = "ntfy"
channel = "ntfy"
server = "%[1]s"
topic = "topic-%[2]s"
token = "tk_%[2]s"
[[notify]]
name = "discord"
channel = "discord"
url = "%[1]s/api/webhooks/1/%[2]s"
[[notify]]
name = "email"
channel = "email"
host = "127.0.0.1"
port = %[3]d
tls = "none"
username = "famille@example.org"
password = "mail %[2]s"
from = "famille@example.org"
to = "grandmere@example.org"
[[notify]]
name = "command"
channel = "command"
command = ["sh", "-c", "env | grep %[2]s >&2; exit 1"]
`, service.URL, secretBird, l.postOffice())
	// What people paste may hold a ticket.
	l.configure(l.settingsOf(l.url+"eleve.html?identifiant="+secretBird, l.password))
	return l
}

// settingsOf is a configuration with all channels. The password comes from the
// environment, which the program hands on to commands.
func (l *leakHunt) settingsOf(url, password string) string {
	l.env = []string{"PRONOTE_SYNC_ACCOUNT_LEA_PASSWORD=" + password}
	return hasty + fmt.Sprintf("[[account]]\nname = \"lea\"\nurl = %q\nusername = %q\n", url, pronotetest.Username) + l.notify
}

func (l *leakHunt) channels(status int) { l.status.Store(int64(status)) }

// serve is the other end of the channels that speak HTTP. What they refuse they
// repeat, in the words of each service.
func (l *leakHunt) serve(w http.ResponseWriter, r *http.Request) {
	echo := fmt.Sprint(r.URL, r.Header)
	status := int(l.status.Load())
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{ // the program may have been stopped
		"ok": status == http.StatusOK, "id": "1", "description": echo, "error": echo, "message": echo,
	})
}

// postOffice starts a mail server that refuses every password, and repeats it.
// It returns its port.
func (l *leakHunt) postOffice() (port int) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		l.t.Fatal(err)
	}
	l.t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go serveMail(conn)
		}
	}()
	return listener.Addr().(*net.TCPAddr).Port
}

func serveMail(conn net.Conn) {
	defer conn.Close()
	_, _ = io.WriteString(conn, "220 mail.example.org\r\n")
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		reply := "535 5.7.8 no: " + lines.Text()
		if strings.HasPrefix(lines.Text(), "EHLO") {
			reply = "250-mail.example.org\r\n250 AUTH PLAIN LOGIN"
		}
		if _, err := io.WriteString(conn, reply+"\r\n"); err != nil {
			return
		}
	}
}

func (l *leakHunt) mustExit(want int, args ...string) {
	l.t.Helper()
	code, p := l.run(append([]string{"--debug"}, args...)...)
	l.said = append(l.said, p)
	if code != want {
		l.t.Errorf("%v: exit code %d, want %d:\n%s", args, code, want, p.stderr.String())
	}
}

// elsewhere fails to read another school, or the same with another password, into
// a mirror of its own.
func (l *leakHunt) elsewhere(url, password string) {
	l.t.Helper()
	l.places++
	l.configure(fmt.Sprintf("database = \"%d/pronote.db\"\n", l.places) + l.settingsOf(url, password))
	code, p := l.run("--debug", "sync")
	l.said = append(l.said, p)
	if code == exitOK {
		l.t.Errorf("%s was read", url)
	}
}

// search looks for the birds.
func (l *leakHunt) search() {
	l.t.Helper()
	for _, p := range l.said {
		name := "pronote-sync " + strings.Join(p.cmd.Args[1:], " ")
		l.searchText(name, p.stderr.String(), secretBird, letterBird)
		if p.cmd.Args[2] != "request" { // which prints what the school says
			l.searchText(name, p.stdout.String(), secretBird, letterBird)
		}
	}
	searched := 0
	err := filepath.WalkDir(l.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || entry.Name() == "config.toml" {
			return err
		}
		text, err := os.ReadFile(path)
		l.searchText(path, string(text), secretBird)
		searched++
		return err
	})
	if err != nil || searched < 10 {
		l.t.Errorf("searched %d files: %v", searched, err)
	}
	for _, table := range []string{"accounts", "deliveries"} {
		for _, row := range mustQuery(l.t, l.mirror(), `SELECT last_error FROM `+table) {
			l.searchText(table, row[0], letterBird)
		}
	}
	// The test would be worth nothing if the birds had not been there.
	if len(mustQuery(l.t, l.mirror(), `SELECT 1 FROM marks WHERE title GLOB '`+letterBird+`*'`)) == 0 {
		l.t.Error("the mirror lacks the marks of the test")
	}
}

func (l *leakHunt) searchText(where, text string, birds ...string) {
	l.t.Helper()
	for _, bird := range birds {
		for _, form := range forms(bird) {
			if i := strings.Index(strings.ToLower(text), strings.ToLower(form)); i >= 0 {
				l.t.Errorf("%s: a secret is at …%s…", where, text[max(0, i-200):min(len(text), i+100)])
			}
		}
	}
}

// forms are the shapes in which a text may hide: as it is, in hexadecimal, and
// in base64 wherever it stands in what was encoded.
func forms(text string) []string {
	all := []string{text, fmt.Sprintf("%x", text)}
	for before := range 3 {
		encoded := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", before) + text))
		all = append(all, encoded[(before*8+5)/6:(before+len(text))*8/6])
	}
	return all
}
