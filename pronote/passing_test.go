package pronote_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

var storms = flag.Int("storms", 200, "troubled logins by token in TestNothingPassingLosesTheToken")

// A weather stands between a client and a server, and spoils some answers in a
// row: before the server has seen the request, or after it has answered.
type weather struct {
	next    http.RoundTripper
	rand    *rand.Rand
	strike  int // number of the request, from 0
	strikes int // in a row
	sent    int
	spoilt  []string // what was done, for the log
}

// gather lets the next login meet with trouble, half the time where a token can be
// lost: at its fourth request, whose answer has the next one, and at the first
// request of a login that asks for that answer again.
func (w *weather) gather(unanswered bool) {
	w.sent, w.strike, w.strikes = 0, w.rand.IntN(7), 1+w.rand.IntN(4)
	if w.rand.IntN(2) == 0 {
		w.strike = map[bool]int{true: 0, false: 3}[unanswered]
	}
}

// RoundTrip implements http.RoundTripper.
func (w *weather) RoundTrip(r *http.Request) (*http.Response, error) {
	w.sent++
	if w.sent <= w.strike || w.sent > w.strike+w.strikes {
		return w.next.RoundTrip(r)
	}
	trouble, real := passingTroubles[w.rand.IntN(len(passingTroubles))], ""
	if w.rand.IntN(2) == 0 {
		resp, err := w.next.RoundTrip(r)
		if err != nil {
			return nil, err
		}
		text, err := io.ReadAll(resp.Body)
		if err != nil {
			return nil, err
		}
		real = string(text)
	}
	w.spoilt = append(w.spoilt, fmt.Sprintf("request %d: %s (seen by the server: %t)", w.sent, trouble.name, real != ""))
	return trouble.answer(r, real, w.rand)
}

// A passingTrouble is one thing that comes in place of an answer, and goes again.
type passingTrouble struct {
	name   string
	answer func(r *http.Request, real string, chance *rand.Rand) (*http.Response, error)
}

func page(name string, status int, body string) passingTrouble {
	return passingTrouble{name, func(r *http.Request, _ string, _ *rand.Rand) (*http.Response, error) {
		return response(r, status, nil, body), nil
	}}
}

func failure(name string, err error) passingTrouble {
	return passingTrouble{name, func(*http.Request, string, *rand.Rand) (*http.Response, error) { return nil, err }}
}

