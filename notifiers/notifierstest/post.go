// Package notifierstest is where the messages of invented families arrive: a webhook, an ntfy server and a mail server,
// on this machine.
package notifierstest

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
)

// An Arrival is a message as it came.
type Arrival struct {
	Channel string // "webhook", "ntfy" or "email"
	To      string // the name in the address
	ID      string // by which the channel knows a repeat: of the webhook, the sequence at ntfy, the mail's own
	Title   string
	Text    string
	UIDs    string // of the rows that it tells, each followed by a space; of the webhook alone
}

// A Post is the servers of the three channels. Anybody has an address there.
type Post struct {
	take      func(a Arrival, accept func())
	listening map[string]string // addresses, by server

	mu   sync.Mutex
	open []io.Closer
}

// Open opens a post for the length of a test. What arrives is passed to take, from several goroutines at once. Its
// sender gets an answer from accept, or else the connection breaks.
func Open(t testing.TB, take func(a Arrival, accept func())) *Post {
	t.Helper()
	// Nobody else takes this address, so that it is free when the post is opened again.
	p := &Post{take: take, listening: map[string]string{"http": "127.0.0.2:0", "mail": "127.0.0.2:0"}}
	p.Reopen(t)
	t.Cleanup(p.Shut)
	return p
}

// Webhook is the address of somebody's webhook.
func (p *Post) Webhook(to string) string { return p.Ntfy() + "/hooks/" + to }

// Ntfy is the address of the ntfy server. Anybody has a topic there.
func (p *Post) Ntfy() string { return "http://" + p.listening["http"] }

// Mail is the host and the port of the mail server, which speaks no TLS.
func (p *Post) Mail() (host, port string) {
	host, port, _ = net.SplitHostPort(p.listening["mail"]) // it was listened on
	return host, port
}

// Shut breaks all connections, and refuses others until Reopen.
func (p *Post) Shut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.open {
		_ = c.Close() // it may be over already
	}
	p.open = nil
}

// Reopen opens the servers at their addresses.
func (p *Post) Reopen(t testing.TB) {
	t.Helper()
	for name, serve := range map[string]func(net.Listener){"http": p.serveHTTP, "mail": p.serveMail} {
		listener, err := net.Listen("tcp", p.listening[name])
		if err != nil {
			t.Fatal(err)
		}
		p.listening[name] = listener.Addr().String()
		p.keep(listener)
		go serve(listener)
	}
}

// keep has something closed by Shut.
func (p *Post) keep(c io.Closer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.open = append(p.open, c)
}

func (p *Post) serveHTTP(l net.Listener) {
	server := &http.Server{Handler: http.HandlerFunc(p.answer)}
	p.keep(server)
	_ = server.Serve(l) // until it is closed
}

func (p *Post) answer(w http.ResponseWriter, r *http.Request) {
	a, yes := Arrival{}, ""
	var err error
	if to, ok := strings.CutPrefix(r.URL.Path, "/hooks/"); ok {
		a, err = readHook(r)
		a.To = to
	} else {
		a, err = readNtfy(r)
		yes = `{"id":"1"}`
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	accepted := false
	p.take(a, func() {
		accepted = true
		_, _ = io.WriteString(w, yes) // to one who may be gone already
		_ = http.NewResponseController(w).Flush()
	})
	if !accepted {
		panic(http.ErrAbortHandler)
	}
}

func readHook(r *http.Request) (Arrival, error) {
	var told struct {
		Title, Message string
		Events         []struct{ UID string }
	}
	err := json.NewDecoder(r.Body).Decode(&told)
	a := Arrival{Channel: "webhook", ID: r.Header.Get("Idempotency-Key"), Title: told.Title, Text: told.Message}
	for _, e := range told.Events {
		a.UIDs += e.UID + " "
	}
	return a, err
}

// readNtfy reads a message as ntfy's server does: without a title the text is all there is.
func readNtfy(r *http.Request) (Arrival, error) {
	var m struct {
		Topic, Title, Message string
		Sequence              string `json:"sequence_id"`
	}
	err := json.NewDecoder(r.Body).Decode(&m)
	if m.Title == "" {
		m.Title, m.Message = m.Message, ""
	}
	return Arrival{Channel: "ntfy", To: m.Topic, ID: m.Sequence, Title: m.Title, Text: m.Message}, err
}
