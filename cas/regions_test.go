package cas_test

import (
	"net/http"
	"net/http/cookiejar"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/publicsuffix"

	"github.com/pronote-sync/pronote-sync/cas"
	"github.com/pronote-sync/pronote-sync/cas/castest"
)

// find is a row of the table that comes with the program.
func find(t *testing.T, id string) cas.Portal {
	t.Helper()
	p, err := cas.Portals().Find(id)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// arrive logs in to PRONOTE, and looks where the password went.
func (s *scene) arrive(t *testing.T) {
	t.Helper()
	session, err := s.enter(t)
	if err != nil {
		for _, r := range s.Requests() {
			t.Log(r.Method, r.Host, r.Path, r.Query)
		}
		t.Errorf("%s: %v", s.portal.ID, err)
		return
	}
	if err := session.Close(t.Context()); err != nil {
		t.Error(err)
	}
	s.checkPrivacy(t)
}

// TestLoginPageWithoutAForm goes through each platform of Edifice with accounts
// of its own. A script loads the form into the page of the login.
func TestLoginPageWithoutAForm(t *testing.T) {
	t.Parallel()
	rows := 0
	for _, p := range cas.Portals() {
		if p.Engine != "entcore_form" {
			continue
		}
		rows++
		s := newScene(t, p, pupil)
		s.arrive(t)
		s = newScene(t, p, pupil)
		s.Person.Password = "another"
		s.prove(t, cas.WrongPassword, 1)
	}
	if rows < 9 {
		t.Errorf("there are %d such rows", rows)
	}
}

// TestLoginPageElsewhere goes through regions whose login page is at another
// host than their platform. That host exists, and would take what it gets.
func TestLoginPageElsewhere(t *testing.T) {
	t.Parallel()
	for id, outside := range map[string]string{
		"l-educdenormandie": "connexion.l-educdenormandie.fr", "l-educdenormandie-local": "connexion.l-educdenormandie.fr",
		"hdf": "connexion.enthdf.fr", "hdf-local": "connexion.enthdf.fr",
		"lyceeconnecte": "jeunes.nouvelle-aquitaine.fr", "lyceeconnecte-local": "jeunes.nouvelle-aquitaine.fr",
		"mayotte": "connexion.example", "neoconnect": "connexion.example",
	} {
		s := newScene(t, find(t, id), pupil)
		s.Outside = outside
		s.Serve(outside, page("thank you"))
		s.arrive(t)
		if slices.Contains(s.Dialled(), outside) {
			t.Errorf("%s: %s was asked", id, outside)
		}
		s = newScene(t, s.portal, pupil)
		s.Outside, s.Person.Password = outside, "another"
		s.prove(t, cas.WrongPassword, 1)
	}
}

// TestLoginPageElsewhereFromTheOtherHost comes to the platform by another of its
// hosts.
func TestLoginPageElsewhereFromTheOtherHost(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"hdf", "hdf-local"} {
		s := newScene(t, find(t, id), pupil)
		s.delegate("https://www.enthdf.fr/cas/login")
		s.Serve("www.enthdf.fr", redirectTo(http.StatusFound, "https://connexion.enthdf.fr/?callback=https%3A%2F%2Fwww.enthdf.fr%2Fcas%2Flogin%3Fservice%3Dx"))
		s.Serve("connexion.enthdf.fr", page("thank you"))
		s.arrive(t)
		if slices.Contains(s.Dialled(), "connexion.enthdf.fr") {
			t.Errorf("%s: the other host was asked", id)
		}
	}
}

