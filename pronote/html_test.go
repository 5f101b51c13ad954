package pronote

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTextOf(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, source, want string }{
		{"nothing", "", ""},
		{"white space", " \r\n\t&nbsp;\u00a0", ""},
		{"plain", "Apprendre la leçon", "Apprendre la leçon"},
		{"plain, with lines", "Lire\r\n\r\n  le  chapitre 4 \nRésumer", "Lire\nle chapitre 4\nRésumer"},
		{"plain, with entities", "R&egrave;gle &amp; compas&nbsp;: 3 &lt; 4", "Règle & compas : 3 < 4"},
		{"plain, with a comparison", "x < 3\net y > 2, a<2", "x < 3\net y > 2, a<2"},
		{"entities once only", "<p>&amp;lt;b&amp;gt; &amp;eacute; &amp;amp;</p>", "&lt;b&gt; &eacute; &amp;"},
		{"entities once only, plain", "&amp;lt;b&amp;gt; &amp;amp;", "&lt;b&gt; &amp;"},
		{"an unknown entity", "<p>a &inconnue; b & c</p>", "a &inconnue; b & c"},
		{"blocks", "<div>Un</div><div>Deux</div><p>Trois</p><h4>Quatre</h4><blockquote>Cinq</blockquote>", "Un\nDeux\nTrois\nQuatre\nCinq"},
		{"line breaks", "Un<br>Deux<br/>Trois<BR />Quatre", "Un\nDeux\nTrois\nQuatre"},
		{"lines of the source are none", "<p>Un\r\ndeux\n trois</p>", "Un deux trois"},
		{"inline markup", "E = mc<sup>2</sup>, <b>g</b>ras<i> et</i> <u>sou</u>ligné", "E = mc2, gras et souligné"},
		{"empty blocks", "<p>Un</p><p>&nbsp;</p><div><br></div><p>Deux</p>", "Un\nDeux"},
		{"a rule", "Un<hr>Deux", "Un\nDeux"},
		{"script and style", "<style>p{}</style>Un<script>var a='<p>deux</p>';</script><SCRIPT>x</SCRIPT> trois", "Un trois"},
		{"script never closed", "Un<script>alert(1)", "Un"},
		{"a title pasted along", "<html><head><title>Document1</title></head><body>Un</body></html>", "Un"},
		{"comments", "Un<!-- deux --> trois<!--[if mso]><p>quatre</p><![endif]-->", "Un trois"},
		{"a list", "<ul><li>Un</li><li>Deux</li></ul>Après", "- Un\n- Deux\nAprès"},
		{"a list after text", "Avant<ol><li>Un<li>Deux</ol>", "Avant\n- Un\n- Deux"},
		{"a nested list", "<ul><li>Un<ul><li>Deux</li></ul></li></ul>", "- Un\n- Deux"},
		{"paragraphs in a list", "<ul>\n<li>\n<p>Un</p></li><li><div>Deux<br>Trois</div></li></ul>", "- Un\n- Deux\nTrois"},
		{"an empty item", "<ul><li></li><li>Un</li></ul>Deux", "- Un\nDeux"},
		{"a dash of one's own", "<div>- Un</div><div>-</div><div>Deux - trois</div>", "- Un\nDeux - trois"},
		{"a table", "<table><tbody><tr><th>Jour</th><th>Heure</th></tr><tr><td>Lundi</td><td>8h</td></tr></tbody></table>", "Jour Heure\nLundi 8h"},
		{"nested, unclosed, crossed", "<div><div><b>Un<div>Deux</b></span>Trois", "Un\nDeuxTrois"},
		{"a tag never closed", "Un <b", "Un"},
		{"an attribute never closed", `Un <a href="x>deux</a>`, "Un"},
		{"an attribute with a bracket", `<a title="a > b">Un</a>`, "Un"},
		{"links and pictures", `<a href="https://example.org/?a=b&amp;c=d">Vidéo</a><img src="x" alt="y">`, "Vidéo"},
		{"invalid UTF-8", "Un\xff\xfe <b>deux\xc3</b>", "Un deux"},
		{"control characters", "Un\x00\x07 \x1b[31mdeux\x7f\u009b<br>\x02trois", "Un [31mdeux\ntrois"},
		{"control characters in entities", "<p>Un&#7;&#27;[2J&#x9b;deux</p>", "Un[2J›deux"},
		{"other scripts", "<p>Ünïcødé, 日本語, العربية 👩‍🏫</p>", "Ünïcødé, 日本語, العربية 👩‍🏫"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := textOf(tt.source); got != tt.want {
				t.Errorf("textOf(%q) = %q, want %q", tt.source, got, tt.want)
			}
		})
	}
}

// TestTextOfAMegabyte would take minutes if any of these were read in squared
// time.
func TestTextOfAMegabyte(t *testing.T) {
	t.Parallel()
	for name, piece := range map[string]string{
		"text": "leçon ", "blocks": "<div>a</div>", "open blocks": "<div>", "open items": "<li>", "brackets": "<", "half tags": "<a ",
		"attributes": "<a b=c ", "entities": "&eacute;", "ampersands": "&", "half comments": "<!--", "lines": "a\n", "spaces": " ", "scripts": "<script>",
	} {
		source := strings.Repeat(piece, 1<<20/len(piece))
		if got := textOf(source); len(got) > 2*len(source) || !utf8.ValidString(got) {
			t.Errorf("%s: %d bytes became %d", name, len(source), len(got))
		}
	}
}
