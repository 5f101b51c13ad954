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

var shipped = wording.New(nil, nil)

func on(day int) civil.Date { return civil.Date{Year: 2025, Month: 11, Day: day} }

func moment(day, hour, minute int) civil.DateTime {
	return civil.DateTime{Date: on(day), Hour: hour, Minute: minute}
}

type columns map[string]any

// event is one of a child, with a row.
func event(t *testing.T, kind, child string, now columns) wording.Event {
	t.Helper()
	data, err := json.Marshal(map[string]any{"now": now})
	if err != nil {
		t.Fatal(err)
	}
	return wording.Event{Kind: kind, Child: child, Data: data}
}

// tomorrow is the evening digest of two children.
func tomorrow(t *testing.T) wording.Digest {
	return wording.Digest{
		Kind: wording.Evening, Day: on(20),
		Explain: []wording.Unsettled{{Child: "Tom", From: moment(18, 8, 0), To: moment(18, 9, 0)}},
		Sign: []wording.Unsigned{
			{Child: "Tom", Kind: "punishment", Title: "Retenue", Day: moment(18, 8, 0).Date}, {Child: "Léa", Kind: "observation", Title: "Matériel oublié", Day: moment(17, 8, 0).Date},
			{Kind: "info", Title: "Règlement intérieur"},
		},
		Unread: []string{"Mme FAURELLE S.", "Mme FAURELLE S.", "M. DELMASSE É."},
		Children: []wording.Pupil{
			{
				Name: "Léa", Day: on(20), From: moment(20, 8, 30), To: moment(20, 17, 0),
				Tests: []wording.Test{{Subject: "MATHEMATIQUES", At: moment(20, 9, 30), Kind: "Contrôle", Title: "Fractions"}},
				Work: []wording.Work{
					{Subject: "FRANCAIS", Text: "Lire le chapitre 3", Due: on(20), Given: on(17), Minutes: 30, Return: "paper"},
					{Subject: "ANGLAIS LV1", Text: "Cahier p. 163, ex. 6", Due: on(20), Given: on(19), Files: 2},
				},
			}, {
				Name: "Tom", Day: on(20), From: moment(20, 8, 0), To: moment(20, 15, 0), UsualFrom: moment(20, 8, 0), UsualTo: moment(20, 17, 0),
				Changes: []wording.Event{event(t, "lesson.cancelled", "Tom", columns{
					"subject": "TECHNOLOGIE", "starts_at": "2025-11-20 15:00:00", "ends_at": "2025-11-20 17:00:00", "status": "Prof. absent", "reason": "teacher_absent", "cancelled": 1,
				})},
			},
		},
		News: []wording.Event{
			event(t, "mark.new", "Léa", columns{"subject": "SCIENCES VIE & TERRE", "value": 8.25, "value_text": "8,25", "out_of": 10, "title": "Séismes et volcans", "class_average": 6.66}),
			event(t, "observation.new", "Tom", columns{"kind": "observation", "title": "Matériel oublié", "subject": "ANGLAIS LV1", "given_on": "2025-11-18"}),
			event(t, "lesson.cancelled", "Tom", columns{
				"subject": "TECHNOLOGIE", "starts_at": "2025-11-20 15:00:00", "ends_at": "2025-11-20 17:00:00", "status": "Prof. absent", "reason": "teacher_absent", "cancelled": 1,
			}),
			event(t, "homework.new", "Léa", columns{"subject": "ANGLAIS LV1", "due_on": "2025-11-20", "description": "Cahier p. 163, ex. 6"}),
			event(t, "homework.new", "Léa", columns{"subject": "SCIENCES VIE & TERRE", "due_on": "2025-11-24", "description": "Apprendre le bilan"}),
			event(t, "homework.new", "Léa", columns{"subject": "LCA LATIN", "due_on": "2025-11-25", "description": "Traduire"}),
			event(t, "homework.new", "Tom", columns{"subject": "MATHEMATIQUES", "due_on": "2025-11-28", "description": "Ex. 3"}),
			event(t, "info.new", "", columns{"title": "Grève du jeudi 27 novembre", "author": "M. LE PROVISEUL G.", "content": "…"}),
		},
	}
}

