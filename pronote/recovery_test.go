package pronote_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

func TestSessionSurvives(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name    string
		trouble []string         // of the line
		faults  []string         // of the server
		want    func(error) bool // of the request that is struck
		tries   int              // how often it is sent before that is reported
	}{
		{"one lost answer", []string{"lost"}, nil, isNil, 2},
		{"two lost answers", []string{"lost", "lost"}, nil, isNil, 3},
		{"three lost answers", []string{"lost", "lost", "lost"}, nil, network, 3},
		{"one reset", []string{"reset"}, nil, isNil, 2},
		{"three resets", []string{"reset", "reset", "reset"}, nil, network, 3},
		{"lost, then reset twice", []string{"lost", "reset", "reset"}, nil, network, 3},
		{"reset, then lost twice", []string{"reset", "lost", "lost"}, nil, network, 3},
		{"an answer lost by the server", nil, []string{"lost"}, isNil, 2},
		{"resets by the server", nil, []string{"reset", "reset", "reset"}, network, 3},
		{"garbage", nil, []string{"garbage"}, is(pronote.ErrUnreadable), 1},
		{"a cut answer", nil, []string{"truncated"}, is(pronote.ErrUnreadable), 1},
		{"an endless answer", nil, []string{"huge"}, is(pronote.ErrUnreadable), 1},
		{"no answer in time", nil, []string{"stall"}, is(context.DeadlineExceeded), 1},
		{"500", nil, []string{"500"}, as[*pronote.HTTPError], 1},
		{"503", nil, []string{"503"}, as[*pronote.HTTPError], 1},
		{"429", nil, []string{"429"}, as[*pronote.HTTPError], 1},
		{"a page of somebody else", nil, []string{"html"}, is(pronote.ErrNotPRONOTE), 1},
		{"busy", nil, []string{"busy"}, is(pronote.ErrBusy), 1},
		{"closed", nil, []string{"closed"}, is(pronote.ErrClosed), 1},
		{"banned", nil, []string{"banned"}, as[*pronote.BlockedError], 1},
		{"a refusal inside", nil, []string{"error"}, as[*pronote.ServerError], 1},
		{"no list", nil, []string{"absent"}, is(pronote.ErrUnreadable), 1},
	} {
		for _, encrypt := range []bool{false, true} {
			if encrypt && slices.Equal(tt.faults, []string{"huge"}) {
				continue // slow, and all the same
			}
			t.Run(fmt.Sprintf("%s/%t", tt.name, encrypt), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					session, r, server := open(t, pronotetest.Options{Encrypt: encrypt, Compress: encrypt})
					for _, kind := range tt.faults {
						server.Inject(pronotetest.Fault{Kind: kind, Function: marks})
					}
					r.trouble = map[string][]string{marks: tt.trouble}
					err := ask(t.Context(), session)
					if !tt.want(err) {
						t.Fatalf("%s, want another", describe(err))
					}
					if err != nil {
						checkSentence(t, err)
					}
					if n := r.count(marks); n != tt.tries {
						t.Errorf("sent %d times, want %d", n, tt.tries)
					}
					for i := range 3 {
						if err := askElse(t.Context(), session); err != nil {
							t.Fatalf("request %d after that: %v", i+1, err)
						}
					}
					if r.misfit > 0 || r.count("page") != 1 {
						t.Errorf("%d requests out of order, %d logins, want none and one", r.misfit, r.count("page"))
					}
				})
			})
		}
	}
}

func isNil(err error) bool { return err == nil }

func network(err error) bool {
	return err != nil && strings.Contains(err.Error(), "broke the connection")
}

func TestOneUnreadableDomainLeavesTheOthers(t *testing.T) {
	t.Parallel()
	session, r, _ := open(t, pronotetest.Options{})
	r.rewrite = replaceIn(marks, `^\{`, `{'`)
	for range 3 {
		if err := ask(t.Context(), session); !errors.Is(err, pronote.ErrUnreadable) {
			t.Fatalf("marks: %s, want ErrUnreadable", describe(err))
		}
		if err := askElse(t.Context(), session); err != nil {
			t.Fatalf("infos after that: %v", err)
		}
	}
	if r.misfit > 0 || r.count("page") != 1 {
		t.Errorf("%d requests out of order, %d logins, want none and one", r.misfit, r.count("page"))
	}
}

