package pronoteapi

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

// bombs are queries that would cost more than they are worth.
func bombs() map[string]string {
	fragments := func(n int) string { // each spreads the next twice
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "fragment F%d on Query{...F%d ...F%d} ", i, i+1, i+1)
		}
		return "{...F0} " + b.String() + fmt.Sprintf("fragment F%d on Query{params{title}}", n)
	}
	deep := func(n int) string {
		return "{user{tabs{" + strings.Repeat("subs{", n) + "id" + strings.Repeat("}", n) + "}}}"
	}
	wide := func(n int, field string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "a%d:%s ", i, field)
		}
		return "{" + b.String() + "}"
	}
	types := "name"
	for range 8 {
		types = "fields{type{" + types + "}}"
	}
	return map[string]string{
		"depth":          deep(5000),
		"nesting":        strings.Repeat("{", 50_000),
		"width":          wide(6000, "user{name}"),
		"one field":      "{" + strings.Repeat("params{title} ", 7000) + "}",
		"aliases":        wide(2000, "homeworks{id}"),
		"doubling":       fragments(60),
		"circle":         "{...A} fragment A on Query{...B} fragment B on Query{...C} fragment C on Query{...A}",
		"unused circle":  "{params{title}} fragment A on Query{...A}",
		"introspection":  "{__schema{types{" + types + "}}}",
		"many schemas":   wide(90, "__schema{types{fields{type{fields{name type{name}} name}}}}"),
		"arguments":      `{timetable(from: ` + strings.Repeat("[", 20_000) + `){id}}`,
		"objects":        `{timetable(from: ` + strings.Repeat("{a:", 20_000) + `){id}}`,
		"directives":     "{params " + strings.Repeat("@skip(if: false) ", 5000) + "{title}}",
		"variables":      "query(" + strings.Repeat("$a: Int ", 5000) + "){params{title}}",
		"a text":         `{marks(period: "` + strings.Repeat("é", 40_000) + `"){averages{student}}}`,
		"a block":        `{marks(period: """` + strings.Repeat("\\n", 40_000) + `"""){averages{student}}}`,
		"operations":     strings.Repeat("{params{title}} ", 3000),
		"comments":       strings.Repeat("#\n", 45_000) + "{params{title}}",
		"subscriptions":  "subscription{params{title}}",
		"nothing":        "#",
		"wrong variable": "query($a: [[[[Date!]!]!]!]!){params{title}}",
	}
}

// A hostile query gets an answer of a bounded size, and most get a sentence. Without
// the limits this test does not end.
func TestHostileQueriesAreBounded(t *testing.T) {
	t.Parallel()
	schema := loadSchema(studentSchema)
	asked := 0
	root := introspector{schema}.fields()
	root["params"], root["user"] = object{"title": "Title"}, object{"name": "Léa", "tabs": []any{}}
	root["homeworks"] = resolver(func(context.Context, map[string]any) (any, error) { asked++; return []any{}, nil })
	for name, text := range bombs() {
		got := execute(t.Context(), schema, query{text: text}, map[ast.Operation]object{ast.Query: root})
		if text, err := got.MarshalJSON(); err != nil || len(text) > maxAnswer {
			t.Errorf("%s answers %d bytes: %v", name, len(text), err)
		}
		if fine := name == "comments" || name == "many schemas" || name == "a text" || name == "a block"; !fine && len(got.failures) == 0 {
			t.Errorf("%s is answered: %.200v", name, got.data)
		}
	}
	if asked > 0 {
		t.Errorf("the school would have been asked %d times", asked)
	}
}

