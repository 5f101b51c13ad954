package notifiers

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode"
)

// TestConformance holds every kind of channel to the contract of Notifier.
func TestConformance(t *testing.T) {
	t.Parallel()
	for i, r := range rigs {
		if r.kind != kinds[i].name {
			t.Fatalf("rig %d is for %s, want %s", i, r.kind, kinds[i].name)
		}
		t.Run(r.kind, func(t *testing.T) {
			t.Parallel()
			for name, test := range map[string]func(*testing.T, rig){
				"delivers": testDelivers, "cuts": testCuts, "hides": testHides, "identifies": testIdentifies,
				"fails": testFails, "gives receipts": testReceipts, "carries events": testEvents, "ends with its context": testContext, "keeps secrets": testSecrets,
				"is safe for concurrent use": testConcurrent, "withstands what schools write": testHostile,
			} {
				t.Run(name, func(t *testing.T) {
					t.Parallel()
					test(t, r)
				})
			}
		})
	}
	if len(rigs) != len(kinds) {
		t.Errorf("%d rigs for %d kinds", len(rigs), len(kinds))
	}
}

func testDelivers(t *testing.T, r rig) {
	for _, m := range []struct{ subject, text, wantSubject, wantText string }{
		{"📊 Léa · Maths : 14,5/20", "Contrôle de géométrie\nmoyenne 11,2 👩‍🎓 œuvre", "", ""},
		{"a <b> & *c* _d_ `e` ~f~ |g| #h @i [j](k) \\l %m", "<i>x</i> &amp; **y** __z__ ||w|| @everyone <@42>\n> q\n# t\n-# s\n\\", "", ""},
		{"alone", "", "", ""},
		{"<script>alert(1)</script>", "Exercice 4 <script src=\"https://x.example/a.js\"></script>\n<img src=x onerror=alert(1)> javascript:alert(1)", "", ""},
		{"cr\r\nBcc: all@example.org\r\n\r\nlf", "a\r\nb\rc\x00\x1b[31m", "cr Bcc: all@example.org  lf", "a\nb\nc[31m"},
		{"broken \xff", "\xc3(", "broken \uFFFD", "\uFFFD("},
		{".", ".\n..\n.\nQUIT", "", ""},
		{"long " + strings.Repeat("x", 60), strings.Repeat("é", 120) + " " + strings.Repeat("y", 700), "", ""},
	} {
		n, received := r.start(t, works)
		if err := n.Send(t.Context(), m.subject, m.text); err != nil {
			t.Errorf("Send(%q): %v", m.subject, err)
			continue
		}
		if m.wantSubject == "" {
			m.wantSubject, m.wantText = m.subject, m.text
		}
		if r.kind == "email" { // lists of mails have no place for signs
			m.wantSubject = strings.TrimPrefix(m.wantSubject, "📊 ")
		}
		got := received()
		if len(got) != 1 || got[0].subject != m.wantSubject || strings.TrimSpace(got[0].text) != m.wantText {
			t.Errorf("received %q, want %q and %q", got, m.wantSubject, m.wantText)
		}
	}
}

func testCuts(t *testing.T, r rig) {
	n, received := r.start(t, works)
	text := strings.Repeat("Une ligne avec des é, des <, des & et des \"guillemets\".\n", 400)
	if err := n.Send(t.Context(), "long", text); err != nil {
		t.Fatal(err)
	}
	got := strings.TrimSpace(received()[0].text)
	want := strings.TrimSpace(text)
	if r.cuts {
		want = strings.TrimSuffix(got, "…")
		if want == got || !strings.HasPrefix(text, want) || !strings.HasSuffix(want, "\n") || len(want) < 900 {
			t.Errorf("received %d bytes that end in %q, want the first lines and an ellipsis", len(got), got[len(got)-20:])
		}
		return
	}
	if got != want {
		t.Errorf("received %d bytes, want all %d", len(got), len(want))
	}
}