func TestPageOfAFilterForAWhile(t *testing.T) {
	t.Parallel()
	session, r, _ := open(t, pronotetest.Options{})
	r.instead = func(_ string, req *http.Request) (*http.Response, error) {
		return response(req, 200, nil, " <html>EQUIPE IP</html>"), nil
	}
	for range 3 {
		if err := ask(t.Context(), session); !errors.Is(err, pronote.ErrNotPRONOTE) || errors.Is(err, pronote.ErrUnreadable) {
			t.Fatalf("%s, want ErrNotPRONOTE", describe(err))
		}
	}
	r.instead = nil
	if err := askElse(t.Context(), session); err != nil || r.misfit > 0 || r.count("page") != 1 {
		t.Errorf("once it is gone: %v, %d requests out of order, %d logins", err, r.misfit, r.count("page"))
	}
}

func TestRequestThatNeverLeft(t *testing.T) {
	t.Parallel()
	session, r, _ := open(t, pronotetest.Options{})
	r.instead = failWith(dialError())
	if err := ask(t.Context(), session); !as[*dialFailure](err) {
		t.Fatalf("%s, want the dial error", describe(err))
	}
	r.instead = nil
	if err := askElse(t.Context(), session); err != nil || r.count(marks) != 1 || r.misfit > 0 {
		t.Errorf("then: %v, %d requests of the first kind, %d out of order, want one and none", err, r.count(marks), r.misfit)
	}
}

