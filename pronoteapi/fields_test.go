package pronoteapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// everything selects all fields of a type.
func everything(schema *ast.Schema, of *ast.Definition, depth int) string {
	var b strings.Builder
	for _, f := range of.Fields {
		inner := schema.Types[f.Type.Name()]
		switch {
		case strings.HasPrefix(f.Name, "__"):
		case inner.IsLeafType():
			b.WriteString(f.Name + " ")
		case depth > 0:
			b.WriteString(f.Name + "{" + everything(schema, inner, depth-1) + "} ")
		}
	}
	return b.String()
}

// wholeQuery asks each field of a schema.
func wholeQuery(schema *ast.Schema, student string) string {
	var b strings.Builder
	for _, f := range schema.Query.Fields {
		if strings.HasPrefix(f.Name, "__") {
			continue
		}
		args := []string{}
		for _, a := range f.Arguments {
			switch a.Name {
			case "student":
				args = append(args, fmt.Sprintf("student: %q", student))
			case "from":
				args = append(args, `from: "2025-11-03"`)
			case "to":
				args = append(args, `to: "2025-11-22"`)
			}
		}
		b.WriteString(f.Name)
		if len(args) > 0 {
			b.WriteString("(" + strings.Join(args, ", ") + ")")
		}
		// Averages are hidden for some subjects, which are then null.
		fmt.Fprintf(&b, "{%s} ", strings.ReplaceAll(everything(schema, schema.Types[f.Type.Name()], 6), "averages{student studentClass min max }", ""))
	}
	return "{" + b.String() + "}"
}

// Each field of both schemas answers, against the invented school.
func TestEveryFieldAnswers(t *testing.T) {
	t.Parallel()
	w := newTestbed(t, Options{})
	for account, own := range map[string]string{"student": studentSchema, "parent": parentSchema} {
		school := w.school.School()
		student := school.Children()[len(school.Children())-1]
		data := w.data(w.login("account", account), wholeQuery(loadSchema(own), student))
		for name, v := range data {
			list, isList := v.([]any)
			if v == nil && name != "files" || isList && len(list) == 0 {
				t.Errorf("%s: %s is %v", account, name, v)
			}
		}
	}
}

// What a real server answered to a login fills params and user, as testdata has it: a
// field whose source is not there is one of those that are documented.
func TestRecordedLoginsFillEveryField(t *testing.T) {
	t.Parallel()
	absent := map[string][]string{}
	for _, c := range []struct{ schema, user string }{{studentSchema, "utilisateur-student"}, {parentSchema, "utilisateur-parent"}} {
		schema := loadSchema(c.schema)
		shape := shaper{schema, paris(t), func(string) string { return "photo" }}
		root := object{
			"params": shape.shape(schema.Types["PronoteParams"], recorded(t, "parametres")),
			"user":   shape.shape(schema.Types["PronoteUser"], recorded(t, c.user)),
		}
		text := fmt.Sprintf("{params{%s} user{%s}}", everything(schema, schema.Types["PronoteParams"], 6), everything(schema, schema.Types["PronoteUser"], 6))
		got := execute(t.Context(), schema, query{text: text}, map[ast.Operation]object{ast.Query: root})
		if len(got.failures) > 0 {
			t.Errorf("%s: %+v", c.user, got.failures[0])
		}
		checkGolden(t, c.user, got)
		for of, paths := range sources {
			from := raw{}
			switch of {
			case "PronoteParams":
				from = recorded(t, "parametres")
			case "PronoteUser":
				from = recorded(t, c.user)
			}
			for name, path := range paths {
				if from.v == nil {
					break
				}
				if field := schema.Types[of].Fields.ForName(name); field != nil && field.Type.NonNull && !from.at(path).present() {
					absent[c.user] = append(absent[c.user], name)
				}
			}
		}
	}
	for user, names := range absent {
		slices.Sort(names)
		want := []string{"kioskAccess", "maxPasswordSize", "minPasswordSize", "mobileSupport", "mobileURL", "passwordRules"}
		if user == "utilisateur-student" {
			want = append(want, "tabsPillars")
		}
		if !slices.Equal(names, want) {
			t.Errorf("%s: %q are not in the recording, want %q", user, names, want)
		}
	}
}

