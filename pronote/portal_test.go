package pronote_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"testing"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// A gate is a portal that lets everybody through with the ticket it has.
type gate struct {
	path, query string // where it leads
	err         error
	asked       int
	address     string // of the page that was asked for
}

func (g *gate) pass(client *http.Client, page *http.Request) (*http.Response, error) {
	g.asked++
	g.address = page.URL.String()
	if g.err != nil {
		return nil, g.err
	}
	for at := page.URL.ResolveReference(&url.URL{Path: g.path, RawQuery: g.query}); ; {
		req := page.Clone(page.Context())
		req.URL = at
		resp, err := client.Transport.RoundTrip(req)
		if err != nil || resp.Header.Get("Location") == "" {
			return resp, err
		}
		if at, err = at.Parse(resp.Header.Get("Location")); err != nil {
			return nil, err
		}
	}
}

// behindPortal is a school that sends logins to a portal.
func behindPortal(viewer world.Viewer, salt bool) *pronotetest.Server {
	return newServer(pronotetest.Options{Delegation: &pronotetest.Delegation{
		Login: "https://cas.example/login", Salt: salt,
		Validate: func(ticket, service string) (world.Viewer, bool) {
			return viewer, ticket == "1" && service == "https://0000001X.school.test/pronote/"
		},
	}})
}

// TestPortal logs in through a portal, for each kind of account, whether or not
// the challenge has a salt.
func TestPortal(t *testing.T) {
	t.Parallel()
	for _, kind := range []pronote.Kind{pronote.KindStudent, pronote.KindParent} {
		for _, salt := range []bool{false, true} {
			g := &gate{path: "/pronote/", query: "ticket=1"}
			r := relayTo(behindPortal(kind, salt))
			session, err := pronote.Login(t.Context(), pronotetest.Address, pronote.Credentials{Kind: kind, Portal: g.pass}, &pronote.Options{Transport: r})
			if err != nil {
				t.Errorf("%s, salt %t: %v", kind, salt, err)
				continue
			}
			if len(session.Students()) == 0 || g.asked != 1 || g.address != pronotetest.Address+map[pronote.Kind]string{pronote.KindStudent: "eleve.html", pronote.KindParent: "parent.html"}[kind] {
				t.Errorf("%s: %v, asked %d times for %s", kind, session.Students(), g.asked, g.address)
			}
			if err := session.Close(t.Context()); err != nil {
				t.Error(err)
			}
		}
	}
}

// TestPortalRefusals tells what the portal says from what PRONOTE says.
func TestPortalRefusals(t *testing.T) {
	t.Parallel()
	closed := errors.New("the portal is closed")
	for name, test := range map[string]struct {
		gate gate
		want error
	}{
		"the portal's own error":     {gate{err: closed}, closed},
		"PRONOTE's own login page":   {gate{path: "/pronote/eleve.html", query: "login=true"}, pronote.ErrPortalLogin},
		"a ticket that is not taken": {gate{path: "/pronote/", query: "ticket=2"}, pronote.ErrNotPRONOTE},
	} {
		_, err := pronote.Login(t.Context(), pronotetest.Address, pronote.Credentials{Portal: test.gate.pass}, &pronote.Options{
			Transport: behindPortal(pronote.KindStudent, false).Transport(),
		})
		if !errors.Is(err, test.want) || test.want == closed && err != closed {
			t.Errorf("%s: got %v, want %v", name, err, test.want)
		}
	}
}

// TestPortalLandsElsewhere lets a portal bring a page of PRONOTE that is at
// another host. A session with it would take what the school is told there.
func TestPortalLandsElsewhere(t *testing.T) {
	t.Parallel()
	for _, host := range []string{"evil.test", "0000001x.school.test:8443", "0000001x.school.test.", "0000001x.ſchool.test", "0000001x.school.test.evil.test"} {
		r := relayTo(behindPortal(pronote.KindStudent, false))
		g := &gate{path: "/pronote/", query: "ticket=1"}
		elsewhere := func(client *http.Client, page *http.Request) (*http.Response, error) {
			resp, err := g.pass(client, page)
			if err == nil {
				resp.Request = resp.Request.Clone(t.Context())
				resp.Request.URL.Host = host
			}
			return resp, err
		}
		_, err := pronote.Login(t.Context(), pronotetest.Address, pronote.Credentials{Portal: elsewhere}, &pronote.Options{Transport: r})
		if !errors.Is(err, pronote.ErrPortalLogin) {
			t.Errorf("%s: got %v", host, err)
		}
	}
}

// TestPortalSecretIsRefused is no wrong password: nobody has typed one.
func TestPortalSecretIsRefused(t *testing.T) {
	t.Parallel()
	server := behindPortal(pronote.KindStudent, false)
	server.Refuse(1, "")
	g := &gate{path: "/pronote/", query: "ticket=1"}
	_, err := pronote.Login(t.Context(), pronotetest.Address, pronote.Credentials{Portal: g.pass}, &pronote.Options{Transport: server.Transport()})
	if !errors.Is(err, pronote.ErrPortalLogin) || errors.Is(err, pronote.ErrCredentials) || g.asked != 1 {
		t.Errorf("got %v after %d logins", err, g.asked)
	}
}

// TestPortalWaitsItsTurn does not ask the portal when the budget says no.
func TestPortalWaitsItsTurn(t *testing.T) {
	t.Parallel()
	spent := errors.New("spent")
	g := &gate{path: "/pronote/", query: "ticket=1"}
	_, err := pronote.Login(t.Context(), pronotetest.Address, pronote.Credentials{Portal: g.pass}, &pronote.Options{
		Transport: behindPortal(pronote.KindStudent, false).Transport(), Before: func(context.Context, string) error { return spent },
	})
	if !errors.Is(err, spent) || g.asked != 0 {
		t.Errorf("got %v after %d logins", err, g.asked)
	}
}