// passingTroubles is every kind of answer that says nothing about the account:
// broken lines, what proxies, filters and captive portals send, and what PRONOTE
// says of everybody.
var passingTroubles = []passingTrouble{
	failure("reset", syscall.ECONNRESET),
	failure("cut off", io.ErrUnexpectedEOF),
	failure("no network", dialError()),
	failure("timeout", context.DeadlineExceeded),
	failure("another certificate", &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}),
	page("500", http.StatusInternalServerError, "Internal Server Error"),
	page("502", http.StatusBadGateway, "<html>Bad Gateway</html>"),
	page("503", http.StatusServiceUnavailable, "Service Unavailable"),
	page("504", http.StatusGatewayTimeout, ""),
	page("429", http.StatusTooManyRequests, "Too Many Requests"),
	page("401", http.StatusUnauthorized, ""),
	page("403", http.StatusForbidden, "<html>Accès refusé par le filtre</html>"),
	page("404", http.StatusNotFound, "<html>Not Found</html>"),
	page("407", http.StatusProxyAuthRequired, ""),
	page("419", 419, "<html><title>La page a expiré</title></html>"),
	page("a stranger's page", http.StatusOK, "<html><body>Bienvenue sur le Wi-Fi de la gare</body></html>"),
	page("a stranger's expired page", http.StatusOK, "<html><body>La page a expiré</body></html>"),
	page("nothing", http.StatusOK, ""),
	page("a stranger's JSON", http.StatusOK, `{"status":"ok"}`),
	page("an empty object", http.StatusOK, `{}`),
	page("garbage", http.StatusOK, "\x00\x01PRONOTE{{{"),
	page("no data", http.StatusOK, `{"session":1,"no":"","id":"","dataSec":{}}`),
	page("busy", http.StatusOK, `<html><body>Le site est momentan&eacute;ment indisponible</body></html>`),
	page("busy, 503", http.StatusServiceUnavailable, `<html><body>Le site est momentan&eacute;ment indisponible</body></html>`),
	page("closed", http.StatusOK, `<html><body>Le site n'est pas disponible</body></html>`),
	page("banned", http.StatusOK, `<html><body>Votre adresse IP est provisoirement suspendue !</body></html>`),
	page("too many", http.StatusOK, `{"Erreur":{"G":25,"Titre":"Vous avez dépassé le nombre d'autorisations"}}`),
	page("not understood", http.StatusOK, `{"Erreur":{"G":21,"Titre":"Impossible d'afficher la page"}}`),
	page("in parallel", http.StatusOK, `{"Erreur":{"G":14,"Titre":"La page a expiré ! (7)"}}`),
	page("an error", http.StatusOK, `{"Erreur":{"G":0,"Titre":"Une erreur est survenue"}}`),
	{"a captive portal", func(r *http.Request, _ string, _ *rand.Rand) (*http.Response, error) {
		return response(r, http.StatusFound, http.Header{"Location": {"https://wifi.example.test/login"}}, ""), nil
	}},
	{"truncated", func(r *http.Request, real string, chance *rand.Rand) (*http.Response, error) {
		return response(r, http.StatusOK, nil, real[:chance.IntN(max(1, len(real)))]), nil
	}},
}

// A 503 in place of the answer that a login had not lived to read once cost the
// token: somebody had to make a new QR code. Whatever stands in for any answer,
// at any request, as often as it likes: the next login in fair weather succeeds.
func TestNothingPassingLosesTheToken(t *testing.T) {
	t.Parallel()
	chance := rand.New(rand.NewPCG(8, 1))
	for i := 0; i < *storms; {
		server := pronotetest.NewServer(calmSchool(), pronotetest.Options{Encrypt: i%2 == 0, Compress: i%4 < 2, Profile: pronotetest.Profiles[i/100%len(pronotetest.Profiles)]})
		k := &keeper{}
		if _, err := k.byQR(t, server, server.Transport(), pronote.KindStudent); err != nil {
			t.Fatal(err)
		}
		pinned := i%200 >= 100
		if pinned {
			server.Protect(pin)
		}
		for range 100 {
			i++
			w := &weather{next: server.Transport(), rand: chance}
			full := errors.New("no space left on device")
			options := &pronote.Options{Transport: w, Repeat: time.Nanosecond, KeepDevice: func(d pronote.Device) error {
				if w.strikes > 0 && chance.IntN(20) == 0 {
					w.spoilt = append(w.spoilt, "disk full")
					return full
				}
				return k.keep(d)
			}}
			login := func() error {
				_, err := pronote.Login(t.Context(), pronotetest.Address, pronote.Credentials{Device: k.Device, PIN: pronote.NewSecret(pin)}, options)
				return err
			}
			for range 1 + chance.IntN(4) {
				w.gather(!k.Unanswered.IsZero())
				err := login()
				for _, final := range []error{pronote.ErrToken, pronote.ErrCredentials, pronote.ErrPIN, pronote.ErrProtection, pronote.ErrSecondFactor} {
					if errors.Is(err, final) {
						t.Fatalf("login %d: %s in this weather: %s", i, describe(err), strings.Join(w.spoilt, ", "))
					}
				}
			}
			w.strikes = 0
			if err := login(); err != nil {
				t.Fatalf("login %d in fair weather: %s, after %s", i, describe(err), strings.Join(w.spoilt, ", "))
			}
		}
	}
}