func testHides(t *testing.T, r rig) {
	n, received := r.start(t, works)
	hide := func(s string) string { return string(SpoilerStart) + s + string(SpoilerEnd) }
	if err := n.Send(t.Context(), "Maths : "+hide("14,5"), "moyenne "+hide("treize & douze")+", puis "+string(SpoilerStart)+"7 est caché"); err != nil {
		t.Fatal(err)
	}
	got := received()[0]
	subject, text := "Maths : •••", "moyenne •••, puis •••"
	if CanHide(r.kind) {
		subject, text = "Maths : ⟦14,5⟧", "moyenne ⟦treize & douze⟧, puis ⟦7 est caché⟧"
	}
	if got.subject != subject || strings.TrimSpace(got.text) != text {
		t.Errorf("received %q and %q, want %q and %q", got.subject, got.text, subject, text)
	}
	if !CanHide(r.kind) && (strings.Contains(got.raw, "14,5") || strings.Contains(got.raw, "treize") || strings.Contains(got.raw, "cach")) {
		t.Errorf("hidden text is in %s", got.raw)
	}
	if strings.ContainsAny(got.raw, string(SpoilerStart)+string(SpoilerEnd)) {
		t.Errorf("marks are in %q", got.raw)
	}
}

// testHostile: what a school, or somebody who writes to one, puts into a text stays text.
func testHostile(t *testing.T, r rig) {
	const secret = "SECRET47"
	hide := func(s string) string { return string(SpoilerStart) + s + string(SpoilerEnd) }
	for name, m := range map[string]struct{ title, body, wantTitle, wantBody string }{
		"html":            {"<b>a</b> &amp; <a href='x'>", "</b></td><style>*{display:none}</style>\n<tg-spoiler>x</tg-spoiler> &#60;i&#62; <!-- ", "", ""},
		"markdown":        {"**a** [b](https://example.org) ||c||", "```\n# d\n> e\n![f](g) <https://example.org> @here\n- [ ] h\n\\", "", ""},
		"direction":       {"a\u202Eb\u2066c\u2069d\u200F", "\u202De\u202Cf\u2067g\nעברית عربي", "abcd\u200F", "efg\nעברית عربي"},
		"controls":        {"a\x00b\x1b[2Jc\u0085d\u009b", "\x07e\x7ff\r\ng\u2028h\vi", "ab[2Jcd", "ef\ng\nhi"},
		"private use":     {"a\uE123b\U000F0000c", "\uF0B7 d\uF8FFe\uFEFF", "abc", "• de"},
		"broken text":     {"a\xed\xa0\x80b", "c\xff", "a\uFFFDb", "c\uFFFD"},
		"templates":       {"{{.Title}} ${HOME} $(id) %s%n", "`id` {{template \"x\"}} %[1]v\n$1", "", ""},
		"headers":         {"a\r\nBcc: all@example.org", "\r\n.\r\nQUIT\r\n--x--", "a Bcc: all@example.org", ".\nQUIT\n--x--"},
		"emoji":           {"👩🏽‍🎓 a 🇫🇷", "❤️‍🔥🏴󠁧󠁢󠁥󠁮󠁧󠁿", "", ""},
		"a line too long": {"a", strings.Repeat("é<", 5000), "a", ""},
		"only a sign":     {"📊", "x", "", ""},
	} {
		n, received := r.start(t, works)
		_, err := n.Deliver(t.Context(), Message{Title: m.title, Body: m.body + "\n" + hide("\u202E<"+secret+">\x00")})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if m.wantTitle == "" {
			m.wantTitle = m.title
		}
		if m.wantBody == "" {
			m.wantBody = m.body
		}
		got := received()[0]
		text := strings.TrimSpace(got.text)
		if r.kind == "email" {
			_, m.wantTitle = cutSign(m.wantTitle)
		}
		whole := strings.HasPrefix(text, m.wantBody)
		if cut, ok := strings.CutSuffix(text, "…"); r.cuts && ok && len(cut) > 1000 {
			whole = strings.HasPrefix(m.wantBody, cut)
		}
		if got.subject != m.wantTitle || !whole {
			t.Errorf("%s: received %q and %q, want %q and %q", name, got.subject, text, m.wantTitle, m.wantBody)
		}
		if shown := got.subject + text + got.page; strings.ContainsFunc(shown, unfit) {
			t.Errorf("%s: a character that should not be in %q", name, shown)
		}
		if covered := strings.Contains(text, "⟦<"+secret+">⟧") || strings.HasSuffix(text, "…"); CanHide(r.kind) != covered && !strings.HasSuffix(text, "…") {
			t.Errorf("%s: covered is %t in %q", name, covered, text)
		}
		if !CanHide(r.kind) && strings.Contains(got.raw+got.page+got.document, secret) {
			t.Errorf("%s: the hidden text is in %s", name, got.raw)
		}
	}
	testHostileExtras(t, r)
}

