package pronoteapi

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

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
	w := newWorld(t, Options{})
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

// What a real server answered to a login fills params and user: a field whose
// source is not there is one of those that are documented.
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

// What clients read of a pupil is what the school knows.
func TestAnswersAreTheTruth(t *testing.T) {
	t.Parallel()
	w := newWorld(t, Options{})
	token, truth, zone := w.login(), w.school.School().Truth("student", w.school.School().Pupil()), paris(t)
	from, to := pronote.Date{Year: 2025, Month: time.November, Day: 3}, pronote.Date{Year: 2025, Month: time.November, Day: 21}
	within := func(day pronote.Date) bool { return day.Compare(from) >= 0 && day.Compare(to) <= 0 }
	span := fmt.Sprintf(`(from: %d, to: %d)`, from.In(zone).UnixMilli(), to.AddDays(1).In(zone).UnixMilli()-1)
	var want struct{ lessons, homework, menus, infos, absences, delays, evaluations []string }
	for _, row := range truth.Lessons {
		if l := row.Value; within(l.Starts.Date) && !l.Detention && !l.Outing {
			teacher, room := "<nil>", "<nil>"
			if len(l.Teachers) > 0 {
				teacher = l.Teachers[0]
			}
			if len(l.Rooms) > 0 {
				room = l.Rooms[0]
			}
			want.lessons = append(want.lessons, fmt.Sprint(millis(l.Starts, zone), millis(l.Ends, zone), l.Subject, teacher, room))
		}
	}
	for _, row := range truth.Homework {
		if h := row.Value; within(h.DueOn) {
			files := 0
			for _, a := range h.Attachments {
				if a.Role == "document" {
					files++
				}
			}
			want.homework = append(want.homework, fmt.Sprint(h.DueOn.In(zone).UnixMilli(), h.GivenOn.In(zone).UnixMilli(), h.Subject, h.HTML, h.Done, files))
		}
	}
	for _, row := range truth.Infos {
		want.infos = append(want.infos, fmt.Sprint(row.Value.StartsOn.In(zone).UnixMilli(), row.Value.Title, row.Value.Author, row.Value.HTML))
	}
	period := w.school.School().PeriodAt(w.school.School().Now().Date).Name
	for _, row := range truth.Absences {
		if a := row.Value; a.Period == period {
			want.absences = append(want.absences, fmt.Sprint(millis(a.StartsAt, zone), millis(a.EndsAt, zone), a.Justified, a.Settled))
		}
	}
	for _, row := range truth.Delays {
		if d := row.Value; d.Period == period {
			want.delays = append(want.delays, fmt.Sprint(millis(d.StartsAt, zone), d.Minutes, d.Justified, d.Justification))
		}
	}
	for _, row := range truth.Evaluations {
		if e := row.Value; e.Period == period {
			want.evaluations = append(want.evaluations, fmt.Sprint(e.Subject, e.Name, e.Date.In(zone).UnixMilli(), len(e.Skills)))
		}
	}
	for _, row := range truth.Menus {
		if within(row.Value.Date) {
			want.menus = append(want.menus, fmt.Sprint(row.Value.Date.In(zone).UnixMilli(), row.Value.Name, len(row.Value.Labels)))
		}
	}
	data := w.data(token, `{
		timetable`+span+`{from to subject teacher room isDetention}
		homeworks`+span+`{for givenAt subject htmlDescription done files{name}}
		menu`+span+`{date meals{name labels{name}}}
		infos{date title author htmlContent}
		absences{absences{from to justified solved} delays{date minutesMissed justified justification}}
		evaluations{name evaluations{name date levels{name}}}
	}`)
	var got struct{ lessons, homework, menus, infos, absences, delays, evaluations []string }
	for o := range each(data["timetable"]) {
		if o["isDetention"] == false && o["subject"] != nil {
			got.lessons = append(got.lessons, line(o, "from", "to", "subject", "teacher", "room"))
		}
	}
	for o := range each(data["homeworks"]) {
		o["files"] = len(o["files"].([]any))
		got.homework = append(got.homework, line(o, "for", "givenAt", "subject", "htmlDescription", "done", "files"))
	}
	for day := range each(data["menu"]) {
		for _, meal := range day["meals"].([]any) {
			for _, course := range meal.([]any) {
				for dish := range each(course) {
					got.menus = append(got.menus, fmt.Sprint(whole(day["date"]), dish["name"], len(dish["labels"].([]any))))
				}
			}
		}
	}
	for o := range each(data["infos"]) {
		got.infos = append(got.infos, line(o, "date", "title", "author", "htmlContent"))
	}
	events := data["absences"].(map[string]any)
	for o := range each(events["absences"]) {
		got.absences = append(got.absences, line(o, "from", "to", "justified", "solved"))
	}
	for o := range each(events["delays"]) {
		got.delays = append(got.delays, line(o, "date", "minutesMissed", "justified", "justification"))
	}
	for s := range each(data["evaluations"]) {
		for e := range each(s["evaluations"]) {
			got.evaluations = append(got.evaluations, fmt.Sprint(s["name"], e["name"], whole(e["date"]), len(e["levels"].([]any))))
		}
	}
	for _, c := range []struct {
		name      string
		got, want []string
	}{
		{"lessons", got.lessons, want.lessons},
		{"homework", got.homework, want.homework},
		{"menus", got.menus, want.menus},
		{"infos", got.infos, want.infos},
		{"absences", got.absences, want.absences},
		{"delays", got.delays, want.delays},
		{"evaluations", got.evaluations, want.evaluations},
	} {
		slices.Sort(c.got)
		slices.Sort(c.want)
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: %d, want %d; the first that differ: %q", c.name, len(c.got), len(c.want), firstDifference(c.got, c.want))
		}
	}
}

func millis(t pronote.DateTime, zone *time.Location) int64 { return t.In(zone).UnixMilli() }

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
	return fmt.Sprint(values...)
}

func whole(v any) any {
	if n, ok := v.(float64); ok && n == float64(int64(n)) {
		return int64(n)
	}
	return v
}
