package world

import (
	"html"
	"strings"
)

// style is how the editor dressed a text. Real teachers use all of them.
type style int

const (
	blocks     style = iota // a <div> for each line
	breaks                  // one <div>, lines apart by <br>, accents as entities
	paragraphs              // <p>, the first line in bold, a hard space here and there
	bare                    // no markup at all
	styles
)

// plainText is a text as a reader sees it. A line that starts with "- " is an
// item of a list.
func plainText(lines []string) string { return strings.Join(lines, "\n") }

// htmlText is the same text as PRONOTE's editor saves it.
func htmlText(lines []string, s style) string {
	if s == bare {
		return html.EscapeString(plainText(lines))
	}
	if s == breaks {
		return "<div>" + named(strings.ReplaceAll(html.EscapeString(plainText(lines)), "\n", "<br>")) + "</div>"
	}
	var b strings.Builder
	inList := false
	for i, line := range lines {
		item, isItem := strings.CutPrefix(line, "- ")
		switch {
		case isItem && !inList:
			b.WriteString("<ul>")
		case inList && !isItem:
			b.WriteString("</ul>")
		}
		inList = isItem
		line = html.EscapeString(line)
		switch {
		case isItem:
			b.WriteString("<li>" + html.EscapeString(item) + "</li>")
		case s == blocks:
			b.WriteString("<div>" + line + "</div>")
		case i == 0:
			b.WriteString("<p><strong>" + line + "</strong></p>\n")
		default:
			b.WriteString(`<p><span style="font-size: 13px;">` + strings.Replace(line, " ", "&nbsp;", 1) + "</span></p>\n")
		}
	}
	if inList {
		b.WriteString("</ul>")
	}
	return b.String()
}

// named writes the commonest accents as old editors did.
func named(text string) string {
	return strings.NewReplacer("é", "&eacute;", "è", "&egrave;", "à", "&agrave;", "ç", "&ccedil;", "°", "&deg;").Replace(text)
}
