package pronote_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

// site starts a real web server and counts its requests.
func site(t *testing.T, start func(http.Handler) *httptest.Server, handler http.HandlerFunc) (server *httptest.Server, requests *atomic.Int32) {
	t.Helper()
	requests = &atomic.Int32{}
	server = start(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		handler(w, r)
	}))
	t.Cleanup(server.Close)
	return server, requests
}

func redirectTo(address string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, address, http.StatusFound) }
}

func TestRedirectToAPortal(t *testing.T) {
	t.Parallel()
	portal, reached := site(t, httptest.NewServer, func(http.ResponseWriter, *http.Request) {})
	school, _ := site(t, httptest.NewServer, redirectTo(portal.URL+"/cas/login?service=canary"))
	_, err := pronote.Login(t.Context(), school.URL+"/pronote/", student, &pronote.Options{Transport: http.DefaultTransport})
	var left *pronote.PortalError
	if !errors.As(err, &left) || left.Host != portal.Listener.Addr().String() {
		t.Fatalf("login: %s, want a PortalError", describe(err))
	}
	checkSentence(t, err)
	if n := reached.Load(); n > 0 {
		t.Errorf("the portal got %d requests, want none", n)
	}
}

// A server that turns the calls themselves to another place gets no further
// than one that turns the page. It is no portal: those stand before the page, and
// an account would have been given up until a person acts.
func TestRedirectOfACallToAnotherHost(t *testing.T) {
	t.Parallel()
	other, reached := site(t, httptest.NewServer, func(http.ResponseWriter, *http.Request) {})
	for _, status := range []int{http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect} {
		r := relayTo(newServer(pronotetest.Options{}))
		r.instead = answerWith("Identification", status, http.Header{"Location": {other.URL + "/?canary"}}, "")
		_, err := loginThrough(t.Context(), r, student)
		if as[*pronote.PortalError](err) || !errors.Is(err, pronote.ErrNotPRONOTE) {
			t.Fatalf("status %d: %s, want ErrNotPRONOTE", status, describe(err))
		}
		checkSentence(t, err)
	}
	if n := reached.Load(); n > 0 {
		t.Errorf("the other host got %d requests, want none", n)
	}
}

func TestRedirectsThatAreRefused(t *testing.T) {
	t.Parallel()
	for name, location := range map[string]string{
		"to http":            "http://0000001x.school.test/pronote/eleve.html",
		"to something else":  "mailto:canary",
		"to another scheme":  "ftp://0000001x.school.test/pronote/eleve.html",
		"in circles":         "/pronote/eleve.html?x=1",
		"to what is no URL":  "https://[canary",
		"to another port":    "https://0000001x.school.test:8443/pronote/eleve.html",
		"to another subsite": "https://0000001x.school.test.example/pronote/eleve.html",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := &relay{instead: answerWith("page", http.StatusFound, http.Header{"Location": {location}}, "")}
			_, err := loginThrough(t.Context(), r, student)
			if err == nil {
				t.Fatal("login succeeds")
			}
			if n := r.total(); n > 1 && name != "in circles" || n > 10 {
				t.Errorf("%d requests", n)
			}
			checkSentence(t, err)
			if strings.Contains(err.Error(), "canary") {
				t.Errorf("error %q repeats the address", err)
			}
		})
	}
}

// People type http, and the school answers over https: the login goes on there,
// with nothing but the page asked for in clear.
func TestRedirectToHTTPS(t *testing.T) {
	t.Parallel()
	r := relayTo(newServer(pronotetest.Options{}))
	clear := 0
	r.instead = func(function string, req *http.Request) (*http.Response, error) {
		if req.URL.Scheme == "https" {
			return nil, nil
		}
		if clear++; function != "page" {
			t.Errorf("%s was sent in clear", function)
		}
		return response(req, http.StatusMovedPermanently, http.Header{"Location": {strings.Replace(req.URL.String(), "http", "https", 1)}}, ""), nil
	}
	session, err := pronote.Login(t.Context(), "http://0000001x.school.test/pronote/eleve.html", student, &pronote.Options{Transport: r})
	if err != nil {
		t.Fatal(err)
	}
	if err := session.Close(t.Context()); err != nil || clear != 1 {
		t.Errorf("Close: %v; %d requests in clear, want one", err, clear)
	}
}

// The root of the host leads to the folder of PRONOTE.
func TestRedirectToAFolder(t *testing.T) {
	t.Parallel()
	r := relayTo(newServer(pronotetest.Options{}))
	r.instead = func(_ string, req *http.Request) (*http.Response, error) {
		if strings.HasPrefix(req.URL.Path, "/pronote/") {
			return nil, nil
		}
		return response(req, http.StatusFound, http.Header{"Location": {"/pronote" + req.URL.RequestURI()}}, ""), nil
	}
	if _, err := pronote.Login(t.Context(), "0000001x.school.test", student, &pronote.Options{Transport: r}); err != nil {
		t.Error(err)
	}
}

func TestUnknownCertificate(t *testing.T) {
	t.Parallel()
	quiet := func(h http.Handler) *httptest.Server {
		s := httptest.NewUnstartedServer(h)
		s.Config.ErrorLog = log.New(io.Discard, "", 0) // it complains of the client that hangs up
		s.StartTLS()
		return s
	}
	school, reached := site(t, quiet, newServer(pronotetest.Options{}).ServeHTTP)
	_, err := pronote.Login(t.Context(), school.URL+"/pronote/", student, nil)
	if err == nil || !strings.Contains(err.Error(), "cannot prove who it is") || reached.Load() > 0 {
		t.Fatalf("login: %s after %d requests, want none", describe(err), reached.Load())
	}
	checkSentence(t, err)
}

