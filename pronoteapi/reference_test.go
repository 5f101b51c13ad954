package pronoteapi

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// documentQueries are the queries of the documentation, in both languages the same:
// those that stand alone, and those in the programs of the examples.
func documentQueries(t *testing.T) (queries []string) {
	t.Helper()
	block := regexp.MustCompile("(?s)```graphql\n(.*?)```|query\"?(?::| =) \"([^\"\n]*)\"")
	for _, name := range []string{"pronote-api.md", "pronote-api.fr.md"} {
		text, err := os.ReadFile(filepath.Join("../docs", name))
		if err != nil {
			t.Fatal(err)
		}
		var found []string
		for _, m := range block.FindAllStringSubmatch(string(text), -1) {
			found = append(found, m[1]+m[2])
		}
		if queries != nil && !slices.Equal(queries, found) {
			t.Errorf("%s has other queries: %q", name, found)
		}
		queries = found
	}
	if len(queries) < 7 {
		t.Fatalf("the documentation has %d queries", len(queries))
	}
	return queries
}

func TestTheQueriesOfTheDocumentationWork(t *testing.T) {
	t.Parallel()
	w := newTestbed(t, Options{})
	token := w.login()
	for _, text := range documentQueries(t) {
		w.data(token, text)
	}
}

const referenceScript = `
const { buildClientSchema, parse, validate, validateSchema, printSchema, getIntrospectionQuery } = require("graphql");
const { answer, queries } = JSON.parse(require("fs").readFileSync(0, "utf8"));
if (queries === null) { process.stdout.write(getIntrospectionQuery()); process.exit(0); }
const schema = buildClientSchema(answer.data);
const wrong = [...validateSchema(schema), ...queries.flatMap((q) => validate(schema, parse(q)))];
for (const e of wrong) console.error(e.message);
if (!printSchema(schema).includes("type PronoteParams")) console.error("no schema");
process.exit(wrong.length ? 1 : 0);
`

// TestReferenceClient builds the reference library's schema from our introspection,
// which that library asks for, and checks the documentation's queries against it. It
// needs node, and a folder with the npm package graphql, which GRAPHQL_JS names.
func TestReferenceClient(t *testing.T) {
	t.Parallel()
	folder := os.Getenv("GRAPHQL_JS")
	if folder == "" {
		t.Skip("GRAPHQL_JS names no folder in which the npm package graphql is installed")
	}
	node := func(input any) string {
		t.Helper()
		text, err := json.Marshal(input)
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), "node", "-e", referenceScript)
		cmd.Dir, cmd.Stdin = folder, strings.NewReader(string(text))
		var said strings.Builder
		cmd.Stderr = &said
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err, said.String())
		}
		return string(out)
	}
	asks := node(map[string]any{"queries": nil})
	w := newTestbed(t, Options{})
	for _, account := range []string{"student", "parent"} {
		queries := documentQueries(t)
		if account == "parent" {
			queries = []string{`{user{students{name}} infos(student: "Léa"){title}}`}
		}
		node(map[string]any{"answer": w.ask(w.login("account", account), asks, nil), "queries": queries})
	}
}
