package cas_test

import (
	"bytes"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/cas"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// TestSalt opens a session whether or not the challenge after a portal has a
// salt; which of the two real servers do is not known.
func TestSalt(t *testing.T) {
	t.Parallel()
	for _, salt := range []bool{false, true} {
		s := atrium(t)
		s.delegation.Salt = salt
		if _, err := s.enter(t); err != nil {
			t.Errorf("salt %t: %v", salt, err)
		}
	}
}

// TestOldServers opens sessions of each year's protocol.
func TestOldServers(t *testing.T) {
	t.Parallel()
	for _, profile := range pronotetest.Profiles {
		s := atrium(t)
		s.Serve(schoolHost, pronotetest.NewServer(quietSchool(), pronotetest.Options{Profile: profile, Delegation: s.delegation, Encrypt: true}))
		if _, err := s.enter(t); err != nil {
			t.Errorf("%s: %v", profile.Version, err)
		}
	}
}

// TestUsedTicket lets PRONOTE refuse what the portal gave: that is neither a
// wrong password nor something to try again.
func TestUsedTicket(t *testing.T) {
	t.Parallel()
	s := atrium(t)
	s.delegation.Validate = func(string, string) (world.Viewer, bool) { return "", false }
	_, err := s.enter(t)
	if !errors.Is(err, cas.NotTaken) || len(s.posts()) != 1 {
		t.Errorf("got %v after posts to %v", err, s.posts())
	}
}

// TestUnknownToPRONOTE lets the portal lead back to PRONOTE's own login page.
func TestUnknownToPRONOTE(t *testing.T) {
	t.Parallel()
	s := atrium(t)
	s.Serve("www.atrium-sud.fr", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			redirectTo(http.StatusFound, "https://"+schoolHost+"/pronote/eleve.html?login=true")(w, r)
			return
		}
		loginForm(`method="post"`, "")(w, r)
	}))
	if _, err := s.enter(t); !errors.Is(err, pronote.ErrPortalLogin) {
		t.Errorf("got %v", err)
	}
}

// TestNotDelegated finds PRONOTE's own login page where a portal was expected,
// which is no obstacle for one that can be told where to come back to.
func TestNotDelegated(t *testing.T) {
	t.Parallel()
	s := atrium(t)
	s.Serve(schoolHost, pronotetest.NewServer(quietSchool(), pronotetest.Options{}))
	checkReason(t, fetch(t, s.Transport(), s.login), cas.NotDelegated)

	hub, err := cas.Portals().Find("hubeduconnect")
	if err != nil {
		t.Fatal(err)
	}
	s = newScene(t, hub, pupil)
	s.Serve(schoolHost, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !r.URL.Query().Has("ticket") && !r.URL.Query().Has("identifiant") {
			r.URL.RawQuery = "login=true" // its own page, whatever is asked
		}
		s.school.ServeHTTP(w, r)
	}))
	s.delegation.Validate = func(ticket, _ string) (world.Viewer, bool) {
		return pronote.KindStudent, s.Validate(ticket, "https://"+schoolHost+"/pronote/eleve.html")
	}
	if _, err := s.enter(t); err != nil {
		t.Error(err)
	}
}

// TestClosedSchool leaves to PRONOTE what is PRONOTE's.
func TestClosedSchool(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]error{
		"Le site n'est pas disponible": pronote.ErrClosed, "Le site est momentanément indisponible": pronote.ErrBusy,
	} {
		s := atrium(t)
		s.Serve(schoolHost, page(text))
		if _, err := s.enter(t); !errors.Is(err, want) || len(s.posts()) > 0 {
			t.Errorf("got %v", err)
		}
	}
	s := atrium(t)
	s.school.Ban(true)
	var blocked *pronote.BlockedError
	if _, err := s.enter(t); !errors.As(err, &blocked) {
		t.Errorf("got %v", err)
	}
}

// TestToken turns a session that came through the portal into a token, with
// which the portal is not asked any more.
func TestToken(t *testing.T) {
	t.Parallel()
	s := atrium(t)
	session, err := s.enter(t)
	if err != nil {
		t.Fatal(err)
	}
	pin := pronote.NewSecret("4711")
	code, err := session.QR(t.Context(), pin)
	if err != nil {
		t.Fatal(err)
	}
	credentials, err := code.Open(pin)
	if err != nil {
		t.Fatal(err)
	}
	var device pronote.Device
	transport := s.Transport()
	t.Cleanup(transport.CloseIdleConnections)
	options := &pronote.Options{Transport: transport, KeepDevice: func(d pronote.Device) error { device = d; return nil }}
	if _, err := pronote.Login(t.Context(), code.Address, credentials, options); err != nil {
		t.Fatal(err)
	}
	before := len(s.Requests())
	credentials = pronote.Credentials{Portal: s.login.Fetch, Username: pupil.Username, Password: pronote.NewSecret(canary), Device: device}
	if _, err := pronote.Login(t.Context(), code.Address, credentials, options); err != nil {
		t.Fatal(err)
	}
	for _, r := range s.Requests()[before:] {
		if r.Host != schoolHost {
			t.Errorf("%s was asked, though there is a token", r.Host)
		}
	}
}

// TestLogTellsNothing looks for the password, tickets and the rest in the log of
// a login.
func TestLogTellsNothing(t *testing.T) {
	t.Parallel()
	for _, p := range samples() {
		s := newScene(t, p, pupil)
		var log, trace bytes.Buffer
		s.login.Trace = &trace
		transport := s.Transport()
		t.Cleanup(transport.CloseIdleConnections)
		_, err := pronote.Login(t.Context(), "https://"+schoolHost+"/pronote/", pronote.Credentials{Portal: s.login.Fetch}, &pronote.Options{
			Transport: transport, Log: slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		})
		if err != nil || !strings.Contains(log.String(), "Identification") {
			t.Fatal(err, log.String())
		}
		s.checkMasked(t, trace.String()+log.String(), nil)
	}
}
