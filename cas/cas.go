// Package cas logs in to PRONOTE through the portals (ENT) that French schools
// put in front of it, most of which are CAS servers.
//
// A school that uses a portal answers a request for PRONOTE's page with a
// redirect to it. A Login walks from there over redirects and forms, as a
// browser would, until it is back at PRONOTE:
//
//	PRONOTE ──► portal ──► (EduConnect) ──► portal ──ticket──► PRONOTE
//
// It looks at each page and decides what to answer, rather than following a
// script, which makes it survive most changes of a portal. Each portal is a row of
// portals.toml; each family of portals, with its kinds of pages, is an engine in
// the file of that name.
//
// The password is sent once, to one host that the row names, over TLS. Nothing
// but the portal's hosts and the school is ever asked for anything.
package cas

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// A Login is a person at a portal.
type Login struct {
	Portal   Portal
	Parent   bool // logs in as a parent; as a pupil otherwise
	Username string
	Password func() string // called where it is sent, and to see that it is not told
	Account  string        // the name of the school, or the login, where the portal has several accounts for one person

	// Trace receives what happened, one Trace for each request; nil for nowhere.
	Trace io.Writer
}

// Fetch carries out a request for a page of PRONOTE, and any login in between. The
// response is that of PRONOTE, its Request the last one made. The client's
// transport is used, and its jar, which must not be nil, keeps the cookies of the
// portal and of PRONOTE; it should know the public suffixes.
//
// Errors are *Error, or those of the network.
func (l *Login) Fetch(client *http.Client, page *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeout(page.Context(), maxLogin)
	defer cancel()
	w := l.walk(client, page)
	w.trace = newRecorder(l.Trace, w.inSchool, w.hosts, newTyped(l.Username, l.password()))
	p, err := w.run(ctx)
	if err != nil {
		return nil, w.explain(ctx, err)
	}
	if err := w.trace.err(); err != nil {
		return nil, fmt.Errorf("the trace cannot be written: %w", err)
	}
	last := page.Clone(page.Context())
	last.URL = p.url
	return &http.Response{
		StatusCode: p.status, Header: p.header, Request: last,
		Body: io.NopCloser(bytes.NewReader(p.body)), ContentLength: int64(len(p.body)),
	}, nil
}

func (l *Login) password() string {
	if l.Password == nil {
		return ""
	}
	return l.Password()
}

// explain completes an error.
func (w *walk) explain(ctx context.Context, err error) error {
	var known *Error
	if errors.As(err, &known) && ctx.Err() == nil {
		known.Portal, known.Sent = w.Portal.ID, w.posted
		if newTyped(w.password()).in(known.Detail) { // a portal can name a field, a host or an account so
			known.Detail = ""
		}
		return known
	}
	return fmt.Errorf("portal %s: %w", w.Portal.ID, err)
}

// walk prepares a login from a page of PRONOTE.
func (l *Login) walk(client *http.Client, page *http.Request) *walk {
	w := &walk{
		Login: l, engine: engines[l.Portal.Engine],
		transport: client.Transport, jar: client.Jar, agent: page.UserAgent(),
		school: page.URL, hosts: map[string]bool{}, met: map[string]int{},
	}
	if w.transport == nil {
		w.transport = http.DefaultTransport
	}
	for _, host := range append([]string{hostOf(l.Portal.Base), hostOf(l.Portal.Start), hostOf(l.Portal.API)}, l.Portal.Hosts...) {
		w.hosts[host] = host != ""
	}
	w.hosts[eduConnectHost] = w.engine.eduConnect
	return w
}