// Many fields of large values stop at the limit, with a sentence.
func TestAnswersAreBounded(t *testing.T) {
	t.Parallel()
	schema := loadSchema(studentSchema)
	fonts := make([]any, 5000)
	for i := range fonts {
		fonts[i] = strings.Repeat("x", 1000)
	}
	var b strings.Builder
	for i := range 50 {
		fmt.Fprintf(&b, "a%d:params{fonts}", i)
	}
	got := execute(t.Context(), schema, query{text: "{" + b.String() + "}"}, map[ast.Operation]object{ast.Query: {"params": object{"fonts": fonts}}})
	if len(got.failures) == 0 || !strings.Contains(got.failures[0].message, "ask for less") {
		t.Errorf("it fails with %v", got.failures)
	}
}

// Clients that share a token wait for each other at the school, which refuses two
// requests at once.
func TestOneTokenManyClients(t *testing.T) {
	t.Parallel()
	w := newTestbed(t, Options{})
	token := w.login()
	var all sync.WaitGroup
	for range 12 {
		all.Go(func() {
			answer := w.post("/graphql", token, `{"query":"{homeworks(from: \"2025-11-17\"){id} marks{averages{student}}}"}`)
			if answer.Code != http.StatusOK || strings.Contains(answer.Body.String(), "errors") {
				t.Errorf("it answers %d %s", answer.Code, answer.Body)
			}
		})
	}
	all.Wait()
	for _, r := range w.school.Requests() {
		if r.Refused != 0 {
			t.Errorf("the school refused %+v", r)
		}
	}
}

// Many people at once each get their own, and no session sees two requests at once.
func TestManyPeopleManyClients(t *testing.T) {
	t.Parallel()
	w := newTestbed(t, Options{MaxSessions: 24})
	children := w.school.School().Children()
	var all sync.WaitGroup
	for person := range 24 {
		account, child, want := "parent", fmt.Sprintf("(student: %q)", children[person%2]), children[person%2]
		if person%3 == 0 {
			account, child, want = "student", "", w.school.School().Pupil()
		}
		all.Go(func() {
			token := w.login("account", account)
			var clients sync.WaitGroup
			for range 3 {
				clients.Go(func() { w.data(token, `{evaluations`+child+`{name} marks`+child+`{averages{student}} user{name}}`) })
			}
			clients.Wait()
			s, done := w.api.sessions.use(token)
			defer done()
			if students := s.upstream.Students(); account == "student" && students[0].Name != want || account == "parent" && students[person%2].Name != want {
				t.Errorf("%s %d has the students %v", account, person, students)
			}
		})
	}
	all.Wait()
	asked := map[int]map[string]bool{} // pupils by session
	for _, r := range w.school.Requests() {
		if r.Refused != 0 {
			t.Errorf("the school refused %+v", r)
		}
		if asked[r.Session] == nil {
			asked[r.Session] = map[string]bool{}
		}
		if r.Pupil != "" && r.Function == "DernieresNotes" {
			asked[r.Session][r.Pupil] = true
		}
	}
	for session, pupils := range asked {
		if len(pupils) != 1 {
			t.Errorf("session %d asked about %v", session, pupils)
		}
	}
}

func FuzzQuery(f *testing.F) {
	for _, text := range bombs() {
		if len(text) < 1000 {
			f.Add(text)
		}
	}
	f.Add(introspection)
	f.Add(`query Q($a: Date){timetable(from: $a){id} ...F} fragment F on Query{user{name @skip(if: true)}}`)
	schema := loadSchema(studentSchema)
	f.Fuzz(func(t *testing.T, text string) {
		root := introspector{schema}.fields()
		root["user"] = object{"name": "Léa"}
		got := execute(t.Context(), schema, query{text: text, variables: map[string]any{"a": text}}, map[ast.Operation]object{ast.Query: root})
		if _, err := got.MarshalJSON(); err != nil {
			t.Error(err)
		}
	})
}

func FuzzBody(f *testing.F) {
	for _, text := range []string{`{}`, `[]`, `null`, `{"url":"https://a.example","username":"u","password":"p","account":null,"cas":"none"}`, "\ufeff{}", `{"a":1}{`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		body, err := decodeBody(text)
		if (body == nil) == (err == nil) {
			t.Errorf("%q reads %v and %v", text, body, err)
		}
		if r, err := readLogin(body); err == nil && (r.root == nil || r.username == "" || r.password.IsZero()) {
			t.Errorf("%q is a login without what it needs", text)
		}
	})
}