// unfit are characters that reach beyond themselves or have no look.
func unfit(r rune) bool {
	return unicode.IsControl(r) && r != '\n' && r != '\t' || unicode.Is(unicode.Co, r) || reorders(r) || r == '\uFEFF'
}

// testHostileExtras puts the same into what stands around the text.
func testHostileExtras(t *testing.T, r rig) {
	const bad = "x\r\nBcc: all@example.org\r\n\r\n<script>\u202E\x00\uE123"
	n, received := r.start(t, works)
	_, err := n.Deliver(t.Context(), Message{ID: bad, Title: "title", Body: "body", Link: "javascript:alert(1)//" + bad, Level: 99, Thread: bad, Amends: bad,
		Language: bad, School: bad, Day: bad, Actions: []Action{{bad, bad}, {bad, strings.Repeat("é", 99)}}})
	if err != nil {
		t.Fatal(err)
	}
	got := received()
	if len(got) != 1 || got[0].subject != "title" || !strings.HasPrefix(got[0].text, "body") {
		t.Fatalf("received %q", got)
	}
	for _, trace := range []string{"javascript:", "<script>"} {
		if strings.Contains(got[0].page+got[0].document, trace) {
			t.Errorf("%q is in %s", trace, got[0].raw)
		}
	}
	if regexp.MustCompile(`(?m)^Bcc:`).MatchString(got[0].head) {
		t.Errorf("a header more in %s", got[0].raw)
	}
	if strings.ContainsFunc(got[0].text+got[0].page, unfit) {
		t.Errorf("a character that should not be in %q", got[0].text)
	}
}

func testIdentifies(t *testing.T, r rig) {
	n, received := r.start(t, works)
	odd := "grade 42 <é>\r\n" + strings.Repeat("x", 99)
	for _, id := range []string{"abc_1-Z", "abc_1-Z", odd, odd, "", ""} {
		if _, err := n.Deliver(t.Context(), Message{ID: id, Title: "subject", Body: "text"}); err != nil {
			t.Fatal(err)
		}
	}
	var got []string
	for _, d := range received() {
		got = append(got, d.id)
	}
	slices.Sort(got)
	if !r.ids {
		if want := make([]string, 6); !slices.Equal(got, want) {
			t.Errorf("ids = %q, want none", got)
		}
		return
	}
	if n := len(slices.Compact(slices.Clone(got))); n != 4 || !slices.Contains(got, "abc_1-Z") || !slices.Contains(got, identity(odd)) {
		t.Errorf("%d ids in %q, want abc_1-Z and another twice, and two random ones", n, got)
	}
}

func testReceipts(t *testing.T, r rig) {
	n, _ := r.start(t, works)
	if receipt, err := n.Deliver(t.Context(), Message{ID: "a-1", Title: "subject"}); err != nil || receipt != r.receipt {
		t.Errorf("receipt %q, %v, want %q", receipt, err, r.receipt)
	}
	n, _ = r.start(t, angry)
	if receipt, err := n.Deliver(t.Context(), Message{ID: "a-1", Title: "subject"}); err == nil || receipt != "" {
		t.Errorf("refused: receipt %q, %v", receipt, err)
	}
}