// TestOnlyTheOwnLoginPageIsElsewhere takes no other redirect for one that leads to
// such a page.
func TestOnlyTheOwnLoginPageIsElsewhere(t *testing.T) {
	t.Parallel()
	const host, good = "mayotte.edifice.io", "https%3A%2F%2Fmayotte.edifice.io%2Fcas%2Flogin%3Fservice%3Dx"
	for name, address := range map[string]string{
		"without a callback":                      "https://evil.example/",
		"with a callback to itself":               "https://evil.example/?callback=https%3A%2F%2Fevil.example%2Fcas%2Flogin",
		"with a callback to a like name":          "https://evil.example/?callback=https%3A%2F%2Fmayotte.ed%C4%B0fice.io%2Fcas%2Flogin",
		"with a callback to a user of the name":   "https://evil.example/?callback=https%3A%2F%2Fmayotte.edifice.io@evil.example%2Fcas%2Flogin",
		"with a callback to another page":         "https://evil.example/?callback=https%3A%2F%2Fmayotte.edifice.io%2Flogout",
		"with a callback without TLS":             "https://evil.example/?callback=http%3A%2F%2Fmayotte.edifice.io%2Fcas%2Flogin",
		"with a callback that cannot be read":     "https://evil.example/?callback=%25zz",
		"from another page, with a good callback": "https://evil.example/?callback=" + good,
	} {
		s := newScene(t, find(t, "mayotte"), pupil)
		s.Serve("evil.example", page("thank you"))
		s.Serve(host, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case strings.HasPrefix(name, "from another page") && r.URL.Path == "/cas/login":
				http.Redirect(w, r, "/cas/other", http.StatusFound)
			case r.Method == http.MethodGet:
				http.Redirect(w, r, address, http.StatusFound)
			}
		}))
		checkReason(t, fetch(t, s.Transport(), s.login), cas.Unsafe)
		if len(s.posts()) > 0 || slices.Contains(s.Dialled(), "evil.example") {
			t.Errorf("%s: the password was posted to %v, and %v were asked", name, s.posts(), s.Dialled())
		}
	}
}

// TestResetCodeIsNoAddress types a code to set a new password. The platform leads
// to an address with that code in it, which is not asked for, nor traced.
func TestResetCodeIsNoAddress(t *testing.T) {
	t.Parallel()
	s := newScene(t, find(t, "mayotte"), castest.Person{Username: "lea.martin", Password: "motdepasse"})
	s.Mishap = castest.Reset
	var trace strings.Builder
	s.login.Trace = &trace
	checkReason(t, fetch(t, s.Transport(), s.login), cas.PasswordExpired)
	for _, r := range s.Requests() {
		if strings.Contains(r.Path, "/auth/reset") {
			t.Errorf("%s was asked for", r.Path)
		}
	}
}

// TestRefusalHasSomethingToSay keeps what EduConnect's answer brought when the
// platform shows its login again without a word.
func TestRefusalHasSomethingToSay(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"hdf", "var"} {
		for mishap, reason := range map[castest.Mishap]cas.Reason{
			castest.Blocked: cas.AccountBlocked, castest.Profile: cas.AccountBlocked, castest.Unavailable: cas.Maintenance, castest.Stranger: cas.UnknownThere,
		} {
			s := newScene(t, find(t, id), pupil)
			s.Mishap = mishap
			s.prove(t, reason, 1)
		}
	}
}

// TestValdOise goes to the realm that PRONOTE sends logins to since the portal's
// own CAS died, whose host still tells which portal it was. A second visit needs
// no password.
func TestValdOise(t *testing.T) {
	t.Parallel()
	for _, host := range []string{"keycloak.moncollege-valdoise.fr", "cas.moncollege.valdoise.fr"} {
		if found := cas.Portals().At(host); len(found) != 1 || found[0].ID != "ac-valdoise" {
			t.Errorf("%s: got %v", host, found)
		}
	}
	for _, id := range []string{"ac-valdoise", "monlycee"} {
		s := newScene(t, find(t, id), pupil)
		s.arrive(t)
		if host := "keycloak.moncollege-valdoise.fr"; id == "ac-valdoise" && !slices.Contains(s.Dialled(), host) {
			t.Errorf("%s was not asked", host)
		}
		s = newScene(t, s.portal, pupil)
		jar, err := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List})
		if err != nil {
			t.Fatal(err)
		}
		transport := s.Transport()
		t.Cleanup(transport.CloseIdleConnections)
		for range 2 {
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+schoolHost+"/pronote/eleve.html", nil)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.login.Fetch(&http.Client{Transport: transport, Jar: jar}, req); err != nil {
				t.Errorf("%s: %v", id, err)
			}
		}
		if posts := s.posts(); len(posts) != 1 || posts[strings.TrimPrefix(s.portal.Base, "https://")] != 1 {
			t.Errorf("%s: the password was posted to %v", id, posts)
		}
	}
}