func TestHTTPSOfAServerWithout(t *testing.T) {
	t.Parallel()
	server, _ := site(t, httptest.NewServer, func(http.ResponseWriter, *http.Request) {})
	_, err := pronote.Login(t.Context(), strings.Replace(server.URL, "http:", "https:", 1), student, nil)
	if err == nil || !strings.HasSuffix(err.Error(), "does not speak https") {
		t.Fatalf("login: %s, want that there is no https", describe(err))
	}
	checkSentence(t, err)
}

func TestNobodyListens(t *testing.T) {
	t.Parallel()
	school, _ := site(t, httptest.NewServer, func(http.ResponseWriter, *http.Request) {})
	school.Close()
	_, err := pronote.Login(t.Context(), school.URL+"/pronote/", student, nil)
	if !errors.Is(err, syscall.ECONNREFUSED) {
		t.Fatalf("login: %s, want ECONNREFUSED", describe(err))
	}
	checkSentence(t, err)
}

func TestUnknownHost(t *testing.T) {
	t.Parallel()
	lookup := &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "0000001x.school.test", IsNotFound: true}}
	_, err := loginThrough(t.Context(), &relay{instead: failWith(lookup)}, student)
	if !as[*net.DNSError](err) {
		t.Fatalf("login: %s, want a DNSError", describe(err))
	}
	checkSentence(t, err)
}

// failWith breaks the way to the server.
func failWith(err error) func(string, *http.Request) (*http.Response, error) {
	return func(string, *http.Request) (*http.Response, error) { return nil, err }
}

func TestBrokenConnectionOfThePage(t *testing.T) {
	t.Parallel()
	for _, broken := range []error{io.EOF, io.ErrUnexpectedEOF, syscall.ECONNRESET, syscall.EPIPE, &net.OpError{Op: "read", Err: syscall.ECONNRESET}} {
		r := &relay{instead: failWith(broken)}
		_, err := loginThrough(t.Context(), r, student)
		if !errors.Is(err, broken) || r.total() != 1 {
			t.Fatalf("login: %s after %d requests, want %v after one", describe(err), r.total(), broken)
		}
		checkSentence(t, err)
	}
}

func TestServerThatNeverAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		server := newServer(pronotetest.Options{})
		server.Inject(pronotetest.Fault{Kind: "stall", Function: "page"})
		start := time.Now()
		_, err := loginThrough(t.Context(), server.Transport(), student)
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 30*time.Second {
			t.Fatalf("login: %s after %s, want DeadlineExceeded after 30s", describe(err), time.Since(start))
		}
		checkSentence(t, err)
	})
}

// A truncated body, as a proxy that breaks down sends it.
func TestBodyShorterThanAnnounced(t *testing.T) {
	t.Parallel()
	school, _ := site(t, httptest.NewServer, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, "<html>") // the rest never comes
	})
	_, err := pronote.Login(t.Context(), school.URL, student, nil)
	if !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Fatalf("login: %s, want ErrUnexpectedEOF", describe(err))
	}
	checkSentence(t, err)
}

// Without TLS the first secret is sealed for the server alone, where the page
// says so or carries a key.
func TestVectorIsSealedWithoutTLS(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, version, pattern, with string
		size                         int
	}{
		{"https", "2025.2.8", ``, ``, 16},
		{"http", "2025.2.8", `,a:3`, `,a:3,http:true`, 128},
		{"http, strict JSON", "2026.2.5", `"a":3`, `"a":3,"http":true`, 128},
		{"a key in the page", "2022.0.3", ``, ``, 128},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := relayTo(newServer(pronotetest.Options{Profile: profile(t, tt.version), Encrypt: false, Compress: false}))
			r.rewrite = replaceIn("page", tt.pattern, tt.with)
			_, _ = loginThrough(t.Context(), r, student) // the fake has not the private half of the constant key
			var sent struct {
				DataSec, DonneesSec struct{ Data, Donnees struct{ Uuid string } }
			}
			if err := json.Unmarshal([]byte(r.bodies[1]), &sent); err != nil {
				t.Fatal(err)
			}
			uuid := sent.DataSec.Data.Uuid + sent.DonneesSec.Donnees.Uuid
			raw, err := base64.StdEncoding.DecodeString(uuid)
			if err != nil || len(raw) != tt.size {
				t.Errorf("Uuid %q of %d bytes, %v, want %d", uuid, len(raw), err, tt.size)
			}
		})
	}
}

// Once a redirect has led to https, none leads back.
func TestRedirectToHTTPSAndBack(t *testing.T) {
	t.Parallel()
	r := &relay{instead: func(_ string, req *http.Request) (*http.Response, error) {
		other := map[string]string{"http": "https", "https": "http"}[req.URL.Scheme]
		return response(req, http.StatusFound, http.Header{"Location": {other + "://0000001x.school.test/pronote/eleve.html"}}, ""), nil
	}}
	_, err := pronote.Login(t.Context(), "http://0000001x.school.test/pronote/", student, &pronote.Options{Transport: r})
	if err == nil || !strings.Contains(err.Error(), "unencrypted") || r.total() != 2 {
		t.Fatalf("login: %s after %d requests, want a refusal after 2", describe(err), r.total())
	}
	checkSentence(t, err)
}