func digests(t *testing.T) map[string]wording.Digest {
	one := tomorrow(t)
	one.Children, one.Explain, one.Sign, one.Unread, one.News = one.Children[:1], nil, nil, nil, one.News[:1]
	one.Children[0].Name, one.News[0].Child = "", ""
	quiet := wording.Digest{Kind: wording.Evening, Day: on(24), Children: []wording.Pupil{
		{Name: "Léa", Day: on(24), From: moment(24, 8, 0), To: moment(24, 17, 0)}, {Name: "Tom", Day: on(24)},
	}}
	same := tomorrow(t)
	same.News = []wording.Event{
		event(t, "homework.new", "Léa", columns{"subject": "ANGLAIS LV1", "due_on": "2025-11-24", "description": "Verbes"}),
		event(t, "homework.new", "Tom", columns{"subject": "ANGLAIS LV1", "due_on": "2025-11-24", "description": "Verbes"}),
		event(t, "mark.removed", "Tom", columns{"subject": "FRANCAIS", "value": 7.0, "value_text": "7", "out_of": 20, "title": "Dictée"}),
		event(t, "lesson.room", "Tom", columns{"subject": "", "starts_at": "2025-11-27 10:00:00", "rooms": ""}),
	}
	same.Children[1].Tests = same.Children[0].Tests
	hostile := tomorrow(t)
	hostile.Children[0].Tests[0].Title = "<b>*Fractions*</b> \u202e😈\x00\n" + strings.Repeat("é", 10_000)
	hostile.Children[0].Work[0].Text = "\ue000" + strings.Repeat("Apprendre la leçon. ", 500)
	hostile.Children[0].Name = "Léa\n<script>"
	return map[string]wording.Digest{
		"evening": tomorrow(t), "evening-one": one, "evening-nothing": quiet, "evening-shared": same, "evening-hostile": hostile,
		"morning": {Kind: wording.Morning, Day: on(20), Children: []wording.Pupil{
			{Name: "Léa", Day: on(20), From: moment(20, 8, 30), To: moment(20, 17, 0), Menu: []string{"Lasagnes aux légumes", "Salade"}, Tests: tomorrow(t).Children[0].Tests},
			{Name: "Tom", Day: on(20), From: moment(20, 8, 0), To: moment(20, 15, 0), UsualFrom: moment(20, 8, 0), UsualTo: moment(20, 17, 0), Menu: []string{"Lasagnes aux légumes", "Salade"}, Changes: tomorrow(t).Children[1].Changes},
		}},
		"week": {Kind: wording.Week, Day: on(24), Last: on(28), Children: []wording.Pupil{
			{
				Name: "Léa", Day: on(24), From: moment(24, 8, 0), To: moment(24, 17, 0), Work: []wording.Work{{Subject: "SCIENCES VIE & TERRE"}},
				Ahead: []wording.Ahead{{Day: on(24), Kind: "test", Subject: "ANGLAIS LV1"}, {Day: on(25), Kind: "homework", Subject: "LCA LATIN"}, {Day: on(27), Kind: "test", Subject: "SCIENCES VIE & TERRE"}},
				Past:  wording.Past{Marks: 6, Overall: 12.6, Before: 12.4, Lost: 120},
			}, {
				Name: "Tom", Day: on(24), From: moment(24, 9, 0), To: moment(24, 16, 0),
				Ahead: []wording.Ahead{{Day: on(25), Kind: "test", Subject: "FRANCAIS"}, {Day: on(27), Kind: "outing", Subject: "Musée", From: moment(27, 8, 0), To: moment(27, 17, 0)}, {Day: on(28), Kind: "homework", Subject: "MATHEMATIQUES"}},
				Past:  wording.Past{Marks: 2, Late: 1, LateMinutes: 5},
			},
		}, Surveys: []wording.Survey{{Title: "Voyage en Écosse", Until: civil.Date{Year: 2025, Month: 12, Day: 20}}}},
		"week-empty": {Kind: wording.Week, Day: on(24), Last: on(28), Children: []wording.Pupil{{Day: on(24), From: moment(24, 8, 0), To: moment(24, 17, 0)}}},
		"outage": {Kind: wording.Outage, Since: moment(13, 7, 10), Until: moment(19, 18, 0), Changes: 22, News: []wording.Event{
			event(t, "punishment.new", "Tom", columns{"kind": "detention", "nature": "Retenue", "given_on": "2025-11-18", "starts_at": "2025-11-28 17:00:00", "ends_at": "2025-11-28 18:00:00"}),
			event(t, "mark.new", "Léa", columns{"subject": "MATHEMATIQUES", "value": 14.5, "value_text": "14,5", "out_of": 20, "title": "Fractions"}),
		}},
		"silence": {Kind: wording.Silence, LastDay: on(11), LastEvent: event(t, "mark.new", "", columns{"subject": "MATHEMATIQUES", "value": 14.5, "value_text": "14,5", "out_of": 20})},
		"welcome": {
			Kind: wording.Welcome, Children: []wording.Pupil{{Name: "Léa", Class: "4e B", School: "Collège des Tilleuls"}, {Name: "Tom", Class: "6e A", School: "Collège des Tilleuls"}},
			Copied: wording.Copied{Marks: 79, Homework: 241, Infos: 4}, AtOnce: []string{"absence", "punishment", "lesson", "mark"}, Evening: "18:30", Quiet: [2]string{"21:30", "06:45"},
		},
	}
}

