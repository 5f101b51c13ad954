package pronote_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

const pin = "4711"

// A keeper keeps a device, as a file does, and all that it ever was.
type keeper struct {
	pronote.Device
	kept []pronote.Device
	err  error
}

func (k *keeper) keep(d pronote.Device) error {
	if k.err != nil {
		return k.err
	}
	k.Device = d
	k.kept = append(k.kept, d)
	return nil
}

// byQR logs in with a new QR code.
func (k *keeper) byQR(t *testing.T, server *pronotetest.Server, through http.RoundTripper, viewer pronote.Kind) (*pronote.Session, error) {
	t.Helper()
	return k.withQR(t, mustOpen(t, server.QR(viewer, pin, pronotetest.Address)), through)
}

func (k *keeper) withQR(t *testing.T, c pronote.Credentials, through http.RoundTripper) (*pronote.Session, error) {
	t.Helper()
	c.Device, c.PIN = pronote.Device{Name: "cuisine"}, pronote.NewSecret(pin)
	return pronote.Login(t.Context(), pronotetest.Address, c, &pronote.Options{Transport: through, KeepDevice: k.keep})
}

// byToken logs in with the token that is kept.
func (k *keeper) byToken(t *testing.T, through http.RoundTripper) (*pronote.Session, error) {
	t.Helper()
	return pronote.Login(t.Context(), pronotetest.Address, pronote.Credentials{Device: k.Device}, &pronote.Options{Transport: through, KeepDevice: k.keep})
}

func mustOpen(t *testing.T, text string) pronote.Credentials {
	t.Helper()
	qr, err := pronote.ParseQR(text)
	if err != nil {
		t.Fatal(err)
	}
	c, err := qr.Open(pronote.NewSecret(pin))
	if err != nil || qr.Address+"/" != pronotetest.Address {
		t.Fatal(err, qr.Address)
	}
	return c
}

// A QR code opens the account once; from then on each login gives the token for
// the next one.
func TestTokensOfEveryVersion(t *testing.T) {
	t.Parallel()
	for i, p := range pronotetest.Profiles {
		t.Run(p.Version, func(t *testing.T) {
			t.Parallel()
			server := newServer(pronotetest.Options{Profile: p, Encrypt: i%2 == 1, Compress: i/2%2 == 1})
			r, k := relayTo(server), &keeper{}
			viewer := []pronote.Kind{pronote.KindStudent, pronote.KindParent}[i%2]
			session, err := k.byQR(t, server, r, viewer)
			if err != nil {
				t.Fatal(err)
			}
			if want := 1 + i%2; len(session.Students()) != want {
				t.Errorf("%d students, want %d", len(session.Students()), want)
			}
			uuid := k.UUID
			for range 3 {
				spent := *k
				if session, err = pronote.Login(t.Context(), pronotetest.Address, pronote.Credentials{Kind: viewer, Device: k.Device},
					&pronote.Options{Transport: r, KeepDevice: k.keep}); err != nil {
					t.Fatal(err)
				}
				if k.Token.Reveal() == spent.Token.Reveal() || k.UUID != uuid || k.Browser == "" || k.Browser != spent.Browser {
					t.Errorf("after %+v the device is %+v", spent.Device, k.Device)
				}
				if _, err := spent.byToken(t, server.Transport()); viewer == pronote.KindStudent && !errors.Is(err, pronote.ErrToken) {
					t.Errorf("login by a token that is spent: %s, want ErrToken", describe(err))
				}
			}
			if _, _, err := session.Marks(t.Context(), session.Students()[0], session.Students()[0].Periods[0]); err != nil {
				t.Error(err)
			}
		})
	}
}

// The next token is kept before the session is used for anything else, and what
// it takes to ask for it again before it is asked for.
func TestTokenIsKeptFirst(t *testing.T) {
	t.Parallel()
	server := newServer(pronotetest.Options{})
	r, k := relayTo(server), &keeper{}
	if _, err := k.byQR(t, server, r, pronote.KindStudent); err != nil {
		t.Fatal(err)
	}
	var order []string
	r.sent = nil
	_, err := pronote.Login(t.Context(), pronotetest.Address, pronote.Credentials{Device: k.Device}, &pronote.Options{
		Transport: r,
		KeepDevice: func(d pronote.Device) error {
			order = append(order, r.sent[len(r.sent)-1]+" "+map[bool]string{true: "next token", false: "question"}[d.Unanswered.IsZero()])
			return nil
		},
	})
	if want := []string{"Identification question", "Authentification next token"}; err != nil || !slices.Equal(order, want) {
		t.Errorf("kept after %q, want %q: %v", order, want, err)
	}
}

