package pronoteapi

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

var uuidV4 = regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)

func TestALoginGivesATokenAndNothingElse(t *testing.T) {
	t.Parallel()
	w := newTestbed(t, Options{})
	seen := map[string]bool{}
	for _, body := range []map[string]any{credentials(), credentials("type", "login", "cas", "none"), credentials("cas", "", "account", "parent")} {
		answer := w.post("/auth/login", "", body)
		got := decode(t, answer.Body.Bytes())
		token, _ := got["token"].(string)
		if answer.Code != http.StatusOK || len(got) != 1 || !uuidV4.MatchString(token) || seen[token] ||
			answer.Header().Get("Content-Type") != "application/json; charset=utf-8" || answer.Header().Get("Content-Length") == "" {
			t.Errorf("%v answers %d %s %v", body, answer.Code, answer.Body, answer.Header())
		}
		seen[token] = true
	}
	for token := range seen { // each stays good beside the others
		w.data(token, `{user{name}}`)
	}
}

func TestLoginsAreRefusedInTheOriginalsWords(t *testing.T) {
	t.Parallel()
	w := newTestbed(t, Options{})
	const missing = `{"message":"Missing 'url', or 'username', or 'password', or header 'Content-Type: application/json'"}`
	for _, c := range []struct {
		body   any
		header []string
		status int
		want   string
	}{
		{map[string]string{"url": pronotetest.Address}, nil, 400, missing},
		{credentials(), []string{"Content-Type", "text/plain"}, 400, missing},
		{"", nil, 400, missing},
		{"[]", nil, 400, missing},
		{credentials("password", ""), nil, 400, missing},
		{credentials("account", "teacher"), nil, 400, `{"message":"Unknown account type 'teacher'"}`},
		{credentials("cas", "nope"), nil, 400, `{"code":1,"message":"Unknown CAS 'nope' (use 'none' for no CAS)"}`},
		{credentials("cas", "constructor"), nil, 400, `{"code":1,"message":"Unknown CAS 'constructor' (use 'none' for no CAS)"}`},
		{credentials("password", "wrong"), nil, 401, `{"code":3,"message":"Wrong user credentials"}`},
		{`{"url":`, nil, 400, "the body is not valid JSON"},
		{`null`, nil, 400, "the body is neither a JSON object nor a list"},
		{credentials(), []string{"Content-Type", "application/json; charset=latin1"}, 415, `unsupported charset "LATIN1"`},
		{`{"url":"` + strings.Repeat("x", 200_000) + `"}`, nil, 413, `{"message":"The body is larger than 102400 bytes: send less"}`},
	} {
		answer := w.post("/auth/login", "", c.body, c.header...)
		if answer.Code != c.status || answer.Body.String() != c.want {
			t.Errorf("%.80v answers %d %s, want %d %s", c.body, answer.Code, answer.Body, c.status, c.want)
		}
	}
	w.login() // all of which the server survived
}

// A packed body is read as well, and one that grows beyond the limit is not.
func TestBodiesMayBePacked(t *testing.T) {
	t.Parallel()
	w := newTestbed(t, Options{})
	pack := func(text string) string {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = z.Write([]byte(text)) // a buffer takes all
		_ = z.Close()                // likewise
		return b.String()
	}
	body := fmt.Sprintf(`{"url":%q,"username":%q,"password":%q}`, pronotetest.Address, pronotetest.Username, pronotetest.Password)
	if answer := w.post("/auth/login", "", pack(body), "Content-Encoding", "gzip"); answer.Code != http.StatusOK {
		t.Errorf("a packed login answers %d %s", answer.Code, answer.Body)
	}
	if answer := w.post("/auth/login", "", pack(strings.Repeat(" ", 50<<20)), "Content-Encoding", "gzip"); answer.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("50 MB in a small body answer %d %s", answer.Code, answer.Body)
	}
}

