package cas_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/publicsuffix"

	"github.com/pronote-sync/pronote-sync/cas"
)

// page answers every request with HTML.
func page(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprint(w, body) // a client may hang up
	}
}

func loginForm(attributes, inputs string) http.HandlerFunc {
	return page(`<form id="fm1" ` + attributes + `><input name="username"><input type="password" name="password">` + inputs + `</form>`)
}

func redirectTo(code int, address string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", address)
		w.WriteHeader(code)
	}
}

// attacks are what a portal with an own form, at www.atrium-sud.fr, may try. The
// hosts of the attackers exist, and would take what they get.
var attacks = []struct {
	name   string
	portal http.HandlerFunc
	reason cas.Reason
}{
	{"a form that posts elsewhere", loginForm(`method="post" action="https://evil.example/"`, ""), cas.Unsafe},
	{"a form that posts to a host with a like name", loginForm(`method="post" action="https://www.atrium-sud.fr.evil.example/"`, ""), cas.Unsafe},
	{"a form that posts to another port", loginForm(`method="post" action="https://www.atrium-sud.fr:8443/"`, ""), cas.Unsafe},
	{"a form that posts to a user of that name", loginForm(`method="post" action="https://www.atrium-sud.fr@evil.example/"`, ""), cas.Unsafe},
	{"a form that posts to the other host of the portal", loginForm(`method="post" action="https://atrium-sud.fr/"`, ""), cas.Unsafe},
	{"a form that posts to a name with a dotted capital i", loginForm(`method="post" action="https://www.atrİum-sud.fr/"`, ""), cas.Unsafe},
	{"a form that posts to that name, escaped", loginForm(`method="post" action="https://www.atr%C4%B0um-sud.fr/"`, ""), cas.Unsafe},
	{"a form that posts to that name in ASCII", loginForm(`method="post" action="https://www.xn--atrium-sud-43k.fr/"`, ""), cas.Unsafe},
	{"a form that posts to wide letters", loginForm(`method="post" action="https://ｗｗｗ.atrium-sud.fr/"`, ""), cas.Unsafe},
	{"a form that posts to a host with ideographic dots", loginForm(`method="post" action="https://www。atrium-sud。fr/"`, ""), cas.Unsafe},
	{"a form that posts to a name and the right host", loginForm(`method="post" action="https://a:b@www.atrium-sud.fr/"`, ""), cas.Unsafe},
	{"a form that posts to the host with a dot at its end", loginForm(`method="post" action="https://www.atrium-sud.fr./"`, ""), cas.Unsafe},
	{"a form that posts to port 0443", loginForm(`method="post" action="https://www.atrium-sud.fr:0443/"`, ""), cas.Unsafe},
	{"a form that posts to a number", loginForm(`method="post" action="https://[::1]/"`, ""), cas.Unsafe},
	{"a form that posts to a path without a host", loginForm(`method="post" action="https:www.atrium-sud.fr/"`, ""), cas.Unsafe},
	{"a form that posts by mail", loginForm(`method="post" action="mailto:a@www.atrium-sud.fr"`, ""), cas.Unsafe},
	{"a redirect to a name with a dotted capital i", redirectTo(302, "https://www.atrİum-sud.fr/connexion/login"), cas.Unsafe},
	{"a redirect to the school with a dotted capital i", redirectTo(302, "https://0061234x.İndex-education.net/pronote/eleve.html?ticket=ST-1"), cas.Unsafe},
	{"a redirect to the school's name with a dot at its end", redirectTo(302, "https://"+schoolHost+"./pronote/eleve.html?ticket=ST-1"), cas.Unsafe},
	{"a redirect to the school's name at another port", redirectTo(302, "https://"+schoolHost+":8443/pronote/eleve.html?ticket=ST-1"), cas.Unsafe},
	{"a redirect to the school without TLS", redirectTo(302, "http://"+schoolHost+"/pronote/eleve.html?ticket=ST-1"), cas.Unsafe},
	{"a redirect to a script", redirectTo(302, "javascript:alert(1)"), cas.Unsafe},
	{"a redirect to an address within the page", redirectTo(302, "data:text/html,<form>"), cas.Unsafe},
	{"a redirect to a host behind backslashes", redirectTo(302, `https:\\evil.example\`), cas.Unsafe},
	{"a form that posts without TLS", loginForm(`method="post" action="http://www.atrium-sud.fr/"`, ""), cas.Unsafe},
	{"a form that posts to a script", loginForm(`method="post" action="javascript:alert(1)"`, ""), cas.Unsafe},
	{"a form that posts to the school", loginForm(`method="post" action="https://`+schoolHost+`/pronote/"`, ""), cas.Unsafe},
	{"a form that writes into the address", loginForm("", ""), cas.Unsafe},
	{"a base elsewhere", page(`<base href="https://evil.example/"><form method="post" action="go"><input name="username"><input name="password"></form>`), cas.PortalChanged},
	{"a base elsewhere, under the right form", page(`<base href="https://evil.example/"><form id="fm1" method="post" action="go"><input name="username"><input name="password"></form>`), cas.Unsafe},
	{"a redirect to another host", redirectTo(302, "https://evil.example/connexion/login"), cas.Unsafe},
	{"a redirect to http", redirectTo(302, "http://www.atrium-sud.fr/connexion/login"), cas.Unsafe},
	{"a redirect to a name and a host", redirectTo(302, "https://a:b@www.atrium-sud.fr/"), cas.Unsafe},
	{"a redirect to EduConnect", redirectTo(302, "https://educonnect.education.gouv.fr/"), cas.Unsafe},
	{"a redirect to nowhere", redirectTo(302, ""), cas.PortalChanged},
	{"a redirect that cannot be read", redirectTo(302, "https://[secret"), cas.PortalChanged},
	{"redirects in circles", redirectTo(302, "/connexion/login?again"), cas.PortalChanged},
	{"a refresh to another host", page(`<meta http-equiv="refresh" content="0;url=https://evil.example/">`), cas.PortalChanged},
	{"a form with 10,000 inputs", loginForm(`method="post"`, strings.Repeat(`<input type="hidden" name="a" value="b">`, 10_000)), cas.TooMuch},
	{"10,000 forms", page(strings.Repeat(`<form></form>`, 10_000)), cas.TooMuch},
	{"10,000 elements in each other", page(strings.Repeat(`<div>`, 10_000)), cas.PortalChanged},
	{"100,000 tags", page(strings.Repeat(`<p>`, 100_000)), cas.TooMuch},
	{"100 kB of attributes for the body", page(manyBodies(100 << 10)), cas.PortalChanged},
	{"a page of 200 MB", endless(200 << 20), cas.TooMuch},
	{"a page of 200 MB in 200 kB", bomb(200 << 20), cas.TooMuch},
	{"UTF-16", page("\xff\xfe<\x00f\x00o\x00r\x00m\x00>\x00"), cas.PortalChanged},
	{"broken UTF-8", loginForm(`method="post"`, "\xc3\x28"), cas.PortalChanged},
	{"a SAML form to another host", page(`<form method="post" action="https://evil.example/"><input name="SAMLRequest"></form>`), cas.PortalChanged},
	{"EduConnect's form", page(`<form method="post"><input name="j_username"><input name="j_password"></form>`), cas.PortalChanged},
	{"a form in a comment", page(`<!--<form id="fm1" method="post"><input name="username"><input name="password"></form>-->`), cas.PortalChanged},
}

// manyBodies are tags that keep a parser of HTML busy for a minute.
func manyBodies(size int) string {
	var out strings.Builder
	for i := 0; out.Len() < size; i++ {
		fmt.Fprintf(&out, "<body a%d=1>", i)
	}
	return out.String()
}

func endless(size int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		chunk := bytes.Repeat([]byte("<p>x</p>"), 1<<14)
		for sent := 0; sent < size; sent += len(chunk) {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	}
}

func bomb(size int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Encoding", "gzip")
		out := gzip.NewWriter(w)
		chunk := make([]byte, 1<<20)
		for sent := 0; sent < size; sent += len(chunk) {
			if _, err := out.Write(chunk); err != nil {
				return
			}
		}
		_ = out.Close() // a client may hang up
	}
}

// atrium is a portal with a form of its own.
func atrium(t testing.TB) *scene {
	t.Helper()
	p, err := cas.Portals().Find("atrium-sud")
	if err != nil {
		t.Fatal(err)
	}
	s := newScene(t, p, pupil)
	for _, host := range []string{"evil.example", "www.atrium-sud.fr.evil.example", "www.atrium-sud.fr:8443", "www.atrium-sud.fr:80", "atrium-sud.fr", "educonnect.education.gouv.fr"} {
		s.Serve(host, page("thank you"))
	}
	return s
}

// TestAttacks lets a portal try to get the password somewhere else, or to keep
// the program busy. It is refused with a reason, and nobody gets the password.
func TestAttacks(t *testing.T) {
	t.Parallel()
	for _, a := range attacks {
		t.Run(a.name, func(t *testing.T) {
			t.Parallel()
			s := atrium(t)
			s.Serve("www.atrium-sud.fr", a.portal)
			err := fetch(t, s.Transport(), s.login)
			checkReason(t, err, a.reason)
			if posts := s.posts(); len(posts) != 0 {
				t.Errorf("the password was posted to %v", posts)
			}
			for _, host := range s.Dialled() {
				if host != "www.atrium-sud.fr" && host != schoolHost {
					t.Errorf("%s was asked", host)
				}
			}
			if err != nil && (strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), "service=")) {
				t.Errorf("the address is in %v", err)
			}
		})
	}
}

// TestPasswordStaysWithEduConnect shows EduConnect's password a form of the
// portal's own, and EduConnect's form on the portal's host.
func TestPasswordStaysWithEduConnect(t *testing.T) {
	t.Parallel()
	for name, handler := range map[string]http.HandlerFunc{
		"own form":          page(`<form class="cas__login-form" method="post"><input name="username"><input name="password"></form>`),
		"EduConnect's form": page(`<form method="post"><input name="j_username"><input name="j_password"></form>`),
		"sent there": page(`<form method="post" action="https://educonnect.education.gouv.fr/idp/profile/SAML2/POST/SSO">
<input name="j_username"><input name="j_password"></form>`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := cas.Portals().Find("agora06")
			if err != nil {
				t.Fatal(err)
			}
			s := newScene(t, p, pupil)
			s.Serve("cas.agora06.fr", handler)
			if err := fetch(t, s.Transport(), s.login); err == nil || len(s.posts()) > 0 {
				t.Errorf("got %v, the password was posted to %v", err, s.posts())
			}
		})
	}
}

// TestStrayLinks lets portals lead on to hosts that are not theirs, by the ways
// that some engines have.
func TestStrayLinks(t *testing.T) {
	t.Parallel()
	saml := page(`<form method="post" action="https://evil.example/"><input name="SAMLRequest" value="x"></form>`)
	for id, host := range map[string]string{
		"agora06": "cas.agora06.fr", "laclasse-educonnect": "www.laclasse.com", "hubeduconnect": "hubeduconnect.index-education.net",
	} {
		p, err := cas.Portals().Find(id)
		if err != nil {
			t.Fatal(err)
		}
		s := newScene(t, p, pupil)
		s.Serve(host, saml)
		s.Serve("evil.example", page("thank you"))
		checkReason(t, fetch(t, s.Transport(), s.login), cas.Unsafe)
		if slices.Contains(s.Dialled(), "evil.example") {
			t.Errorf("%s: the attacker was asked", id)
		}
	}
	p, err := cas.Portals().Find("hauts-de-seine")
	if err != nil {
		t.Fatal(err)
	}
	s := newScene(t, p, pupil)
	s.Serve("evil.example", page("thank you"))
	s.Serve("api-enc.hauts-de-seine.fr", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprint(w, map[bool]string{true: `[{"code":"pronote","externalRoute":"//evil.example/"}]`, false: `{"currentProfil":{"uai":"0921234X"}}`}[r.URL.Path == "/v1/ozapps"])
	}))
	checkReason(t, fetch(t, s.Transport(), s.login), cas.Unsafe)
	if slices.Contains(s.Dialled(), "evil.example") {
		t.Error("the attacker was asked")
	}
}

// TestPasswordIsNotRepeated lets a portal ask for the form again.
func TestPasswordIsNotRepeated(t *testing.T) {
	t.Parallel()
	for _, code := range []int{http.StatusTemporaryRedirect, http.StatusPermanentRedirect} {
		s := atrium(t)
		s.Serve("www.atrium-sud.fr", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPost {
				redirectTo(code, "https://atrium-sud.fr/again")(w, r)
				return
			}
			loginForm(`method="post"`, "")(w, r)
		}))
		checkReason(t, fetch(t, s.Transport(), s.login), cas.Unsafe)
		if posts := s.posts(); len(posts) != 1 || posts["www.atrium-sud.fr"] != 1 {
			t.Errorf("the password was posted to %v", posts)
		}
	}
}

// TestProbeForEver lets EduConnect look at the browser's storage without end.
func TestProbeForEver(t *testing.T) {
	t.Parallel()
	p, err := cas.Portals().Find("agora06")
	if err != nil {
		t.Fatal(err)
	}
	s := newScene(t, p, pupil)
	s.Serve("educonnect.education.gouv.fr", page(`<form method="post"><input type="hidden" name="shib_idp_ls_supported"></form>`))
	checkReason(t, fetch(t, s.Transport(), s.login), cas.PortalChanged)
	if n := len(s.Requests()); n > 12 {
		t.Errorf("it took %d requests to see that", n)
	}
}

// TestCookiesStayAtHome lets a portal set cookies for domains that it shares
// with others.
func TestCookiesStayAtHome(t *testing.T) {
	t.Parallel()
	p, err := cas.Portals().Find("hubeduconnect")
	if err != nil {
		t.Fatal(err)
	}
	s := newScene(t, p, pupil)
	s.Serve("hubeduconnect.index-education.net", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for i, domain := range []string{"index-education.net", "net", "education.gouv.fr", "gouv.fr", schoolHost} {
			http.SetCookie(w, &http.Cookie{Name: fmt.Sprintf("stray%d", i), Value: "1", Domain: domain, Path: "/"})
		}
		http.Redirect(w, r, "https://"+schoolHost+"/pronote/eleve.html?login=true", http.StatusFound)
	}))
	if err := fetch(t, s.Transport(), s.login); err != nil {
		t.Fatal(err)
	}
	requests := s.Requests()
	if last := requests[len(requests)-1]; last.Host != schoolHost || strings.Contains(last.Header.Get("Cookie"), "stray") {
		t.Errorf("got %v", last)
	}
}

// TestCancelled stops in the middle.
func TestCancelled(t *testing.T) {
	t.Parallel()
	s := atrium(t)
	ctx, cancel := context.WithCancel(t.Context())
	s.Serve("www.atrium-sud.fr", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cancel()
		loginForm(`method="post"`, "")(w, r)
	}))
	jar, err := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List})
	if err != nil {
		t.Fatal(err)
	}
	req := (&http.Request{Method: http.MethodGet, URL: &url.URL{Scheme: "https", Host: schoolHost, Path: "/pronote/eleve.html"}}).WithContext(ctx)
	transport := s.Transport()
	t.Cleanup(transport.CloseIdleConnections)
	if _, err := s.login.Fetch(&http.Client{Transport: transport, Jar: jar}, req); err == nil || len(s.posts()) > 0 {
		t.Errorf("got %v, and posts to %v", err, s.posts())
	}
}

// TestUnreachable names the host, and nothing else of the address.
func TestUnreachable(t *testing.T) {
	t.Parallel()
	s := atrium(t)
	s.delegate("https://atrium-sud.fr:8443/login")
	s.login.Portal.Hosts = append(slices.Clone(s.login.Portal.Hosts), "atrium-sud.fr:8443")
	err := fetch(t, s.Transport(), s.login)
	if err == nil || !strings.Contains(err.Error(), "atrium-sud.fr:8443 cannot be reached: ") || strings.Contains(err.Error(), "service") {
		t.Errorf("got %v", err)
	}
}

// TestTooSlow names the host that does not answer.
func TestTooSlow(t *testing.T) {
	t.Parallel()
	s := atrium(t)
	s.Serve("www.atrium-sud.fr", http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	t.Cleanup(cancel)
	s.Serve(schoolHost, redirectTo(http.StatusFound, "https://www.atrium-sud.fr/connexion/login?service=secret"))
	jar, err := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List})
	if err != nil {
		t.Fatal(err)
	}
	req := (&http.Request{Method: http.MethodGet, URL: &url.URL{Scheme: "https", Host: schoolHost, Path: "/pronote/eleve.html"}}).WithContext(ctx)
	transport := s.Transport()
	t.Cleanup(transport.CloseIdleConnections)
	_, err = s.login.Fetch(&http.Client{Transport: transport, Jar: jar}, req)
	if err == nil || !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "did not answer in time") || strings.Contains(err.Error(), "secret") {
		t.Errorf("got %v", err)
	}
}

// TestSchoolInCircles gives up on a school that leads nowhere.
func TestSchoolInCircles(t *testing.T) {
	t.Parallel()
	s := atrium(t)
	s.Serve(schoolHost, redirectTo(http.StatusFound, "/pronote/eleve.html"))
	checkReason(t, fetch(t, s.Transport(), s.login), cas.PortalChanged)
}