func TestLoginEndsWhereNothingCanBeKept(t *testing.T) {
	t.Parallel()
	full := errors.New("no space left")
	server := newServer(pronotetest.Options{})
	k := &keeper{err: full}
	r := relayTo(server)
	_, err := k.byQR(t, server, r, pronote.KindStudent)
	if !errors.Is(err, full) || r.sent[len(r.sent)-1] != "Authentification" {
		t.Fatalf("login: %s after %v, want it given up after Authentification", describe(err), r.sent)
	}
	checkSentence(t, err)
	k.err = nil
	if _, err := k.byQR(t, server, r, pronote.KindStudent); err != nil {
		t.Fatal(err)
	}
	k.err = full // the token must not be spent
	if _, err := k.byToken(t, r); !errors.Is(err, full) || r.sent[len(r.sent)-1] != "Identification" {
		t.Fatalf("login: %s after %v, want it given up before Authentification", describe(err), r.sent)
	}
	k.err = nil
	if _, err := k.byToken(t, r); err != nil {
		t.Error(err)
	}
	r.sent = nil
	_, err = pronote.Login(t.Context(), pronotetest.Address, pronote.Credentials{Device: k.Device}, &pronote.Options{Transport: r})
	if err == nil || len(r.sent) > 0 {
		t.Errorf("login without KeepDevice: %v after %v", err, r.sent)
	}
}

// A login that is cut off at any request, before the server or after it, leaves
// a device that logs in: although the server voids a token at once.
func TestCutOffLoginsKeepTheirToken(t *testing.T) {
	t.Parallel()
	for _, pinned := range []bool{false, true} {
		for _, encrypt := range []bool{false, true} {
			server := newServer(pronotetest.Options{Encrypt: encrypt, Compress: encrypt})
			k := &keeper{}
			if _, err := k.byQR(t, server, server.Transport(), pronote.KindStudent); err != nil {
				t.Fatal(err)
			}
			for _, function := range []string{"page", "FonctionParametres", "Identification", "Authentification", "SecurisationCompteDoubleAuth", "ParametresUtilisateur"} {
				for _, trouble := range []string{"reset", "lost"} {
					if pinned {
						server.Protect(pin)
					} else if function == "SecurisationCompteDoubleAuth" {
						continue
					}
					r := relayTo(server)
					r.trouble = map[string][]string{function: {"", trouble, trouble, trouble}}
					if function != "SecurisationCompteDoubleAuth" {
						r.trouble[function] = r.trouble[function][1:]
					}
					c := pronote.Credentials{Device: k.Device, PIN: pronote.NewSecret(pin)}
					options := &pronote.Options{Transport: r, KeepDevice: k.keep, Repeat: time.Microsecond}
					if _, err := pronote.Login(t.Context(), pronotetest.Address, c, options); err == nil {
						t.Fatalf("%s of %s: the login succeeds", trouble, function)
					}
					c.Device, r.trouble = k.Device, nil
					if _, err := pronote.Login(t.Context(), pronotetest.Address, c, options); err != nil {
						t.Fatalf("after %s of %s: %v", trouble, function, err)
					}
				}
			}
		}
	}
}

