package pronoteapi

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

// shapes are the queries whose pages have come in many shapes, by the folder of package
// pronote that has them.
var shapes = map[string]struct{ function, field string }{
	"lessons":     {"PageEmploiDuTemps", `timetable(from: "2024-09-01", to: "2026-06-30")`},
	"marks":       {"DernieresNotes", `marks`},
	"evaluations": {"DernieresEvaluations", `evaluations`},
	"contents":    {"PageCahierDeTexte", `contents(from: "2024-09-01", to: "2026-06-30")`},
	"homework":    {"PageCahierDeTexte", `homeworks(from: "2024-09-01", to: "2026-06-30")`},
	"infos":       {"PageActualites", `infos`},
	"menus":       {"PageMenus", `menu(from: "2025-11-16", to: "2025-11-22")`},
	"schoollife":  {"PagePresence", `absences`},
}

// What other servers were seen to send, and to leave out, makes null of nothing else: a
// field fails only where the answer lacks the list itself, in a sentence that says so.
func TestOtherShapesOfAnswersAreRead(t *testing.T) {
	t.Parallel()
	for folder, c := range shapes {
		files, err := filepath.Glob("../pronote/testdata/" + folder + "/*.json")
		if err != nil || len(files) < 5 {
			t.Fatalf("%s has %q: %v", folder, files, err)
		}
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			var page string
			server := pronotetest.NewServer(novemberSchool(), pronotetest.Options{})
			w := newTestbedAt(t, server, Options{Transport: scribe{server.Transport(), handWritten{
				c.function: func(map[string]any) map[string]any { return written(page)(nil) },
			}}})
			token, schema := w.login(), loadSchema(studentSchema)
			name, _, _ := strings.Cut(c.field, "(")
			of := schema.Types[schema.Query.Fields.ForName(name).Type.Name()]
			text := fmt.Sprintf("{%s{%s}}", c.field, strings.ReplaceAll(everything(schema, of, 6), "averages{student studentClass min max }", ""))
			for _, file := range files {
				page = asObject(t, file)
				answer := w.ask(token, text, nil)
				for failure := range each(answer["errors"]) {
					if message := fmt.Sprint(failure["message"]); !strings.Contains(message, "PRONOTE's answer lacks") || fmt.Sprint(failure["path"]) != "["+name+"]" {
						t.Errorf("%s: %v", filepath.Base(file), failure)
					}
				}
				whole := strings.Contains(file, "whole") || strings.Contains(file, "recorded") || strings.Contains(file, "plain")
				if v := fmt.Sprint(answer["data"].(map[string]any)[name]); whole && (v == "<nil>" || v == "[]") {
					t.Errorf("%s: there are no %s", filepath.Base(file), name)
				}
			}
		})
	}
}

// asObject is the text of a file, or an object that stands for a page that is none.
func asObject(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var object map[string]any
	if json.Unmarshal(text, &object) != nil {
		return "{}"
	}
	return string(text)
}
