package wording

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
)

// TestLinesOfACauseHideWhatIsPrivate: what an event of the same cause adds to a message is
// as private as in a message of its own.
func TestLinesOfACauseHideWhatIsPrivate(t *testing.T) {
	t.Parallel()
	w := New(nil, nil)
	words := map[string]Privacy{}
	var with []Event
	for _, kind := range slices.Sorted(maps.Keys(w.samples())) {
		p := plant(kind, w.samples()[kind].Facts, false)
		p.facts.What = slices.AppendSeq(p.facts.What, maps.Keys(w.samples()[kind].Now))
		data, err := json.Marshal(p.facts)
		if err != nil {
			t.Fatal(err)
		}
		for word, privacy := range p.words {
			words[word] = min(privacy, orElse(words, word, privacy)) // some kinds tell openly what others do not
		}
		with = append(with, Event{Kind: kind, Data: data})
	}
	for _, lead := range with {
		if !strings.HasSuffix(lead.Kind, ".new") && lead.Kind != "day.changed" {
			continue
		}
		lead.With = with
		for _, language := range Languages {
			for _, reveal := range []Reveal{Spoiler, Hint} {
				m, err := w.In(language).Message([]Event{lead}, Reader{Reveal: reveal})
				if err != nil {
					t.Fatalf("%s %s %s: %v", lead.Kind, language, reveal, err)
				}
				text := m.Title + "\n" + m.Body
				if reveal == Spoiler {
					text = tapped.ReplaceAllString(text, "")
				}
				for word, privacy := range words {
					if strings.HasPrefix(word, "§") && privacy > reveal.shows() && strings.Contains(text, word) {
						t.Errorf("%s %s %s shows %s in\n%s", lead.Kind, language, reveal, word, text)
					}
				}
			}
		}
	}
}

func orElse(words map[string]Privacy, word string, privacy Privacy) Privacy {
	if known, ok := words[word]; ok {
		return known
	}
	return privacy
}

// lesson is an event of the timetable on 20 November 2025.
func lesson(t *testing.T, kind, subject, from, to string, more map[string]any) Event {
	t.Helper()
	now := map[string]any{"subject": subject, "starts_at": "2025-11-20 " + from + ":00", "ends_at": "2025-11-20 " + to + ":00", "teachers": "Mme A", "reason": ""}
	maps.Copy(now, more)
	data, err := json.Marshal(map[string]any{"now": now})
	if err != nil {
		t.Fatal(err)
	}
	return Event{Kind: kind, Data: data}
}

// TestHoursOfALessonAreOne joins those between which there is no more than a break.
func TestHoursOfALessonAreOne(t *testing.T) {
	t.Parallel()
	french := New(nil, nil).In("fr")
	for name, c := range map[string]struct {
		second Event
		want   string
	}{
		"a break":      {lesson(t, "lesson.cancelled", "FRANCAIS", "10:15", "11:10", nil), "❌ Annulé jeu. 20 nov., 9 h–11 h 10"},
		"the first":    {lesson(t, "lesson.cancelled", "FRANCAIS", "08:00", "08:55", nil), "❌ Annulé jeu. 20 nov., 8 h–10 h"},
		"lunch":        {lesson(t, "lesson.cancelled", "FRANCAIS", "11:00", "12:00", nil), "❌ Annulé jeu. 20 nov. à 9 h : français"},
		"another":      {lesson(t, "lesson.cancelled", "ANGLAIS", "10:00", "11:00", nil), "❌ Annulé jeu. 20 nov. à 9 h : français"},
		"another day":  {lesson(t, "lesson.cancelled", "FRANCAIS", "10:00", "11:00", map[string]any{"starts_at": "2025-11-21 10:00:00", "ends_at": "2025-11-21 11:00:00"}), "❌ Annulé jeu. 20 nov. à 9 h : français"},
		"without ends": {lesson(t, "lesson.cancelled", "FRANCAIS", "10:00", "11:00", map[string]any{"ends_at": nil}), "❌ Annulé jeu. 20 nov. à 9 h : français"},
	} {
		event := lesson(t, "lesson.cancelled", "FRANCAIS", "09:00", "10:00", nil)
		event.With = []Event{c.second}
		m, err := french.Message([]Event{event}, Reader{Reveal: Full})
		if got := strings.ReplaceAll(m.Title, noBreak, " "); err != nil || got != c.want {
			t.Errorf("%s: %q, %v, want %q", name, got, err, c.want)
		}
	}
}

// TestATitleThatIsTooLongIsFolded: nothing of it is lost.
func TestATitleThatIsTooLongIsFolded(t *testing.T) {
	t.Parallel()
	data := []byte(`{"now":{"subject":"PHYSIQUE-CHIMIE","starts_at":"2025-11-20 08:30:00"},"before":{"subject":"HISTOIRE-GEOGRAPHIE"},"what":["subject"]}`)
	french := New(nil, nil).In("fr")
	for child, want := range map[string]Message{
		"":           {"🔁 Jeu. 20 à 8 h 30 : physique-chimie", "remplace histoire-géo"},
		"Léa":        {"🔁 Léa · Jeu. 20 à 8 h 30 : physique-chimie", "remplace histoire-géo"},
		"Léa et Tom": {"🔁 Léa et Tom · Jeu. 20 à 8 h 30 : physique-chimie", "remplace histoire-géo"},
	} {
		now, ok := momentOf("2025-11-18 12:00:00")
		m, err := french.Message([]Event{{Kind: "lesson.replaced", Child: child, Data: data}}, Reader{Reveal: Full, Now: now.DateTime})
		got := Message{strings.ReplaceAll(m.Title, noBreak, " "), m.Body}
		if err != nil || !ok || got != want {
			t.Errorf("%q: %q, %v, want %q", child, got, err, want)
		}
	}
}