// Where the server has forgotten the login that was cut off, the old token
// is tried, and where it cannot be reached, nothing.
func TestCutOffLoginThatIsForgotten(t *testing.T) {
	t.Parallel()
	server := newServer(pronotetest.Options{})
	k := &keeper{}
	if _, err := k.byQR(t, server, server.Transport(), pronote.KindStudent); err != nil {
		t.Fatal(err)
	}
	r := relayTo(server)
	r.trouble = map[string][]string{"Authentification": {"reset", "reset", "reset"}}
	options := &pronote.Options{Transport: r, KeepDevice: k.keep, Repeat: time.Microsecond}
	if _, err := pronote.Login(t.Context(), pronotetest.Address, pronote.Credentials{Device: k.Device}, options); err == nil || k.Unanswered.IsZero() {
		t.Fatalf("login: %v, want it cut off", err)
	}
	r.instead = failWith(dialError())
	r.sent = nil
	if _, err := k.byToken(t, r); err == nil || k.Unanswered.IsZero() || len(r.sent) != 1 {
		t.Errorf("without a network: %v after %v", err, r.sent)
	}
	r.instead, r.sent = nil, nil
	server.Rotate()
	if _, err := k.byToken(t, r); err != nil || r.sent[0] != "Authentification" || r.sent[1] != "page" {
		t.Errorf("after the server has forgotten: %v after %v", err, r.sent)
	}
}

func TestRefusedTokens(t *testing.T) {
	t.Parallel()
	for _, p := range []string{"2025.2.8", "2026.2.5"} {
		server := newServer(pronotetest.Options{Profile: profile(t, p)})
		k := &keeper{}
		if _, err := k.byQR(t, server, server.Transport(), pronote.KindStudent); err != nil {
			t.Fatal(err)
		}
		server.Revoke()
		r := relayTo(server)
		_, err := k.byToken(t, r)
		if !errors.Is(err, pronote.ErrToken) || r.count("page") != 1 {
			t.Errorf("login by a token that was revoked: %s after %d logins, want ErrToken after one", describe(err), r.count("page"))
		}
		checkSentence(t, err)
	}
}

// Since 2026.2.4 a token is for telephones alone.
func TestTokensAreForTelephones(t *testing.T) {
	t.Parallel()
	server := newServer(pronotetest.Options{})
	k := &keeper{}
	if _, err := k.byQR(t, server, desktop{server.Transport()}, pronote.KindStudent); !errors.Is(err, pronote.ErrQRCode) {
		t.Errorf("login from a desktop: %s, want ErrQRCode", describe(err))
	}
}

// desktop claims that requests come from one.
type desktop struct{ http.RoundTripper }

func (d desktop) RoundTrip(r *http.Request) (*http.Response, error) {
	r.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0")
	return d.RoundTripper.RoundTrip(r)
}

func TestQRCodes(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"2025.2.8", "2026.2.5"} {
		server := pronotetest.NewServer(world.NewSchool(7, 2025), pronotetest.Options{Profile: profile(t, version)}) // its clock runs
		k := &keeper{}
		c := mustOpen(t, server.QR(pronote.KindStudent, pin, pronotetest.Address))
		if _, err := k.withQR(t, c, server.Transport()); err != nil {
			t.Fatal(err)
		}
		_, err := k.withQR(t, c, server.Transport())
		if !errors.Is(err, pronote.ErrQRCode) {
			t.Errorf("a QR code that was used: %s, want ErrQRCode", describe(err))
		}
		checkSentence(t, err)
		c = mustOpen(t, server.QR(pronote.KindStudent, pin, pronotetest.Address))
		later := server.School().Now()
		later.Minute += 11
		server.School().AdvanceTo(later)
		if _, err := k.withQR(t, c, server.Transport()); !errors.Is(err, pronote.ErrQRCode) {
			t.Errorf("a QR code that has expired: %s, want ErrQRCode", describe(err))
		}
		if _, err := k.byToken(t, server.Transport()); err != nil {
			t.Errorf("login by token after a QR code was refused: %v", err)
		}
	}
}

// A session, whatever it was opened by, gives a token to another device.
func TestQROfASession(t *testing.T) {
	t.Parallel()
	server := newServer(pronotetest.Options{})
	qr, err := mustLogin(t, server.Transport()).QR(t.Context(), pronote.NewSecret(pin))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := qr.Open(pronote.NewSecret("1111")); !errors.Is(err, pronote.ErrQRPIN) {
		t.Errorf("Open with another PIN: %s, want ErrQRPIN", describe(err))
	}
	c, err := qr.Open(pronote.NewSecret(pin))
	if err != nil {
		t.Fatal(err)
	}
	k := &keeper{}
	if _, err := k.withQR(t, c, server.Transport()); err != nil {
		t.Fatal(err)
	}
	if _, err := k.byToken(t, server.Transport()); err != nil {
		t.Error(err)
	}
}

