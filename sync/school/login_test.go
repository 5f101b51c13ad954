package school

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

const pin = "4711"

// A drawer is where devices are kept.
type drawer struct {
	device pronote.Device
	full   error
	broken error
}

// newTokenTestbed is a testbed whose account logs in by token. Nobody has run login
// yet.
func newTokenTestbed(t *testing.T) (*testbed, *drawer) {
	t.Helper()
	w, d := newTestbed(t, 1, pronote.KindStudent, pronotetest.Options{}), &drawer{}
	a := &w.account
	a.ByToken, a.Device, a.Credentials = true, "cuisine", pronote.Credentials{Kind: pronote.KindStudent}
	a.LoadDevice = func() (pronote.Device, error) { return d.device, d.broken }
	a.KeepDevice = func(device pronote.Device) error {
		if d.full == nil {
			d.device = device
		}
		return d.full
	}
	w.restart()
	return w, d
}

// scan logs in with a QR code, as pronote-sync login does.
func (w *testbed) scan() error {
	w.t.Helper()
	qr, err := pronote.ParseQR(w.server.QR(pronote.KindStudent, pin, pronotetest.Address))
	if err != nil {
		w.t.Fatal(err)
	}
	c, err := qr.Open(pronote.NewSecret(pin))
	if err != nil {
		w.t.Fatal(err)
	}
	c.PIN = pronote.NewSecret(pin)
	_, err = LoginWith(w.t.Context(), w.engine, "famille", c)
	return err
}

func (w *testbed) phase() db.Phase { return w.engine.Status()[0].Phase }

// titles are the first words of what maman was told.
func (w *testbed) titles() (titles []string) {
	w.deliver()
	for _, m := range w.inbox.take() {
		titles = append(titles, m.Title)
	}
	return titles
}

func TestTokenOfAnAccount(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, d := newTokenTestbed(t)
		w.server.Protect(pin)
		w.at(pronote.DateTime{Date: pronote.Date{Year: 2025, Month: time.September, Day: 22}, Hour: 17})
		if err := w.scan(); err != nil {
			t.Fatal(err)
		}
		if names := w.server.Devices(pronote.KindStudent); len(names) != 1 || names[0] != "cuisine" {
			t.Errorf("the account knows %q", names)
		}
		seen := map[string]bool{}
		for range 5 {
			w.poll()
			if seen[d.device.Token.Reveal()] {
				t.Error("a token is kept twice")
			}
			seen[d.device.Token.Reveal()] = true
			w.server.Rotate()
			w.restart()
			w.at(pronote.DateTimeOf(time.Now().In(w.paris).Add(time.Hour)))
		}
	})
}

// A token that was revoked suspends the account, of which people are told once,
// until somebody has run login.
func TestTokenThatWasRevoked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, d := newTokenTestbed(t)
		if err := w.scan(); err != nil {
			t.Fatal(err)
		}
		w.poll()
		w.titles()
		w.server.Revoke()
		w.server.Rotate()
		for range 3 {
			if _, err := w.engine.Poll(t.Context(), "famille"); err == nil {
				t.Fatal("a token that was revoked is taken")
			}
			w.restart()
		}
		if told := w.titles(); len(told) != 1 || !strings.Contains(told[0], "demande un nouveau QR code") {
			t.Errorf("told %q", told)
		}
		asked := len(w.server.Requests())
		if w.phase() != db.Suspended || asked == 0 {
			t.Errorf("phase %s", w.phase())
		}
		if err := w.scan(); err != nil {
			t.Fatal(err)
		}
		w.poll()
		if told := w.titles(); w.phase() != db.Ready || len(told) != 1 {
			t.Errorf("phase %s, told %q", w.phase(), told)
		}

		// The same, where the program stops before it can note that all is well.
		w.server.Revoke()
		w.server.Rotate()
		w.restart()
		if _, err := w.engine.Poll(t.Context(), "famille"); !errors.Is(err, pronote.ErrToken) {
			t.Fatalf("poll: %v, want ErrToken", err)
		}
		uuid := d.device.UUID
		if err := w.scan(); err != nil || d.device.UUID == uuid {
			t.Fatalf("login: %v, device %s after %s", err, d.device.UUID, uuid)
		}
		w.config.Accounts[0].Fingerprint = "second" // since the device is another one
		w.restart()
		w.poll()
	})
}

