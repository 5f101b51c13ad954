package cas_test

import (
	"bytes"
	"errors"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/publicsuffix"

	"github.com/pronote-sync/pronote-sync/cas"
	"github.com/pronote-sync/pronote-sync/cas/castest"
)

// samples are one portal for each engine.
func samples() []cas.Portal {
	var list []cas.Portal
	for _, p := range cas.Portals() {
		if p.Engine != "" && !slices.ContainsFunc(list, func(q cas.Portal) bool { return q.Engine == p.Engine }) {
			list = append(list, p)
		}
	}
	return list
}

// mishaps are what each must be told as, and how often the password may have
// been sent until then.
var mishaps = []struct {
	mishap castest.Mishap
	reason cas.Reason
	posts  int
}{
	{castest.Locked, cas.AccountLocked, 1},
	{castest.TwoLeft, cas.WrongPassword, 1},
	{castest.Captcha, cas.Captcha, 0},
	{castest.Terms, cas.TermsToAccept, 1},
	{castest.Expired, cas.PasswordExpired, 1},
	{castest.Birthday, cas.IdentityCheck, 1},
	{castest.Second, cas.SecondFactor, 1},
	{castest.Telephone, cas.PortalChanged, 1},
	{castest.Stranger, cas.UnknownThere, 1},
	{castest.Forbidden, cas.NotAllowed, 0},
	{castest.Crowded, cas.Overloaded, 1},
	{castest.Closed, cas.Maintenance, 0},
	{castest.Network, cas.NetworkRefused, 0},
	{castest.Rebuilt, cas.PortalChanged, 0},
	{castest.TwoAccounts, cas.AccountChoice, 1},
	{castest.Blocked, cas.AccountBlocked, 1},
	{castest.Profile, cas.AccountBlocked, 1},
	{castest.Unavailable, cas.Maintenance, 1},
	{castest.Reset, cas.PasswordExpired, 1},
	{castest.Activation, cas.NotActivated, 1},
	{castest.BirthdayByID, cas.IdentityCheck, 1},
}

// can reports whether a mishap exists at a portal.
func can(p cas.Portal, m castest.Mishap) bool {
	switch m {
	case castest.Stranger:
		return p.EduConnect() || p.Engine == "oze"
	case castest.Network, castest.Telephone, castest.BirthdayByID:
		return p.EduConnect()
	case castest.Blocked, castest.Profile, castest.Unavailable:
		return strings.HasPrefix(p.Engine, "entcore_")
	case castest.Reset, castest.Activation:
		return p.Engine == "entcore_form"
	case castest.TwoAccounts:
		return p.Engine == "entcore_educonnect"
	}
	return true
}

// fetch walks through the portal alone, without what PRONOTE makes of it.
func fetch(t testing.TB, transport *http.Transport, login cas.Login) error {
	t.Helper()
	t.Cleanup(transport.CloseIdleConnections)
	jar, err := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List})
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+schoolHost+"/pronote/eleve.html", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0")
	_, err = login.Fetch(&http.Client{Transport: transport, Jar: jar}, req)
	return err
}

// TestMishaps lets everything go wrong at every engine: the error must say what,
// the password be sent no more than once, and the trace tell the same story
// without a value in it.
func TestMishaps(t *testing.T) {
	t.Parallel()
	for _, p := range samples() {
		t.Run(p.Engine, func(t *testing.T) {
			t.Parallel()
			for _, m := range mishaps {
				if !can(p, m.mishap) {
					continue
				}
				t.Run(string(m.mishap), func(t *testing.T) {
					t.Parallel()
					s := newScene(t, p, pupil)
					s.Mishap = m.mishap
					s.prove(t, m.reason, m.posts)
				})
			}
			t.Run("wrong password", func(t *testing.T) {
				t.Parallel()
				s := newScene(t, p, pupil)
				s.Person.Password = "another"
				s.prove(t, cas.WrongPassword, 1)
			})
			t.Run("nothing", func(t *testing.T) {
				t.Parallel()
				newScene(t, p, pupil).prove(t, "", 1)
			})
		})
	}
}

// prove logs in, and looks at the error, the requests and the trace.
func (s *scene) prove(t *testing.T, reason cas.Reason, posts int) {
	t.Helper()
	var trace bytes.Buffer
	s.login.Trace = &trace
	err := fetch(t, s.Transport(), s.login)
	checkReason(t, err, reason)
	sent := 0
	for _, n := range s.posts() {
		sent += n
	}
	if sent != posts {
		t.Errorf("the password was sent %d times, want %d", sent, posts)
	}
	var known *cas.Error
	passing := reason == cas.Overloaded || reason == cas.Maintenance
	switch {
	case errors.As(err, &known) && known.NeedsPerson() == passing:
		t.Errorf("whether a person is needed for %v: %t", err, known.NeedsPerson())
	case known != nil && (known.Sent != (sent > 0) || known.Sent && known.Patience() > 0):
		t.Errorf("%v says that the password was sent: %t, and waits for %s", err, known.Sent, known.Patience())
	case known != nil && s.Mishap == castest.TwoLeft && known.Left != 2:
		t.Errorf("got %d attempts left in %v", known.Left, err)
	case s.Mishap == castest.Rebuilt && !strings.Contains(known.Detail, "courriel"):
		t.Errorf("the new field is not told: %v", err)
	}
	s.checkMasked(t, trace.String(), err)

	replay, broken := castest.NewReplay(&trace, schoolHost)
	if broken != nil {
		t.Fatal(broken)
	}
	t.Cleanup(replay.Close)
	s.login.Trace = nil
	again := fetch(t, replay.Transport(), s.login)
	if reason == "" {
		reason = cas.NotTaken // PRONOTE's page is not in the trace
	}
	checkReason(t, again, reason)
	if replay.Left() != 0 {
		t.Errorf("%d requests of the trace were not made: %v", replay.Left(), again)
	}
}

func checkReason(t *testing.T, err error, reason cas.Reason) {
	t.Helper()
	switch {
	case reason == "" && err != nil:
		t.Errorf("got %v", err)
	case reason != "" && !errors.Is(err, reason):
		t.Errorf("got %v, want %q", err, reason)
	}
}

// public are values of requests that are the same for everybody.
var public = []string{
	"submit", "Confirm", "selection", "educonnect", "entityID", "oze", "set", "1036", "eleve", "https://educonnect.education.gouv.fr/idp",
}

// checkMasked looks in a trace, and in an error, for any value that was in a
// request: in forms, cookies and addresses.
func (s *scene) checkMasked(t *testing.T, trace string, err error) {
	t.Helper()
	if len(trace) < 200 {
		t.Fatalf("the trace proves nothing: %s", trace)
	}
	said := trace
	if err != nil {
		said += err.Error()
	}
	var secrets []string
	for _, r := range s.Requests() {
		form, _ := url.ParseQuery(r.Body)
		query, _ := url.ParseQuery(r.Query)
		for _, values := range []url.Values{form, query} {
			for _, list := range values {
				secrets = append(secrets, list...)
			}
		}
		for _, part := range strings.Split(r.Header.Get("Cookie"), "; ") {
			_, value, _ := strings.Cut(part, "=")
			secrets = append(secrets, value)
		}
	}
	secrets = append(secrets, canary, "can", "lea", "martin", "0061234", "Fanny")
	for _, secret := range secrets {
		known := len(secret) < 3 || strings.Trim(secret, "x9:%/.-_?=&@") == "" ||
			slices.Contains(public, secret) || slices.Contains(s.portal.Selections, secret)
		if !known && strings.Contains(said, secret) {
			t.Errorf("%q is told in %s", secret, said)
		}
	}
}
