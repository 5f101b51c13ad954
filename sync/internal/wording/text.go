package wording

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The lengths of what is quoted, in characters.
const (
	longestQuote = 300
	longestFile  = 40
	leastKept    = 5 // a sentence ends a text only if at least one part in so many is kept
)

// quote writes the school's words as a quotation in one line, that ends at a sentence
// or a word.
func (l *Language) quote(value any) string {
	text := l.ended(oneLine(textOf(value)), longestQuote)
	if text == "" {
		return ""
	}
	return l.quotes[0] + text + l.quotes[1]
}

// opening is the beginning of a text of the school, in its lines.
func (l *Language) opening(value any) string {
	return l.ended(strings.TrimSpace(textOf(value)), longestQuote)
}

// brief is the beginning of a text, in one line of so many characters.
func (l *Language) brief(value any, most int) string {
	text := oneLine(textOf(value))
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return atWord(text, most-1) + "…"
}

// ended shortens a text to its last sentence, or its last word, within a number of
// characters, and says where the rest is.
func (l *Language) ended(text string, most int) string {
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	most -= utf8.RuneCountInString(l.more)
	if end := lastSentence(string([]rune(text)[:most])); end >= most/leastKept {
		return text[:end] + " " + l.more
	}
	return atWord(text, most) + l.more
}

// lastSentence is where the last whole sentence of a text ends, in bytes.
func lastSentence(text string) int {
	last := 0
	for i, r := range text {
		after, _ := utf8.DecodeRuneInString(text[i+utf8.RuneLen(r):])
		if strings.ContainsRune(".!?…\n", r) && unicode.IsSpace(after) {
			last = i + utf8.RuneLen(r)
		}
	}
	return len(strings.TrimRight(text[:last], "\n"))
}

// atWord is the beginning of a text that ends with a word, in at most so many
// characters; a word that is longer is cut.
func atWord(text string, most int) string {
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	end := most
	for end > 0 && !unicode.IsSpace(runes[end]) {
		end--
	}
	if end < most/leastKept {
		end = most
	}
	return strings.TrimRightFunc(string(runes[:end]), func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",;:·(–-", r) })
}

// fileName writes the name of a file, whose end is kept: it says what sort it is.
func fileName(value any) string {
	name := []rune(oneLine(textOf(value)))
	if len(name) <= longestFile {
		return string(name)
	}
	const kept = 10
	return strings.TrimSpace(string(name[:longestFile-kept-1])) + "…" + strings.TrimSpace(string(name[len(name)-kept:]))
}

// clean is a text without what is not to be written: control characters, the marks
// of covers, and the characters that turn the direction of what follows.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r' || r == '\v' || r == '\f' || r == '\u2028' || r == '\u2029':
			return '\n'
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), r >= '\u202A' && r <= '\u202E', r >= '\u2066' && r <= '\u2069', r >= '\uE000' && r <= '\uF8FF', r == utf8.RuneError:
			return -1
		}
		return r
	}, text)
}

// cleaned cleans every text within a value of the data.
func cleaned(value any) any {
	switch v := value.(type) {
	case string:
		return clean(v)
	case map[string]any:
		for k, inner := range v {
			v[k] = cleaned(inner)
		}
	case []any:
		for i, inner := range v {
			v[i] = cleaned(inner)
		}
	}
	return value
}