func TestQueriesAreRefusedInTheOriginalsWords(t *testing.T) {
	t.Parallel()
	w := newTestbed(t, Options{})
	token := w.login()
	const good = `{"query":"{params{title}}"}`
	for _, c := range []struct {
		token, body string
		header      []string
		status      int
		want        string
	}{
		{"", good, nil, 401, `{"message":"Missing 'Token' header"}`},
		{"", good, []string{"Authorization", "Bearer " + token}, 401, `{"message":"Missing 'Token' header"}`},
		{"constructor", good, nil, 401, `{"message":"Unknown session token"}`},
		{token, `{}`, nil, 400, `{"message":"Missing 'query' field or 'Content-Type: application/json' header"}`},
		{token, good, []string{"Content-Type", "text/plain"}, 400, `{"message":"Missing 'query' field or 'Content-Type: application/json' header"}`},
		{token, `{"query`, nil, 400, `the body is not valid JSON`},
	} {
		if answer := w.post("/graphql", c.token, c.body, c.header...); answer.Code != c.status || answer.Body.String() != c.want {
			t.Errorf("%s with %q answers %d %s, want %d %s", c.body, c.header, answer.Code, answer.Body, c.status, c.want)
		}
	}
	for _, path := range []string{"/graphql/", "/graphql?x=1"} {
		for _, name := range []string{"token", "TOKEN", "Token"} {
			if answer := w.post(path, "", good, name, token); answer.Code != http.StatusOK {
				t.Errorf("%s with %s answers %d", path, name, answer.Code)
			}
		}
	}
}

func TestThereIsNothingElse(t *testing.T) {
	t.Parallel()
	w := newTestbed(t, Options{})
	for _, c := range [][2]string{
		{"GET", "/graphql"}, {"GET", "/graphql?query={params{title}}"}, {"GET", "/auth/login"}, {"GET", "/"}, {"PUT", "/graphql"},
		{"POST", "/nope"}, {"POST", "/GraphQL"}, {"OPTIONS", "/graphql"},
	} {
		r := httptest.NewRequestWithContext(t.Context(), c[0], c[1], nil)
		r.Header.Set("Origin", "https://elsewhere.example")
		recorder := httptest.NewRecorder()
		w.api.ServeHTTP(recorder, r)
		if recorder.Code != http.StatusNotFound || recorder.Body.String() != "Not Found" || recorder.Header().Get("Content-Type") != "" ||
			recorder.Header().Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%v answers %d %s %v", c, recorder.Code, recorder.Body, recorder.Header())
		}
	}
	if answer := w.post("/graphql", w.login(), `{"query":"{params{title}}"}`, "Origin", "https://elsewhere.example"); answer.Header().Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("a page of elsewhere may read the answer: %v", answer.Header())
	}
}

// Sentences of the library that clients know.
func TestMistakenQueriesGetSentences(t *testing.T) {
	t.Parallel()
	w := newTestbed(t, Options{})
	token := w.login()
	for text, want := range map[string]string{
		`{params{title}`: `Syntax Error: Expected Name, found <EOF>`,
		`{nope}`:         `Cannot query field "nope" on type "Query".`,
		`query A{params{title}} query B{user{name}}`:                               `Must provide operation name if query contains multiple operations.`,
		`mutation{setKeepAlive}`:                                                   `Field "setKeepAlive" argument "enabled" of type "Boolean!" is required, but it was not provided.`,
		`{params{title} ...A} fragment A on Query{...B} fragment B on Query{...A}`: `Cannot spread fragment "A" within itself.`,
	} {
		answer := w.ask(token, text, nil)
		failures, _ := answer["errors"].([]any)
		_, hasData := answer["data"]
		if len(failures) == 0 || hasData || failures[0].(map[string]any)["message"] != want || strings.HasPrefix(want, "Syntax") && failures[0].(map[string]any)["locations"] == nil {
			t.Errorf("%s answers %v, want %s", text, answer, want)
		}
	}
	answer := w.post("/graphql", token, map[string]any{"query": `query A{params{title}} query B{user{name}}`, "operationName": "B"})
	if answer.Body.String() != fmt.Sprintf(`{"data":{"user":{"name":%q}}}`, w.school.School().Pupil()) {
		t.Errorf("the operation of a name answers %s", answer.Body)
	}
	if answer := w.post("/graphql", token, `{"query":"{params{title}}","variables":"{}"}`); !strings.Contains(answer.Body.String(), "Variables must be provided as an Object") {
		t.Errorf("variables that are a text answer %s", answer.Body)
	}
}

