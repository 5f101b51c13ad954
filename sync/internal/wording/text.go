package wording

import (
	"fmt"
	"slices"
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

// ofLines are the columns whose texts have lines. A break in any other is a space, so
// that nobody can write a line that looks like one of ours.
const ofLines = "content description homework memo comment comments circumstances appreciation justification link_labels link_comments links"

// whole writes a quotation that is not shortened.
func (l *Language) whole(value any) string {
	text := strings.TrimPrefix(oneLine(textOf(value)), "- ") // of a list
	if text == "" {
		return ""
	}
	return l.quotes[0] + text + l.quotes[1]
}

// quote writes the school's words as a quotation in one line, that ends at a sentence
// or a word.
func (l *Language) quote(value any) string {
	return l.whole(l.ended(oneLine(textOf(value)), longestQuote))
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
	return strings.TrimRightFunc(string(runes[:end]), func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(".,;:·(–-", r) })
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
		case unicode.IsControl(r), r >= '\u202A' && r <= '\u202E', r >= '\u2066' && r <= '\u2069', r >= '\uE000' && r <= '\uF8FF', r == utf8.RuneError, r&0xFFFE == 0xFFFE, r >= 0xFDD0 && r <= 0xFDEF:
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

// mostFiles is how many files a message names.
const mostFiles = 3

// files writes the names of the parts of a kind, or of all for "", in one line: "fiche.pdf",
// "3 fichiers : fiche.pdf, image.png, …".
func (l *Language) files(parts []Part, kind string) any {
	var names []string
	hidden := false
	for _, p := range parts {
		bare, covered := uncover(firstOf(p.Now["name"], p.Now["url"]))
		name := fileName(bare)
		if name == "" || kind != "" && p.Kind != kind || slices.Contains(names, name) {
			continue
		}
		names, hidden = append(names, name), hidden || covered
	}
	text := strings.Join(names[:min(mostFiles, len(names))], ", ")
	if len(names) > mostFiles {
		text += ", …"
	}
	if len(names) > 1 && kind == "" {
		text = fmt.Sprintf(l.manyFiles, len(names)) + text
	}
	return coverIf(hidden, text)
}
