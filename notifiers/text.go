package notifiers

import (
	"sort"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Around a part of a subject or a message that is to be hidden until the reader asks for it. They are of Unicode's
// private use, so no school writes them, and never reach a reader.
const (
	SpoilerStart = '\uE000'
	SpoilerEnd   = '\uE001'
)

const (
	ellipsis  = "…"   // there was more
	concealed = "•••" // there is something here that this channel cannot hide
)

// rich is a text with hidden parts. It is valid UTF-8, without control characters
// but '\n' and '\t'.
type rich []span

type span struct {
	text   string // not empty
	hidden bool
	link   bool // to the page of the message
}

// pageName is the word that becomes the link to the page of a message, where a channel has links on words.
const pageName = "PRONOTE"

// linked returns the text with the link on the last word PRONOTE that is not hidden, else on one below the text.
func (t rich) linked() rich {
	for i := len(t) - 1; i >= 0; i-- {
		s := t[i]
		at := strings.LastIndex(s.text, pageName)
		if s.hidden || at < 0 {
			continue
		}
		var all rich
		all = append(all, t[:i]...)
		for _, part := range []span{{text: s.text[:at]}, {text: pageName, link: true}, {text: s.text[at+len(pageName):]}} {
			if part.text != "" {
				all = append(all, part)
			}
		}
		return append(all, t[i+1:]...)
	}
	if len(t) == 0 {
		return rich{{text: pageName, link: true}}
	}
	return append(t[:len(t):len(t)], span{text: "\n\n"}, span{text: pageName, link: true})
}

// parse reads the spoiler marks. They may be nested; a start without an end hides the rest.
func parse(s string) rich {
	var (
		t     rich
		part  strings.Builder
		depth int
	)
	end := func() {
		if part.Len() > 0 {
			t = append(t, span{text: part.String(), hidden: depth > 0})
			part.Reset()
		}
	}
	for _, r := range clean(s) {
		switch {
		case r == SpoilerStart:
			if depth == 0 {
				end()
			}
			depth++
		case r == SpoilerEnd && depth > 0:
			if depth == 1 {
				end()
			}
			depth--
		case r != SpoilerEnd:
			part.WriteRune(r)
		}
	}
	end()
	return t
}

// clean makes any bytes a valid text whose lines end in '\n', without what could reach beyond itself: other control
// characters, and those that reorder what follows. Characters of private use have no look of their own, but for the
// bullet of lists that were pasted from a word processor.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\uF0B7", "•").Replace(s)
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == SpoilerStart || r == SpoilerEnd:
			return r
		case unicode.IsControl(r) || unicode.Is(unicode.Co, r) || r == '\uFEFF' || reorders(r):
			return -1
		}
		return r
	}, s)
}

// reorders reports whether a character sets the direction of what follows. The marks U+200E and U+200F, which have a
// direction and impose none, stay.
func reorders(r rune) bool { return r >= '\u202A' && r <= '\u202E' || r >= '\u2066' && r <= '\u2069' }

// oneLine is clean for a subject. Only what breaks a line becomes a space: French needs its no-break spaces.
func oneLine(s string) string {
	return strings.TrimSpace(strings.NewReplacer("\n", " ", "\t", " ").Replace(clean(s)))
}

// plain returns the text without what is hidden in it.
func (t rich) plain() string {
	return t.render(func(s span) string {
		if s.hidden {
			return concealed
		}
		return s.text
	})
}

// bare returns the text with what is hidden in it, unmarked: to measure, not to send.
func (t rich) bare() string { return t.render(func(s span) string { return s.text }) }

func (t rich) render(one func(span) string) string {
	var b strings.Builder
	for _, s := range t {
		b.WriteString(one(s))
	}
	return b.String()
}

// fit returns the text if its size is within the limit. Else it keeps the longest beginning that, with an ellipsis, is
// within, and steps back to the end of a line if that costs less than half.
func (t rich) fit(limit int, size func(rich) int) rich {
	if size(t) <= limit {
		return t
	}
	bare := t.bare()
	n := sort.Search(len(bare), func(n int) bool { return size(t.cut(n+1)) > limit })
	if line := strings.LastIndexByte(bare[:n], '\n') + 1; line > n/2 {
		n = line
	}
	return t.cut(n)
}

// cut returns the first n bytes, down to a whole character, and an ellipsis.
func (t rich) cut(n int) rich {
	var head rich
	for _, s := range t {
		if len(s.text) > n {
			for n > 0 && !utf8.RuneStart(s.text[n]) {
				n--
			}
			s.text = s.text[:n]
		}
		if s.text == "" {
			break
		}
		head = append(head, s)
		n -= len(s.text)
	}
	return append(head, span{text: ellipsis})
}

// visible is the size of a text on the screen, in UTF-16 units.
func visible(t rich) int { return units(t.bare()) }

// units is the length of a string in UTF-16, the measure of most limits.
func units(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}
