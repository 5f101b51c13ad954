package pronote

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// textOf is the plain text of what teachers write in PRONOTE's editor: one line
// per block, no markup, no scripts. A text without markup keeps its lines.
func textOf(source string) string {
	if !strings.Contains(source, "<") {
		return tidy(html.UnescapeString(source))
	}
	var b strings.Builder
	skip := atom.Atom(0) // the element whose content is not for readers
	for z := html.NewTokenizer(strings.NewReader(source)); ; {
		switch z.Next() {
		case html.ErrorToken: // the end: a string gives no other error
			return tidy(b.String())
		case html.TextToken:
			if skip == 0 {
				b.WriteString(flatten(string(z.Text())))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			switch tag := atom.Lookup(name); tag {
			case atom.Script, atom.Style:
				skip = tag
			case atom.Li:
				b.WriteString("\n- ")
			case atom.Br, atom.P, atom.Div, atom.Ul, atom.Ol, atom.Tr, atom.H1, atom.H2, atom.H3, atom.Table:
				b.WriteByte('\n')
			case atom.Td, atom.Th:
				b.WriteByte(' ')
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			switch tag := atom.Lookup(name); tag {
			case skip:
				skip = 0
			case atom.P, atom.Div, atom.Ul, atom.Ol, atom.Tr, atom.H1, atom.H2, atom.H3, atom.Table:
				b.WriteByte('\n')
			}
		}
	}
}

// flatten makes line breaks of the source mere spaces, as browsers do.
func flatten(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' {
			return ' '
		}
		return r
	}, text)
}

// tidy trims lines, joins runs of spaces and drops empty lines.
func tidy(text string) string {
	var lines []string
	for line := range strings.Lines(strings.ToValidUTF8(text, "")) {
		if line = strings.Join(strings.Fields(line), " "); line != "" && line != "-" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}
