package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

// TestTokensNeverLeak lets logins by QR code, by password and by token go well
// and wrong at debug level, and looks for tokens, QR codes, PINs and the password
// in all that the program says and writes but the file of the token.
func TestTokensNeverLeak(t *testing.T) {
	t.Parallel()
	h := &tokenHunt{home: &home{t: t, dir: t.TempDir(), campus: openCampus(t, 1, autumn, pronotetest.Options{})}}
	h.secrets = append(h.secrets, secretBird)
	server := h.server.Load()
	server.SetPassword("password " + secretBird)
	server.Protect("7391")
	h.configure(hasty + fmt.Sprintf("[[account]]\nname = \"lea\"\nurl = %q\nlogin = \"token\"\n", h.url))

	h.types(h.qr(), "4826", "7391")
	h.mustExit(exitOK, "login", "lea")
	h.mustExit(exitOK, "sync")
	h.types(h.qr(), "0000")
	h.mustExit(exitPerson, "login", "lea")
	h.types(strings.Replace(h.qr(), "{", "[", 1))
	h.mustExit(exitPerson, "login", "lea")
	text := filepath.Join(t.TempDir(), "code.json")
	if err := os.WriteFile(text, []byte(strings.Replace(h.qr(), "}", "", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	h.mustExit(exitPerson, "login", "lea", "--text", text)
	h.types("demonstration", "wrong "+secretBird)
	h.mustExit(exitPerson, "login", "lea", "--password")
	h.types("demonstration", "password "+secretBird)
	h.mustExit(exitOK, "login", "lea", "--password")
	server.Protect("7391")
	h.types(h.qr(), "4826", "7392")
	h.mustExit(exitPerson, "login", "lea")

	// Schools that fail at each step, and repeat what they were told.
	for _, function := range []string{"page", "FonctionParametres", "Identification", "Authentification", "SecurisationCompteDoubleAuth", "ParametresUtilisateur"} {
		for _, fault := range []string{"html", "truncated", "500"} {
			if function == "page" && fault == "truncated" {
				continue
			}
			server.ClearFaults()
			server.Inject(pronotetest.Fault{Kind: fault, Function: function})
			h.types(h.qr(), "4826", "7391")
			h.any("login", "lea")
			server.ClearFaults()
			server.Inject(pronotetest.Fault{Kind: fault, Function: function})
			h.any("sync")
			h.later()
		}
	}
	server.ClearFaults()
	h.around.Store(ptr(func(w http.ResponseWriter, r *http.Request, answer func()) {
		body, _ := io.ReadAll(r.Body) // of what cannot be read, nothing is repeated
		r.Body = io.NopCloser(bytes.NewReader(body))
		if strings.Contains(string(body), "Authentification") {
			w.WriteHeader(http.StatusForbidden)
			_, _ = fmt.Fprint(w, r.URL, r.Header, string(body), h.token())
			return
		}
		answer()
	}))
	h.any("sync")
	h.around.Store(nil)
	server.Revoke()
	h.any("sync")
	h.any("status", "--json")
	damaged := h.path("state/lea.device")
	whole, err := os.ReadFile(damaged)
	if err == nil {
		err = os.WriteFile(damaged, whole[:len(whole)-20], 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	h.any("check", "--online")
	h.search()
}

// A tokenHunt is a home whose secrets are noted as they come.
type tokenHunt struct {
	*home
	secrets []string
	said    []*process
}

// qr is the text of a new QR code.
func (h *tokenHunt) qr() string {
	text := h.server.Load().QR(pronote.KindStudent, "4826", h.url)
	var sealed struct{ Login, Jeton string }
	if err := json.Unmarshal([]byte(text), &sealed); err != nil {
		h.t.Fatal(err)
	}
	h.secrets = append(h.secrets, sealed.Jeton)
	return text
}

func (h *tokenHunt) types(lines ...string) { h.typed = strings.Join(lines, "\n") + "\n" }

func (h *tokenHunt) later() {
	for range 2 { // for the budget of logins
		h.AdvanceTo(pronote.DateTime{Date: h.Now().Date.AddDays(1), Hour: 18})
	}
}

func (h *tokenHunt) mustExit(want int, args ...string) {
	h.t.Helper()
	if code := h.any(args...); code != want {
		h.t.Errorf("%v: exit code %d, want %d:\n%s", args, code, want, h.said[len(h.said)-1].stderr.String())
	}
}

// any runs a command, however it ends, and notes the token that it leaves.
func (h *tokenHunt) any(args ...string) (code int) {
	h.t.Helper()
	code, p := h.run(append([]string{"--debug"}, args...)...)
	h.said, h.typed = append(h.said, p), ""
	if token := h.token(); token != "" && !slices.Contains(h.secrets, token) {
		h.secrets = append(h.secrets, token)
	}
	return code
}

// token is the one in the file.
func (h *tokenHunt) token() string {
	text, err := os.ReadFile(h.path("state/lea.device"))
	var kept struct{ Token string }
	if err != nil || json.Unmarshal(text, &kept) != nil {
		return ""
	}
	return kept.Token
}

var pins = regexp.MustCompile(`\b(4826|7391|7392)\b`)

func (h *tokenHunt) search() {
	h.t.Helper()
	for _, p := range h.said {
		h.look("pronote-sync "+strings.Join(p.cmd.Args[1:], " "), p.stdout.String()+p.stderr.String())
	}
	err := filepath.WalkDir(h.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || entry.Name() == "lea.device" {
			return err
		}
		text, err := os.ReadFile(path)
		h.look(path, string(text))
		return err
	})
	if err != nil {
		h.t.Error(err)
	}
	// The test would be worth nothing if there had been no secrets.
	if len(h.secrets) < 30 || len(h.said) < 40 {
		h.t.Errorf("there were only %d secrets and %d runs", len(h.secrets), len(h.said))
	}
}

func (h *tokenHunt) look(where, text string) {
	h.t.Helper()
	for _, secret := range h.secrets {
		if strings.Contains(strings.ToLower(text), strings.ToLower(secret)) {
			h.t.Errorf("%s holds the secret %s", where, secret)
		}
	}
	if !strings.HasSuffix(where, ".db") && !strings.HasSuffix(where, "-wal") && pins.MatchString(text) { // a database has any number in it
		h.t.Errorf("%s holds a PIN: %s", where, text)
	}
}
