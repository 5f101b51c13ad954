package config

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// isName reports whether a text is 1 to 32 letters, digits, "-" and "_", a letter or a
// digit first. A regular expression of as many takes longer to compile than all else that
// is made ready when the program starts.
func isName(text string) bool {
	for i, r := range text {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && (i == 0 || r != '-' && r != '_') {
			return false
		}
	}
	return text != "" && utf8.ValidString(text) && utf8.RuneCountInString(text) <= 32
}

// name is the word by which a person calls a table of a list. Taken holds the
// names so far by their variables, because two tables must not share one.
func (t *table) name(kind string, taken map[string]string) string {
	name := t.text("name", "")
	t.variable = "PRONOTE_SYNC_" + kind + "_" + inCapitals(name) + "_"
	other, same := taken[t.variable]
	switch {
	case name == "":
		t.problem("name", `name is missing: add name = "…", a word of your own`)
	case !isName(name):
		t.problem("name", `name %q cannot be used: write at most 32 letters, digits, "-" and "_", a letter or digit first`, name)
	case same:
		t.problem("name", "name %q is too much like %q above: choose another", name, other)
	}
	taken[t.variable] = name
	return name
}

// inCapitals writes a name as in an environment variable.
func inCapitals(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			return r
		}
		return '_'
	}, strings.ToUpper(name))
}

// override is what the environment says for a key, if it does.
func (t *table) override(key string) (string, bool) {
	variable := t.variable + inCapitals(key)
	value := t.env(variable)
	if value == "" {
		return "", false
	}
	t.spot.enter(key, place{}).place = place{variable: variable}
	return value, true
}