func FuzzDate(f *testing.F) {
	for _, text := range []string{"2025-11-17", "2025-11-17T08:00:00Z", "2025/11/17", "", "-1", "9999999-01-01", "2025-11-17T08:00:00+14:00"} {
		f.Add(text, 1.0)
	}
	f.Fuzz(func(t *testing.T, text string, number float64) {
		for _, v := range []any{text, number} {
			m := momentOf(v, time.UTC)
			if !m.given || m.valid && (m.UnixMilli() > farthest || m.UnixMilli() < -farthest) {
				t.Errorf("%v reads %+v", v, m)
			}
		}
	})
}

// FuzzAnswer reads what a hostile school may send.
func FuzzAnswer(f *testing.F) {
	f.Add([]byte(someLessons))
	f.Add([]byte(`{"listeDevoirs": [{"note": "|1"}], "_T": 24, "V": {"L": 3}}`))
	f.Add([]byte(`{"a": {"_T": 8, "V": "[1..9999999999]"}}`))
	f.Add([]byte(someWork))
	f.Add([]byte(`[{"date": {"_T": 7, "V": "12/11/2026"}, "ressource": {"V": {"L": "a%2F../b", "N": "r", "url": "http://[::1"}}, "matiere": {"N": []}}]`))
	f.Add([]byte(`[{"L": 3, "dateDebut": "31/02/2026", "listeQuestions": [{"texte": {"_T": 21, "V": "<p>&#1114112;<script>"}, "listePiecesJointes": [null, 3, {}]}]}]`))
	schema := loadSchema(parentSchema)
	upstream, err := pronote.Login(f.Context(), pronotetest.Address, pronote.Credentials{Username: pronotetest.Username, Password: pronote.NewSecret(pronotetest.Password)},
		&pronote.Options{Transport: pronotetest.NewServer(novemberSchool(), pronotetest.Options{}).Transport()})
	if err != nil {
		f.Fatal(err)
	}
	s := &session{upstream: upstream, zone: time.UTC}
	whole := fmt.Sprintf("{params{%s} user{%s}}", everything(schema, schema.Types["PronoteParams"], 4), everything(schema, schema.Types["PronoteUser"], 4))
	f.Fuzz(func(t *testing.T, text []byte) {
		answer, err := parse(text)
		if err != nil {
			return
		}
		answer.set()
		plain(answer.text())
		table := lessonTable{zone: time.UTC, perHour: 2, filled: func(civil.Date) bool { return true }}
		table.lessons(answer.list(), time.Time{}, time.Now())
		marksOf(answer, time.UTC)
		evaluationsOf(answer.list(), time.UTC)
		schoolLife{time.UTC, answer}.of(answer.list(), answer.list())
		mealsOf(answer)
		s.contentsOf(answer.list(), time.Time{}, time.Now())
		s.homeworksOf(answer.list(), time.Time{}, time.Now())
		s.filesOf(answer.list(), answer.list())
		for _, item := range answer.list() {
			if info := s.info(pronote.Student{}, item); item.at("listeQuestions").present() { // else the school is asked
				for _, name := range []string{"content", "htmlContent", "files"} {
					_, _ = info[name].(resolver)(t.Context(), nil)
				}
			}
		}
		shape := shaper{schema, time.UTC, func(string) string { return "" }}
		root := object{"params": shape.shape(schema.Types["PronoteParams"], answer), "user": shape.shape(schema.Types["PronoteUser"], answer)}
		if _, err := execute(t.Context(), schema, query{text: whole}, map[ast.Operation]object{ast.Query: root}).MarshalJSON(); err != nil {
			t.Error(err)
		}
	})
}
