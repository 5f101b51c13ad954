package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	recipe = regexp.MustCompile("(?s)```sql\n(.*?)```")
	// A query of datasette.yaml is a block below "sql: |-".
	metadataQuery = regexp.MustCompile(`sql: \|-\n((?:          .*\n)+)`)
	metadataView  = regexp.MustCompile(`(?m)^      ([a-z_]+):$`)
)

// testRecipes runs each query of the pages on the mirror of a demo, on the evening on
// which it ends. All find something, except where they say that it may be nothing.
func testRecipes(t *testing.T, config string) {
	mirror := filepath.Join(filepath.Dir(config), "pronote.db")
	then := strings.NewReplacer("'now', 'localtime'", "'2025-12-12 21:00:00'")
	english, french := recipesOf(t, "../../docs/recipes.md"), recipesOf(t, "../../docs/recipes.fr.md")
	if !slices.Equal(english, french) || len(english) < 30 {
		t.Errorf("the pages have %d and %d recipes, which must be the same 30 at least", len(english), len(french))
	}
	metadata, err := os.ReadFile("../../docs/datasette.yaml")
	if err != nil {
		t.Fatal(err)
	}
	queries := english
	for _, m := range metadataQuery.FindAllStringSubmatch(string(metadata), -1) {
		queries = append(queries, m[1])
	}
	if len(queries) < len(english)+5 {
		t.Errorf("datasette.yaml has only %d plots", len(queries)-len(english))
	}
	_, tables, _ := strings.Cut(string(metadata), "    tables:\n")
	for _, m := range metadataView.FindAllStringSubmatch(tables, -1) {
		queries = append(queries, "SELECT * FROM "+m[1])
	}
	for _, q := range queries {
		rows, err := query(mirror, then.Replace(q))
		if err != nil || len(rows) == 0 && !strings.Contains(q, "-- may be empty") {
			t.Errorf("%d rows, %v:\n%s", len(rows), err, q)
		}
		if strings.Contains(then.Replace(q), "'now'") {
			t.Errorf("this is of another clock than the school's:\n%s", q)
		}
	}
}

func recipesOf(t *testing.T, page string) (list []string) {
	t.Helper()
	for _, m := range recipe.FindAllStringSubmatch(read(t, page), -1) {
		list = append(list, m[1])
	}
	return list
}
