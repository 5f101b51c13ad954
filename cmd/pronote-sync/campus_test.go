package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// A campus is a school on the network, in the process of the test.
type campus struct {
	*world.School
	url     string // of the site
	control string // of the back door
	server  atomic.Pointer[pronotetest.Server]

	requests atomic.Int64                     // of HTTP that were received
	shows    atomic.Pointer[func() time.Time] // what the clock of the server shows, that of the programs
	around   atomic.Pointer[func(w http.ResponseWriter, r *http.Request, answer func())]
}

// openCampus opens a school on the evening of a day.
func openCampus(t testing.TB, seed uint64, day pronote.Date, options pronotetest.Options) *campus {
	c := &campus{School: world.NewSchool(seed, 2025)}
	c.AdvanceTo(pronote.DateTime{Date: day, Hour: 18})
	c.server.Store(pronotetest.NewServer(c.School, options))
	site, control := httptest.NewServer(c), httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.server.Load().Control(c.url).ServeHTTP(w, r)
	}))
	c.url, c.control = site.URL+"/pronote/", control.URL
	t.Cleanup(func() {
		site.CloseClientConnections() // of a request that stalls
		site.Close()
		control.Close()
	})
	return c
}

// ServeHTTP implements http.Handler.
func (c *campus) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.requests.Add(1)
	c.date(w)
	answer := func() { c.server.Load().ServeHTTP(w, r) }
	if around := c.around.Load(); around != nil {
		(*around)(w, r, answer)
		return
	}
	answer()
}

// stallAfter answers so many requests and no more. It returns a channel that is
// closed when the first one waits in vain.
func (c *campus) stallAfter(n int64) <-chan struct{} {
	stalled, once := make(chan struct{}), sync.Once{}
	last := c.requests.Load() + n
	c.around.Store(ptr(func(_ http.ResponseWriter, r *http.Request, answer func()) {
		if c.requests.Load() <= last {
			answer()
			return
		}
		once.Do(func() { close(stalled) })
		untilGone(r)
	}))
	return stalled
}

// untilGone waits until the client of a request has gone. The server of net/http looks for
// that once the body is read to its end.
func untilGone(r *http.Request) {
	_, _ = io.Copy(io.Discard, r.Body)
	<-r.Context().Done()
}

func ptr[T any](v T) *T { return &v }

// logins counts the logins that went through, and those that were refused.
func (c *campus) logins() (accepted, refused int) {
	for _, r := range c.server.Load().Requests() {
		switch r.Function {
		case "Identification": // until the last step of a login shows otherwise
			refused++
		case "ParametresUtilisateur":
			accepted++
			refused--
		}
	}
	return accepted, refused
}

// date has an answer show what the clock of the server shows, and nothing where no program
// was started on it.
func (c *campus) date(w http.ResponseWriter) {
	w.Header()["Date"] = nil
	if shows := c.shows.Load(); shows != nil {
		w.Header().Set("Date", (*shows)().UTC().Format(http.TimeFormat))
	}
}

// clock is the time at the school, for a program, which the school's answers show from
// then on.
func (c *campus) clock() string {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		panic(err)
	}
	now, told := c.Now().In(paris), time.Now()
	c.shows.Store(ptr(func() time.Time { return now.Add(time.Since(told)) }))
	return now.Format(time.RFC3339)
}

// mark makes a teacher give the pupil a mark, which shows at once.
func (c *campus) mark(title, score string) {
	c.Do(world.Add(world.Test{
		Subject: "MATHEMATIQUES", Title: title, Scores: map[string]pronote.Score{c.Pupil(): pronote.ParseScore(score)},
	}))
}

// A letter is a message as a webhook receives it.
type letter struct {
	To, ID, Title, Message string

	key  string // the header that names repeats
	uids string // of its events
}

// A mailroom is the webhook of several recipients: to each belongs a path.
type mailroom struct {
	url    string
	status atomic.Int64 // of the answers; 0 is 200
	around atomic.Pointer[func(w http.ResponseWriter, r *http.Request, l letter, answer func())]

	mu      sync.Mutex
	letters []letter
}

func openMailroom(t testing.TB) *mailroom {
	m := &mailroom{}
	server := httptest.NewServer(m)
	m.url = server.URL
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	return m
}

// ServeHTTP implements http.Handler.
func (m *mailroom) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	l := letter{To: strings.TrimPrefix(r.URL.Path, "/"), key: r.Header.Get("Idempotency-Key")}
	text, err := io.ReadAll(r.Body)
	if err != nil || json.Unmarshal(text, &l) != nil {
		http.Error(w, "not a letter", http.StatusBadRequest)
		return
	}
	var told struct{ Events []struct{ UID string } }
	if err := json.Unmarshal(text, &told); err != nil {
		http.Error(w, "not a letter", http.StatusBadRequest)
		return
	}
	for _, e := range told.Events {
		l.uids += e.UID + " "
	}
	answer := func() {
		if status := m.status.Load(); status != 0 {
			http.Error(w, "no", int(status))
			return
		}
		w.WriteHeader(http.StatusOK)
	}
	if around := m.around.Load(); around != nil {
		(*around)(w, r, l, answer)
		return
	}
	if m.status.Load() == 0 {
		m.keep(l)
	}
	answer()
}

func (m *mailroom) keep(l letter) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.letters = append(m.letters, l)
}

// received are the letters so far.
func (m *mailroom) received() []letter {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.letters)
}

// has reports whether a recipient got a letter that mentions something.
func (m *mailroom) has(to, text string) bool {
	return slices.ContainsFunc(m.received(), func(l letter) bool {
		return l.To == to && strings.Contains(l.Title+"\n"+l.Message, text)
	})
}
