package wording

import (
	"strings"
	"testing"
	"testing/fstest"
)

// worded is a new mark as worded with a person's templates, and what was warned of.
func worded(t *testing.T, files map[string]string) (Message, []string) {
	t.Helper()
	own := fstest.MapFS{}
	for name, text := range files {
		own[name] = &fstest.MapFile{Data: []byte(text)}
	}
	var warnings []string
	w := New(own, func(err error) { warnings = append(warnings, err.Error()) })
	m, err := w.In("fr").Message([]Event{{Kind: "mark.new", Child: "Léa", Data: []byte(`{"now":{"subject":"MATHS","value":12,"value_text":"12","out_of":20,"title":"Fractions"}}`)}}, Reader{Reveal: Full})
	if err != nil {
		t.Fatal(err)
	}
	return m, warnings
}

func TestAPersonsTemplateIsUsed(t *testing.T) {
	t.Parallel()
	m, warnings := worded(t, map[string]string{"fr/marks.tmpl": `{{define "mark.new"}}{{who}}une note : {{score .Now}}{{.Now.unheard_of}}
{{template "test" .}}
{{end}}`})
	if m != (Message{"Léa · une note : 12/20", "Fractions"}) || warnings != nil {
		t.Errorf("worded %q, with warnings %q", m, warnings)
	}
}

// TestAMistakeInATemplateIsSaidAndTheProgramsIsUsed: nobody misses a message for a
// word in the wrong place.
func TestAMistakeInATemplateIsSaidAndTheProgramsIsUsed(t *testing.T) {
	t.Parallel()
	usual, _ := worded(t, nil)
	for text, want := range map[string]string{
		`{{define "mark.new"}}{{if}}{{end}}`:                       "missing value for if",
		`{{define "mark.new"}}{{shout .Now.title}}{{end}}`:         `function "shout" not defined`,
		`{{define "mark.new"}}{{.Nwo.title}}{{end}}`:               "can't evaluate field Nwo",
		`{{define "mark.new"}}{{template "nowhere" .}}{{end}}`:     `"nowhere"`,
		`{{define "mark.new"}} {{.Now.unheard_of}} {{end}}`:        "says nothing",
		`{{define "marks.new"}}x{{end}}`:                           `nothing is called "marks.new"`,
		`no definition`:                                            "it defines nothing",
		`{{define "test"}}{{index .Parts 7}}{{end}}`:               "index out of range",
		strings.Repeat("x", maxTemplate) + `{{define "x"}}{{end}}`: "more than 65536 bytes",
	} {
		m, warnings := worded(t, map[string]string{"fr/a.tmpl": text})
		if m != usual || len(warnings) != 2 || !strings.Contains(warnings[0], want) || !strings.Contains(warnings[0], "fr/a.tmpl") {
			t.Errorf("%.60s: worded %q, with warnings %q, want %q", text, m, warnings, want)
		}
	}
}

func TestOneMistakeLeavesTheOtherFilesInUse(t *testing.T) {
	t.Parallel()
	m, warnings := worded(t, map[string]string{"fr/a.tmpl": `{{define "mark.new"}}a{{end}}`, "fr/b.tmpl": `{{define "mark.new"}}{{.Nwo}}{{end}}`})
	if m.Title != "a" || len(warnings) != 1 {
		t.Errorf("worded %q, with warnings %q", m, warnings)
	}
}

// TestATemplateThatFailsLaterGivesWay: it fails on what no rehearsal shows.
func TestATemplateThatFailsLaterGivesWay(t *testing.T) {
	t.Parallel()
	usual, _ := worded(t, nil)
	m, warnings := worded(t, map[string]string{"fr/a.tmpl": `{{define "mark.new"}}{{slice .Now.given_on 0 4}}{{end}}`})
	if m != usual || len(warnings) != 1 || !strings.Contains(warnings[0], "words of the program are used") {
		t.Errorf("worded %q, with warnings %q", m, warnings)
	}
}

func TestAFolderWithoutTemplatesIsSaid(t *testing.T) {
	t.Parallel()
	if _, warnings := worded(t, map[string]string{"mark.tmpl": `{{define "mark.new"}}a{{end}}`}); len(warnings) != 1 {
		t.Errorf("warnings %q, want one", warnings)
	}
}
