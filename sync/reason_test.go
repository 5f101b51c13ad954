package sync

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
)

// TestEveryReasonHasItsSentences reads the constants themselves: a reason that is added
// without its sentences is found.
func TestEveryReasonHasItsSentences(t *testing.T) {
	t.Parallel()
	for file, prefix := range map[string]string{"route.go": "Reason", "reason.go": "reason", "../db/minor.go": "Minor"} {
		constants := constantsOf(t, file, prefix)
		if len(constants) < 2 {
			t.Errorf("%s has %d constants that begin with %s", file, len(constants), prefix)
		}
		for name, value := range constants {
			words, ok := reasons[value]
			if !ok || words[0] == "" || words[1] == "" || words[0] == words[1] {
				t.Errorf("%s: %q has no sentence in French and in English, but %q", name, value, words)
			}
			for i, language := range []string{"fr", "en"} {
				if said := Why(value, language); said != words[i] {
					t.Errorf("%s in %s: %q", name, language, said)
				}
			}
		}
	}
	if said := Why("of tomorrow", "fr"); said != "of tomorrow" {
		t.Errorf("an unknown reason is said %q", said)
	}
}

// constantsOf are the text constants of a file whose names begin with a prefix.
func constantsOf(t *testing.T, path, prefix string) map[string]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	constants := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		for i, name := range spec.Names {
			if !strings.HasPrefix(name.Name, prefix) || i >= len(spec.Values) {
				continue
			}
			if literal, ok := spec.Values[i].(*ast.BasicLit); ok && literal.Kind == token.STRING {
				if constants[name.Name], err = strconv.Unquote(literal.Value); err != nil {
					t.Fatal(err)
				}
			}
		}
		return true
	})
	return constants
}