func TestWrongVariablesAreNamed(t *testing.T) {
	t.Parallel()
	w := newTestbed(t, Options{})
	token := w.login()
	const text = `query($p: String!, $on: Boolean = true) {marks(period: $p) @include(if: $on) {averages{student}}}`
	for _, c := range []struct {
		variables map[string]any
		want      string
	}{
		{nil, `Variable "$p" of required type "String!" was not provided.`},
		{map[string]any{"p": nil}, `Variable "$p" of non-null type "String!" must not be null.`},
		{map[string]any{"p": 3}, `Variable "$p" got invalid value 3; Expected type "String!".`},
		{map[string]any{"p": []any{"a", 3}}, `Variable "$p" got invalid value ["a",3]; Expected type "String!".`},
		{map[string]any{"p": map[string]any{}}, `Variable "$p" got invalid value {}; Expected type "String!".`},
		{map[string]any{"p": "", "on": "yes"}, `Variable "$on" got invalid value "yes"; Expected type "Boolean".`},
		{map[string]any{"p": "", "on": strings.Repeat("x", 50_000)}, `Variable "$on" got an invalid value; Expected type "Boolean".`},
	} {
		answer := w.ask(token, text, c.variables)
		failure, _ := answer["errors"].([]any)[0].(map[string]any)
		if _, hasData := answer["data"]; hasData || failure["message"] != c.want || failure["locations"] == nil {
			t.Errorf("%.80v answers %.300v, want %s", c.variables, answer, c.want)
		}
	}
}

func TestQueriesUseTheWholeLanguage(t *testing.T) {
	t.Parallel()
	w := newTestbed(t, Options{})
	token := w.login()
	got := w.ask(token, `query Q($yes: Boolean!, $from: Date, $none: Date) {
		a: user{...N} b: user @skip(if: $yes){name} c: user @include(if: $yes){__typename ... on PronoteUser{name}}
		timetable(from: $from, to: $none){room}
	} fragment N on PronoteUser{name}`, map[string]any{"yes": true, "from": 1763366400000})
	data := got["data"].(map[string]any)
	name := w.school.School().Pupil()
	if got["errors"] != nil || data["a"].(map[string]any)["name"] != name || data["b"] != nil || len(data["timetable"].([]any)) == 0 ||
		data["c"].(map[string]any)["__typename"] != "PronoteUser" || data["c"].(map[string]any)["name"] != name {
		t.Errorf("it answers %v", got)
	}
}

// The ways to write a date, and what stands for none.
func TestDatesOfQueries(t *testing.T) {
	t.Parallel()
	w := newTestbed(t, Options{})
	token := w.login()
	read := func(args string) string {
		answer := w.ask(token, `{timetable`+args+`{id from}}`, nil)
		if answer["errors"] != nil {
			t.Errorf("%s fails: %v", args, answer["errors"])
		}
		return fmt.Sprint(answer["data"])
	}
	same := []string{
		`(from: 1763334000000, to: 1763420399000)`, `(from: "2025-11-16T23:00:00Z", to: "2025-11-17T22:59:59Z")`,
		`(from: "2025-11-17T00:00:00+01:00", to: "2025-11-17T23:59:59+01:00")`, `(from: "2025-11-17T00:00:00", to: "2025-11-17T23:59:59")`,
	}
	for _, args := range same[1:] {
		if read(args) != read(same[0]) || len(read(same[0])) < 100 {
			t.Errorf("%s answers something else than %s: %s", args, same[0], read(args))
		}
	}
	for _, args := range []string{`(from: "2025-11-17", to: null)`, `(from: "2025-11-17", to: "2025-11-16")`} {
		if read(args) != read(`(from: "2025-11-17")`) {
			t.Errorf("%s answers something else than one day", args)
		}
	}
	for _, args := range []string{`(from: "garbage")`, `(from: true)`, `(from: 1e300)`} {
		if got := read(args); got != "map[timetable:[]]" {
			t.Errorf("%s answers %s, want nothing", args, got)
		}
	}
	if read(`(from: null)`) != read(``) {
		t.Error("null is not now")
	}
}

func TestKeepAliveAndLogout(t *testing.T) {
	t.Parallel()
	w := newTestbed(t, Options{})
	token := w.login()
	since := len(w.school.Requests())
	for _, c := range []struct {
		text  string
		want  string
		asked []string
	}{
		{`mutation{setKeepAlive(enabled: true)}`, `{"data":{"setKeepAlive":true}}`, nil},
		{`mutation{setKeepAlive(enabled: true)}`, `{"data":{"setKeepAlive":true}}`, nil},
		{`mutation{setKeepAlive(enabled: false)}`, `{"data":{"setKeepAlive":false}}`, nil},
		{`mutation{keepAlive}`, `{"data":{"keepAlive":true}}`, []string{"Navigation"}},
		{`mutation{logout}`, `{"data":{"logout":true}}`, []string{"SaisieDeconnexion"}},
	} {
		answer := w.post("/graphql", token, map[string]string{"query": c.text})
		if got := w.asked(since); answer.Body.String() != c.want || !slices.Equal(got, c.asked) {
			t.Errorf("%s answers %s and asks %q, want %s and %q", c.text, answer.Body, got, c.want, c.asked)
		}
		since = len(w.school.Requests())
	}
	// The token is known still, and what needs the school has the code of its end.
	w.data(token, `{params{title} user{name}}`)
	answer := w.ask(token, `{timetable{room} params{title}}`, nil)
	if !strings.Contains(fmt.Sprint(answer["errors"]), `code: 5`) || answer["data"].(map[string]any)["params"] == nil {
		t.Errorf("after the logout it answers %v", answer)
	}
}

