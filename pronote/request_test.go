package pronote_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// open is a session of the pupil, the relay it goes through and the server.
func open(t *testing.T, options pronotetest.Options) (*pronote.Session, *relay, *pronotetest.Server) {
	t.Helper()
	server := newServer(options)
	r := relayTo(server)
	return mustLogin(t, r), r, server
}

// ask reads the marks of the first period, with one request.
func ask(ctx context.Context, s *pronote.Session) error {
	pupil := s.Students()[0]
	_, _, err := s.Marks(ctx, pupil, pupil.Periods[0])
	return err
}

// askElse reads the infos, with one request.
func askElse(ctx context.Context, s *pronote.Session) error {
	_, err := s.Infos(ctx, s.Students()[0])
	return err
}

const marks, infos = "DernieresNotes", "PageActualites"

// PRONOTE refuses two requests at once, so they queue.

func TestRequestsQueue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		session, r, _ := open(t, pronotetest.Options{})
		var inFlight, most atomic.Int32
		r.instead = func(string, *http.Request) (*http.Response, error) {
			most.Store(max(most.Load(), inFlight.Add(1)))
			time.Sleep(time.Second)
			inFlight.Add(-1)
			return nil, nil
		}
		start := time.Now()
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				if err := ask(t.Context(), session); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if most.Load() != 1 || r.count(marks) != 8 || r.misfit > 0 || time.Since(start) != 8*time.Second {
			t.Errorf("%d at once, %d in all, %d out of order, in %s; want one at a time", most.Load(), r.count(marks), r.misfit, time.Since(start))
		}
	})
}

// After any fault of one request the next one works in the same session, and

// the numbers agree.

// An answer that cannot be read for good, such as that of a domain that the

// server writes badly, once took the whole session with it.

// While a filter in between answers, nothing is concluded and nothing is lost.

// A request that never reached the server is not sent again behind the back of

// its caller.

// A lost request is asked for again under its own name, before the next one.

// On some servers the mere question for a tab that is not there ends the

// session, so it is not asked.

// What Before refuses is not sent, and costs no order number.

// The budget may run out between an attempt and its repetition.

func TestWaitMarks(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"2024.1.8", "2024.3.9", "2026.2.5"} {
		for _, kinds := range [][]string{{"wait"}, {"recall"}, {"recall", "wait", "recall", "recall"}} {
			t.Run(version+"/"+strings.Join(kinds, ","), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					session, r, server := open(t, pronotetest.Options{Profile: profile(t, version), Encrypt: true})
					for _, kind := range kinds {
						server.Inject(pronotetest.Fault{Kind: kind, Function: marks})
					}
					start := time.Now()
					if err := ask(t.Context(), session); err != nil {
						t.Fatal(err)
					}
					pause := time.Duration(len(kinds)) * 2 * time.Second
					if r.count(marks) != len(kinds)+1 || time.Since(start) != pause || r.misfit > 0 {
						t.Errorf("asked %d times in %s, want %d times in %s", r.count(marks), time.Since(start), len(kinds)+1, pause)
					}
				})
			})
		}
	}
}

func TestWaitMarksAreBounded(t *testing.T) {
	t.Parallel()
	for mark, longest := range map[string]time.Duration{
		`{"delai":1e9}`: 20 * time.Minute, `{"delai":-1}`: 10 * time.Second, `{}`: 10 * time.Second, `{"delai":"bientôt"}`: 10 * time.Second,
		`{"delai":{"_T":10,"V":"0,1"},"repeterRequete":{"_T":2,"V":true}}`: 2 * time.Second,
	} {
		t.Run(mark, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				session, r, _ := open(t, pronotetest.Options{})
				r.rewrite = replaceIn(marks, `.+`, `{"dataSec":{"data":{},"SignatureAttente":{"ParametresAtt":`+mark+`}}}`)
				start := time.Now()
				err := ask(t.Context(), session)
				if !errors.Is(err, pronote.ErrUnreadable) || r.count(marks) != 20 || time.Since(start) != longest {
					t.Errorf("%s after %d requests and %s, want ErrUnreadable after 20 and %s", describe(err), r.count(marks), time.Since(start), longest)
				}
				r.rewrite = nil
				if err := askElse(t.Context(), session); err != nil || r.misfit > 0 {
					t.Errorf("afterwards: %v, %d out of order", err, r.misfit)
				}
			})
		})
	}
}

func TestKeepAlive(t *testing.T) {
	t.Parallel()
	for _, p := range pronotetest.Profiles {
		session, r, _ := open(t, pronotetest.Options{Profile: p})
		if err := session.Touch(t.Context()); err != nil || r.count(p.KeepAlive) != 1 {
			t.Errorf("%s: %v, %d requests called %s, want one", p.Version, err, r.count(p.KeepAlive), p.KeepAlive)
		}
	}
}

