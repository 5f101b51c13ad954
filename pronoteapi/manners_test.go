package pronoteapi

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

// A hand is a clock that a test moves.
type hand struct {
	mu sync.Mutex
	at time.Time
}

func (h *hand) now() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.at
}

func (h *hand) advance(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.at = h.at.Add(d)
}

// timed is a testbed whose clock the test moves.
func timed(t *testing.T, o Options) (testbed, *hand) {
	t.Helper()
	w := newTestbed(t, o)
	return w, w.hand()
}

// hand gives the server a clock that the test moves.
func (w testbed) hand() *hand {
	h := &hand{at: w.api.now()}
	w.api.now, w.api.sessions.now, w.api.manners.now = h.now, h.now, h.now
	return h
}

func TestARefusedPasswordIsNotTriedTwice(t *testing.T) {
	t.Parallel()
	w := newTestbed(t, Options{})
	wrong := credentials("password", "wrong")
	for i := range 3 {
		since := len(w.school.Requests())
		answer := w.post("/auth/login", "", wrong)
		if asked := w.asked(since); answer.Body.String() != `{"code":3,"message":"Wrong user credentials"}` || (i > 0) != (len(asked) == 0) {
			t.Errorf("try %d answers %s and asks %q", i, answer.Body, asked)
		}
	}
	w.login() // another password is a new try
}

func TestNothingIsAskedOfASchoolThatBans(t *testing.T) {
	t.Parallel()
	w, clock := timed(t, Options{})
	token := w.login()
	w.school.Ban(true)
	answer := w.post("/auth/login", "", credentials("account", "parent"))
	const banned = `{"code":2,"message":"Your IP address is temporarily banned because of too many failed authentication attempts"}`
	if answer.Code != http.StatusBadGateway || answer.Body.String() != banned {
		t.Errorf("the login answers %d %s", answer.Code, answer.Body)
	}
	w.school.Ban(false)
	since := len(w.school.Requests())
	if answer := w.post("/auth/login", "", credentials()); answer.Body.String() != banned {
		t.Errorf("another login answers %s", answer.Body)
	}
	if got := fmt.Sprint(w.ask(token, `{homeworks{id} params{establishment}}`, nil)); !strings.Contains(got, "code: 2") || !strings.Contains(got, w.school.School().Name()) {
		t.Errorf("a query answers %s", got)
	}
	if got := w.asked(since); got != nil {
		t.Errorf("the school was asked for %q", got)
	}
	clock.advance(banLasts)
	w.login()
}

func TestAnAccountHasABudget(t *testing.T) {
	t.Parallel()
	w, clock := timed(t, Options{Rate: 12})
	token := w.login()
	var got string
	for range 20 {
		if got = fmt.Sprint(w.ask(token, `{homeworks{id}}`, nil)["errors"]); got != "<nil>" {
			break
		}
	}
	if !strings.Contains(got, "code: 6") {
		t.Errorf("twenty queries end with %s", got)
	}
	w.login("account", "parent") // which is another account
	clock.advance(10 * time.Minute)
	w.data(token, `{homeworks{id}}`)
}

func TestOnlyAllowedSchoolsAreAsked(t *testing.T) {
	t.Parallel()
	for host, allowed := range map[string]bool{"school.test": true, "0000001X.school.test": true, "0000002x.school.test": false, "chool.test": false} {
		w := newTestbed(t, Options{Hosts: []string{host}})
		if answer := w.post("/auth/login", "", credentials()); (answer.Code == http.StatusOK) != allowed || !allowed && answer.Code != http.StatusForbidden {
			t.Errorf("with %s a login answers %d %s", host, answer.Code, answer.Body)
		}
	}
}

func TestTheNumberOfSessionsIsLimited(t *testing.T) {
	t.Parallel()
	w, clock := timed(t, Options{MaxSessions: 2})
	first, second := w.login(), w.login("account", "parent")
	if answer := w.post("/auth/login", "", credentials()); answer.Code != http.StatusServiceUnavailable || !strings.Contains(answer.Body.String(), "as many sessions as it may") {
		t.Errorf("a third login answers %d %s", answer.Code, answer.Body)
	}
	clock.advance(idleUntilRoom)
	w.data(second, `{params{title}}`)
	third := w.login() // the first one, idle, makes room
	for token, status := range map[string]int{first: http.StatusUnauthorized, second: http.StatusOK, third: http.StatusOK} {
		if answer := w.post("/graphql", token, `{"query":"{params{title}}"}`); answer.Code != status {
			t.Errorf("%s answers %d, want %d", token, answer.Code, status)
		}
	}
	if _, err := w.api.sessions.reserve(); err != errFull {
		t.Errorf("a fourth gets %v", err)
	}
	// A login that fails gives its place back.
	clock.advance(idleUntilRoom)
	for i := range 4 {
		w.post("/auth/login", "", credentials("password", fmt.Sprint(i)))
	}
	if w.api.sessions.pending != 0 {
		t.Errorf("%d logins are under way", w.api.sessions.pending)
	}
}