// evening is when digests are read.
func evening(reveal wording.Reveal) wording.Reader {
	return wording.Reader{Reveal: reveal, Now: moment(19, 18, 30)}
}

var reveals = []wording.Reveal{wording.Full, wording.Spoiler, wording.Hint}

func TestDigests(t *testing.T) {
	t.Parallel()
	for name, d := range digests(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			approve(t, filepath.Join("testdata", "digest", name+".txt"), name == "evening-hostile", func(l *wording.Language, to wording.Reader) (wording.Message, error) {
				if d.Kind == wording.Week {
					to.Now = moment(23, 18, 30)
				}
				return l.Digest(d, to)
			})
		})
	}
}

// approve compares a message in every language and degree of reveal with the one a
// person approved.
func approve(t *testing.T, path string, hostile bool, words func(*wording.Language, wording.Reader) (wording.Message, error)) {
	t.Helper()
	var got strings.Builder
	for _, language := range wording.Languages {
		for _, reveal := range reveals {
			m, err := words(shipped.In(language), evening(reveal))
			if err != nil {
				t.Fatalf("%s %s: %v", language, reveal, err)
			}
			text := m.Title + "\n" + m.Body
			if n := utf8.RuneCountInString(m.Title); n > wording.MaxTitle || n == 0 || strings.ContainsAny(m.Title, "\n"+wording.SpoilerStart) {
				t.Errorf("title of %d characters: %q", n, m.Title)
			}
			for _, never := range []string{"<no value>", "map[", "<nil>", "\x00", "\u202e", "\n\n\n"} {
				if strings.Contains(text, never) {
					t.Errorf("%s %s: %q in\n%s", language, reveal, never, text)
				}
			}
			if broken := wordingtest.Broken(text); language == "fr" && !hostile && len(broken) > 0 {
				t.Errorf("an ordinary space, or a straight apostrophe: %q", broken)
			}
			fmt.Fprintf(&got, "── %s %s\n%s\n%s\n", language, reveal, m.Title, m.Body)
		}
	}
	wordingtest.Golden(t, path, wordingtest.Visible(got.String()))
}