func TestLogoutsAlwaysSucceed(t *testing.T) {
	t.Parallel()
	w := newTestbed(t, Options{})
	token := w.login()
	w.data(token, `mutation{setKeepAlive(enabled: true)}`)
	since := len(w.school.Requests())
	for _, token := range []string{token, "", "unknown"} {
		if answer := w.post("/auth/logout", token, "not even JSON"); answer.Code != http.StatusOK || answer.Body.String() != `{"success":true}` {
			t.Errorf("%q answers %d %s", token, answer.Code, answer.Body)
		}
	}
	if got := w.asked(since); !slices.Equal(got, []string{"SaisieDeconnexion"}) {
		t.Errorf("the school was asked for %q", got)
	}
	if answer := w.post("/graphql", token, `{"query":"{params{title}}"}`); answer.Body.String() != `{"message":"Unknown session token"}` {
		t.Errorf("the token gives %s", answer.Body)
	}
}

// A school that fails leaves the other fields their data.
func TestAFieldThatFailsIsNullAndSaysWhy(t *testing.T) {
	t.Parallel()
	w := newTestbed(t, Options{})
	token := w.login()
	w.school.Inject(pronotetest.Fault{Kind: "expired", Function: "PageEmploiDuTemps"})
	answer := w.post("/graphql", token, map[string]string{"query": `{timetable(from: "2025-11-17"){room} params{title}}`})
	const want = `{"errors":[{"message":"Unexpected error value: { code: 5, message: \"Session has expired due to inactivity or error\" }",` +
		`"locations":[{"line":1,"column":2}],"path":["timetable"],"extensions":{"code":5}}],"data":{"timetable":null,"params":{"title":""}}}`
	if answer.Code != http.StatusOK || answer.Body.String() != want {
		t.Errorf("it answers %d %s, want %s", answer.Code, answer.Body, want)
	}
	since := len(w.school.Requests())
	w.data(token, `{params{establishment} user{name}}`) // from memory
	if got := w.asked(since); got != nil {
		t.Errorf("the school was asked for %q", got)
	}
}

// Tabs that the school hides answer null, and are not asked for.
func TestHiddenTabsAreNull(t *testing.T) {
	t.Parallel()
	w := newTestbed(t, Options{})
	for _, p := range pages {
		w.school.HideTab(int(p.tab), true)
	}
	token := w.login()
	since := len(w.school.Requests())
	data := w.data(token, `{timetable{room} marks{subjects{name}} evaluations{name} absences{absences{id}} infos{id} contents{id} homeworks{id} menu{date} files{id}}`)
	for name, v := range data {
		if v != nil {
			t.Errorf("%s is %v", name, v)
		}
	}
	if got := w.asked(since); len(data) != 9 || got != nil {
		t.Errorf("%d answers; the school was asked for %q", len(data), got)
	}
}

func TestParentsNameTheirChildren(t *testing.T) {
	t.Parallel()
	w := newTestbed(t, Options{})
	token := w.login("account", "parent")
	children := w.school.School().Children()
	data := w.data(token, `{user{students{name}}}`)
	var names []string
	for s := range each(data["user"].(map[string]any)["students"]) {
		names = append(names, s["name"].(string))
	}
	if !slices.Equal(names, children) {
		t.Errorf("the children are %q, want %q", names, children)
	}
	session, done := w.api.sessions.use(token)
	done()
	since := len(w.school.Requests())
	for i, student := range session.upstream.Students() {
		for _, name := range []string{student.Name, student.Element().Number} {
			w.data(token, fmt.Sprintf(`{homeworks(student: %q, from: "2025-11-17"){id}}`, name))
			requests := w.school.Requests()
			if got := requests[len(requests)-1].Pupil; got != children[i] || len(requests) != since+1 {
				t.Errorf("%q asks about %q in %d requests", name, got, len(requests)-since)
			}
			since = len(requests)
		}
	}
	answer := w.ask(token, `{infos(student: "Nobody"){id}}`, nil)
	failure := answer["errors"].([]any)[0].(map[string]any)
	if answer["data"].(map[string]any)["infos"] != nil || fmt.Sprint(failure["path"]) != "[infos]" {
		t.Errorf("an unknown child answers %v", answer)
	}
	if answer := w.ask(token, `{infos{id}}`, nil); answer["errors"] == nil || answer["data"] != nil {
		t.Errorf("no child answers %v", answer)
	}
}

