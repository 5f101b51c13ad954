package pronoteapi

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

func paris(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// A testbed is an invented school and the server in front of it, on a day in November.
type testbed struct {
	t      *testing.T
	school *pronotetest.Server
	api    *Server
}

func newTestbed(t *testing.T, o Options) testbed {
	t.Helper()
	return newTestbedOf(t, novemberSchool(), o)
}

// novemberSchool is shared by the tests that only read.
var novemberSchool = sync.OnceValue(func() *world.School {
	school := world.NewSchool(7, 2025)
	school.AdvanceTo(pronote.DateTime{Date: pronote.Date{Year: 2025, Month: time.November, Day: 20}, Hour: 18})
	return school.Quiet()
})

func newTestbedOf(t *testing.T, school *world.School, o Options) testbed {
	t.Helper()
	// Today's newest servers are asked for each notice by itself, which takes long here.
	profile, err := pronotetest.ProfileOf("2025.2.8")
	if err != nil {
		t.Fatal(err)
	}
	return newTestbedAt(t, pronotetest.NewServer(school, pronotetest.Options{Encrypt: true, Compress: true, Profile: profile}), o)
}

func newTestbedAt(t *testing.T, server *pronotetest.Server, o Options) testbed {
	t.Helper()
	if o.Transport == nil {
		o.Transport = server.Transport()
	}
	zone := paris(t)
	api, err := newServer(o, func() time.Time { return clock(server.School(), zone) })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = api.Close(t.Context()) }) // a school that was told to break need not hear it
	return testbed{t, server, api}
}

func clock(school *world.School, zone *time.Location) time.Time {
	return instantOf(school.Now(), zone)
}

func instantOf(t civil.DateTime, zone *time.Location) time.Time { return t.In(zone) }

// post sends a body as JSON, and returns the answer.
func (w testbed) post(path, token string, body any, header ...string) *httptest.ResponseRecorder {
	w.t.Helper()
	text, ok := body.(string)
	if !ok {
		raw, err := json.Marshal(body)
		if err != nil {
			w.t.Fatal(err)
		}
		text = string(raw)
	}
	r := httptest.NewRequestWithContext(w.t.Context(), http.MethodPost, path, strings.NewReader(text))
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Token", token)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Del(header[i])
		r.Header.Set(header[i], header[i+1])
	}
	recorder := httptest.NewRecorder()
	w.api.ServeHTTP(recorder, r)
	return recorder
}

// credentials are a login of the invented accounts.
func credentials(more ...string) map[string]any {
	body := map[string]any{"url": pronotetest.Address, "username": pronotetest.Username, "password": pronotetest.Password}
	for i := 0; i+1 < len(more); i += 2 {
		body[more[i]] = more[i+1]
	}
	return body
}

func (w testbed) login(more ...string) (token string) {
	w.t.Helper()
	answer := w.post("/auth/login", "", credentials(more...))
	token, _ = decode(w.t, answer.Body.Bytes())["token"].(string)
	if answer.Code != http.StatusOK || token == "" {
		w.t.Fatalf("the login answers %d %s", answer.Code, answer.Body)
	}
	return token
}

func decode(t *testing.T, text []byte) map[string]any {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(text))
	var v map[string]any
	if err := decoder.Decode(&v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}

// ask runs a query and returns the answer whole.
func (w testbed) ask(token, text string, variables map[string]any) map[string]any {
	w.t.Helper()
	answer := w.post("/graphql", token, map[string]any{"query": text, "variables": variables})
	if answer.Code != http.StatusOK {
		w.t.Fatalf("%s answers %d %s", text, answer.Code, answer.Body)
	}
	return decode(w.t, answer.Body.Bytes())
}

// data runs a query that must not fail and returns its data.
func (w testbed) data(token, text string) map[string]any {
	w.t.Helper()
	answer := w.ask(token, text, nil)
	if answer["errors"] != nil {
		w.t.Fatalf("%s fails: %v", text, answer["errors"])
	}
	data, _ := answer["data"].(map[string]any)
	return data
}

// asked are the functions that the school was asked for since a number of requests.
func (w testbed) asked(since int) (names []string) {
	for _, r := range w.school.Requests()[since:] {
		names = append(names, r.Function)
	}
	return names
}

func newRequest(t *testing.T, url string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
