package notifiers

import (
	"context"
	"encoding/json"
	"flag"
	"html"
	"net/mail"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	nethtml "golang.org/x/net/html"
)

var update = flag.Bool("update", false, "write the golden files anew")

// letters are mails as families get them, and one of somebody who means no good.
var letters = map[string]Message{
	"mark": {ID: "a-1", Language: "fr", Title: "📊 Léa · Maths : 14,5/20", School: "Collège des Tilleuls", Day: "Vendredi 14 novembre 2025",
		Body: "Contrôle n°2 : fractions (ven. 14) · coef. 2\nclasse : 11,2 (de 4 à 19)\nmoyenne en maths : 12,8 → 13,25\n« En progrès »",
		Link: "https://0123456a.index-education.net/pronote/?a=1&b=2", Thread: "Léa 2025-11-14"},
	"digest": {ID: "a-2", Language: "fr", Level: Quiet, Title: "🌙 Demain : contrôle en maths (Léa), fin à 15 h (Tom)", School: "Collège des Tilleuls",
		Day: "Mercredi 19 novembre 2025", Link: "https://0123456a.index-education.net/pronote/",
		Body: "→ À justifier : absence de Tom, mardi 18, de 8 h à 9 h\n\n" +
			"Léa · jeudi 20, de 8 h 30 à 17 h\n📝 Maths à 9 h 30 : contrôle, « Fractions »\n📚 Français : lire le chapitre 3 (30 min, sur papier)\n\n" +
			"Tom · jeudi 20, de 8 h à 15 h (au lieu de 17 h)\n❌ Annulé : techno de 15 h à 17 h, professeur absent\n🗒️ Matériel oublié en anglais, mardi 18"},
	"alarm": {ID: "a-3", Language: "en", Level: Alarm, Title: "🩹 Léa · Infirmary today, 9:10 to 9:50", Body: "“Maux de ventre”\n→ Call the school office"},
	"alone": {ID: "a-4", Title: "🚪 Léa · Demain à 8 h 30, EPS : salle Gymnase → Piscine"},
	"hostile": {ID: "a-5", Language: `"><script>`, Title: "📚 <b>Léa</b> · \u202Egnimoc</title><script>alert(1)</script>", School: "<i>Collège</i>", Day: "\"jeudi\"",
		Link: `https://example.org/?"onclick="alert(1)`,
		Body: "<img src=x onerror=alert(1)> **gras** [lien](javascript:alert(1))\n</td></tr></table><style>body{display:none}</style>\n" + strings.Repeat("x", 300) +
			"\nhttps://example.org/" + strings.Repeat("abc/", 60) + "\nالعربية: واجب منزلي\n{{.Title}}\n📎 fiche.pdf"},
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

// The pages can be looked at in a browser.
func TestMailIsAsTheGoldenFiles(t *testing.T) {
	t.Parallel()
	for name, m := range letters {
		golden(t, filepath.Join("testdata", "mail", name+".html"), compose(m).page())
		golden(t, filepath.Join("testdata", "mail", name+".txt"), compose(m).letter())
	}
}

// Readers of mail take no script and no style sheet, font or picture from outside; some drop the styles of the head,
// Gmail cuts what is longer than 102 kB, and a telephone is 320 pixels wide.
func TestMailKeepsToWhatReadersOfMailTake(t *testing.T) {
	t.Parallel()
	allowed := strings.Fields("html head body meta title style div table tbody tr td h1 a")
	width := regexp.MustCompile(`(?:^|[;\s{])(?:min-)?width:\s*(\d+)px`)
	for name, m := range letters {
		page := compose(m).page()
		if len(page) == 0 || len(page) > maxPage {
			t.Errorf("%s: %d bytes", name, len(page))
		}
		root, err := nethtml.Parse(strings.NewReader(page))
		if err != nil {
			t.Fatal(err)
		}
		styled := false
		for n := range root.Descendants() {
			if n.Type == nethtml.TextNode && n.Parent.Data == "style" && regexp.MustCompile(`url\(|@import|@font-face|expression`).MatchString(n.Data) {
				t.Errorf("%s: the style takes something from outside: %s", name, n.Data)
			}
			if n.Type != nethtml.ElementNode {
				continue
			}
			if !slices.Contains(allowed, n.Data) {
				t.Errorf("%s: <%s>", name, n.Data)
			}
			for _, a := range n.Attr {
				switch {
				case strings.HasPrefix(a.Key, "on") || slices.Contains([]string{"src", "srcset", "background", "action", "http-equiv"}, a.Key):
					t.Errorf("%s: <%s %s=%q>", name, n.Data, a.Key, a.Val)
				case a.Key == "href" && (n.Data != "a" || a.Val != html.UnescapeString(webAddress(m.Link))):
					t.Errorf("%s: <%s href=%q>", name, n.Data, a.Val)
				case a.Key == "style" && regexp.MustCompile(`url\(|:\s*-\d|position|float|flex|grid`).MatchString(a.Val): // which Gmail or Outlook drop
					t.Errorf("%s: style=%q", name, a.Val)
				}
				if a.Key == "style" {
					styled = styled || strings.Contains(a.Val, "font-family")
					for _, px := range width.FindAllStringSubmatch(a.Val, -1) {
						if len(px[1]) > 2 {
							t.Errorf("%s: %s px wide", name, px[1])
						}
					}
				}
			}
		}
		if !styled {
			t.Errorf("%s: without the styles of the head nothing is left", name)
		}
	}
}

func TestMailThatWouldBeCutIsSentAsPlainText(t *testing.T) {
	t.Parallel()
	s := newSMTP(t)
	s.start()
	long := strings.Repeat("é\n", 20_000)
	if _, err := open(t, "email", s.settings()).Deliver(t.Context(), Message{Title: "long", Body: long}); err != nil {
		t.Fatal(err)
	}
	header, text, page := mailParts(t, []byte(s.in.all()[0].raw))
	if strings.TrimSpace(text) != strings.TrimSpace(long) || page != "" || !strings.HasPrefix(header.Get("Content-Type"), "text/plain") {
		t.Errorf("%s with %d bytes of text and %d of a page", header.Get("Content-Type"), len(text), len(page))
	}
}

// One thread per child and day, and a correction below what it corrects.
func TestMailIsThreaded(t *testing.T) {
	t.Parallel()
	s := newSMTP(t)
	s.start()
	n := open(t, "email", s.settings())
	send := func(m Message) (mail.Header, Receipt) {
		t.Helper()
		before := len(s.in.all())
		receipt, err := n.Deliver(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		header, _, _ := mailParts(t, []byte(s.in.all()[before].raw))
		if header.Get("Message-ID") != string(receipt) {
			t.Errorf("receipt %q of %q", receipt, header.Get("Message-ID"))
		}
		return header, receipt
	}
	const root = "<thread-lea-2025-11-20@example.org>"
	first, receipt := send(Message{ID: "a-1", Title: "❌ Léa · Annulé demain à 9 h : maths", Thread: "lea-2025-11-20"})
	second, _ := send(Message{ID: "a-2", Title: "✅ Léa · Maintenu demain à 9 h : maths", Thread: "lea-2025-11-20", Amends: receipt, Level: Urgent})
	other, _ := send(Message{ID: "a-3", Title: "📕 Tom · Retenue", Amends: "99\r\nBcc: all@example.org"})
	for _, test := range []struct {
		header                                mail.Header
		subject, references, reply, important string
	}{
		{first, "Léa · Annulé demain à 9 h : maths", root, root, ""},
		{second, "Léa · Maintenu demain à 9 h : maths", root + " <a-1@example.org>", "<a-1@example.org>", "high"},
		{other, "Tom · Retenue", "", "", ""},
	} {
		subject := readSubject(t, test.header)
		got := []string{subject, test.header.Get("References"), test.header.Get("In-Reply-To"), test.header.Get("Importance"), test.header.Get("Bcc")}
		if diff := cmp.Diff([]string{test.subject, test.references, test.reply, test.important, ""}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestSignsAreCutOff(t *testing.T) {
	t.Parallel()
	for title, want := range map[string][2]string{
		"📊 Léa · Maths":   {"📊", "Léa · Maths"},
		"⏱️ Léa · Retard": {"⏱️", "Léa · Retard"},
		"ℹ️ PRONOTE":      {"ℹ️", "PRONOTE"},
		"👩‍🎓 Léa":         {"👩‍🎓", "Léa"},
		"👋🏽 Essai":        {"👋🏽", "Essai"},
		"Léa · Maths":     {"", "Léa · Maths"},
		"→ Justifier":     {"", "→ Justifier"},
		"« En progrès »":  {"", "« En progrès »"},
		"📊Léa":            {"", "📊Léa"},
		"📊":               {"", "📊"},
		"14 élèves":       {"", "14 élèves"},
		"":                {"", ""},
	} {
		if sign, rest := cutSign(title); sign != want[0] || rest != want[1] {
			t.Errorf("cutSign(%q) = %q, %q", title, sign, rest)
		}
	}
}

// TestMailFitsATelephone measures the pages in a browser, where there is one.
func TestMailFitsATelephone(t *testing.T) {
	t.Parallel()
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("there is no chromium")
	}
	folder := t.TempDir()
	var frames strings.Builder
	for _, m := range letters {
		frames.WriteString(`<iframe style="width:320px;height:800px;border:0" srcdoc="` + html.EscapeString(compose(m).page()) + `"></iframe>`)
	}
	file := filepath.Join(folder, "frames.html")
	err = os.WriteFile(file, []byte(`<!DOCTYPE html><meta charset="utf-8">`+frames.String()+`<pre></pre><script>onload = () =>
		document.querySelector("pre").textContent = JSON.stringify([...document.querySelectorAll("iframe")].map(f => f.contentDocument.documentElement.scrollWidth))</script>`), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir="+folder, "--window-size=800,900", "--dump-dom", "file://"+file)
	dom, err := cmd.Output()
	if err != nil {
		t.Skipf("the browser does not start: %v", err)
	}
	_, list, _ := strings.Cut(string(dom), "<pre>")
	list, _, _ = strings.Cut(list, "</pre>")
	var widths []int
	if err := json.Unmarshal([]byte(list), &widths); err != nil || len(widths) != len(letters) || slices.Max(widths) > 320 {
		t.Errorf("the pages are %s pixels wide: %v", list, err)
	}
}
