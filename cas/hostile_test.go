package cas_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/cas"
	"github.com/pronote-sync/pronote-sync/cas/castest"
)

// A hostile portal answers every request with anything that means something to a
// login, in no order.
type hostile struct {
	*rand.Rand
	portal cas.Portal
	hosts  []string // that addresses lead to
}

var hostilePaths = []string{
	"/", "/cas/login", "/login", "/auth/login", "/auth/login?callback=%2F", "/auth/saml/wayf", "/auth/saml/authn/student", "/auth/saml/acs", "/auth/saml/selectUser",
	"/auth/reset/x", "/auth/validate", "/idp/Authn/RemoteUser?redirectToLoaderRemoteUser=0", "/idp/profile/SAML2/POST/SSO", "/idp/profile/SAML2/Redirect/SSO?execution=e1s1",
	"/wayf/Ctrl", "/discovery/WAYF", "/v1/users/me", "/v1/ozapps", "/v1/config/Pronote", "/pronote/", "/pronote/eleve.html", "/pronote/eleve.html?login=true", "/pronote/eleve.html?ticket=ST-1",
	"/cas/login?callback=https%3A%2F%2Fevil.example%2Fcas%2Flogin",
}

var hostileForms = []string{
	`<input name=username><input type=password name=password>`, `<input name=email><input type=password name=password>`, `<input name=j_username><input type=password name=j_password>`,
	`<input name=SAMLRequest value=x><input name=RelayState value=y>`, `<input name=SAMLResponse value=x>`, `<input name=shib_idp_ls_supported>`, `<input name=origin>`,
	`<input name=entityID><input name=return><input name=_saml_idp>`, `<input name=login value=lea>`, `<input type=radio name=selection value=EDU><input type=radio name=selection value=ATS_parent_eleve>`,
	`<input name=jour>`, `<input type=checkbox name=cgu>`,
}

var hostileKinds = []string{`id=fm1`, `id=kc-form-login`, `class=cas__login-form`, ``}

func (h *hostile) address() string {
	if h.IntN(4) == 0 {
		return hostilePaths[h.IntN(len(hostilePaths))]
	}
	return "https://" + h.hosts[h.IntN(len(h.hosts))] + hostilePaths[h.IntN(len(hostilePaths))]
}

// lure answers as the portal should, so that a login gets somewhere.
func (h *hostile) lure(w http.ResponseWriter, r *http.Request) {
	const eduConnect = "educonnect.education.gouv.fr"
	switch {
	case r.Host == eduConnect && r.Method == http.MethodPost:
		page(`<form method=post action="https://`+h.hosts[0]+`/auth/saml/acs"><input name=SAMLResponse value=x></form>`)(w, r)
	case r.Host == eduConnect:
		page(`<form method=post><input name=j_username><input type=password name=j_password></form>`)(w, r)
	case h.portal.EduConnect():
		redirectTo(http.StatusFound, "https://"+eduConnect+"/idp/profile/SAML2/Redirect/SSO?SAMLRequest=x")(w, r)
	case h.portal.Engine == "entcore_form" && r.URL.Path != "/auth/login":
		redirectTo(http.StatusFound, "/auth/login")(w, r)
	case h.portal.Engine == "entcore_form":
		page(`<div ng-controller="LoginController"></div>`)(w, r)
	default:
		page(`<form method=post id=kc-form-login class=cas__login-form><input name=username><input type=password name=password></form>`)(w, r)
	}
}

func (h *hostile) answer(w http.ResponseWriter, r *http.Request) {
	if h.IntN(3) > 0 {
		h.lure(w, r)
		return
	}
	switch h.IntN(8) {
	case 0, 1, 2:
		redirectTo([]int{301, 302, 303, 307, 308}[h.IntN(5)], h.address())(w, r)
	case 3:
		_, _ = fmt.Fprint(w, []string{`{"currentProfil":{"codeProfil":"a","uai":"b"}}`, `[{"code":"pronote","externalRoute":"` + h.address() + `"}]`, `{"autorisationId":"1"}`}[h.IntN(3)])
	case 4:
		w.WriteHeader([]int{400, 403, 404, 429, 500, 503}[h.IntN(6)])
	default:
		var body strings.Builder
		if h.IntN(5) == 0 {
			fmt.Fprintf(&body, `<base href="%s"><div ng-controller="LoginController" ng-init='error = "incorrect"'></div>`, h.address())
		}
		for range 1 + h.IntN(3) {
			fmt.Fprintf(&body, `<form %s method="%s" action="%s">%s</form><a href="%s">Authn</a>`, hostileKinds[h.IntN(len(hostileKinds))],
				[]string{"post", "post", "get"}[h.IntN(3)], h.address(), hostileForms[h.IntN(len(hostileForms))], h.address())
		}
		page(body.String())(w, r)
	}
}

