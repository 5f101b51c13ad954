package pronoteapi

import (
	"html"
	"regexp"
	"strings"
)

var (
	scripts = regexp.MustCompile(`(?is)<(script|style)\b[^>]*>.*?</(script|style)\s*>`)
	gaps    = regexp.MustCompile(`[ \t\r\n]*(?:</?[a-zA-Z!][^<>]*>[ \t\r\n]*)+`)
)

// plain is the text of a piece of HTML, as clients had it: a tag between two pieces
// is a space, lines stay lines.
func plain(source string) string {
	text := scripts.ReplaceAllString(html.UnescapeString(source), "<br>")
	var b strings.Builder
	end := 0
	for _, gap := range gaps.FindAllStringIndex(text, -1) {
		b.WriteString(text[end:gap[0]])
		end = gap[1]
		lines := strings.Count(text[gap[0]:end], "\n")
		switch {
		case lines > 0:
			b.WriteString(strings.Repeat("\n", min(lines, 2)))
		case end < len(text) && strings.ContainsRune(".,;:!?)", rune(text[end])):
		default:
			b.WriteByte(' ')
		}
	}
	b.WriteString(text[end:])
	return strings.Trim(b.String(), " \t\r\n\u00a0")
}
