package phrase

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"
	"text/template"
)

type mood string

type letter struct {
	To    string
	Mood  mood
	Facts map[string]any
	Pages []any
	Kinds []mood
	Count int
	Next  *letter
}

var functions = Functions{
	"shout": strings.ToUpper,
	"join":  func(a, b any) string { s, _ := a.(string); t, _ := b.(string); return s + "+" + t },
	"fail":  func() (string, error) { return "", errors.New("no ink") },
	"now":   func() (string, error) { return "noon", nil },
}

var data = letter{
	To: "Léa", Mood: "glad", Count: 2, Next: &letter{To: "Gabin"},
	Facts: map[string]any{"n": 1.5, "one": 1.0, "text": "<&>", "none": nil, "empty": "", "no": false, "yes": true, "in": map[string]any{"x": "y"}},
	Pages: []any{"a", 2.0, map[string]any{"k": "v"}}, Kinds: []mood{"new", "old"},
}

// cases are templates that text/template writes alike, but for what is missing.
var cases = []string{
	`plain text, {{.To}} {{.Mood}} {{.Count}} {{.Facts.n}} {{.Facts.text}} {{.Facts.yes}}`,
	`{{.Facts.none}}|{{.Facts.unheard}}|{{.Facts.empty}}|{{.Facts.in.x}}|{{.Facts.in.z}}`,
	`{{if .Facts.n}}a{{else}}b{{end}}{{if .Facts.none}}a{{else}}b{{end}}{{if .Facts.no}}a{{else if .Facts.yes}}c{{else}}b{{end}}{{if .Count}}d{{end}}{{if .Facts.gone}}e{{end}}`,
	`{{if .Next}}next{{end}}{{if .Next.Next}}and next{{end}}{{with .Next}}{{.To}} {{$.To}} {{$.Facts.n}}{{end}}{{with .Facts.none}}x{{else}}none{{end}}`,
	`{{range .Pages}}[{{.}}]{{end}}{{range .Kinds}}{{if eq . "new"}}!{{end}}{{.}} {{$.To}}{{else}}none{{end}}{{range .Next.Kinds}}x{{else}}none{{end}}`,
	`{{shout "é"}} {{shout .To}} {{join .Facts.none "b"}} {{join (shout .To) .To}} {{now}} {{or .Facts.none now}}`,
	`{{or .Facts.none .Facts.empty "c"}}{{or .Facts.no .Facts.none}}{{and .To .Facts.n}}{{and .Facts.empty fail}}{{or .To fail}}`,
	`{{not .Facts.none}} {{not .To}} {{eq .Mood "glad"}} {{ne .Mood "sad"}} {{eq .Facts.n 1.5}} {{ne .Facts.one 1.0}} {{eq .Count 2}} {{eq .Facts.yes true}}`,
	`{{define "other"}}{{.}} {{$}}{{end}}{{define "without"}}{{.}}none{{end}}{{template "other" .To}} {{template "without"}}`,
	"line \n{{- if .To}} trimmed {{- end}}\n {{/* a remark */ -}} x",
	`{{"quoted \n"}}{{true}}{{12}}{{1.25}}{{-3}}`,
}

// TestLikeTextTemplate compares what templates come to with what the standard
// library makes of them.
func TestLikeTextTemplate(t *testing.T) {
	t.Parallel()
	for _, text := range cases {
		standard := template.Must(template.New("t").Funcs(template.FuncMap(functions)).Parse(text))
		var want strings.Builder
		if err := standard.Execute(&want, data); err != nil {
			t.Fatal(err)
		}
		got, err := parsed(t, text).Execute("t", data, functions)
		if err != nil || got != strings.ReplaceAll(want.String(), "<no value>", "") {
			t.Errorf("%s:\n%s\nand by text/template:\n%s\n%v", text, got, want.String(), err)
		}
	}
}

// TestWhatCannotBeWritten are mistakes that say where they are.
func TestWhatCannotBeWritten(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{{.Nothing}}`:                     "has no field Nothing",
		`{{.To.length}}`:                   "can be asked for length",
		`{{.Facts.none.x}}`:                "can be asked for x",
		`{{range .To}}x{{end}}`:            "no list",
		`{{fail}}`:                         "no ink",
		`{{shout .Count}}`:                 "shout wants a string",
		`{{shout "a" "b"}}`:                "no function shout of 2 arguments",
		`{{eq .To}}`:                       "no function eq of 1 arguments",
		`{{and}}`:                          "no function and of 0 arguments",
		`{{"a" "b"}}`:                      "is no function",
		`{{$x := .To}}{{$x}}`:              "no variables",
		`{{.To | shout}}`:                  "no pipelines",
		`{{range .Pages}}{{break}}{{end}}`: "cannot stand in a message",
		`{{(.Next).To}}`:                   "cannot be an argument",
		`{{template "x"}}`:                 `no template "x"`,
	} {
		_, err := parsed(t, text).Execute("t", data, functions)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), `template "t"`) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	if _, err := Parse(fstest.MapFS{"t": {Data: []byte("{{if}}")}}, "*", functions); err == nil {
		t.Error("a template that is none was read")
	}
}

func parsed(t *testing.T, text string) *Set {
	t.Helper()
	s, err := Parse(fstest.MapFS{"t": {Data: []byte(text)}}, "*", functions)
	if err != nil {
		t.Fatal(err)
	}
	if !s.Has("t") || s.Has("u") {
		t.Error("it is not known which templates there are")
	}
	return s
}