// A server that leaves out a member of what it answers to a login, or sends something
// else in its place, makes null of nothing else.
func TestLoginsMayLackAnything(t *testing.T) {
	t.Parallel()
	schema := loadSchema(studentSchema)
	parametres, user := recorded(t, "parametres"), recorded(t, "utilisateur-student")
	text := fmt.Sprintf("{params{%s} user{%s}}", everything(schema, schema.Types["PronoteParams"], 6), everything(schema, schema.Types["PronoteUser"], 6))
	read := func(where string) {
		shape := shaper{schema, paris(t), func(string) string { return "photo" }}
		root := object{"params": shape.shape(schema.Types["PronoteParams"], parametres), "user": shape.shape(schema.Types["PronoteUser"], user)}
		if got := execute(t.Context(), schema, query{text: text}, map[ast.Operation]object{ast.Query: root}); len(got.failures) > 0 {
			t.Errorf("%s: %+v", where, got.failures[0])
		}
	}
	for name, of := range map[string]any{"parametres": parametres.v, "General": parametres.at("General").v, "user": user.v, "ressource": user.at("ressource").v} {
		members, ok := of.(map[string]any)
		if !ok {
			t.Fatalf("%s is %T", name, of)
		}
		for key, value := range members {
			delete(members, key)
			read(name + " without " + key)
			for _, odd := range []any{"odd", []any{"odd", nil}} {
				members[key] = odd
				read(fmt.Sprintf("%s with %s = %v", name, key, odd))
			}
			members[key] = value
		}
	}
}

var update = flag.Bool("update", false, "write the golden files anew")

// checkGolden compares an answer with the one of that name in testdata.
func checkGolden(t *testing.T, name string, got answer) {
	t.Helper()
	text, err := got.MarshalJSON()
	var indented bytes.Buffer
	if err := errors.Join(err, json.Indent(&indented, append(text, '\n'), "", " ")); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.WriteFile(file, indented.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v (run with -update to write it)", err)
	}
	if diff := cmp.Diff(string(want), indented.String()); diff != "" {
		t.Errorf("%s (-want +got):\n%s", file, diff)
	}
}

