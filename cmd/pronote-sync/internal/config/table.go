package config

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
)

// A table is one table of the file. It is asked for keys by type; a key that is
// absent or wrong gives the fallback, and a wrong one is noted.
type table struct {
	*file
	spot     *spot
	values   map[string]any
	known    []string // keys that were asked for
	variable string   // what the environment variables for its keys start with
}

func (f *file) newTable(s *spot, values map[string]any) *table {
	t := &table{file: f, spot: s, values: values}
	f.asked = append(f.asked, t)
	return t
}

// problem notes that a key is wrong or missing. One problem a key is enough: a
// second one only follows from the first.
func (t *table) problem(key, format string, args ...any) {
	s, present := t.spot.inside[key]
	if !present {
		s = t.spot
	} else if s.wrong {
		return
	}
	s.wrong = present
	t.problems = append(t.problems, problem{s.place, say.Errorf(format, args...)})
}

// warn notes that something about a key is unwise.
func (t *table) warn(key, format string, args ...any) {
	t.warnings = append(t.warnings, problem{t.spot.find(key).place, say.Errorf(format, args...)})
}

func (t *table) has(key string) bool {
	_, ok := t.values[key]
	return ok
}

// value is the value of a key, if it is of type T; otherwise it notes what the key must
// be.
func value[T any](t *table, key, must string) (v T, ok bool) {
	if !slices.Contains(t.known, key) {
		t.known = append(t.known, key)
	}
	if !t.has(key) {
		return v, false
	}
	if v, ok = t.values[key].(T); !ok {
		t.problem(key, must, key)
	}
	return v, ok
}

func (t *table) text(key, fallback string) string {
	v, ok := value[string](t, key, "%s must be text, in quotes")
	if ok && v == "" {
		t.problem(key, "%s is empty: fill it in, or leave it out", key)
	}
	return cmp.Or(v, fallback)
}

func (t *table) flag(key string) bool {
	v, _ := value[bool](t, key, "%s must be true or false, without quotes")
	return v
}

// flagOr is a flag that may be left out.
func (t *table) flagOr(key string, usual bool) bool {
	if given := t.flag(key); t.has(key) {
		return given
	}
	return usual
}

func (t *table) number(key string, fallback int) int {
	v, ok := value[int64](t, key, "%s must be a whole number, without quotes")
	if v != int64(int32(v)) {
		t.problem(key, "%s is too large: write a smaller number", key)
	}
	if !ok {
		return fallback
	}
	return int(v)
}

// textOrNumber is nil when absent.
func (t *table) textOrNumber(key string) any {
	v, _ := value[any](t, key, "")
	switch v.(type) {
	case string, int64, nil:
		return v
	}
	t.problem(key, "%s must be a whole number, or text in quotes", key)
	return nil
}

func (t *table) texts(key string) []string {
	const must = `%s must be a list of texts, like ["a", "b"]`
	list, _ := value[[]any](t, key, must)
	var texts []string
	for _, v := range list {
		text, ok := v.(string)
		if !ok {
			t.problem(key, must, key)
			return nil
		}
		texts = append(texts, text)
	}
	return texts
}

// pairs is a table whose keys are a person's own.
func (t *table) pairs(key string) map[string]string {
	const must = `%s must be a table of texts, like { "a" = "b" }`
	values, _ := value[map[string]any](t, key, must)
	pairs := map[string]string{}
	for name, v := range values {
		text, ok := v.(string)
		if !ok {
			t.problem(key, must, key)
		}
		pairs[name] = text
	}
	return pairs
}

// table is a table inside this one, empty when absent.
func (t *table) table(key string) *table {
	values, _ := value[map[string]any](t, key, "%s must be a table: write [%[1]s] on a line of its own")
	return t.newTable(t.spot.find(key), values)
}

// tables is a list of tables inside this one.
func (t *table) tables(key string) []*table {
	const must = "%s must be a list of tables: write [[%[1]s]], in double brackets, above each"
	list, _ := value[[]any](t, key, must)
	var tables []*table
	for i, v := range list {
		values, ok := v.(map[string]any)
		if !ok {
			t.problem(key, must, key)
			return nil
		}
		tables = append(tables, t.newTable(t.spot.find(key, strconv.Itoa(i)), values))
	}
	return tables
}

// choice is one of a few words.
func choice[T ~string](t *table, key string, fallback T, words ...T) T {
	word := T(t.text(key, string(fallback)))
	var known []string
	for _, w := range words {
		known = append(known, string(w))
	}
	if !slices.Contains(words, word) {
		t.problem(key, "%s %q is unknown: choose %s", key, word, say.Choice(known))
	}
	return word
}

func (t *table) zone(key, fallback string) *time.Location {
	name := t.text(key, fallback)
	zone, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		t.problem(key, "%s %q is unknown: write one like Europe/Paris or Indian/Reunion", key, name)
		return time.UTC
	}
	return zone
}

// duration is a length of time from 0 to most.
func (t *table) duration(key string, fallback, most time.Duration) time.Duration {
	text := t.text(key, fallback.String())
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 || d > most {
		t.problem(key, "%s %q is not a length of time from 0s to %s: write one like %s", key, text, most, cmp.Or(fallback, 15*time.Minute))
	}
	return d
}