// The period that is asked for upstream.
func TestPeriodsAreFoundByName(t *testing.T) {
	t.Parallel()
	w := newTestbed(t, Options{})
	token := w.login()
	current := w.school.School().PeriodAt(w.school.School().Now().Date).Name
	for args, want := range map[string]string{``: current, `(period: null)`: current, `(period: "")`: current, `(period: "Trimestre 2")`: "Trimestre 2"} {
		w.data(token, `{marks`+args+`{averages{student}}}`)
		requests := w.school.Requests()
		if got := string(requests[len(requests)-1].Data); !strings.Contains(got, want) {
			t.Errorf("%q asks for %s, want %s", args, got, want)
		}
	}
	answer := w.ask(token, `{marks(period: "Trimestre 9"){averages{student}} absences(period: "Trimestre 9"){absences{id}}}`, nil)
	if failures, _ := answer["errors"].([]any); len(failures) != 2 || !strings.Contains(fmt.Sprint(failures), "Trimestre 9") {
		t.Errorf("an unknown period answers %v", answer)
	}
	for args, want := range map[string][2]string{
		`(from: "2025-10-01T00:00:00")`:                                          {`01/10/2025 00:00:00`, w.ends(current)},
		`(from: "2025-10-01T00:00:00", to: "2025-10-05T00:00:00")`:               {`01/10/2025 00:00:00`, `05/10/2025 00:00:00`},
		`(period: "Trimestre 2", to: "2026-01-05T00:00:00")`:                     {w.starts("Trimestre 2"), `05/01/2026 00:00:00`},
		`(period: "Trimestre 1", from: "2025-10-01", to: "2025-10-05T00:00:00")`: {`01/10/2025 02:00:00`, `05/10/2025 00:00:00`},
	} {
		w.data(token, `{absences`+args+`{absences{id}}}`)
		requests := w.school.Requests()
		if got := string(requests[len(requests)-1].Data); !strings.Contains(got, want[0]) || !strings.Contains(got, want[1]) {
			t.Errorf("%q asks for %s, want %q", args, got, want)
		}
	}
}

func (w testbed) periodOf(name string) pronote.Period {
	for _, p := range w.school.School().Periods() {
		if p.Name == name {
			return p
		}
	}
	w.t.Fatalf("there is no period %q", name)
	return pronote.Period{}
}

func (w testbed) starts(name string) string {
	return w.periodOf(name).Starts.In(paris(w.t)).Format("02/01/2006")
}
func (w testbed) ends(name string) string {
	return w.periodOf(name).Ends.In(paris(w.t)).Format("02/01/2006")
}

// Where the list of notices leaves their texts out, these are asked for, but only
// when the query selects them: it counts as reading.
func TestTextsOfNoticesAreReadWhenSelected(t *testing.T) {
	t.Parallel()
	school := world.NewSchool(3, 2025)
	school.AdvanceTo(pronote.DateTime{Date: pronote.Date{Year: 2025, Month: 9, Day: 8}, Hour: 18})
	w := newTestbedAt(t, pronotetest.NewServer(school.Quiet(), pronotetest.Options{}), Options{})
	token := w.login()
	since := len(w.school.Requests())
	list := w.data(token, `{infos{id title date author}}`)["infos"].([]any)
	if got := len(w.asked(since)); got != 1 || len(list) == 0 {
		t.Fatalf("%d notices took %d requests, want 1", len(list), got)
	}
	since = len(w.school.Requests())
	for i := range each(w.data(token, `{infos{content htmlContent files{name url}}}`)["infos"]) {
		if i["content"] == "" || i["htmlContent"] == "" {
			t.Errorf("a notice is %v", i)
		}
	}
	if got := len(w.asked(since)); got != 1+len(list) {
		t.Errorf("%d texts took %d requests", len(list), got)
	}
}
