package pronote

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// markup tells HTML from a plain text in which something is less than another.
var markup = regexp.MustCompile(`<[A-Za-z/!?]`)

// The elements that have lines of their own, and those whose content is not for
// readers.
var (
	blocks = []atom.Atom{
		atom.Address, atom.Article, atom.Blockquote, atom.Br, atom.Dd, atom.Div, atom.Dl, atom.Dt, atom.Footer,
		atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Header, atom.Hr, atom.Li, atom.Ol, atom.P,
		atom.Pre, atom.Section, atom.Table, atom.Tr, atom.Ul,
	}
	hidden = []atom.Atom{atom.Script, atom.Style, atom.Title}
)

// textOf is the plain text of what teachers write in PRONOTE's editor: one line
// per block, no markup, no scripts. A text without markup keeps its lines.
func textOf(source string) string {
	source = strings.ToValidUTF8(source, "")
	if !markup.MatchString(source) {
		return tidy(html.UnescapeString(source))
	}
	var b strings.Builder
	skip := atom.Atom(0) // the element that is being passed over
	for z := html.NewTokenizer(strings.NewReader(source)); ; {
		token := z.Next()
		switch token {
		case html.ErrorToken: // the end: a string gives no other error
			return tidy(b.String())
		case html.TextToken:
			text := flatten(string(z.Text()))
			if strings.HasSuffix(b.String(), item) {
				text = strings.TrimLeft(text, " ")
			}
			if skip == 0 {
				b.WriteString(text)
			}
			continue
		}
		name, _ := z.TagName()
		switch tag := atom.Lookup(name); {
		case tag == 0:
		case token == html.EndTagToken && tag == skip:
			skip = 0
		case token != html.EndTagToken && slices.Contains(hidden, tag):
			skip = tag
		case token == html.StartTagToken && tag == atom.Li:
			b.WriteString(item)
		case tag == atom.Td || tag == atom.Th:
			b.WriteByte(' ')
		case !slices.Contains(blocks, tag):
		case token != html.EndTagToken && strings.HasSuffix(b.String(), item):
			// A paragraph that opens an item stays behind its dash.
		default:
			b.WriteByte('\n')
		}
	}
}

// item starts an item of a list.
const item = "\n- "

// flatten makes line breaks of the source mere spaces, as browsers do.
func flatten(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\r' {
			return ' '
		}
		return r
	}, text)
}

// tidy makes a line of each line and drops the empty ones.
func tidy(text string) string {
	var lines []string
	for l := range strings.Lines(text) {
		if l = line(l); l != "" && l != "-" {
			lines = append(lines, l)
		}
	}
	return strings.Join(lines, "\n")
}

// line is a text on one line: runs of white space are one space, and control
// characters, which a terminal might obey, are gone, with those that turn the order
// of letters around and make "exe.gpj" of "jpg.exe".
func line(text string) string {
	const leftToRightOverride, rightToLeftOverride = '\u202d', '\u202e'
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && !unicode.IsSpace(r) || r == leftToRightOverride || r == rightToLeftOverride {
			return -1
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}