func TestKeepAliveKeepsAlive(t *testing.T) {
	t.Parallel()
	server := pronotetest.NewServer(world.NewSchool(7, 2025), pronotetest.Options{})
	session := mustLogin(t, server.Transport())
	for range 4 {
		now := server.School().Now().In(time.UTC).Add(29 * time.Minute)
		server.School().AdvanceTo(pronote.DateTimeOf(now))
		if err := session.Touch(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestLowLevelRequest(t *testing.T) {
	t.Parallel()
	session, r, server := open(t, pronotetest.Options{Encrypt: true, Compress: true})
	answer, err := session.Request(t.Context(), pronote.Call{
		Function: "PageCahierDeTexte", Tab: pronote.TabHomework, Data: map[string]any{"domaine": map[string]any{"_T": 8, "V": "[1..3]"}},
	})
	if err != nil || !json.Valid(answer.Data) || !strings.Contains(string(answer.Data), "ListeTravauxAFaire") {
		t.Errorf("answer = %s, %v", answer.Data, err)
	}
	requests := server.Requests()
	if last := requests[len(requests)-1]; last.Function != "PageCahierDeTexte" || last.Tab != 88 || string(last.Data) != `{"domaine":{"V":"[1..3]","_T":8}}` {
		t.Errorf("the server read %+v", last)
	}

	_, err = session.Request(t.Context(), pronote.Call{Function: "PageInconnue", Tab: pronote.TabHome, Data: struct{}{}})
	var refused *pronote.ServerError
	if !errors.As(err, &refused) || refused.Code != 21 || refused.Function != "PageInconnue" {
		t.Errorf("an unknown function: %s, want a ServerError of code 21", describe(err))
	}
	before := r.total()
	if _, err := session.Request(t.Context(), pronote.Call{Function: "X", Data: func() {}}); err == nil || r.total() != before {
		t.Errorf("data that is no JSON: %v after %d requests, want an error before any", err, r.total()-before)
	}
	if _, err := session.Request(t.Context(), pronote.Call{Function: "X", Tab: 4711}); !errors.Is(err, pronote.ErrNotAvailable) || r.total() != before {
		t.Errorf("an unknown tab: %v after %d requests, want ErrNotAvailable before any", err, r.total()-before)
	}
}

func TestClose(t *testing.T) {
	t.Parallel()
	session, r, _ := open(t, pronotetest.Options{})
	if err := session.Close(t.Context()); err != nil || r.count("SaisieDeconnexion") != 1 {
		t.Errorf("Close: %v after %d requests, want one", err, r.count("SaisieDeconnexion"))
	}
	if err := ask(t.Context(), session); !errors.Is(err, pronote.ErrSessionExpired) {
		t.Errorf("afterwards: %s, want ErrSessionExpired", describe(err))
	}
}

// A session once survived its Close when the context was over.

func TestCloseEndsTheSessionWhateverHappens(t *testing.T) {
	t.Parallel()
	for range 20 {
		session, r, _ := open(t, pronotetest.Options{})
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := session.Close(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("Close: %s, want Canceled", describe(err))
		}
		if err := ask(t.Context(), session); !errors.Is(err, pronote.ErrSessionExpired) || r.count(marks) > 0 {
			t.Fatalf("afterwards: %s after %d requests, want ErrSessionExpired and none", describe(err), r.count(marks))
		}
	}
}

func TestHomeworkOfADayOrOfNone(t *testing.T) {
	t.Parallel()
	session, r, _ := open(t, pronotetest.Options{})
	starts := session.School().Starts
	for _, tt := range []struct {
		from, to pronote.Date
		weeks    string // "" when nothing is asked
	}{
		{starts, starts, `[1]`},
		{starts.AddDays(-30), starts.AddDays(-20), `[1]`},
		{starts, starts.AddDays(20), `[1..3]`},
		{starts.AddDays(1), starts, ``},
	} {
		before := r.total()
		work, err := session.Homework(t.Context(), session.Students()[0], tt.from, tt.to)
		if err != nil || work == nil {
			t.Errorf("from %s to %s: %v, %v, want a list", tt.from, tt.to, work, err)
		}
		if asked := strings.Join(r.bodies[before:], ""); tt.weeks == "" && asked != "" || !strings.Contains(asked, tt.weeks) {
			t.Errorf("from %s to %s: asked %s, want the weeks %q", tt.from, tt.to, asked, tt.weeks)
		}
	}
}
