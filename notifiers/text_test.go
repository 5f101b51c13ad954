package notifiers

import (
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

var marks = strings.NewReplacer("{", string(SpoilerStart), "}", string(SpoilerEnd))

func TestParse(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]rich{
		"":              nil,
		"a":             {{text: "a", hidden: false}},
		"a{b}c":         {{text: "a", hidden: false}, {text: "b", hidden: true}, {text: "c", hidden: false}},
		"{a}{b}":        {{text: "a", hidden: true}, {text: "b", hidden: true}},
		"a{b{c}d}e":     {{text: "a", hidden: false}, {text: "bcd", hidden: true}, {text: "e", hidden: false}},
		"a}b":           {{text: "ab", hidden: false}},
		"a{b":           {{text: "a", hidden: false}, {text: "b", hidden: true}},
		"{}a":           {{text: "a", hidden: false}},
		"a\r\nb\rc\x07": {{text: "a\nb\nc", hidden: false}},
		"\xff\xfe{é":    {{text: "\uFFFD", hidden: false}, {text: "é", hidden: true}},
	} {
		if diff := cmp.Diff(want, parse(marks.Replace(in)), cmp.AllowUnexported(span{})); diff != "" {
			t.Errorf("parse(%q) (-want +got):\n%s", in, diff)
		}
	}
}

func TestOneLineKeepsNoBreakSpaces(t *testing.T) {
	t.Parallel()
	in := "\n Maths\u00a0: 14,5\u202f!\tÉval\u2028fin\r\n"
	if got, want := oneLine(in), "Maths\u00a0: 14,5\u202f! Éval fin"; got != want {
		t.Errorf("oneLine(%q) = %q, want %q", in, got, want)
	}
}

func TestFit(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		in    string
		limit int
		want  string
	}{
		{"abc", 3, "abc"},
		{"abcd", 3, "ab…"},
		{"ab\ncd\nef", 7, "ab\ncd\n…"},
		{"a\nbcdefgh", 7, "a\nbcde…"}, // the line would cost more than half
		{"ab👩👩", 5, "ab👩…"},
		{"ab👩👩", 4, "ab…"},
		{"ab{cdef}gh", 5, "ab{cd}…"},
		{"ab{cd}ef", 5, "ab{cd}…"},
		{"abc", 0, "…"},
	} {
		got := parse(marks.Replace(test.in)).fit(test.limit, visible)
		if diff := cmp.Diff(parse(marks.Replace(test.want)).render(show), got.render(show)); diff != "" {
			t.Errorf("fit(%q, %d) (-want +got):\n%s", test.in, test.limit, diff)
		}
	}
}

func show(s span) string {
	if s.hidden {
		return "⟦" + s.text + "⟧"
	}
	return s.text
}

func FuzzText(f *testing.F) {
	for _, seed := range []string{
		"", "14,5/20", "{14,5}", "a{b{c}d", "}{", "👩‍🎓é&<b>\"'", "\xff\r\n\x00", "**_~`|><#@[]\\", "&amp;{&}",
		strings.Repeat("ligne & <é> 👩‍🎓\n", 500), strings.Repeat("{x}|", 300), strings.Repeat("{", 9), strings.Repeat("\"\n", 3000),
	} {
		f.Add(seed, seed)
		f.Add("sujet", seed)
	}
	f.Fuzz(func(t *testing.T, subject, text string) {
		m := compose(Message{Title: marks.Replace(subject), Body: marks.Replace(text)})
		hidden := compose(Message{Body: string(SpoilerStart) + "§secret§" + text}).text.plain()
		if strings.Contains(hidden, "§secret§") {
			t.Errorf("hidden text is in %q", hidden)
		}
		checkText(t, "plain", m.subject.plain()+m.text.plain())
		if strings.Contains(m.subject.plain(), "\n") || visible(m.subject) > maxSubject {
			t.Errorf("the subject is %q", m.subject.plain())
		}
		if fit := m.text.fit(ntfyLimit, jsonSize); jsonSize(fit) > ntfyLimit {
			t.Errorf("ntfy: %d bytes", jsonSize(fit))
		}
		checkTelegram(t, telegramHTML(m))
		m.link = "https://example.org/"
		checkTelegram(t, telegramHTML(m))
		if d := readDiscord(t, discordMessage(m)); strings.HasPrefix(d.text, "unescaped ") || strings.HasPrefix(d.text, "unbalanced ") {
			t.Errorf("discord: %s", d.text)
		}
	})
}

func checkText(t *testing.T, what, s string) {
	t.Helper()
	if !utf8.ValidString(s) || strings.ContainsAny(s, string(SpoilerStart)+string(SpoilerEnd)+"\r\x00") {
		t.Errorf("%s: %q", what, s)
	}
}

var (
	entity   = regexp.MustCompile(`&(amp|lt|gt|quot);`)
	anyTag   = regexp.MustCompile(`</?(b|tg-spoiler|a)>|<a href="https://example.org/">`)
	wellDone = regexp.MustCompile(`^(<b>([^<]|<tg-spoiler>[^<]+</tg-spoiler>)*</b>)?([^<]|<tg-spoiler>[^<]+</tg-spoiler>|<a href="[^"<>]*">PRONOTE</a>)*$`)
)

func checkTelegram(t *testing.T, s string) {
	t.Helper()
	checkText(t, "telegram", s)
	if !wellDone.MatchString(s) {
		t.Errorf("telegram: tags in %q", s)
	}
	if strings.ContainsAny(entity.ReplaceAllString(anyTag.ReplaceAllString(s, ""), ""), "<>&") {
		t.Errorf("telegram: entities in %q", s)
	}
	if n := units(entity.ReplaceAllString(anyTag.ReplaceAllString(s, ""), "x")); n > telegramLimit {
		t.Errorf("telegram: %d units", n)
	}
}
