package cas_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/cas/castest"
)

// TestPasswordIsNotTold lets a portal that got the password write it into
// addresses, names and pages, and break the protocol with it. It is in no trace
// and no error.
func TestPasswordIsNotTold(t *testing.T) {
	t.Parallel()
	const password = "Motdepasse"
	raw := func(answer string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := http.NewResponseController(w).Hijack()
			if err != nil {
				t.Error(err)
				return
			}
			_, _ = fmt.Fprint(conn, answer) // a client may hang up
			_ = conn.Close()
		}
	}
	for name, answer := range map[string]http.HandlerFunc{
		"a redirect within":            redirectTo(302, "/auth/reset/"+password+"?login="+password),
		"a redirect to a host":         redirectTo(302, "https://"+password+".example/"+password),
		"a redirect to a name":         redirectTo(302, "https://"+password+"@www.atrium-sud.fr/"),
		"a redirect that is none":      redirectTo(302, "https://["+password),
		"a form sent again":            redirectTo(307, "https://"+password+".example/"),
		"another form":                 page(`<form method="post" action="/` + password + `"><input name="` + password + `"><input name="` + url.QueryEscape(password) + `-2"></form>`),
		"the form again, elsewhere":    loginForm(`method="post" action="https://`+password+`.example/"`, password),
		"a page":                       page("<" + password + ` class="` + password + `">` + password),
		"a status that is none":        raw("HTTP/1.1 2oo " + password + "\r\n\r\n"),
		"no HTTP":                      raw(password + " is no HTTP\r\n\r\n"),
		"a header that is none":        raw("HTTP/1.1 200 OK\r\n" + password + "\r\n\r\n"),
		"a name of a header":           raw("HTTP/1.1 200 OK\r\n" + password + " x: y\r\n\r\n"),
		"a length that is none":        raw("HTTP/1.1 200 OK\r\nContent-Length: " + password + "\r\n\r\n"),
		"an encoding that is none":     raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: " + password + "\r\n\r\n"),
		"a chunk that is none":         raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + password + "\r\n"),
		"gzip that is none":            raw("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 10\r\n\r\n" + password),
		"a body that is too short":     raw("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n" + password),
		"a protocol that nobody knows": raw("HTTP/1.1 101 " + password + "\r\nUpgrade: " + password + "\r\n\r\n"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, find(t, "atrium-sud"), castest.Person{Username: "lea.martin", Password: password})
			s.Serve("www.atrium-sud.fr", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost {
					http.SetCookie(w, &http.Cookie{Name: password, Value: password})
					answer(w, r)
					return
				}
				loginForm(`method="post"`, "")(w, r)
			}))
			var trace strings.Builder
			s.login.Trace = &trace
			err := fetch(t, s.Transport(), s.login)
			if err == nil {
				t.Fatal("nothing went wrong")
			}
			told := trace.String()
			for wrapped := err; wrapped != nil; wrapped = errors.Unwrap(wrapped) {
				told += "\n" + wrapped.Error()
			}
			if strings.Contains(strings.ToLower(told), strings.ToLower(password)) {
				t.Errorf("the password is in %s", told)
			}
		})
	}
}
