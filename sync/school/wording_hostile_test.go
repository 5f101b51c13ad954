package school

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
	"github.com/pronote-sync/pronote-sync/sync/internal/wording"
	"github.com/pronote-sync/pronote-sync/sync/internal/wording/wordingtest"
)

// hostile are texts that a school, or somebody in it, may write to break a message.
var hostile = map[string]string{
	"html":      `<b>Gras</b> <img src=x onerror=alert(1)> & &lt;script&gt; "guillemets"`,
	"markdown":  "*gras* _italique_ [lien](https://evil.example/) `code` ||caché|| @everyone <@123> # titre",
	"emoji":     "👩‍👩‍👧‍👦 🇫🇷 ❤️ Sortie 🏳️‍🌈 ¡Olé! Ünïcødé 日本語",
	"backwards": "Facture \u202Efdp.exe\u202C \u2067שלום\u2069 مرحبا",
	"control":   "Un\x00deux\x07trois\x1b[31m rouge\r\nquatre\u2028cinq\u0085six \uE000couvert\uE001 \uE002plié",
	"endless":   strings.Repeat("Lorem ipsum dolor sit amet, consectetur. ", 250),
	"unbroken":  strings.Repeat("é", 10_000),
	"template":  `{{define "x"}}{{.Now}}{{end}} {{who}} %s %d ${HOME} $(id)`,
	"lines":     "un\ndeux\n\n\ntrois\n- quatre\n→ Cliquer ici\n🔔 Faux titre · quatre\nhuit\nneuf\ndix",
}

// hostileEvents say a hostile text wherever a school may write one.
func hostileEvents(text string) map[string]db.Event {
	owner := db.Owner{Student: 1}
	title := text
	if runes := []rune(title); len(runes) > 200 {
		title = string(runes[:200])
	}
	message := mirror.TellingOf(db.Messages, mirror.Change[db.Part[pronote.Message]]{Kind: mirror.Added, New: db.Part[pronote.Message]{Value: pronote.Message{Author: "M. DELMASSE É.", Content: text}}})
	message.Of = db.Discussions.JSON(pronote.Discussion{Subject: title}, "subject")
	info, lesson := meeting, pronote.Lesson{Starts: onThursday(8, 30), Ends: onThursday(10, 0), Subject: title, Memo: text, Rooms: []string{title}}
	info.Title, info.Content = title, text
	moved := lesson
	moved.Starts.Hour = 9
	observation := forgotten
	observation.Title, observation.Comment = title, text
	punishment := detention
	punishment.Nature, punishment.Circumstances, punishment.Homework, punishment.Reasons = title, text, text, []string{title, title}
	return map[string]db.Event{
		"message.new":     message.Event("message.new", owner),
		"info.new":        mirror.TellingOf(db.Infos, mirror.Change[pronote.Info]{Kind: mirror.Added, New: info}).Event("info.new", owner),
		"lesson.moved":    story{"lesson.moved", lesson, moved, 0, 0}.telling([]int64{1}).Event("lesson.moved", owner),
		"observation.new": mirror.TellingOf(db.Observations, mirror.Change[pronote.Observation]{Kind: mirror.Added, New: observation}).Event("observation.new", owner),
		"punishment.new":  mirror.TellingOf(db.Punishments, mirror.Change[pronote.Punishment]{Kind: mirror.Added, New: punishment}).Event("punishment.new", owner),
	}
}

// TestHostileTextsStayText: they are shortened and stay within their message, whatever a
// channel makes of them later.
func TestHostileTextsStayText(t *testing.T) {
	t.Parallel()
	for name, text := range hostile {
		var got strings.Builder
		for _, kind := range []string{"message.new", "info.new", "lesson.moved", "observation.new", "punishment.new"} {
			event := hostileEvents(text)[kind]
			for _, reading := range readings(kind) {
				m, err := shippedWording.In("fr").Message([]wording.Event{{Kind: kind, Child: reading.child, Data: event.Data}}, reading.to)
				if err != nil {
					t.Fatalf("%s %s: %v", name, kind, err)
				}
				checkHarmless(t, name+" "+kind, m)
				if reading.to.Reveal == psync.RevealSpoiler {
					got.WriteString("── " + kind + "\n" + m.Title + "\n" + m.Body + "\n")
				}
			}
		}
		wordingtest.Golden(t, filepath.Join("testdata", "wording", "hostile."+name+".txt"), wordingtest.Visible(got.String()))
	}
}

func checkHarmless(t *testing.T, name string, m wording.Message) {
	t.Helper()
	if n := utf8.RuneCountInString(m.Title); n > wording.MaxTitle || n == 0 {
		t.Errorf("%s: title of %d characters", name, n)
	}
	if n := utf8.RuneCountInString(m.Body); n > 2500 {
		t.Errorf("%s: body of %d characters", name, n)
	}
	text := m.Title + "\n" + m.Body
	if strings.Count(text, wording.SpoilerStart) != strings.Count(text, wording.SpoilerEnd) || strings.Contains(m.Title, wording.SpoilerStart) {
		t.Errorf("%s: covers that do not match in %q", name, text)
	}
	for _, r := range strings.NewReplacer(wording.SpoilerStart, "", wording.SpoilerEnd, "", "\n", "", "\t", "").Replace(text) {
		if unicode.IsControl(r) || unicode.Is(unicode.Co, r) || r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 {
			t.Errorf("%s: %U is in %q", name, r, text)
			return
		}
	}
	if strings.Contains(m.Title, "\n") || !utf8.ValidString(text) {
		t.Errorf("%s: title %q", name, m.Title)
	}
}

// FuzzLetters words texts of any sort.
func FuzzLetters(f *testing.F) {
	for _, text := range hostile {
		f.Add(text[:min(len(text), 500)])
	}
	f.Fuzz(func(t *testing.T, text string) {
		for kind, event := range hostileEvents(text) {
			if !json.Valid(event.Data) {
				t.Skip()
			}
			for _, language := range psync.Languages {
				for _, reading := range readings(kind) {
					m, err := shippedWording.In(language).Message([]wording.Event{{Kind: kind, Child: reading.child, Data: event.Data}}, reading.to)
					if err != nil {
						t.Fatal(err)
					}
					checkHarmless(t, kind, m)
				}
			}
		}
	})
}