func TestLostRequestIsRepeatedFirst(t *testing.T) {
	t.Parallel()
	server := newServer(pronotetest.Options{})
	r := relayTo(server)
	var announced []string
	session, err := pronote.Login(t.Context(), pronotetest.Address, student, &pronote.Options{
		Transport: r, Before: func(_ context.Context, request string) error { announced = append(announced, request); return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	server.Inject(pronotetest.Fault{Kind: "garbage", Function: marks})
	if err := ask(t.Context(), session); err == nil {
		t.Fatal("garbage is accepted")
	}
	if err := askElse(t.Context(), session); err != nil {
		t.Fatal(err)
	}
	want := []string{"page", "FonctionParametres", "Identification", "Authentification", "ParametresUtilisateur", marks, marks, infos}
	if !slices.Equal(announced, want) || !slices.Equal(r.sent, want) {
		t.Errorf("announced %v\n and sent %v,\nwant %v", announced, r.sent, want)
	}
	if first, second := r.bodies[5], r.bodies[6]; strings.Contains(first, "echecReseau") || second != `{"dataSec"`+strings.TrimPrefix(strings.Replace(first, `,"id"`, `,"echecReseau":true,"id"`, 1), `{"dataSec"`) {
		t.Errorf("repetition = %s\nof %s", second, first)
	}
}

func TestBanInARepetitionStopsTheNextRequest(t *testing.T) {
	t.Parallel()
	session, r, server := open(t, pronotetest.Options{})
	server.Inject(pronotetest.Fault{Kind: "garbage", Function: marks})
	if err := ask(t.Context(), session); err == nil {
		t.Fatal("garbage is accepted")
	}
	r.instead = answerWith(marks, 200, nil, `{"Erreur":{"G":25,"Titre":"Vous avez dépassé le nombre d'autorisations"}}`)
	if err := askElse(t.Context(), session); !as[*pronote.BlockedError](err) || r.count(infos) > 0 {
		t.Errorf("%s after %d requests, want a BlockedError and no request", describe(err), r.count(infos))
	}
}

func TestExpiredSessionStaysExpired(t *testing.T) {
	t.Parallel()
	server := pronotetest.NewServer(world.NewSchool(7, 2025), pronotetest.Options{})
	r := relayTo(server)
	session := mustLogin(t, r)
	now := server.School().Now()
	server.School().AdvanceTo(pronote.DateTime{Date: now.Date, Hour: now.Hour, Minute: now.Minute + 31})
	err := ask(t.Context(), session)
	if !errors.Is(err, pronote.ErrSessionExpired) || !as[*pronote.ServerError](err) {
		t.Fatalf("%s, want ErrSessionExpired from the server", describe(err))
	}
	checkSentence(t, err)
	before := r.total()
	for _, call := range []func() error{
		func() error { return ask(t.Context(), session) },
		func() error { return askElse(t.Context(), session) },
		func() error { return session.Touch(t.Context()) },
		func() error { return session.Close(t.Context()) },
	} {
		if err := call(); !errors.Is(err, pronote.ErrSessionExpired) {
			t.Errorf("afterwards: %s, want ErrSessionExpired", describe(err))
		}
	}
	if n := r.total() - before; n > 0 {
		t.Errorf("%d requests after the end, want none", n)
	}
}

func TestCodesOfRefusals(t *testing.T) {
	t.Parallel()
	sentinels := []error{pronote.ErrSessionExpired, pronote.ErrStale, pronote.ErrNotAvailable}
	for _, tt := range []struct {
		answer string
		want   error
	}{
		{`{"G":3,"Titre":"Accès refusé"}`, pronote.ErrNotAvailable},
		{`{"G":7}`, pronote.ErrSessionExpired},
		{`{"G":8,"Titre":"La page a expiré ! (1)"}`, pronote.ErrSessionExpired},
		{`{"G":10,"Titre":"La page a expiré ! (3)"}`, pronote.ErrSessionExpired},
		{`{"G":"10"}`, pronote.ErrSessionExpired},
		{`{"G":11}`, pronote.ErrSessionExpired},
		{`{"G":14}`, pronote.ErrSessionExpired},
		{`{"G":18}`, pronote.ErrSessionExpired},
		{`{"G":99,"Titre":"La page a expiré ! (92)"}`, pronote.ErrSessionExpired},
		{`{"G":0,"Titre":"Accès refusé"}`, pronote.ErrNotAvailable},
		{`{"G":22,"Titre":"Ressource inconnue"}`, pronote.ErrStale},
		{`{"G":21,"Titre":"Impossible d'afficher la page"}`, nil},
		{`{"G":0}`, nil},
	} {
		t.Run(tt.answer, func(t *testing.T) {
			t.Parallel()
			session, r, _ := open(t, pronotetest.Options{})
			r.instead = answerWith(marks, 200, nil, `{"Erreur":`+tt.answer+`}`)
			err := ask(t.Context(), session)
			if !as[*pronote.ServerError](err) {
				t.Fatalf("%s, want a ServerError", describe(err))
			}
			checkSentence(t, err)
			for _, sentinel := range sentinels {
				if got := errors.Is(err, sentinel); got != (sentinel == tt.want) {
					t.Errorf("%v is %q: %t", err, sentinel, got)
				}
			}
		})
	}
}

func TestHiddenTabIsNotAskedFor(t *testing.T) {
	t.Parallel()
	server := newServer(pronotetest.Options{})
	server.HideTab(int(pronote.TabMarks), true)
	server.HideTab(int(pronote.TabHome), true)
	r := relayTo(server)
	session := mustLogin(t, r)
	err := ask(t.Context(), session)
	if !errors.Is(err, pronote.ErrNotAvailable) || r.count(marks) > 0 {
		t.Fatalf("%s after %d requests, want ErrNotAvailable and none", describe(err), r.count(marks))
	}
	checkSentence(t, err)
	if err := askElse(t.Context(), session); err != nil {
		t.Errorf("another tab: %v", err)
	}
	if err := session.Touch(t.Context()); err != nil {
		t.Errorf("KeepAlive without the home page: %v", err)
	}
	if err := session.Close(t.Context()); err != nil {
		t.Errorf("Close without the home page: %v", err)
	}
}

func TestObjectsOfAnotherSession(t *testing.T) {
	t.Parallel()
	server := newServer(pronotetest.Options{})
	parent := pronote.Credentials{Kind: pronote.KindParent, Username: pronotetest.Username, Password: student.Password}
	var sessions [2]*pronote.Session
	for i := range sessions {
		var err error
		if sessions[i], err = loginThrough(t.Context(), server.Transport(), parent); err != nil {
			t.Fatal(err)
		}
	}
	own, other := sessions[0].Students()[1], sessions[1].Students()[1]
	for name, call := range map[string]func() error{
		"a pupil":  func() error { _, err := sessions[0].Infos(t.Context(), other); return err },
		"a period": func() error { _, _, err := sessions[0].Marks(t.Context(), own, other.Periods[0]); return err },
	} {
		err := call()
		if !errors.Is(err, pronote.ErrStale) {
			t.Fatalf("%s: %s, want ErrStale", name, describe(err))
		}
		checkSentence(t, err)
	}
	if _, _, err := sessions[0].Marks(t.Context(), own, own.Periods[0]); err != nil {
		t.Errorf("the session's own objects afterwards: %v", err)
	}
}