// testEvents: programs read what happened, and people only what they are told.
func testEvents(t *testing.T, r rig) {
	n, received := r.start(t, works)
	events := []Event{
		{Kind: "mark.new", At: "2025-11-17 17:00:00", Account: "lea", Student: "Léa", UID: "k3m9", Average: &Step{12.0, 12.5},
			Row: Row{Now: map[string]any{"title": "<Contrôle> & cie", "value": 14.5, "comment": nil}}},
		{Kind: "homework.changed", At: "2025-11-17 17:00:00", Account: "lea", Row: Row{Now: map[string]any{"subject": "SVT"}, Before: map[string]any{"due_on": "2025-11-20"},
			Changed: []string{"due_on"}}, Parts: []Part{{Kind: "added", Row: Row{Now: map[string]any{"name": "fiche.pdf"}}}}},
	}
	m := Message{ID: "a-1", Title: "Maths : " + string(SpoilerStart) + "14,5" + string(SpoilerEnd), Body: "texte", Events: events,
		Link: "https://0123456a.index-education.net/pronote/?a=1&b=2", Level: Urgent}
	if r.events {
		m.Amends = "a-0"
	}
	if _, err := n.Deliver(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	got := received()[0]
	if !r.events {
		if got.document != "" || strings.Contains(got.raw, "fiche.pdf") {
			t.Errorf("events are in %s", got.raw)
		}
		return
	}
	want := `{"version":1,"id":"a-1","title":"Maths : •••","message":"texte","link":"https://0123456a.index-education.net/pronote/?a=1&b=2","level":"urgent","amends":"a-0","events":[` +
		`{"kind":"mark.new","at":"2025-11-17 17:00:00","account":"lea","student":"Léa","uid":"k3m9",` +
		`"now":{"comment":null,"title":"<Contrôle> & cie","value":14.5},"average":{"before":12,"after":12.5}},` +
		`{"kind":"homework.changed","at":"2025-11-17 17:00:00","account":"lea","now":{"subject":"SVT"},"before":{"due_on":"2025-11-20"},` +
		`"changed":["due_on"],"parts":[{"kind":"added","now":{"name":"fiche.pdf"}}]}]}`
	if got.document != want {
		t.Errorf("document is\n%s, want\n%s", got.document, want)
	}
}

func testFails(t *testing.T, r rig) {
	for m, permanent := range map[mode]bool{tired: false, angry: true} {
		n, received := r.start(t, m)
		err := n.Send(t.Context(), "subject", "text")
		if err == nil {
			t.Fatalf("mode %d: no error", m)
		}
		if isPermanent(err) != permanent {
			t.Errorf("mode %d: %v: permanent is %t", m, err, !permanent)
		}
		if strings.Contains(err.Error(), "\n") || len(err.Error()) > 310 {
			t.Errorf("mode %d: %q is not one short line", m, err)
		}
		if got := received(); len(got) != 0 {
			t.Errorf("mode %d: received %q", m, got)
		}
	}
}

func testContext(t *testing.T, r rig) {
	n, received := r.start(t, works)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := n.Send(ctx, "subject", "text")
	if !errors.Is(err, context.Canceled) || isPermanent(err) {
		t.Errorf("after cancel: %v, want context.Canceled", err)
	}
	if got := received(); len(got) != 0 {
		t.Errorf("after cancel: received %q", got)
	}

	n, _ = r.start(t, stalls)
	ctx, cancel = context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := n.Send(ctx, "subject", "text"); !errors.Is(err, context.DeadlineExceeded) || isPermanent(err) {
		t.Errorf("stalled: %v, want context.DeadlineExceeded", err)
	}
}

func testSecrets(t *testing.T, r rig) {
	var said strings.Builder
	for _, m := range []mode{works, tired, angry, stalls} {
		n, _ := r.start(t, m)
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		fmt.Fprintln(&said, n.Send(ctx, "subject", "text"))
		cancel()
		print(&said, n, *n, n.channel, struct{ n any }{n})
	}
	for _, secret := range r.secrets {
		forms := append(base64Forms(secret), secret, url.QueryEscape(secret), url.PathEscape(secret), strconv.Quote(secret))
		for _, form := range forms {
			if before, after, found := strings.Cut(said.String(), form); found {
				t.Errorf("%s is in %q", form, before[max(0, len(before)-200):]+form+after[:min(len(after), 200)])
			}
		}
	}
}

// print writes values in all the ways that programs do.
func print(w *strings.Builder, values ...any) {
	var buffer bytes.Buffer
	text, js := slog.New(slog.NewTextHandler(&buffer, nil)), slog.New(slog.NewJSONHandler(&buffer, nil))
	for _, v := range values {
		fmt.Fprintf(w, "%v %+v %#v %s %q %x %d\n", v, v, v, v, v, v, v)
		encoded, err := json.Marshal(v)
		fmt.Fprintln(w, string(encoded), err)
		text.Info("text", "value", v)
		js.Info("json", "value", v)
	}
	w.WriteString(buffer.String())
}

func testConcurrent(t *testing.T, r rig) {
	n, received := r.start(t, works)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if err := n.Send(t.Context(), "subject", "text"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := len(received()); got != 8 {
		t.Errorf("received %d messages, want 8", got)
	}
}
