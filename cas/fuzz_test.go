package cas

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/pronote-sync/pronote-sync/hostname"
)

// seedPages are kinds of pages that portals have, and some that they should not.
var seedPages = []string{
	``, `<form>`, `<p>Identifiant ou mot de passe incorrect, il vous reste 2 tentatives</p>`,
	`<form id=fm1 method=post action="?execution=e1s2"><input name=username><input type=password name=password><input type=hidden name=lt value=1><button name=submit>`,
	`<form id="kc-form-login" method="post" action="https://portal.example/a?b&amp;c"><input name="username"><input name="password"></form>`,
	`<form class="cas__login-form" method="POST"><input name="username"><input name="password"></form>`,
	`<form method="post" action="/auth/login"><input name="email"><input name="password"><input type="hidden" name="callBack"></form><div ng-init="error='L\'identifiant'">`,
	`<form method="post"><input name="shib_idp_ls_supported"></form>`,
	`<form method=post action="#"><input name=j_username><input name=j_password><input type=hidden name=csrf_token value=&#x41;></form>`,
	`<form method="post" action="https&#x3a;&#x2f;&#x2f;portal.example/acs"><input name="SAMLResponse" value="YQ=="><input name="RelayState"></form>`,
	`<input type=radio name=selection value=EDU id=a><label for=a>EduConnect</label>`,
	`<form method=post action=/auth/saml/selectUser><h3>A</h3><input name=login></form><form method=post action=/auth/saml/selectUser><h3>B</h3></form>`,
	`<form action=/discovery/WAYF><select name=origin><option>a<option selected value=b></select></form>`,
	`<form method=post action=/wayf/Ctrl><input name=entityID><input name=return><input name=_saml_idp></form>`,
	`<a href="/idp/Authn/loader?x=1">x</a>`,
	`<?xml version="1.0"?><r><conversation>a</conversation><uidInSession>b</uidInSession></r>`,
	`<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><r><conversation>&a;</conversation></r>`,
	`{"currentProfil":{"codeProfil":"TEST","uai":"0921234X"}}`, `[{"code":"pronote","externalRoute":"//evil.example/"}]`, `{"autorisationId":"../../x","projet":"p"}`,
	`<base href="https://evil.example/"><form method=post action=go><input name=username><input name=password></form>`,
	`<form action="javascript:alert(1)"><input name="username"><input name="password"></form>`, "\xff\xfe<\x00", `<form action="http://[::1">`,
}

var fuzzPortal = &url.URL{Scheme: "https", Host: "portal.example", Path: "/login", RawQuery: "service=s&callback=%2Fcas%2Flogin%3Fservice%3Ds"}

// FuzzForms reads forms. What is read is bounded, and no form is without an
// address.
func FuzzForms(f *testing.F) {
	for _, page := range seedPages {
		f.Add([]byte(page), "text/html; charset=iso-8859-1")
	}
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		p, err := readPage(fuzzPortal, http.StatusOK, http.Header{"Content-Type": {contentType}}, body)
		if err != nil {
			var known *Error
			if !errors.As(err, &known) {
				t.Fatalf("no reason in %v", err)
			}
			return
		}
		if len(p.forms) > maxForms || !utf8.ValidString(p.plain) && utf8.Valid(body) {
			t.Errorf("%d forms, text %q", len(p.forms), p.plain)
		}
		for _, form := range p.forms {
			if form.action == nil || len(form.fields) > maxFields || form.method != http.MethodGet && form.method != http.MethodPost {
				t.Errorf("%+v", form)
			}
			for name, values := range form.values() {
				if name == "" || len(values) > len(form.fields) {
					t.Errorf("%q: %q", name, values)
				}
			}
		}
		message(p)
		refusal(p)
	})
}

const fuzzSecret = "fuzz-canary"