// TestBeginsAtEduConnect begins there for the departments whose platform begins
// no logins itself.
func TestBeginsAtEduConnect(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"ent04", "ent05"} {
		s := newScene(t, find(t, id), pupil)
		s.arrive(t)
		started := false
		for _, r := range s.Requests() {
			if strings.HasPrefix(r.Path, "/auth/saml/authn/") {
				t.Errorf("%s: %s was asked for", id, r.Path)
			}
			started = started || strings.HasSuffix(r.Path, "/Unsolicited/SSO") && r.Query == "providerId=urn%3Afi%3Aent%3Aprod-"+id+"-edu%3A1.0"
		}
		if !started {
			t.Errorf("%s did not begin at EduConnect", id)
		}
	}
}

// TestPlatformThatBeginsNoLogins refuses to, though the row says nothing of it:
// the login begins at EduConnect, once.
func TestPlatformThatBeginsNoLogins(t *testing.T) {
	t.Parallel()
	for _, id := range []string{"seine-et-marne", "ent16", "parisclassenumerique-educonnect", "ecollege78-educonnect"} {
		s := newScene(t, find(t, id), pupil)
		s.Mishap = castest.NoStart
		s.arrive(t)
		s = newScene(t, s.portal, pupil)
		s.Mishap = castest.NoStart
		s.Person.Password = "another"
		s.prove(t, cas.WrongPassword, 1)
	}
	s := newScene(t, find(t, "ent16"), pupil)
	s.Mishap = castest.NoStart
	s.Serve("educonnect.education.gouv.fr", redirectTo(http.StatusFound, "https://mon-ent16.lacharente.fr/auth/saml/authn/student"))
	checkReason(t, fetch(t, s.Transport(), s.login), cas.PortalChanged)
	if len(s.Requests()) > 10 {
		t.Errorf("it took %d requests to see that", len(s.Requests()))
	}
}

// TestPreferred is the kind of account that most people of a portal have.
func TestPreferred(t *testing.T) {
	t.Parallel()
	for host, want := range map[string][]string{
		"neoconnect.edifice.io": {"neoconnect", "neoconnect-local"}, "neoconnect.opendigitaleducation.com": {"neoconnect", "neoconnect-local"},
		"wilapa-guyane.com": {"wilapa", "wilapa-local"},
	} {
		found := cas.Portals().At(host)
		if len(found) != 2 || found[0].ID != want[0] || found[1].ID != want[1] || !found[0].EduConnect() || found[1].EduConnect() {
			t.Errorf("%s: got %+v", host, found)
		}
	}
}

// TestMunich asks for no selection first, and for Munich's where a choice comes.
func TestMunich(t *testing.T) {
	t.Parallel()
	for _, direct := range []bool{false, true} {
		s := newScene(t, find(t, "ljr-munich"), pupil)
		s.NoChooser = direct
		s.arrive(t)
		var selections []string
		for _, r := range s.Requests() {
			if r.Method == http.MethodGet && r.Path == "/login" {
				_, selection, _ := strings.Cut(r.Query, "selection=")
				selections = append(selections, selection)
			}
		}
		want := []string{""}
		if !direct {
			want = append(want, "MUNICH-SKO_parent_eleve")
		}
		if !slices.Equal(selections, want) {
			t.Errorf("got %q, want %q", selections, want)
		}
	}
}

// TestVariants goes through portals with less than others have.
func TestVariants(t *testing.T) {
	t.Parallel()
	for _, p := range samples() {
		if !p.EduConnect() {
			continue
		}
		for name, less := range map[string]func(*scene){
			"no RelayState": func(s *scene) { s.NoRelay = true }, "no typeUser": func(s *scene) { s.NoType = true }, "no link": func(s *scene) { s.NoLink = true },
		} {
			t.Run(p.Engine+"/"+name, func(t *testing.T) {
				t.Parallel()
				s := newScene(t, p, pupil)
				less(s)
				s.arrive(t)
			})
		}
	}
	newScene(t, find(t, "ac-reunion"), pupil).arrive(t) // by a form where others redirect
}
