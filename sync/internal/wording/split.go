package wording

import (
	"fmt"
	"strings"
	"unicode/utf16"
)

// leastPart is the shortest part that Split makes, in UTF-16 units: a title, and a line.
const leastPart = 200

// Split cuts a message into parts of at most so many UTF-16 units, title and body
// together, at paragraphs where it can, else at lines, sentences, words, and last at
// characters. Each title but that of a whole message ends with "1/2". Nothing is lost:
// a cover goes on in the next part. A limit below 200 is taken for 200.
func (m Message) Split(most int) []Message {
	const counting = len(" 99/99\n\n")
	most = max(most, leastPart)
	if units(m.Title)+units(m.Body)+2 <= most {
		return []Message{m}
	}
	title := m.Title
	if room := most / 2; units(title) > room {
		title = atWord(title, room/2-1) + "…"
	}
	room := most - units(title) - counting - units(SpoilerStart+SpoilerEnd)
	var parts []Message
	open := false
	for rest := m.Body; rest != ""; {
		part := rest
		if units(rest) > room {
			part = rest[:breakBefore(rest, room)]
		}
		rest = strings.TrimLeft(rest[len(part):], " \n")
		part = strings.TrimRight(part, " \n")
		if open {
			part = SpoilerStart + part
		}
		if open = strings.Count(part, SpoilerStart) > strings.Count(part, SpoilerEnd); open {
			part += SpoilerEnd
		}
		parts = append(parts, Message{Body: part})
	}
	for i := range parts {
		parts[i].Title = fmt.Sprintf("%s%s%d/%d", title, noBreak, i+1, len(parts))
	}
	return parts
}

// breakBefore is where the best place is to break a text within so many units, in bytes.
func breakBefore(text string, room int) int {
	end, n := 0, 0
	for i, r := range text {
		if n += max(1, utf16.RuneLen(r)); n > room {
			break
		}
		end = i + len(string(r))
	}
	within := text[:end]
	for _, at := range []string{"\n\n", "\n", ". ", " "} {
		if i := strings.LastIndex(within, at); i >= end/leastKept {
			return i + len(at)
		}
	}
	return end
}

// units is the length of a text in UTF-16, by which most services count.
func units(text string) (n int) {
	for _, r := range text {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}
