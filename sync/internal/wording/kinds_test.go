package wording_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/pronote-sync/pronote-sync/sync/internal/wording"
	"github.com/pronote-sync/pronote-sync/sync/internal/wording/wordingtest"
)

// samples are one event of each kind, as people's templates are rehearsed on.
func samples(t *testing.T) map[string]json.RawMessage {
	t.Helper()
	all := map[string]json.RawMessage{}
	for _, name := range []string{"samples.json", "samples_kfet.json"} {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, &all); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// turned replaces every value of the data of an event by f; branches are what is not text.
func turned(t *testing.T, data json.RawMessage, f func(column string, value any) any) []byte {
	t.Helper()
	var facts map[string]any
	if err := json.Unmarshal(data, &facts); err != nil {
		t.Fatal(err)
	}
	var row func(any) any
	row = func(value any) any {
		switch v := value.(type) {
		case map[string]any:
			for column, inner := range v {
				if _, nested := inner.(map[string]any); nested {
					v[column] = row(inner)
				} else {
					v[column] = f(column, inner)
				}
			}
		case []any:
			for i := range v {
				v[i] = row(v[i])
			}
		}
		return value
	}
	for part, value := range facts {
		if part != "what" && part != "average" {
			facts[part] = row(value)
		}
	}
	text, err := json.Marshal(facts)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// hostile is what no school writes, and somebody does.
const hostile = "<b>*_`a`_*</b>\u202e\u2066😈👩‍👩‍👧\x00\x1b[31m\ue000\ue001\uFFFE\r\nשלום {{.}} & \"'"

// selectors are the columns by which templates choose, and days.
func selects(column string) bool {
	return strings.HasSuffix(column, "_at") || strings.HasSuffix(column, "_on") || slices.Contains([]string{
		"kind", "day", "date", "from", "to", "since", "until", "reason", "return_kind", "level_kind", "state", "role", "out_of", "meal",
	}, column)
}

func poisoned(long bool) func(string, any) any {
	return func(column string, value any) any {
		if _, text := value.(string); !text || selects(column) {
			return value
		}
		if long {
			return strings.Repeat(hostile+" mot à mot. ", 10_000/60)
		}
		return hostile
	}
}

func emptied(column string, value any) any {
	if _, text := value.(string); text && column == "kind" {
		return value
	}
	return nil
}

// TestKinds holds what is said of marks, evaluations, report cards and homework to what a
// person approved: alone, of one child or of two, twice, within a group, without what is
// unknown, and of what is hostile.
func TestKinds(t *testing.T) {
	t.Parallel()
	all := samples(t)
	other := wording.Event{Kind: "punishment.new", Child: "Léa", Data: all["punishment.new"]}
	for _, kind := range slices.Sorted(maps.Keys(all)) {
		family, _, _ := strings.Cut(kind, ".")
		if !slices.Contains([]string{"mark", "average", "evaluation", "report", "homework"}, family) {
			continue
		}
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			e := wording.Event{Kind: kind, Child: "Léa", Data: all[kind]}
			alone, twins, twice, unknown, poison := e, e, e, e, e
			alone.Child, twins.Child, twice.Times = "", "Léa et Tom", 2
			unknown.Data, poison.Data = turned(t, e.Data, emptied), turned(t, e.Data, poisoned(false))
			poison.Child = "Léa" + hostile
			var got strings.Builder
			for _, language := range wording.Languages {
				for _, form := range []struct {
					name   string
					events []wording.Event
					to     wording.Reader
				}{
					{"one child", []wording.Event{e}, tuesday(wording.Full)},
					{"spoiler", []wording.Event{e}, tuesday(wording.Spoiler)},
					{"hint", []wording.Event{e}, tuesday(wording.Hint)},
					{"without the class", []wording.Event{e}, func() wording.Reader { r := tuesday(wording.Full); r.NoClass = true; return r }()},
					{"no name", []wording.Event{alone}, tuesday(wording.Full)},
					{"two children", []wording.Event{twins}, tuesday(wording.Full)},
					{"twice", []wording.Event{twice}, tuesday(wording.Full)},
					{"unknown", []wording.Event{unknown}, tuesday(wording.Full)},
					{"in a group", []wording.Event{other, e, twice}, tuesday(wording.Full)},
					{"a group of its own", []wording.Event{e, e, unknown, e}, tuesday(wording.Spoiler)},
					{"hostile", []wording.Event{poison}, tuesday(wording.Full)},
				} {
					m, err := shipped.In(language).Message(form.events, form.to)
					if err != nil {
						t.Fatalf("%s %s: %v", language, form.name, err)
					}
					for _, fault := range faults(m) {
						t.Errorf("%s %s: %s", language, form.name, fault)
					}
					fmt.Fprintf(&got, "── %s %s\n%s\n%s\n", language, form.name, m.Title, m.Body)
				}
			}
			wordingtest.Golden(t, filepath.Join("testdata", "kinds", kind+".txt"), wordingtest.Visible(got.String()))
		})
	}
}

