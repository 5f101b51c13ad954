package notifiers

import (
	"cmp"
	_ "embed"
	"html/template"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxPage is the size in bytes past which readers such as Gmail cut a page, of which the plain text is then the whole.
const maxPage = 100_000

//go:embed page.html
var pageText string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// pageData is what page.html shows.
type pageData struct {
	Language string
	Title    string // of the document
	Preview  string // what a list of mails shows beside the subject, on the page itself hidden
	Sign     string // the title's, apart from
	Heading  string // its words
	Lines    []pageLine
	Link     string
	Open     string // what the link says
	Day      string
	School   string
	Color    template.CSS
}

// pageLine is a line of the text.
type pageLine struct {
	Sign string // of an item
	Text string
	Look string // "heading" of what follows, "act" is the next step, "item" begins with a sign, "gap" or ""

	First, Last bool // of items that follow each other
}

// pageColors stand above the text, by level, and judge nothing.
var pageColors = map[string]template.CSS{"quiet": "#8b949e", "normal": "#17685a", "urgent": "#c77414", "alarm": "#c62828"}

// pageOpen is what the link says, by language.
var pageOpen = map[string]string{"fr": "Ouvrir PRONOTE", "en": "Open PRONOTE"}

// page writes a message as HTML that a telephone shows in its own size and colours, or "" if it would be cut.
func (m message) page() string {
	title, text := m.subject.plain(), m.text.plain()
	if len(text) > maxPage {
		return ""
	}
	sign, heading := cutSign(title)
	var b strings.Builder
	err := pageTemplate.Execute(&b, pageData{
		Language: m.language, Title: title, Preview: firstLine(text), Sign: sign, Heading: heading, Lines: pageLines(text),
		Link: m.link, Open: cmp.Or(pageOpen[m.language], pageName), Day: m.day, School: m.school, Color: pageColors[m.level.String()],
	})
	if err != nil || b.Len() > maxPage {
		return ""
	}
	return b.String()
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return line
}

// pageLines gives each line its look. The first of a block is the heading of the others if all of them have signs and it
// has none, as in a digest; the text of a single event has no blocks, or they are the school's own paragraphs.
func pageLines(text string) []pageLine {
	var all []pageLine
	for i, block := range strings.Split(strings.TrimSpace(text), "\n\n") {
		if i > 0 {
			all = append(all, pageLine{Look: "gap"})
		}
		lines := strings.Split(strings.Trim(block, "\n"), "\n")
		for n, line := range lines {
			look := ""
			sign, line := cutSign(line)
			switch {
			case strings.HasPrefix(line, "→ "):
				look = "act"
			case sign != "":
				look = "item"
			case n == 0 && i > 0 && headed(lines[1:]):
				look = "heading"
			}
			all = append(all, pageLine{Sign: sign, Text: line, Look: look})
		}
	}
	for i := range all {
		item := func(i int) bool { return i >= 0 && i < len(all) && all[i].Look == "item" }
		all[i].First, all[i].Last = item(i) && !item(i-1), item(i) && !item(i+1)
	}
	return all
}

// headed reports whether lines are items below a heading.
func headed(lines []string) bool {
	for _, line := range lines {
		if sign, _ := cutSign(line); sign == "" || sign == "📎" {
			return false
		}
	}
	return len(lines) > 0
}

// cutSign takes the sign off the beginning of a title or a line: one picture and the space after it.
func cutSign(s string) (sign, rest string) {
	head, rest, found := strings.Cut(s, " ")
	if !found || !isSign(head) {
		return "", s
	}
	return head, rest
}

// isSign reports whether a word is one picture: a symbol and what varies it.
func isSign(word string) bool {
	first, size := utf8.DecodeRuneInString(word)
	more := word[size:]
	if !unicode.Is(unicode.So, first) && !strings.HasPrefix(more, "\uFE0F") {
		return false
	}
	for _, r := range more {
		// A variation, the joiner of families, the colours of skin, and what is joined.
		if r != '\uFE0F' && r != '\u200D' && !unicode.Is(unicode.Sk, r) && !unicode.Is(unicode.So, r) {
			return false
		}
	}
	return true
}
