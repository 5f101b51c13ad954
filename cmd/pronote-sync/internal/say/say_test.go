package say

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestIn(t *testing.T) {
	t.Parallel()
	lost := errors.New("permission denied")
	for _, test := range []struct {
		err     error
		en, fr  string
		wrapped error
	}{
		{Errorf("%w: check the name of the file", lost), "permission denied: check the name of the file", "accès refusé : vérifiez le nom du fichier", lost},
		{fmt.Errorf("config.toml:1:2: %w", Errorf("url: %v", lost)), "config.toml:1:2: url: permission denied", "config.toml:1:2: url : accès refusé", nil},
		{Errorf("no %s is named %q in %s: choose %s", Word("account"), "x", "f", Choice{"a", "b"}), `no account is named "x" in f: choose a or b`, `aucun compte ne s'appelle "x" dans f : choisissez a ou b`, nil},
		{errors.Join(Errorf("--data is not JSON"), errors.New("else")), "--data is not JSON\nelse", "--data n'est pas du JSON\nelse", nil},
		{errors.New("else"), "else", "else", nil},
	} {
		if en, fr := In(test.err, "en"), In(test.err, "fr"); en != test.en || fr != test.fr {
			t.Errorf("said are\n%s\n%s\nwant\n%s\n%s", en, fr, test.en, test.fr)
		}
		if test.wrapped != nil && !errors.Is(test.err, test.wrapped) {
			t.Errorf("%v does not wrap %v", test.err, test.wrapped)
		}
	}
}

// sayers are the functions whose formats people read, with the place of the format.
var sayers = map[string]int{"in": 0, "tell": 0, "wants": 0, "To": 1, "Text": 1, "head": 0, "aText": 0, "aDay": 0, "aFigure": 0, "aYes": 0, "aWord": 0, "aMark": 0, "Errorf": 0, "Word": 0, "mistaken": 1, "problem": 1, "warn": 1, "value": 2}

// TestEverySentenceIsFrenchToo looks in the source for formats that have no French, and
// for French that nobody says. Both must take the same arguments.
func TestEverySentenceIsFrenchToo(t *testing.T) {
	t.Parallel()
	said := map[string]bool{}
	for _, pattern := range []string{"../../*.go", "../*/*.go", "../../../../db/*.go", "../../../../pronote/*.go", "../../../../cas/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatal(pattern, err)
		}
		for _, file := range files {
			if !strings.HasSuffix(file, "_test.go") && filepath.Base(file) != "french.go" && filepath.Base(file) != "texts.go" {
				findSentences(t, file, said)
			}
		}
	}
	for _, format := range slices.Sorted(maps.Keys(said)) {
		fr := french[format] + texts[format]
		if fr == "" {
			t.Errorf("french.go has nothing for %q", format)
		} else if en, fr := verbs(format), verbs(fr); !slices.Equal(en, fr) {
			t.Errorf("%q has %q, its French has %q", format, en, fr)
		}
	}
	for english := range texts {
		if french[english] != "" {
			t.Errorf("texts.go and french.go both have %q", english)
		}
	}
	for _, english := range slices.Concat(slices.Collect(maps.Keys(french)), slices.Collect(maps.Keys(texts))) {
		if !said[english] && strings.ContainsFunc(strings.ReplaceAll(english, "%", ""), isLetter) && len(english) > 6 {
			t.Errorf("nobody says %q", english)
		}
	}
	if len(said) < 100 {
		t.Errorf("only %d sentences were found", len(said))
	}
}

// What other packages state is found in their sources, as they state it.
func TestOthersAreStated(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	for _, pattern := range []string{"../../../../notifiers/*.go", "../../../../pronote/*.go", "../state/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatal(pattern, err)
		}
		for _, file := range files {
			source, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			text.Write(source)
		}
	}
	for fact, said := range others {
		if said.en != fact && !strings.Contains(text.String(), fact) {
			t.Errorf("nobody states %q", fact)
		}
	}
}

// findSentences adds the formats of a file. A literal anywhere else counts as said too
// where it has French, which is how constants and words are found.
func findSentences(t *testing.T, path string, said map[string]bool) {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	say := filepath.Base(filepath.Dir(path)) == "say" || strings.HasPrefix(path, "../../../../") // whose words are values
	ast.Inspect(parsed, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit, *ast.BinaryExpr:
			if text, ok := literal(n); ok && french[text]+texts[text] != "" {
				said[text] = true
			}
		case *ast.CallExpr:
			name, pkg := called(n.Fun)
			place, ok := sayers[name]
			if !ok || say || slices.Contains([]string{"Errorf", "Word", "To", "Text"}, name) && pkg != "say" || place >= len(n.Args) {
				return true
			}
			if text, ok := literal(n.Args[place]); ok && strings.ContainsFunc(text, isLetter) {
				said[text] = true
			}
		}
		return true
	})
}

// literal is the text of a literal, which may continue on further lines.
func literal(n ast.Node) (text string, ok bool) {
	switch n := n.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(n.Value)
		return text, err == nil
	case *ast.BinaryExpr:
		x, begins := literal(n.X)
		y, ends := literal(n.Y)
		return x + y, begins && ends && n.Op == token.ADD
	}
	return "", false
}

// called names a function, and the package or value it is of.
func called(fun ast.Expr) (name, of string) {
	switch fun := fun.(type) {
	case *ast.Ident:
		return fun.Name, ""
	case *ast.IndexExpr:
		return called(fun.X)
	case *ast.SelectorExpr:
		if x, ok := fun.X.(*ast.Ident); ok {
			of = x.Name
		}
		return fun.Sel.Name, of
	}
	return "", ""
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' }

// verbs are those of a format, in the order of the arguments. What is wrapped in
// English is only shown in French.
func verbs(format string) []string {
	list := regexp.MustCompile(`%(\[\d+\])?[a-z]`).FindAllString(strings.ReplaceAll(format, "%w", "%v"), -1)
	slices.SortStableFunc(list, func(a, b string) int { return strings.Compare(place(a), place(b)) })
	return list
}

func place(verb string) string {
	if strings.Contains(verb, "[") {
		return verb[2:3]
	}
	return ""
}

// Sentences about usage, the configuration and the state were once said in English to
// everybody. Whoever makes such an error must not use fmt.
func TestWhatPeopleDidIsSaidInTheirLanguage(t *testing.T) {
	t.Parallel()
	own := regexp.MustCompile(`(?:usage|config|state|inUse)Error\{(?:fmt\.Errorf|errors\.New)\("([^"]*)"`)
	files, err := filepath.Glob("../../*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range own.FindAllSubmatch(text, -1) {
			if string(found[1]) != "%s: %w" {
				t.Errorf("%s: %q is not said with package say", file, found[1])
			}
		}
	}
}