func TestAccountsWithoutAToken(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, d := newTokenTestbed(t)
		_, err := w.engine.Poll(t.Context(), "famille")
		if err == nil || !errors.Is(err, ErrNoToken) || w.phase() != db.Suspended || !Judge(err).NeedsPerson {
			t.Errorf("poll: %v, phase %s", err, w.phase())
		}
		if len(w.server.Requests()) > 0 {
			t.Error("the school was asked")
		}
		d.broken = errors.New("state/famille.device is damaged: delete it")
		if _, err := w.engine.TryLogin(t.Context(), "famille"); !errors.Is(err, d.broken) {
			t.Errorf("login: %v", err)
		}
		if told := w.titles(); len(told) != 1 {
			t.Errorf("told %q", told)
		}
	})
}

// A connection that broke at the answer of a login, and then one 503, once cost
// the token, and somebody had to make a new QR code.
func TestA503AfterACutOffLoginCostsNoToken(t *testing.T) {
	alone(t, func(t *testing.T) {
		w, _ := newTokenTestbed(t)
		broken, down := false, false
		w.account.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
			if down {
				return &http.Response{StatusCode: http.StatusServiceUnavailable, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
			}
			var body []byte
			if r.Body != nil {
				body, _ = io.ReadAll(r.Body) // of a buffer
				r.Body = io.NopCloser(bytes.NewReader(body))
			}
			resp, err := w.server.Transport().RoundTrip(r)
			if broken && bytes.Contains(body, []byte(`"Authentification"`)) {
				return nil, io.ErrUnexpectedEOF
			}
			return resp, err
		})
		w.restart()
		if err := w.scan(); err != nil {
			t.Fatal(err)
		}
		w.poll()
		w.server.Rotate()
		w.restart()
		try := func(want error) {
			t.Helper()
			_, err := w.engine.Poll(t.Context(), "famille")
			if want != nil && !errors.Is(err, want) || w.phase() != db.Waiting {
				t.Errorf("poll: %v in phase %s, want %v and to wait", err, w.phase(), want)
			}
			w.restart() // killed
		}
		broken = true
		try(io.ErrUnexpectedEOF)
		broken, down = false, true
		try(pronote.ErrUnanswered)
		down = false
		w.poll()
		if told := w.titles(); w.phase() != db.Ready || len(told) != 1 {
			t.Errorf("phase %s, told %q, want the first mirror alone", w.phase(), told)
		}
	})
}

// A disk that is full costs no token.
func TestTokenOnAFullDisk(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, d := newTokenTestbed(t)
		if err := w.scan(); err != nil {
			t.Fatal(err)
		}
		w.poll()
		w.server.Rotate()
		w.restart()
		d.full = errors.New("no space left on device")
		if _, err := w.engine.Poll(t.Context(), "famille"); !errors.Is(err, d.full) || w.phase() != db.Waiting {
			t.Errorf("poll: %v, phase %s", err, w.phase())
		}
		d.full = nil
		w.poll()
	})
}

// An account with a password and a PIN gives the PIN once.
func TestPINOfAnAccount(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, d := newTokenTestbed(t)
		a := &w.account
		a.ByToken = false
		a.Credentials.Username, a.Credentials.Password = pronotetest.Username, pronote.NewSecret(pronotetest.Password)
		w.server.Protect(pin)
		w.restart()
		if _, err := w.engine.Poll(t.Context(), "famille"); !errors.Is(err, pronote.ErrSecondFactor) || w.phase() != db.Suspended {
			t.Errorf("poll without the PIN: %v, phase %s", err, w.phase())
		}
		a.Credentials.PIN, w.config.Accounts[0].Fingerprint = pronote.NewSecret(pin), "with the PIN"
		w.restart()
		w.poll()
		if d.device.Browser == "" || d.device.CanLogin() {
			t.Errorf("kept %+v", d.device)
		}
		a.Credentials.PIN = pronote.Secret{}
		w.server.Rotate()
		w.restart()
		w.poll()
	})
}
