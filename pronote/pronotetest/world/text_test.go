package world

import (
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// reading is a text as a browser would show it, read from the tree of elements.
func reading(t *testing.T, source string) string {
	t.Helper()
	if !strings.Contains(source, "<") {
		return html.UnescapeString(source)
	}
	tree, err := html.Parse(strings.NewReader(source))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for n := range tree.Descendants() {
		switch {
		case n.Type == html.TextNode:
			b.WriteString(strings.ReplaceAll(n.Data, "\n", " "))
		case n.Data == "li":
			b.WriteString("\n- ")
		case n.Data == "div", n.Data == "p", n.Data == "br", n.Data == "ul":
			b.WriteString("\n")
		}
	}
	var lines []string
	for line := range strings.Lines(b.String()) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

func TestHTMLText(t *testing.T) {
	t.Parallel()
	lines := []string{"L'exercice à faire : 3x < 5 & 7", "À apporter :", "- une règle", "- un compas", "Merci n°1"}
	for s, want := range map[style]string{
		blocks:     `<div>L&#39;exercice à faire : 3x &lt; 5 &amp; 7</div><div>À apporter :</div><ul><li>une règle</li><li>un compas</li></ul><div>Merci n°1</div>`,
		breaks:     `<div>L&#39;exercice &agrave; faire : 3x &lt; 5 &amp; 7<br>À apporter :<br>- une r&egrave;gle<br>- un compas<br>Merci n&deg;1</div>`,
		paragraphs: "<p><strong>L&#39;exercice à faire : 3x &lt; 5 &amp; 7</strong></p>\n<p><span style=\"font-size: 13px;\">À&nbsp;apporter :</span></p>\n<ul><li>une règle</li><li>un compas</li></ul><p><span style=\"font-size: 13px;\">Merci&nbsp;n°1</span></p>\n",
		bare:       "L&#39;exercice à faire : 3x &lt; 5 &amp; 7\nÀ apporter :\n- une règle\n- un compas\nMerci n°1",
	} {
		got := htmlText(lines, s)
		if got != want {
			t.Errorf("style %d:\ngot  %s\nwant %s", s, got, want)
		}
		if text := reading(t, got); text != plainText(lines) {
			t.Errorf("style %d reads:\n%s\nwant:\n%s", s, text, plainText(lines))
		}
	}
}

func TestTextsAgreeWithHTML(t *testing.T) {
	alone(t)
	s := NewSchool(6, 2025)
	seen := map[string]bool{}
	check := func(text, source string) {
		if seen[source] {
			return
		}
		seen[source] = true
		if text == "" || reading(t, source) != text {
			t.Errorf("%q reads %q, want %q", source, reading(t, source), text)
		}
	}
	everyDay(s, func(pronote.Date) {
		truth := s.Truth("parent", s.Pupil())
		for _, row := range truth.Homework {
			check(row.Value.Description, row.Value.HTML)
		}
		for _, row := range truth.Infos {
			check(row.Value.Content, row.Value.HTML)
		}
	})
	if len(seen) < 300 {
		t.Errorf("only %d different texts in a year", len(seen))
	}
}

func TestRawScore(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{"", "8", "0", "12,50", "14,5", "|1", "|2", "|3", "|4", "|5", "|6", "|7", "|8", "|8|18", "|8|12,50", "|9"} {
		if got := RawScore(pronote.ParseScore(raw)); got != raw {
			t.Errorf("RawScore(ParseScore(%q)) = %q", raw, got)
		}
	}
	for value, want := range map[float64]string{0: "0", 8: "8", 12.5: "12,5", 7.25: "7,25", 20: "20"} {
		if got := scoreOf(value); got.Text != want || got.Number != pronote.Num(value) {
			t.Errorf("scoreOf(%v) = %+v, want %s", value, got, want)
		}
	}
}