// A session that is over, by the client's logout or by the school, makes room at
// once: its token answers params and user for as long as nobody needs the place.
func TestSessionsThatAreOverMakeRoom(t *testing.T) {
	t.Parallel()
	w := newTestbed(t, Options{MaxSessions: 1})
	first := w.login()
	w.data(first, `mutation{logout}`)
	w.data(first, `{user{name}}`)
	since := len(w.school.Requests())
	second := w.login()
	if answer := w.post("/graphql", first, `{"query":"{user{name}}"}`); answer.Code != http.StatusUnauthorized {
		t.Errorf("the token of the first answers %d %s", answer.Code, answer.Body)
	}
	w.school.Rotate() // as a restart of the school's server does
	if answer := w.ask(second, `{homeworks{id}}`, nil); answer["errors"] == nil {
		t.Errorf("the session is still open: %v", answer)
	}
	w.login()
	if got := w.asked(since); slices.Contains(got, "SaisieDeconnexion") {
		t.Errorf("what was over was logged out again: %q", got)
	}
}

func TestIdleSessionsEnd(t *testing.T) {
	t.Parallel()
	w, clock := timed(t, Options{})
	idle, kept := w.login(), w.login()
	w.data(kept, `mutation{setKeepAlive(enabled: true)}`)
	clock.advance(idleEnd)
	if gone := w.api.sessions.expired(); len(gone) != 1 {
		t.Errorf("%d sessions end after two hours, want 1", len(gone))
	}
	if answer := w.post("/graphql", idle, `{"query":"{params{title}}"}`); answer.Code != http.StatusUnauthorized {
		t.Errorf("the idle one answers %d", answer.Code)
	}
	w.data(kept, `{params{title}}`)
	clock.advance(idleKeptEnd)
	if gone := w.api.sessions.expired(); len(gone) != 1 {
		t.Errorf("%d sessions end after a day, want 1", len(gone))
	}
}

func TestKeptAliveSessionsAskEveryTwoMinutes(t *testing.T) {
	t.Parallel()
	novemberSchool() // outside of the bubble, whose time is another
	synctest.Test(t, func(t *testing.T) {
		w := newTestbed(t, Options{})
		defer func() { _ = w.api.Close(t.Context()) }() // before the bubble ends
		token := w.login()
		w.data(token, `mutation{setKeepAlive(enabled: true)}`)
		since := len(w.school.Requests())
		time.Sleep(5 * time.Minute)
		if got := w.asked(since); !slices.Equal(got, []string{"Navigation", "Navigation"}) {
			t.Errorf("five minutes asked for %q", got)
		}
		w.post("/auth/logout", token, "")
		since = len(w.school.Requests())
		time.Sleep(time.Hour)
		if got := w.asked(since); got != nil {
			t.Errorf("an hour after the logout asked for %q", got)
		}
	})
}

// A request that fails does not end the keep-alive: the school's server may be back
// two minutes later, and the session with it. The end of the session does.
func TestKeepAliveOutlivesAFailure(t *testing.T) {
	t.Parallel()
	inBubble(t, func(t *testing.T, w testbed) {
		token := w.login()
		w.data(token, `mutation{setKeepAlive(enabled: true)}`)
		w.school.Inject(pronotetest.Fault{Kind: "error", Function: "Navigation"})
		since := len(w.school.Requests())
		time.Sleep(5 * time.Minute)
		if got := w.asked(since); !slices.Equal(got, []string{"Navigation", "Navigation"}) {
			t.Errorf("five minutes, of which the first request failed, asked for %q", got)
		}
		w.data(token, `{homeworks{id}}`)
		w.school.Rotate()
		time.Sleep(5 * time.Minute)
		since = len(w.school.Requests())
		if time.Sleep(time.Hour); w.asked(since) != nil {
			t.Errorf("the hour after the end asked for %q", w.asked(since))
		}
	})
}

func TestCloseLogsAllSessionsOut(t *testing.T) {
	t.Parallel()
	w := newTestbed(t, Options{})
	tokens := []string{w.login(), w.login("account", "parent"), w.login()}
	since := len(w.school.Requests())
	if err := w.api.Close(t.Context()); err != nil {
		t.Error(err)
	}
	if got := w.asked(since); !slices.Equal(got, []string{"SaisieDeconnexion", "SaisieDeconnexion", "SaisieDeconnexion"}) {
		t.Errorf("the end asked for %q", got)
	}
	if answer := w.post("/graphql", tokens[0], `{"query":"{params{title}}"}`); answer.Code != http.StatusUnauthorized {
		t.Errorf("a token answers %d", answer.Code)
	}
	if answer := w.post("/auth/login", "", credentials()); answer.Code != http.StatusServiceUnavailable {
		t.Errorf("a login answers %d %s", answer.Code, answer.Body)
	}
}