// recorded is the payload of a recorded answer of package pronote.
func recorded(t *testing.T, name string) raw {
	t.Helper()
	text, err := os.ReadFile("../pronote/testdata/recorded/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	answer, err := parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return answer.at("data")
}

// each are the objects of a list.
func each(list any) func(func(map[string]any) bool) {
	return func(yield func(map[string]any) bool) {
		items, _ := list.([]any)
		for _, item := range items {
			if o, ok := item.(map[string]any); ok && !yield(o) {
				return
			}
		}
	}
}

// line writes members of an object, dates as whole numbers.
func line(o map[string]any, names ...string) string {
	values := make([]any, len(names))
	for i, name := range names {
		values[i] = whole(o[name])
	}
	return words(values...)
}

// words writes values with spaces between them.
func words(values ...any) string { return strings.TrimSuffix(fmt.Sprintln(values...), "\n") }

func whole(v any) any {
	if n, ok := v.(float64); ok && n == float64(int64(n)) {
		return int64(n)
	}
	return v
}

// params and user are of the school and of who logged in.
func TestTheSchoolAndThePeopleAreTheTruth(t *testing.T) {
	t.Parallel()
	w := newTestbed(t, Options{})
	school, zone := w.school.School(), paris(t)
	day := func(d pronote.Date) int64 { return d.In(zone).UnixMilli() }
	const params = `params{establishment schoolYear firstMonday lastDay periods{name from to} publicHolidays{from to}}`
	people := map[string]string{"student": `name establishment{name} studentClass{name}`, "parent": `name students{name establishment{name} studentClass{name}}`}
	var periods, holidays []string
	for _, p := range school.AllPeriods() {
		periods = append(periods, words(p.Name, day(p.Starts), day(p.Ends)))
	}
	for _, h := range school.Holidays() {
		holidays = append(holidays, words(day(h.Starts), day(h.Ends)))
	}
	for account, fields := range people {
		data := w.data(w.login("account", account), "{"+params+" user{"+fields+"}}")
		got := data["params"].(map[string]any)
		if text, want := line(got, "establishment", "schoolYear", "firstMonday", "lastDay"), words(school.Name(), school.Year(), day(school.FirstMonday()), day(school.Ends())); text != want {
			t.Errorf("%s: the school is %s, want %s", account, text, want)
		}
		for name, want := range map[string][]string{"periods": periods, "publicHolidays": holidays} {
			var lines []string
			for o := range each(got[name]) {
				if lines = append(lines, line(o, "from", "to")); o["name"] != nil {
					lines[len(lines)-1] = line(o, "name", "from", "to")
				}
			}
			if !slices.Equal(lines, want) {
				t.Errorf("%s: %s are %q, want %q", account, name, lines, want)
			}
		}
		user := data["user"].(map[string]any)
		pupils, names := []any{user}, []string{school.Pupil()}
		if account == "parent" {
			pupils, names = user["students"].([]any), school.Children()
			if user["name"] != school.Parent() {
				t.Errorf("the parent is %v, want %s", user["name"], school.Parent())
			}
		}
		for i, name := range names {
			if got, want := fmt.Sprint(pupils[i]), fmt.Sprintf("map[establishment:map[name:%s] name:%s studentClass:map[name:%s]]", school.Name(), name, school.Of(name).Class()); got != want {
				t.Errorf("a pupil is %s, want %s", got, want)
			}
		}
	}
}

// What has no source in PRONOTE any longer is in the documentation, with the constant
// that it answers, in both languages.
func TestFieldsWithoutASourceAreDocumented(t *testing.T) {
	t.Parallel()
	w := newTestbed(t, Options{})
	token := w.login()
	without := []string{"PronoteParams.displayWeeks"} // computed, for it had been a number
	for _, schema := range w.api.schemas {
		for of := range sources {
			if schema.Types[of] == nil {
				continue // of the other kind of account
			}
			for _, f := range schema.Types[of].Fields {
				if sources[of][f.Name] == "" && computed[of][f.Name] == nil && !slices.Contains(without, of+"."+f.Name) {
					without = append(without, of+"."+f.Name)
				}
			}
		}
	}
	slices.Sort(without)
	cells, names := regexp.MustCompile("(?m)^\\| (`Pronote[^|]*) \\| ([^|]*) \\|"), regexp.MustCompile("`([\\w.]+)`")
	for _, name := range []string{"pronote-api.md", "pronote-api.fr.md"} {
		text, err := os.ReadFile("../docs/" + name)
		if err != nil {
			t.Fatal(err)
		}
		var documented []string
		for _, row := range cells.FindAllStringSubmatch(string(text), -1) {
			of := ""
			for _, m := range names.FindAllStringSubmatch(row[1], -1) {
				field := m[1]
				if before, after, dotted := strings.Cut(field, "."); dotted {
					of, field = before, after
				}
				documented = append(documented, of+"."+field)
				if got := w.constant(token, of, field); got != strings.Trim(row[2], "`") {
					t.Errorf("%s.%s answers %s; %s says %s", of, field, got, name, row[2])
				}
			}
		}
		if slices.Sort(documented); !slices.Equal(documented, without) {
			t.Errorf("%s has %q, want %q", name, documented, without)
		}
	}
}

// constant is what a field of params or user answers, as JSON.
func (w testbed) constant(token, of, field string) string {
	w.t.Helper()
	path := map[string]string{
		"PronoteParams": "{params{%s}}", "PronoteUserSettings": "{user{userSettings{%s}}}", "PronoteEstablishmentInfo": "{user{establishmentsInfo{%s}}}",
	}[of]
	text := w.post("/graphql", token, map[string]string{"query": fmt.Sprintf(path, field)}).Body.String()
	_, value, _ := strings.Cut(text, `"`+field+`":`)
	value, _, _ = strings.Cut(value, "}")
	return value
}