// tuesday is when the samples are read.
func tuesday(reveal wording.Reveal) wording.Reader {
	return wording.Reader{Reveal: reveal, Now: moment(18, 12, 0)}
}

// faults are what no message has.
func faults(m wording.Message) (list []string) {
	if n := utf8.RuneCountInString(m.Title); n == 0 || n > wording.MaxTitle {
		list = append(list, fmt.Sprintf("a title of %d characters: %s", n, m.Title))
	}
	if strings.ContainsAny(m.Title, "\n"+wording.SpoilerStart+wording.SpoilerEnd) {
		list = append(list, fmt.Sprintf("a title with a line break or a cover: %q", m.Title))
	}
	text := m.Title + "\n" + m.Body
	depth := 0
	for _, r := range text {
		switch {
		case string(r) == wording.SpoilerStart:
			depth++
		case string(r) == wording.SpoilerEnd:
			depth--
		case unicode.IsControl(r) && r != '\n' && r != '\t', unicode.Is(unicode.Co, r), r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
			list = append(list, fmt.Sprintf("the character %q", r))
		}
		if depth < 0 || depth > 1 {
			list = append(list, fmt.Sprintf("covers that do not match: %q", text))
			break
		}
	}
	for _, never := range []string{"<no value>", "<nil>", "map[", "%!", "\n\n\n"} {
		if strings.Contains(text, never) {
			list = append(list, fmt.Sprintf("%q in %q", never, text))
		}
	}
	return list
}

// TestNoTextOfASchoolBreaksAMessage poisons every text of every kind of event, and reads
// what comes out of it in every form, whole and in parts.
func TestNoTextOfASchoolBreaksAMessage(t *testing.T) {
	t.Parallel()
	const long = 1
	for kind, data := range samples(t) {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			for i, form := range [][]byte{turned(t, data, poisoned(false)), turned(t, data, poisoned(true)), turned(t, data, emptied)} {
				e := wording.Event{Kind: kind, Child: "Léa", Data: form}
				for _, language := range wording.Languages {
					for _, events := range [][]wording.Event{{e}, {e, {Kind: kind, Child: "Tom", Data: data}}} {
						for _, reveal := range reveals {
							if i == long && (len(events) > 1 || reveal != wording.Spoiler) {
								continue // one is enough of what takes time
							}
							m, err := shipped.In(language).Message(events, tuesday(reveal))
							if err != nil {
								t.Fatalf("%s: %v", language, err)
							}
							if strings.HasPrefix(kind, "system.") || strings.HasPrefix(kind, "day.") { // whose data are ours
								continue
							}
							for _, fault := range faults(m) {
								t.Errorf("%s %s: %s", language, reveal, fault)
							}
							checkParts(t, m, 1000)
						}
					}
				}
			}
		})
	}
}

// checkParts splits a message, and puts it together again.
func checkParts(t *testing.T, m wording.Message, most int) {
	t.Helper()
	bare := func(text string) string {
		return strings.Join(strings.Fields(strings.NewReplacer(wording.SpoilerStart, "", wording.SpoilerEnd, "").Replace(text)), "")
	}
	parts := m.Split(most)
	var whole strings.Builder
	for i, part := range parts {
		whole.WriteString(part.Body)
		if n := utf8.RuneCountInString(part.Title + part.Body); n > most {
			t.Errorf("a part of %d characters, of %d at most", n, most)
		}
		if strings.Count(part.Body, wording.SpoilerStart) != strings.Count(part.Body, wording.SpoilerEnd) {
			t.Errorf("a cover is open at the end of a part: %q", part.Body)
		}
		if want := fmt.Sprintf("\u00a0%d/%d", i+1, len(parts)); len(parts) > 1 && !strings.HasSuffix(part.Title, want) {
			t.Errorf("part %d of %d is called %q", i+1, len(parts), part.Title)
		}
	}
	if got := whole.String(); bare(got) != bare(m.Body) {
		t.Errorf("the parts say\n%q\nnot\n%q", got, m.Body)
	}
}