// What clients and schools send is in no log and no error: passwords, tokens, queries.
func TestNothingPrivateIsLoggedOrAnswered(t *testing.T) {
	t.Parallel()
	const canary = "CANARY-7c1f"
	var log bytes.Buffer
	locked := &lockedWriter{to: &log}
	w := newTestbed(t, Options{Log: slog.New(slog.NewTextHandler(locked, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	var answers strings.Builder
	note := func(a *httptest.ResponseRecorder) { answers.WriteString(a.Body.String()) }
	note(w.post("/auth/login", "", credentials("password", canary)))
	note(w.post("/auth/login", "", credentials("password", canary, "username", canary)))
	note(w.post("/auth/login", "", credentials("password", canary, "cas", "ac-lyon")))
	note(w.post("/auth/login", "", credentials("password", canary, "url", "https://"+canary+".example/"+canary+"?"+canary)))
	note(w.post("/auth/login", "", `{"password":"`+canary))
	note(w.post("/auth/logout", canary, ""))
	note(w.post("/graphql", canary, `{"query":"{nope}"}`))
	w.school.Inject(pronotetest.Fault{Kind: "reset", Function: "page"})
	note(w.post("/auth/login", "", credentials("password", canary, "account", "parent")))
	const right = canary + "-right" // for the other one has been refused
	w.school.SetPassword(right)
	token := w.login("password", right)
	for _, kind := range pronotetest.FaultKinds {
		if kind == "stall" || kind == "huge" || kind == "oversize" || kind == "wait" || kind == "recall" || kind == "reset" || kind == "lost" {
			continue // which take long, or nothing is seen of
		}
		w.school.Inject(pronotetest.Fault{Kind: kind, Function: "PageCahierDeTexte"})
		answer := w.post("/graphql", token, map[string]string{"query": `{homeworks{id}}`})
		note(answer)
		w.api.manners.mu.Lock()
		clear(w.api.manners.banned)
		w.api.manners.mu.Unlock()
		if kind == "expired" {
			token = w.login("password", right)
		}
	}
	locked.mu.Lock()
	defer locked.mu.Unlock()
	for where, text := range map[string]string{"the log": log.String(), "an answer": answers.String()} {
		if strings.Contains(strings.ToLower(text), strings.ToLower(canary)) || strings.Contains(text, token) {
			t.Errorf("%s tells it: %s", where, text)
		}
	}
}

type lockedWriter struct {
	mu sync.Mutex
	to io.Writer
}

func (w *lockedWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.to.Write(p)
}

// A school, or a proxy before it, that asks for a pause by its status gets one.
func TestAPauseThatIsAskedForIsMade(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]string{"429": "code: 6", "503": "HTTP status 503: try again later"} {
		w, clock := timed(t, Options{})
		token := w.login()
		w.school.Inject(pronotetest.Fault{Kind: status, Function: "PageCahierDeTexte"})
		for i := range 3 {
			since := len(w.school.Requests())
			if got := fmt.Sprint(w.ask(token, `{homeworks{id}}`, nil)); !strings.Contains(got, want) || w.asked(since) != nil {
				t.Errorf("%s, query %d: it answers %s and asks %q", status, i, got, w.asked(since))
			}
		}
		clock.advance(limitLasts)
		w.data(token, `{homeworks{id}}`)
	}
}

// A page of somebody else in the middle of a session, such as that of a hotel's
// network, does not make the password a wrong one.
func TestAPageOfSomebodyElseIsNoWrongPassword(t *testing.T) {
	t.Parallel()
	w := newTestbed(t, Options{})
	token := w.login()
	w.school.Inject(pronotetest.Fault{Kind: "html", Function: "PageCahierDeTexte"})
	if got := fmt.Sprint(w.ask(token, `{homeworks{id}}`, nil)); !strings.Contains(got, "something else answers in PRONOTE's place") || strings.Contains(got, "credentials") {
		t.Errorf("it answers %s", got)
	}
	w.data(token, `{homeworks{id}}`)
}

// A fault of ours is one sentence to the client, and the log does not quote what was
// lost on the way.
func TestAFaultOfOursTellsNothing(t *testing.T) {
	t.Parallel()
	const canary = "CANARY-91b2"
	var log bytes.Buffer
	w := newTestbed(t, Options{
		Log:       slog.New(slog.NewTextHandler(&lockedWriter{to: &log}, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Transport: transportFunc(func(*http.Request) (*http.Response, error) { panic(canary) }),
	})
	answer := w.post("/auth/login", "", credentials("password", canary))
	if answer.Code != http.StatusInternalServerError || answer.Body.String() != `{"message":"`+errInternal.message+`"}` {
		t.Errorf("it answers %d %s", answer.Code, answer.Body)
	}
	if strings.Contains(log.String(), canary) || !strings.Contains(log.String(), "fault of this program") {
		t.Errorf("the log says %s", &log)
	}
	if w.api.sessions.pending != 0 {
		t.Errorf("%d logins are under way", w.api.sessions.pending)
	}
}