// fuzzWalk is a login on its way, before or after the password was sent.
func fuzzWalk(engine string, posted bool) *walk {
	jar, _ := cookiejar.New(nil) // without options it never fails
	return &walk{
		Login: &Login{
			Portal:   Portal{ID: "p", Engine: engine, Base: "https://portal.example", API: "https://portal.example", Selections: []string{"EDU"}, Hosts: []string{"portal.example"}},
			Username: "u", Password: func() string { return fuzzSecret },
		},
		engine: engines[engine], jar: jar, school: &url.URL{Scheme: "https", Host: "0061234x.school.example", Path: "/pronote/eleve.html"},
		hosts: map[string]bool{"portal.example": true, eduConnectHost: true}, met: map[string]int{}, posted: posted,
	}
}

// FuzzReaders shows a page to all readers of an engine, on the portal's host, on
// EduConnect's and on another, before and after the login. Whatever they make of
// it, the password only goes where it may.
func FuzzReaders(f *testing.F) {
	const secret = fuzzSecret
	for engine := range Engines() {
		for _, page := range seedPages {
			for host := range byte(3) {
				f.Add(byte(engine), []byte(page), host, "/auth/login", false)
			}
			for _, path := range []string{"/v1/users/me", "/v1/ozapps", "/v1/config/Pronote", toutaticeRemoteUser} {
				f.Add(byte(engine), []byte(page), byte(0), path, true)
			}
		}
	}
	f.Fuzz(func(t *testing.T, engine byte, body []byte, host byte, path string, posted bool) {
		name := Engines()[int(engine)%len(Engines())]
		at := *fuzzPortal
		at.Host = []string{"portal.example", eduConnectHost, "evil.example"}[host%3]
		if at.Path = path; path == "" || path[0] != '/' {
			at.Path = "/" + path
		}
		if at.Path == toutaticeRemoteUser {
			at.RawQuery = "redirectToLoaderRemoteUser=0&conversation=c&sessionid=s"
		}
		p, err := readPage(&at, http.StatusOK, http.Header{}, body)
		if err != nil {
			return
		}
		w := fuzzWalk(name, posted)
		next, err := w.next(p)
		if (next == nil) == (err == nil) {
			t.Fatalf("got %v and %v", next, err)
		}
		if err != nil {
			if strings.Contains(err.Error(), secret) {
				t.Errorf("the password is in %v", err)
			}
			return
		}
		sends := slices.Contains(slices.Concat(values(next.fields)...), secret)
		want := "portal.example"
		if w.engine.eduConnect {
			want = eduConnectHost
		}
		if sends && (posted || hostname.Of(next.url) != want || hostname.Of(p.url) != want || next.url.Scheme != "https" || next.method != http.MethodPost) {
			t.Errorf("the password goes from %s to %s %s", p.url, next.method, next.url)
		}
		if strings.Contains(next.url.String(), secret) {
			t.Errorf("the password is in %s", next.url)
		}
	})
}

func values(fields url.Values) [][]string {
	var lists [][]string
	for _, list := range fields {
		lists = append(lists, list)
	}
	return lists
}

// FuzzTrace masks whatever comes: what is masked is a page again, and holds no
// word that could be a person's.
func FuzzTrace(f *testing.F) {
	for _, page := range seedPages {
		f.Add(page + `<p title="canary">canary</p><input value="canary"><script>canary</script><!--canary-->`)
	}
	f.Fuzz(func(t *testing.T, body string) {
		var out bytes.Buffer
		r := newRecorder(&out, func(*url.URL) bool { return false }, nil, newTyped("canary"))
		r.exchange(get(fuzzPortal), &answer{url: fuzzPortal, status: http.StatusOK, header: http.Header{}, body: []byte(body)}, nil)
		var trace Trace
		if err := json.Unmarshal(out.Bytes(), &trace); err != nil {
			t.Fatalf("%v in %s", err, out.String())
		}
		for _, attribute := range []string{"canary", "<script>", "<!--"} {
			if strings.Contains(trace.Page, attribute) {
				t.Errorf("%s is in %s", attribute, trace.Page)
			}
		}
	})
}
