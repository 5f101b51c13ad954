package pronoteapi

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// A scribe changes what a school answers, by function: the school speaks plain
// JSON, and its session goes on as if it had answered so itself.
type scribe struct {
	school http.RoundTripper
	pages  map[string]func(data map[string]any) map[string]any
}

// written is an answer that is replaced as a whole.
func written(text string) func(map[string]any) map[string]any {
	return func(map[string]any) (data map[string]any) {
		if err := json.Unmarshal([]byte(text), &data); err != nil {
			panic(err)
		}
		return data
	}
}

// RoundTrip implements http.RoundTripper.
func (s scribe) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		return s.school.RoundTrip(r)
	}
	text, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(bytes.NewReader(text))
	response, err := s.school.RoundTrip(r)
	var asked struct{ ID string }
	if err != nil || json.Unmarshal(text, &asked) != nil || s.pages[asked.ID] == nil {
		return response, err
	}
	return s.rewrite(response, s.pages[asked.ID])
}

func (s scribe) rewrite(response *http.Response, page func(map[string]any) map[string]any) (*http.Response, error) {
	var answer, secured map[string]any
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return nil, err
	}
	if secured, _ = answer["dataSec"].(map[string]any); secured == nil {
		secured = map[string]any{}
	}
	delete(answer, "Erreur") // the invented school may not have the page
	data, _ := secured["data"].(map[string]any)
	secured["data"] = page(data)
	answer["dataSec"] = secured
	text, err := json.Marshal(answer)
	response.Body = io.NopCloser(bytes.NewReader(text))
	response.Header.Set("Content-Length", strconv.Itoa(len(text)))
	return response, err
}

// november2026 is shared by the tests whose answers are written by hand.
var november2026 = sync.OnceValue(func() *world.School {
	school := world.NewSchool(7, 2026)
	school.AdvanceTo(pronote.DateTime{Date: pronote.Date{Year: 2026, Month: time.November, Day: 16}, Hour: 6})
	return school.Quiet()
})

// byHand is a testbed on 16 November 2026, some of whose answers are written by hand.
func byHand(t *testing.T, pages map[string]func(map[string]any) map[string]any) testbed {
	t.Helper()
	server := pronotetest.NewServer(november2026(), pronotetest.Options{})
	return newTestbedAt(t, server, Options{Transport: scribe{server.Transport(), pages}})
}