// TestHostilePortals lets portals, EduConnect, and hosts beside them answer at
// random. Whatever they do, the password is sent once at most, to the host that
// it is for; nobody else is asked; and the login ends.
func TestHostilePortals(t *testing.T) {
	t.Parallel()
	for i, p := range samples() {
		t.Run(p.Engine, func(t *testing.T) {
			t.Parallel()
			base, _ := url.Parse(p.Base)
			sent := 0
			for seed := range 40 {
				s := newScene(t, p, pupil)
				h := &hostile{rand.New(rand.NewPCG(uint64(seed), uint64(i))), p, []string{
					base.Host, base.Host, base.Host, "educonnect.education.gouv.fr", "educonnect.education.gouv.fr", schoolHost, "evil.example",
					strings.ReplaceAll(base.Host, "i", "İ"), base.Host + ".", base.Host + ":8443", "lea@" + base.Host, base.Host + "@evil.example", schoolHost + ".evil.example",
				}}
				turn := make(chan struct{}, 1)
				for _, host := range append([]string{base.Host, "educonnect.education.gouv.fr", "evil.example", base.Host + ".", base.Host + ":8443", schoolHost + ".evil.example", strings.TrimPrefix(p.API, "https://")}, p.Hosts...) {
					s.Serve(host, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
						turn <- struct{}{}
						h.answer(w, r)
						<-turn
					}))
				}
				var trace strings.Builder
				s.login.Trace = &trace
				err := fetch(t, s.Transport(), s.login)
				sent += s.checkHostile(t, fmt.Sprintf("seed %d", seed), err, trace.String())
				s.Close()
			}
			t.Logf("the password was sent by %d of 40 logins", sent)
			if sent < 10 {
				t.Error("few logins got anywhere, which proves little")
			}
		})
	}
}

// checkHostile looks at what a login did, and returns how often it sent the
// password.
func (s *scene) checkHostile(t *testing.T, name string, err error, trace string) int {
	t.Helper()
	want := strings.TrimPrefix(s.portal.Base, "https://")
	allowed := append([]string{schoolHost, want, strings.TrimPrefix(s.portal.API, "https://")}, s.portal.Hosts...)
	if s.portal.EduConnect() {
		want = "educonnect.education.gouv.fr"
		allowed = append(allowed, want)
	}
	for _, host := range s.Dialled() {
		if !slices.Contains(allowed, host) {
			t.Errorf("%s: %s was asked", name, host)
		}
	}
	posts := s.posts()
	if len(posts) > 1 || len(posts) == 1 && posts[want] != 1 {
		t.Errorf("%s: the password was posted to %v", name, posts)
	}
	if n := len(s.Requests()); n > 40 {
		t.Errorf("%s: there were %d requests", name, n)
	}
	said := trace + fmt.Sprint(err)
	for _, r := range s.Requests() {
		if path, _ := url.PathUnescape(r.Path); strings.Contains(path+r.Query+fmt.Sprint(r.Header), "can%C3%A4ry") || strings.Contains(path, "canäry") {
			t.Errorf("%s: the password is in an address for %s", name, r.Host)
		}
	}
	if strings.Contains(said, "canäry") || strings.Contains(said, "can%C3%A4ry") {
		t.Errorf("%s: the password is told: %s", name, said)
	}
	return len(posts)
}

// TestFloods lets an answer have more of something than any browser sees.
func TestFloods(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.HandlerFunc{
		"cookies": func(w http.ResponseWriter, _ *http.Request) {
			for i := range 1000 {
				http.SetCookie(w, &http.Cookie{Name: fmt.Sprintf("a%d", i), Value: "1"})
			}
		},
		"large cookies": func(w http.ResponseWriter, _ *http.Request) {
			http.SetCookie(w, &http.Cookie{Name: "a", Value: strings.Repeat("1", 100_000)})
		},
		"an address": redirectTo(http.StatusFound, "/"+strings.Repeat("a", 100_000)),
	} {
		s := atrium(t)
		s.Serve("www.atrium-sud.fr", answer)
		err := fetch(t, s.Transport(), s.login)
		if !errors.Is(err, cas.TooMuch) || len(s.Requests()) > 2 {
			t.Errorf("%s: %v after %d requests", name, err, len(s.Requests()))
		}
	}
}

// TestTerminalIsNotObeyed shows people nothing that their terminal would carry
// out: a name of a school or of a field is of the portal's making.
func TestTerminalIsNotObeyed(t *testing.T) {
	t.Parallel()
	const obeyed = "\x1b]0;x\a\u202e\u0085"
	s := newScene(t, find(t, "hdf"), pupil)
	s.Mishap = castest.TwoAccounts
	s.Serve("enthdf.fr", page(`<form action="/auth/saml/selectUser" method=post>`+obeyed+strings.Repeat("é", 100)+`</form><form action="/auth/saml/selectUser" method=post>B</form>`))
	err := fetch(t, s.Transport(), s.login)
	checkReason(t, err, cas.AccountChoice)
	u := atrium(t)
	u.Serve("www.atrium-sud.fr", page(`<form><input name="`+obeyed+`">`))
	for _, err := range []error{err, fetch(t, u.Transport(), u.login)} {
		if err == nil || strings.ContainsAny(err.Error(), obeyed[:1]+"\a\u202e\u0085\ufffd") {
			t.Errorf("got %q", err)
		}
	}
	net := castest.NewNet()
	t.Cleanup(net.Close)
	net.Serve(schoolHost, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprintf(w, `{"nomEtab":"a\u001b]0;x\u0007%s"}`, strings.Repeat("é", 100)) // a client may hang up
	}))
	if d, err := detect(t, net, schoolHost); err != nil || strings.ContainsAny(d.School, "\x1b\a\ufffd") || len(d.School) > 100 || !strings.HasPrefix(d.School, "a]0;xé") {
		t.Errorf("got %q, %v", d.School, err)
	}
}
