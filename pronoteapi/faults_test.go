package pronoteapi

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

// inBubble runs a test whose waits take no time. What its school is made of is made
// outside, where the time is another.
func inBubble(t *testing.T, test func(t *testing.T, w testbed)) {
	t.Helper()
	novemberSchool()
	synctest.Test(t, func(t *testing.T) {
		w := newTestbed(t, Options{})
		defer func() { _ = w.api.Close(t.Context()) }() // before the bubble ends; the school may be broken
		test(t, w)
	})
}

// forgive lets the server ask a school again that has blocked it.
func (w testbed) forgive() {
	w.school.ClearFaults()
	w.api.manners.mu.Lock()
	defer w.api.manners.mu.Unlock()
	clear(w.api.manners.banned)
	clear(w.api.manners.waiting)
}

// Whatever goes wrong at a school on the way in, a client gets a status and a
// sentence, or the token that a second try brought, and the next login works.
func TestLoginsOutliveEveryFault(t *testing.T) {
	t.Parallel()
	for _, kind := range pronotetest.FaultKinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, w testbed) {
				for _, function := range []string{"page", "FonctionParametres", "Identification", "Authentification", "ParametresUtilisateur"} {
					w.school.Inject(pronotetest.Fault{Kind: kind, Function: function})
					answer := w.post("/auth/login", "", credentials())
					got := decode(t, answer.Body.Bytes())
					message, _ := got["message"].(string)
					if fine := answer.Code == http.StatusOK && got["token"] != nil; !fine && (answer.Code < 400 || answer.Code == http.StatusInternalServerError || len(message) < 15 || strings.Contains(message, "\n")) {
						t.Errorf("%s: a login answers %d %s", function, answer.Code, answer.Body)
					}
					w.forgive()
					w.login()
				}
			})
		})
	}
}

// The same of a query: what failed is null and has a sentence, other fields have
// their data, and unless the session has ended the next query works.
func TestQueriesOutliveEveryFault(t *testing.T) {
	t.Parallel()
	pages := map[string]string{
		"PageEmploiDuTemps": `timetable(from: "2025-11-17") {id}`, "DernieresNotes": `marks{averages{student}}`, "DernieresEvaluations": `evaluations{name}`,
		"PagePresence": `absences{absences{id}}`, "PageActualites": `infos{title}`, "PageCahierDeTexte": `homeworks(from: "2025-11-17") {id}`, "PageMenus": `menu{date}`,
	}
	for _, kind := range pronotetest.FaultKinds {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(t *testing.T, w testbed) {
				token := w.login()
				for function, field := range pages {
					name, _, _ := strings.Cut(strings.NewReplacer("(", " ", "{", " ").Replace(field), " ")
					w.school.Inject(pronotetest.Fault{Kind: kind, Function: function})
					answer := w.ask(token, "{user{name} "+field+"}", nil)
					data, _ := answer["data"].(map[string]any)
					for failure := range each(answer["errors"]) {
						if message, _ := failure["message"].(string); len(message) < 15 || strings.Contains(message, "\n") || fmt.Sprint(failure["path"]) != "["+name+"]" || data[name] != nil {
							t.Errorf("%s: it answers %v", function, answer)
						}
					}
					if data["user"] == nil || data[name] == nil && answer["errors"] == nil {
						t.Errorf("%s: it answers %v", function, answer)
					}
					w.forgive()
					if kind == "expired" || kind == "redirect" {
						token = w.login()
					}
					if answer := w.ask(token, "{"+field+"}", nil); answer["errors"] != nil {
						t.Errorf("%s: the next query answers %v", function, answer)
					}
				}
			})
		})
	}
}

// A school that hangs holds up its own sessions, and no others.
func TestAHangingSchoolHoldsNobodyElseUp(t *testing.T) {
	t.Parallel()
	good := pronotetest.NewServer(novemberSchool(), pronotetest.Options{})
	hangs, hung := make(chan struct{}), make(chan struct{}, 10)
	w := newTestbedAt(t, good, Options{Transport: transportFunc(func(r *http.Request) (*http.Response, error) {
		if !strings.HasPrefix(r.URL.Host, "hanging") {
			return good.Transport().RoundTrip(r)
		}
		hung <- struct{}{}
		select {
		case <-hangs:
		case <-r.Context().Done():
		}
		return nil, http.ErrHandlerTimeout
	})})
	token := w.login()
	ended := make(chan string)
	for range cap(hung) {
		go func() {
			ended <- w.post("/auth/login", "", credentials("url", "https://hanging.school.test/pronote/")).Body.String()
		}()
	}
	for range cap(hung) {
		<-hung
	}
	w.data(token, `{homeworks(from: "2025-11-17") {id} marks{averages{student}}}`)
	w.data(w.login("account", "parent"), `{user{name}}`)
	close(hangs)
	for range cap(hung) {
		if got := <-ended; !strings.Contains(got, errUnreached.message) {
			t.Errorf("a login at the school that hangs answers %s", got)
		}
	}
}

type transportFunc func(*http.Request) (*http.Response, error)

// RoundTrip implements http.RoundTripper.
func (f transportFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
