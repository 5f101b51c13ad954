package wording_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/sync/internal/wording"
	"github.com/pronote-sync/pronote-sync/sync/internal/wording/wordingtest"
)

func at(t *testing.T, text string) civil.DateTime {
	t.Helper()
	when, err := civil.ParseDateTime(text + ":00")
	if err != nil {
		t.Fatal(err)
	}
	return when
}

func row(t *testing.T, kind string, columns map[string]any) wording.Event {
	t.Helper()
	data, err := json.Marshal(map[string]any{"now": columns})
	if err != nil {
		t.Fatal(err)
	}
	return wording.Event{Kind: kind, Data: data}
}

// answers are one of each topic, and those that have nothing to say.
func answers(t *testing.T) map[string]wording.Answer {
	thursday := at(t, "2025-11-20 00:00").Date
	lesson := func(from, to, subject string) wording.Lesson {
		return wording.Lesson{From: at(t, "2025-11-20 "+from), To: at(t, "2025-11-20 "+to), Subject: subject}
	}
	cancelled, test := lesson("08:30", "09:30", "ED.PHYSIQUE & SPORT."), lesson("09:30", "10:30", "MATHEMATIQUES")
	cancelled.Cancelled, cancelled.Status = true, "Prof. absent"
	test.Test, test.Rooms = true, "Salle 12"
	mark := func(subject string, value float64, text string) wording.Event {
		return row(t, "mark.new", map[string]any{
			"subject": subject, "value": value, "value_text": text, "out_of": 20, "title": "Contrôle n°2", "given_on": "2025-11-14", "class_average": 11.2, "comment": "En progrès",
		})
	}
	work := []wording.Work{
		{Subject: "FRANCAIS", Text: "Lire le chapitre 3\net noter les personnages", Due: thursday, Minutes: 30, Files: 2},
		{Text: "Signer le carnet", Due: thursday.AddDays(4), Done: true},
	}
	two := func(lea wording.Answered) []wording.Answered {
		lea.Name = "Léa"
		return []wording.Answered{lea, {Name: "Tom"}}
	}
	return map[string]wording.Answer{
		"marks":           {Topic: wording.AskMarks, Children: two(wording.Answered{Rows: []wording.Event{mark("MATHEMATIQUES", 14.5, "14,5"), mark("ANGLAIS LV1", 8, "8")}, Overall: 12.6})},
		"homework":        {Topic: wording.AskHomework, Children: two(wording.Answered{Work: work}), AsOf: at(t, "2025-11-12 07:10")},
		"homework of day": {Topic: wording.AskHomework, Day: thursday, Children: []wording.Answered{{Name: "Léa", Work: work[:1]}}},
		"timetable": {Topic: wording.AskTimetable, Children: two(wording.Answered{Days: []wording.TimetableDay{
			{Day: thursday, Lessons: []wording.Lesson{cancelled, test, lesson("10:30", "11:30", "")}},
		}})},
		"timetable of day": {Topic: wording.AskTimetable, Day: thursday, Children: []wording.Answered{{Days: []wording.TimetableDay{{Day: thursday}}}}},
		"absences": {Topic: wording.AskAbsences, Children: two(wording.Answered{Rows: []wording.Event{
			row(t, "absence.new", map[string]any{"starts_at": "2025-11-18 08:00:00", "ends_at": "2025-11-18 12:00:00", "to_justify": 1, "reasons": "Rendez-vous médical"}),
			row(t, "delay.new", map[string]any{"starts_at": "2025-11-14 08:00:00", "minutes": 12, "justified": 1}),
			row(t, "punishment.new", map[string]any{"nature": "Retenue", "given_on": "2025-11-13", "reasons": "Bavardages"}),
		}})},
		"menu": {Topic: wording.AskMenu, Menu: []wording.Meal{
			{Day: thursday, Dishes: []string{"Lasagnes aux légumes", "Salade"}}, {Day: thursday, Dinner: true, Dishes: []string{"Soupe"}},
		}},
		"menu of day": {Topic: wording.AskMenu, Day: thursday},
		"why": {Topic: wording.AskWhy, Why: []wording.Reason{
			{Event: mark("MATHEMATIQUES", 14.5, "14,5"), Fate: "sent", Reason: "after the quiet hours", Sent: at(t, "2025-11-18 17:30")},
			{Event: mark("SCIENCES VIE & TERRE", 9, "9"), Fate: "silent", Reason: "a typo"},
			{Event: mark("FRANCAIS", 10, "10"), Fate: "waiting"},
		}},
		"why without": {Topic: wording.AskWhy},
	}
}

func TestAnswersAreWorded(t *testing.T) {
	t.Parallel()
	for name, a := range answers(t) {
		var got strings.Builder
		for _, language := range wording.Languages {
			for _, reveal := range []wording.Reveal{wording.Full, wording.Spoiler, wording.Hint} {
				m, err := shipped.In(language).Answer(a, wording.Reader{Reveal: reveal, Now: at(t, "2025-11-18 12:00")})
				if err != nil {
					t.Fatal(err)
				}
				if n := utf8.RuneCountInString(m.Title); n > wording.MaxTitle || m.Title == "" || m.Body == "" {
					t.Errorf("%s: title of %d characters, %q", name, n, m)
				}
				if broken := wordingtest.Broken(m.Title + "\n" + m.Body); language == "fr" && broken != nil {
					t.Errorf("%s: %q", name, broken)
				}
				if reveal == wording.Hint && strings.ContainsAny(m.Body, "⟦") {
					t.Errorf("%s: a hint has a cover", name)
				}
				fmt.Fprintf(&got, "== %s, %s\n%s\n\n%s\n\n", language, reveal, wordingtest.Visible(m.Title), wordingtest.Visible(m.Body))
			}
		}
		wordingtest.Golden(t, filepath.Join("testdata", "answers", strings.ReplaceAll(name, " ", "-")+".txt"), got.String())
	}
}

func TestAnswersInHintHaveNoFigureOrReason(t *testing.T) {
	t.Parallel()
	for name, a := range answers(t) {
		for _, language := range wording.Languages {
			m, err := shipped.In(language).Answer(a, wording.Reader{Reveal: wording.Hint, Now: at(t, "2025-11-18 12:00")})
			if err != nil {
				t.Fatal(err)
			}
			for _, private := range []string{"14,5", "14.5", "12,6", "12.6", "11,2", "progrès", "médical", "Bavardages", "Retenue", "retenue"} {
				if strings.Contains(m.Title+m.Body, private) {
					t.Errorf("%s in %s has %q:\n%s\n%s", name, language, private, m.Title, m.Body)
				}
			}
		}
	}
}

// A question before the first mirror was answered by a title and nothing else.
func TestAnAnswerBeforeTheFirstMirrorSaysSo(t *testing.T) {
	t.Parallel()
	for _, language := range wording.Languages {
		for _, topic := range []wording.Topic{wording.AskMarks, wording.AskHomework, wording.AskTimetable, wording.AskAbsences} {
			m, err := wording.New(nil, nil).In(language).Answer(wording.Answer{Topic: topic}, wording.Reader{Reveal: wording.Full})
			if err != nil || m.Title == "" || m.Body == "" {
				t.Errorf("%s %s: %+v, %v", language, topic, m, err)
			}
		}
	}
}
