package wire

import (
	"strings"
	"testing"
)

func TestRequestsAreStrict(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`["help"]`:                  "help",
		`["a", null]`:               "a null",
		`["a", {"b": 1}]`:           `a {"b": 1}`,
		`["\u0061"]`:                "a",
		`["a", "\ud83d\ude00"]`:     `a "\ud83d\ude00"`,
		`["a", "\\ud800"]`:          `a "\\ud800"`,
		`[]`:                        "",
		`[1]`:                       "",
		`[null]`:                    "",
		`["a", 1, 2]`:               "",
		`["a",]`:                    "",
		`["a" 1]`:                   "",
		`{"a": 1}`:                  "",
		`["a", "\ud800"]`:           "",
		`["a", "\ude00\ud83d"]`:     "",
		`["a", "\ud800\u0041"]`:     "",
		"[\"a\", \"\xff\"]":         "",
		"[\"a\", \"\xed\xa0\x80\"]": "",
		"[\"a\n\"]":                 "",
		strings.Repeat("[", 33) + strings.Repeat("]", 33):            "",
		`["a", ` + strings.Repeat("[", 32) + strings.Repeat("]", 33): "",
		`["a", ` + strings.Repeat("[", 31) + strings.Repeat("]", 32): "a " + strings.Repeat("[", 31) + strings.Repeat("]", 31),
		`["a", "` + strings.Repeat("[", 40) + `"]`:                   `a "` + strings.Repeat("[", 40) + `"`,
		`["a", 01]`: "",
	} {
		r, err := ParseRequest([]byte(text))
		got := r.Command
		if r.Parameter != nil {
			got += " " + string(r.Parameter)
		}
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%s: %q %v, want %q", text, got, err, want)
		}
	}
}
