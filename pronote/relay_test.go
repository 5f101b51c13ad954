package pronote_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// A relay stands between a client and a server. It notes what passes, and may
// answer in the server's place or change what the server says.
type relay struct {
	next    http.RoundTripper
	instead func(function string, r *http.Request) (*http.Response, error) // nil and nil let the request pass
	rewrite func(function, body string) string
	trouble map[string][]string // by function, what breaks the connection: "reset" before the server, "lost" after it

	mu     sync.Mutex
	sent   []string // function names, or "page"
	bodies []string // of the requests
	misfit int      // wrong order numbers that the server complained of
}

func relayTo(server *pronotetest.Server) *relay { return &relay{next: server.Transport()} }

// RoundTrip implements http.RoundTripper.
func (r *relay) RoundTrip(req *http.Request) (*http.Response, error) {
	function, err := r.note(req)
	if err != nil {
		return nil, err
	}
	if r.instead != nil {
		if resp, err := r.instead(function, req); resp != nil || err != nil {
			return resp, err
		}
	}
	trouble := r.nextTrouble(function)
	if trouble == "reset" {
		return nil, syscall.ECONNRESET
	}
	resp, err := r.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if trouble == "lost" {
		return nil, io.ErrUnexpectedEOF
	}
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	if strings.Contains(string(text), `"Erreur":{"G":14`) {
		r.misfit++
	}
	r.mu.Unlock()
	if r.rewrite != nil {
		text = []byte(r.rewrite(function, string(text)))
	}
	resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(text)), int64(len(text))
	return resp, nil
}

func (r *relay) nextTrouble(function string) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	list := r.trouble[function]
	if len(list) == 0 {
		return ""
	}
	r.trouble[function] = list[1:]
	return list[0]
}

// note remembers a request, of which it finds the name.
func (r *relay) note(req *http.Request) (function string, err error) {
	function, body := "page", []byte(nil)
	if req.Method == http.MethodPost {
		if body, err = io.ReadAll(req.Body); err != nil {
			return "", err
		}
		req.Body = io.NopCloser(bytes.NewReader(body))
		var names struct{ ID, Nom string }
		if err := json.Unmarshal(body, &names); err != nil {
			return "", err
		}
		function = names.ID + names.Nom
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sent, r.bodies = append(r.sent, function), append(r.bodies, string(body))
	return function, nil
}

// count is how many requests of a name were sent.
func (r *relay) count(function string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, f := range r.sent {
		if f == function {
			n++
		}
	}
	return n
}

// total is how many requests were sent.
func (r *relay) total() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.sent)
}

// answerWith answers one function, or "page", always in the same way.
func answerWith(function string, status int, header http.Header, body string) func(string, *http.Request) (*http.Response, error) {
	return func(f string, r *http.Request) (*http.Response, error) {
		if f != function {
			return nil, nil
		}
		return response(r, status, header, body), nil
	}
}

func response(r *http.Request, status int, header http.Header, body string) *http.Response {
	if header == nil {
		header = http.Header{}
	}
	return &http.Response{
		StatusCode: status, Header: header, Request: r, ProtoMajor: 1, ProtoMinor: 1,
		Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
	}
}

// replaceIn changes the answers to one function.
func replaceIn(function string, pattern, with string) func(string, string) string {
	expression := regexp.MustCompile(pattern)
	return func(f, body string) string {
		if f != function {
			return body
		}
		return expression.ReplaceAllString(body, with)
	}
}

// hideVersion takes every trace of the version out of what a server says.
func hideVersion(_, body string) string {
	body = strings.Replace(body, `"versionPN":`, `"_":`, 1)
	return regexp.MustCompile(`PRONOTE \d+\.\d+\.\d+|version=[\d.]+`).ReplaceAllString(body, "")
}

// calmSchool is a school at the start of its year. Tests that let its clock run
// make one of their own.
var calmSchool = sync.OnceValue(func() *world.School { return world.NewSchool(7, 2025) })

// newServer is a server of the calm school.
func newServer(options pronotetest.Options) *pronotetest.Server {
	return pronotetest.NewServer(calmSchool(), options)
}

// profile is the one of a version, which must exist.
func profile(t *testing.T, version string) pronotetest.Profile {
	t.Helper()
	p, err := pronotetest.ProfileOf(version)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func loginThrough(ctx context.Context, transport http.RoundTripper, c pronote.Credentials) (*pronote.Session, error) {
	return pronote.Login(ctx, pronotetest.Address, c, &pronote.Options{Transport: transport})
}

// mustLogin opens a session as the pupil.
func mustLogin(t *testing.T, transport http.RoundTripper) *pronote.Session {
	t.Helper()
	session, err := loginThrough(t.Context(), transport, student)
	if err != nil {
		t.Fatal(err)
	}
	return session
}

// checkSentence fails if an error is not one sentence that a person can act on.
func checkSentence(t *testing.T, err error) {
	t.Helper()
	text := err.Error()
	for _, bad := range []string{"\n", "://", "appelfonction", ".html", "?", pronotetest.Password, "  ", "()", ": :", "%!"} {
		if strings.Contains(text, bad) {
			t.Errorf("error %q contains %q", text, bad)
		}
	}
	if len(text) < 30 || len(text) > 400 || strings.HasSuffix(text, ".") {
		t.Errorf("error %q is no sentence of ours", text)
	}
}

// as reports whether an error is one of a type.
func as[T error](err error) bool {
	var target T
	return errors.As(err, &target)
}

// is makes a check for a sentinel error.
func is(target error) func(error) bool {
	return func(err error) bool { return errors.Is(err, target) }
}

func describe(err error) string { return fmt.Sprintf("%v (%T)", err, err) }

// A dialFailure is the reason why no connection came about.
type dialFailure struct{}

func (*dialFailure) Error() string { return "network is unreachable" }

func dialError() error { return &net.OpError{Op: "dial", Net: "tcp", Err: &dialFailure{}} }