func TestAMessageIsSplitWhereItHurtsLeast(t *testing.T) {
	t.Parallel()
	paragraph := strings.TrimSpace(strings.Repeat("Une phrase de la lettre. ", 6))
	m := wording.Message{Title: "📜 Léa · Bulletin du trimestre 1", Body: paragraph + "\n\n" + paragraph + "\nUne ligne\n" + wording.SpoilerStart + strings.Repeat("mot ", 100) + wording.SpoilerEnd}
	for most := range 500 {
		checkParts(t, m, max(200, most))
	}
	parts := m.Split(260)
	if parts[0].Body != paragraph || parts[0].Title != "📜 Léa · Bulletin du trimestre 1\u00a01/"+fmt.Sprint(len(parts)) {
		t.Errorf("the first part is %q", parts[0])
	}
	if parts := (wording.Message{Title: "a", Body: "b"}).Split(1); len(parts) != 1 || parts[0].Title != "a" {
		t.Errorf("a short message is split: %q", parts)
	}
	checkParts(t, wording.Message{Title: strings.Repeat("titre ", 100), Body: strings.Repeat("😈", 5_000)}, 300)
}

// TestAGroupIsCalledByItsFirst: "4 marks, 3 averages" said that there were facts.
func TestAGroupIsCalledByItsFirst(t *testing.T) {
	t.Parallel()
	all := samples(t)
	of := func(kind, child string) wording.Event {
		return wording.Event{Kind: kind, Child: child, Data: all[kind]}
	}
	m, err := shipped.In("fr").Message([]wording.Event{of("punishment.new", "Tom"), of("mark.new", "Tom"), of("homework.new", "Tom"), of("homework.new", "Tom")}, tuesday(wording.Full))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(m.Title, "📕 Tom · Retenue") || !strings.HasSuffix(m.Title, "(+\u00a03)") {
		t.Errorf("called %q", m.Title)
	}
	for _, want := range []string{"\n\n📊 Maths\u00a0: 14,5/20\n", "\n\n📚 Pour jeu. 20\u00a0: français (2\u00a0fois)\n"} {
		if !strings.Contains(m.Body, want) {
			t.Errorf("no %q in\n%s", want, m.Body)
		}
	}
	if strings.Contains(m.Body, "Tom") {
		t.Errorf("the child is named again:\n%s", m.Body)
	}
	m, err = shipped.In("fr").Message([]wording.Event{of("mark.new", "Léa"), of("homework.new", "Tom")}, tuesday(wording.Full))
	if err != nil || !strings.Contains(m.Body, "📚 Tom · Pour jeu. 20\u00a0: français") {
		t.Errorf("of two children, %v:\n%s", err, m.Body)
	}
}

func TestTenMarksAreAList(t *testing.T) {
	t.Parallel()
	var marks []wording.Event
	for i, subject := range []string{"MATHEMATIQUES", "ANGLAIS LV1", "SCIENCES VIE & TERRE", "FRANCAIS", "HISTOIRE-GEOGRAPHIE", "LCA LATIN", "TECHNOLOGIE", "ARTS PLASTIQUES", "EDUCATION MUSICALE", "PHYSIQUE-CHIMIE"} {
		value := float64(20-i) - 0.5
		marks = append(marks, event(t, "mark.new", "Léa", columns{"subject": subject, "value": value, "value_text": fmt.Sprint(value), "out_of": 20, "title": "Contrôle n°2", "class_average": 11.2}))
	}
	var got strings.Builder
	for _, language := range wording.Languages {
		for _, reveal := range reveals {
			m, err := shipped.In(language).Message(marks, tuesday(reveal))
			if err != nil {
				t.Fatal(err)
			}
			for _, fault := range faults(m) {
				t.Error(fault)
			}
			fmt.Fprintf(&got, "── %s %s\n%s\n%s\n", language, reveal, m.Title, m.Body)
		}
	}
	wordingtest.Golden(t, filepath.Join("testdata", "kinds", "ten-marks.txt"), wordingtest.Visible(got.String()))
}
