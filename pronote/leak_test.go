package pronote_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

// canary is a password that must turn up nowhere.
const canary = "CanaryPassword7391"

// lockedBuffer is a log that several goroutines may write to.
type lockedBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

// TestNothingLeaks lets everything fail, at debug level, and looks for what must
// not be in errors and logs: the credentials, addresses beyond the host, the
// session's numbers, identifiers, names and contents.
func TestNothingLeaks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const username = "canary.username"
		server := newServer(pronotetest.Options{Profile: pronotetest.Newest()})
		r := relayTo(server)
		var log lockedBuffer
		options := &pronote.Options{
			Transport: r, Log: slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		}
		var said strings.Builder
		note := func(err error) {
			for ; err != nil; err = errors.Unwrap(err) {
				fmt.Fprintf(&said, "%v\n%+v\n%#v\n", err, err, err)
			}
		}
		k := &keeper{}
		options.KeepDevice = k.keep
		if _, err := k.byQR(t, server, r, pronote.KindStudent); err != nil {
			t.Fatal(err)
		}
		bad := pronote.Credentials{Username: username, Password: pronote.NewSecret(canary)}
		forbidden := []string{
			username, canary, pronotetest.Password, pronotetest.Username, "appelfonction", "bydlg", "eleve.html", "/pronote/",
			server.School().Pupil(), "105#", "46#", "79#", "echecReseau", "ielang",
		}
		_, err := pronote.Login(t.Context(), pronotetest.Address, bad, options)
		note(err)
		session, err := pronote.Login(t.Context(), pronotetest.Address, student, options)
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range pronotetest.FaultKinds {
			server.Inject(pronotetest.Fault{Kind: kind, Function: "page"})
			_, err := pronote.Login(t.Context(), pronotetest.Address, student, options)
			note(err)
			for _, function := range []string{"FonctionParametres", "Identification", "Authentification", "ParametresUtilisateur"} {
				if kind == "huge" {
					break // slow; once below is enough
				}
				for _, c := range []pronote.Credentials{student, mustOpen(t, server.QR(pronote.KindStudent, pin, pronotetest.Address)), {Device: k.Device}} {
					server.ClearFaults()
					server.Inject(pronotetest.Fault{Kind: kind, Function: function})
					_, err := pronote.Login(t.Context(), pronotetest.Address, c, options)
					note(err)
				}
			}
			server.ClearFaults()
			if session, err = pronote.Login(t.Context(), pronotetest.Address, student, options); err != nil {
				t.Fatal(err)
			}
			server.Inject(pronotetest.Fault{Kind: kind})
			note(ask(t.Context(), session))
			note(askElse(t.Context(), session))
			server.ClearFaults()
		}
		for _, broken := range []error{dialError(), errors.New("x")} {
			r.instead = failWith(broken)
			note(ask(t.Context(), session))
			_, err := pronote.Login(t.Context(), pronotetest.Address, bad, options)
			note(err)
		}
		for _, location := range []string{"https://other.example/cas?ticket=canary.username", "http://[canary.username", "http://0000001x.school.test/canary.username"} {
			r.instead = answerWith("page", 302, http.Header{"Location": {location}}, "")
			_, err := pronote.Login(t.Context(), pronotetest.Address, bad, options)
			note(err)
		}
		note(session.Close(t.Context()))

		for _, body := range r.bodies { // numbers of sessions and of requests
			for _, member := range []string{`"session":`, `"no":"`} {
				if _, rest, ok := strings.Cut(body, member); ok {
					forbidden = append(forbidden, rest[:strings.IndexAny(rest, `",}`)])
				}
			}
		}
		if said.Len() < 1000 || !strings.Contains(log.String(), `"request":"DernieresNotes"`) {
			t.Fatalf("too little was said to prove anything: %d bytes, %s", said.Len(), log.String())
		}
		if len(k.kept) < 50 {
			t.Errorf("only %d tokens were used", len(k.kept))
		}
		for _, d := range k.kept {
			forbidden = append(forbidden, d.UUID, d.Token.Reveal(), d.Browser)
			fmt.Fprintf(&said, "%v %+v %#v", d.Token, d.Unanswered, pronote.Credentials{QRToken: d.Token, PIN: d.Token, Device: pronote.Device{Unanswered: d.Token}})
		}
		for _, word := range slices.Compact(slices.Sorted(slices.Values(forbidden))) {
			if word == "" {
				continue
			}
			if strings.Contains(said.String(), word) {
				t.Errorf("an error holds %q", word)
			}
			if strings.Contains(log.String(), word) {
				t.Errorf("the log holds %q", word)
			}
		}
	})
}

// TestWhatOpensWithoutALoginNeverLeaks breaks the answers with the address of a
// calendar, with a person and with a file, and looks for them in errors and logs.
func TestWhatOpensWithoutALoginNeverLeaks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := newServer(pronotetest.Options{})
		var log lockedBuffer
		options := &pronote.Options{
			Transport: server.Transport(), Log: slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		}
		var said strings.Builder
		secret := ""
		failed := map[string]int{}
		for _, kind := range append([]string{""}, pronotetest.FaultKinds...) {
			for _, function := range []string{"PageInfosPerso", "GenerationPDF", "FichiersExternes"} {
				if kind == "huge" {
					continue // slow, and read nowhere
				}
				session, err := pronote.Login(t.Context(), pronotetest.Address, student, options)
				if err != nil {
					t.Fatal(err)
				}
				pupil := session.Students()[0]
				server.Inject(pronotetest.Fault{Kind: kind, Function: function})
				if function == "PageInfosPerso" {
					var address pronote.Secret
					if address, err = session.Calendar(t.Context(), pupil); kind == "" {
						secret = address.Reveal()
					}
				} else {
					_, _, err = download(t.Context(), session, session.TimetablePDF(pupil), megabyte, pronote.Resume{})
				}
				for ; err != nil; err = errors.Unwrap(err) {
					fmt.Fprintf(&said, "%v\n%+v\n%#v\n", err, err, err)
					failed[function]++
				}
				server.ClearFaults()
			}
		}
		u, err := url.Parse(secret)
		if err != nil || u.Query().Get("icalsecurise") == "" || len(failed) != 3 || !strings.Contains(log.String(), `"request":"PageInfosPerso"`) {
			t.Fatalf("too little was said to prove anything: %q, %v, %v", secret, err, failed)
		}
		for _, word := range []string{u.Query().Get("icalsecurise"), "icalsecurise", "FichiersExternes/", "?Session=", "Glycines", "famille@"} {
			if strings.Contains(said.String(), word) {
				t.Errorf("an error holds %q", word)
			}
			if strings.Contains(log.String(), word) {
				t.Errorf("the log holds %q", word)
			}
		}
	})
}