func TestParseQR(t *testing.T) {
	t.Parallel()
	sealed := strings.Repeat("0f", 16)
	for _, tt := range []struct {
		text string
		want error
		at   string
		kind pronote.Kind
	}{
		{`{"avecPageConnexion":false,"jeton":"` + sealed + `","login":"` + sealed + `","url":"https://a.test/pronote/mobile.eleve.html"}`, nil, "https://a.test/pronote", pronote.KindStudent},
		{" \ufeff{\"jeton\":\"" + sealed + `","login":"` + sealed + `","url":"https://a.test/pronote/parent.html?identifiant=ABCD#/mobile.parent.html"}` + "\n", nil, "https://a.test/pronote", pronote.KindParent},
		{`{"jeton":"` + sealed + `","login":"` + sealed + `","url":"https://a.test/pronote/mobile.professeur.html"}`, pronote.ErrNotFamily, "", ""},
		{`{"jeton":"` + sealed + `","login":"` + sealed + `","url":"https://a.test/pronote/"}`, pronote.ErrNotFamily, "", ""},
		{`{"jeton":"` + sealed + `","login":"` + sealed + `"}`, pronote.ErrNotQR, "", ""},
		{`{"jeton":"` + sealed + `","login":"0f","url":"https://a.test/pronote/mobile.eleve.html"}`, pronote.ErrNotQR, "", ""},
		{`{"jeton":"` + sealed[1:] + `z","login":"` + sealed + `","url":"https://a.test/pronote/mobile.eleve.html"}`, pronote.ErrNotQR, "", ""},
		{`https://www.example.org/`, pronote.ErrNotQR, "", ""},
		{`WIFI:S:maison;T:WPA;P:secret;;`, pronote.ErrNotQR, "", ""},
		{`{}`, pronote.ErrNotQR, "", ""},
		{`[]`, pronote.ErrNotQR, "", ""},
		{``, pronote.ErrNotQR, "", ""},
		{strings.Repeat(" ", 1<<20) + "x" + strings.Repeat("{", 9<<10), pronote.ErrNotQR, "", ""},
	} {
		qr, err := pronote.ParseQR(tt.text)
		if !errors.Is(err, tt.want) || qr.Address != tt.at || qr.Kind != tt.kind {
			t.Errorf("ParseQR(%.80q) = %+v, %v, want %v", tt.text, qr, err, tt.want)
		}
		if err != nil {
			checkSentence(t, err)
		}
	}
}

// The sealed texts are not of our making.
func TestOpenQRWithKnownAnswers(t *testing.T) {
	t.Parallel()
	qr, err := pronote.ParseQR(`{"avecPageConnexion":false,"jeton":"564415e0e4520aee507905d378d7c9c61e8ffb4ab322dd1487e0bc33be11dc65a1b4bc018ebb19e9fc78703d5f6e8ff5",` +
		`"login":"4b62d2a09f41e72a91a4287324cba69f","url":"https://0123456a.index-education.net/pronote/mobile.parent.html"}`)
	if err != nil {
		t.Fatal(err)
	}
	c, err := qr.Open(pronote.NewSecret("1234"))
	if err != nil || c.Username != "CMARTIN" || c.QRToken.Reveal() != "0A1B2C3D4E5F60718293A4B5C6D7E8F9" || c.Kind != pronote.KindParent {
		t.Errorf("credentials %+v, %v", c, err)
	}
}

func TestPINOfAQRCode(t *testing.T) {
	t.Parallel()
	qr, err := pronote.ParseQR(newServer(pronotetest.Options{}).QR(pronote.KindStudent, pin, pronotetest.Address))
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []string{"", "0000", "471", "47110", "abcd", "٤٧١١", " 4711"} {
		if _, err := qr.Open(pronote.NewSecret(wrong)); !errors.Is(err, pronote.ErrQRPIN) {
			t.Errorf("Open(%q): %s, want ErrQRPIN", wrong, describe(err))
		}
	}
}
