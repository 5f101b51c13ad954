package school

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	psync "github.com/pronote-sync/pronote-sync/sync"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
	"github.com/pronote-sync/pronote-sync/sync/internal/wording"
	"github.com/pronote-sync/pronote-sync/sync/internal/wording/wordingtest"
)

// shippedWording is that of the program alone.
var shippedWording = psync.NewWording(nil, nil)

var (
	mark = pronote.Mark{
		Year: "2025-2026", Period: "Trimestre 1", Subject: "MATHEMATIQUES", GivenOn: pronote.Date{Year: 2025, Month: 11, Day: 14},
		Title: "Contrôle n°2 <fractions> & cie", Comment: "En progrès", Score: pronote.ParseScore("14,50"), OutOf: pronote.Num(20), Coefficient: pronote.Num(2),
		ClassAverage: pronote.Num(11.2), ClassMin: pronote.Num(4), ClassMax: pronote.Num(19),
	}
	absent   = pronote.Mark{Subject: "ANGLAIS LV1", GivenOn: pronote.Date{Year: 2025, Month: 12, Day: 1}, Score: pronote.ParseScore("|1"), OutOf: pronote.Num(20)}
	average  = pronote.Average{Year: "2025-2026", Period: "Trimestre 1", Subject: "MATHEMATIQUES", Student: pronote.Num(13.25), ClassAverage: pronote.Num(11.8)}
	overall  = pronote.Average{Year: "2025-2026", Period: "Trimestre 1", Student: pronote.Num(13.4)}
	exercise = pronote.Homework{
		Subject: "FRANCAIS", GivenOn: pronote.Date{Year: 2025, Month: 11, Day: 17}, DueOn: pronote.Date{Year: 2025, Month: 11, Day: 20},
		Description: "Lire le chapitre 3\n- noter les personnages", HTML: "<p>…</p>", Minutes: 30, Return: "paper",
	}
	lunch   = pronote.Dish{Date: pronote.Date{Year: 2025, Month: 11, Day: 17}, Meal: "lunch", Course: "main", Name: "Poulet rôti"}
	dessert = pronote.Dish{Date: pronote.Date{Year: 2025, Month: 11, Day: 18}, Meal: "lunch", Course: "dessert", Name: "Riz au lait"}
	away    = pronote.Absence{
		StartsAt: pronote.DateTime{Date: pronote.Date{Year: 2025, Month: 11, Day: 18}, Hour: 8},
		EndsAt:   pronote.DateTime{Date: pronote.Date{Year: 2025, Month: 11, Day: 18}, Hour: 10}, Open: true, ToJustify: true, Hours: pronote.Num(2),
	}
	late      = pronote.Delay{StartsAt: pronote.DateTime{Date: pronote.Date{Year: 2025, Month: 11, Day: 18}, Hour: 8}, Minutes: 12, ToJustify: true}
	detention = pronote.Punishment{
		Kind: "detention", Nature: "Retenue", GivenOn: pronote.Date{Year: 2025, Month: 11, Day: 18}, Giver: "Mme FAURELLE S.",
		Reasons: []string{"Bavardages", "Insolence"}, Circumstances: "Bavardages répétés", Homework: "Recopier la leçon", Minutes: 60,
		Detentions: []pronote.Detention{{
			HeldOn:   pronote.Date{Year: 2025, Month: 11, Day: 26},
			StartsAt: pronote.DateTime{Date: pronote.Date{Year: 2025, Month: 11, Day: 26}, Hour: 13}, Minutes: 60, State: "scheduled",
		}},
	}
	forgotten = pronote.Observation{
		Kind: "observation", Title: "Matériel oublié", GivenOn: pronote.Date{Year: 2025, Month: 11, Day: 18},
		Subject: "ANGLAIS LV1", Giver: "Mme FAURELLE S.", Comment: "Cahier oublié",
	}
	canteen = pronote.Wallet{
		Label: "Restauration", Hint: "Tarif du repas : 4,15 €", Balance: pronote.Num(8.3), BalanceText: "8,30 €",
		BalanceHint: "Solde au 18/11/2025", Warning: true,
	}
	letter = pronote.Message{
		SentAt: pronote.DateTime{Date: pronote.Date{Year: 2025, Month: 11, Day: 17}, Hour: 17, Minute: 5, Second: 12},
		Author: "Mme FAURELLE S.", Role: "Professeur", Recipient: "Moi", People: 1,
		Content: "Bonjour,\nJe souhaiterais vous rencontrer jeudi.\n" + strings.Repeat("Nous parlerions des progrès. ", 20),
	}
	meeting = pronote.Info{
		Title: "Réunion de rentrée", Author: "M. DELMASSE É.", Category: "Divers", Opened: true, Content: "Rendez-vous à 18 h.", HTML: "<p>…</p>",
		PublishedAt: pronote.DateTime{Date: pronote.Date{Year: 2025, Month: 9, Day: 2}, Hour: 10, Minute: 12},
		EndsOn:      pronote.Date{Year: 2025, Month: 9, Day: 20},
	}
)

// furtherTellings are in files of their own, which add them with alsoTold.
var furtherTellings []func() map[string]db.Event

func alsoTold(further func() map[string]db.Event) bool {
	furtherTellings = append(furtherTellings, further)
	return true
}

// tellings are one event of each kind, and those whose wording has branches.
func tellings() map[string]db.Event {
	owner := db.Owner{Student: 1}
	with := func(m pronote.Mark, edit func(*pronote.Mark)) pronote.Mark { edit(&m); return m }
	message := mirror.TellingOf(db.Messages, mirror.Change[db.Part[pronote.Message]]{Kind: mirror.Added, New: db.Part[pronote.Message]{Value: letter}})
	message.Of = db.Discussions.JSON(pronote.Discussion{Subject: "Rendez-vous"}, "subject")
	later := exercise
	later.DueOn.Day = 21
	longer := exercise
	longer.Description += "\n- relire"
	survey, renamed := meeting, meeting
	survey.Survey, renamed.Title = true, "Réunion de rentrée : nouvelle salle"
	before := 12.8
	told := mirror.TellingOf(db.Marks, mirror.Change[pronote.Mark]{Kind: mirror.Added, New: mark})
	told.Average = &mirror.Step{Before: &before, After: 13.25}
	facts := map[string]any{"account": "lea", "since": "2025-11-18 07:10:00", "until": "2025-11-18 19:00:00"}
	upgrade := func(newer bool) map[string]any {
		return map[string]any{"account": "lea", "from": "2026.2.5", "to": "2026.3.1", "newer": newer}
	}
	because := func(reason string) map[string]any {
		with := map[string]any{"reason": reason}
		for k, v := range facts {
			with[k] = v
		}
		return with
	}
	closed, excused := away, away
	closed.Open, closed.EndsAt.Hour, closed.Hours = false, 12, pronote.Num(4)
	excused = closed
	excused.Justified, excused.ToJustify, excused.Reasons = true, false, []string{"Maladie avec certificat"}
	lengthened, begun := closed, closed
	begun.StartsAt.Date.Day = 17
	lengthened.StartsAt.Hour, lengthened.EndsAt = 9, pronote.DateTime{Date: pronote.Date{Year: 2025, Month: 11, Day: 19}, Hour: 17}
	excusedDelay := late
	excusedDelay.Minutes, excusedDelay.Justified, excusedDelay.Reasons = 20, true, []string{"Transport"}
	reworded, measure, amended := detention, detention, forgotten
	reworded.Circumstances, amended.Comment = "Bavardages et insolence", "Cahier et livre oubliés"
	measure.Kind, measure.Nature, measure.Circumstances, measure.Comment = "measure", "", "", "Dans l'attente de la commission"
	measure.StartsAt = pronote.DateTime{Date: measure.GivenOn, Hour: 8}
	measure.EndsAt = pronote.DateTime{Date: measure.GivenOn.AddDays(2), Hour: 17}
	reported := mirror.TellingOf(db.Punishments, mirror.Change[pronote.Punishment]{Kind: mirror.Added, New: measure})
	reported.Files = mirror.PartsOf(db.Attachments, []mirror.Change[db.Part[pronote.Attachment]]{{Kind: mirror.Added, New: fileNamed("rapport.pdf")}})[0]
	exempted := pronote.Observation{Kind: "exemption", Subject: "ED.PHYSIQUE & SPORT.", GivenOn: measure.GivenOn, StartsAt: measure.StartsAt, EndsAt: measure.EndsAt}
	punished := mirror.TellingOf(db.Punishments, mirror.Change[pronote.Punishment]{Kind: mirror.Added, New: detention})
	first, other := detention.Detentions[0], detention.Detentions[0]
	other.HeldOn, other.StartsAt = other.HeldOn.AddDays(7), pronote.DateTime{Date: other.HeldOn.AddDays(7), Hour: 16, Minute: 30}
	part := func(kind mirror.Kind, old, now pronote.Detention) mirror.Change[db.Part[pronote.Detention]] {
		return mirror.Change[db.Part[pronote.Detention]]{Kind: kind, Old: db.Part[pronote.Detention]{Value: old}, New: db.Part[pronote.Detention]{Value: now}}
	}
	punished.Parts = mirror.PartsOf(db.Detentions, []mirror.Change[db.Part[pronote.Detention]]{part(mirror.Added, pronote.Detention{}, first), part(mirror.Added, pronote.Detention{}, pronote.Detention{HeldOn: other.HeldOn})})[0]
	moved := mirror.Telling{Now: db.Punishments.JSON(detention)}
	moved.Parts = mirror.PartsOf(db.Detentions, []mirror.Change[db.Part[pronote.Detention]]{part(mirror.Changed, first, other), part(mirror.Removed, first, pronote.Detention{})})[0]
	events := map[string]db.Event{
		"mark.new":               told.Event("mark.new", owner),
		"mark.new absent":        mirror.TellingOf(db.Marks, mirror.Change[pronote.Mark]{Kind: mirror.Added, New: absent}).Event("mark.new", owner),
		"mark.changed":           markChange(mark, with(mark, func(m *pronote.Mark) { m.Score = pronote.ParseScore("15") })),
		"mark.changed to mark":   markChange(absent, with(absent, func(m *pronote.Mark) { m.Score = pronote.ParseScore("11") })),
		"mark.changed title":     markChange(mark, with(mark, func(m *pronote.Mark) { m.Title, m.Coefficient = "Fractions", pronote.Num(1) })),
		"mark.changed scale":     markChange(mark, with(mark, func(m *pronote.Mark) { m.OutOf, m.GivenOn.Day = pronote.Num(40), 15 })),
		"mark.removed":           mirror.TellingOf(db.Marks, mirror.Change[pronote.Mark]{Kind: mirror.Removed, Old: mark}).Event("mark.removed", owner),
		"average.changed":        mirror.TellingOf(db.Averages, mirror.Change[pronote.Average]{Kind: mirror.Changed, Old: overall, New: average}).Event("average.changed", owner),
		"average.changed first":  mirror.TellingOf(db.Averages, mirror.Change[pronote.Average]{Kind: mirror.Added, New: overall}).Event("average.changed", owner),
		"homework.new":           mirror.TellingOf(db.Homework, mirror.Change[pronote.Homework]{Kind: mirror.Added, New: exercise}).Event("homework.new", owner),
		"homework.changed day":   mirror.TellingOf(db.Homework, mirror.Change[pronote.Homework]{Kind: mirror.Changed, Old: exercise, New: later}).Event("homework.changed", owner),
		"homework.changed text":  mirror.TellingOf(db.Homework, mirror.Change[pronote.Homework]{Kind: mirror.Changed, Old: exercise, New: longer}).Event("homework.changed", owner),
		"homework.changed files": attachedHomework(exercise),
		"homework.removed":       mirror.TellingOf(db.Homework, mirror.Change[pronote.Homework]{Kind: mirror.Removed, Old: exercise}).Event("homework.removed", owner),
		"info.new":               mirror.TellingOf(db.Infos, mirror.Change[pronote.Info]{Kind: mirror.Added, New: meeting}).Event("info.new", owner),
		"survey.new":             mirror.TellingOf(db.Infos, mirror.Change[pronote.Info]{Kind: mirror.Added, New: survey}).Event("survey.new", owner),
		"info.changed":           mirror.TellingOf(db.Infos, mirror.Change[pronote.Info]{Kind: mirror.Changed, Old: meeting, New: renamed}).Event("info.changed", owner),
		"menu.new":               weekEvent([]pronote.Dish{lunch, dessert}, lunch.Date, owner),
		"wallet.low":             mirror.TellingOf(db.Wallets, mirror.Change[pronote.Wallet]{Kind: mirror.Added, New: canteen}).Event("wallet.low", owner),
		"wallet.low bare":        mirror.TellingOf(db.Wallets, mirror.Change[pronote.Wallet]{Kind: mirror.Added, New: pronote.Wallet{BalanceText: "-3,20 €"}}).Event("wallet.low", owner),
		"message.new":            message.Event("message.new", owner),
		"person.changed":         personChange(),
		"system.mirrored":        mirror.FactsEvent("system.mirrored", 0, map[string]any{"marks": 42, "homework": 128, "infos": 7}),
		"system.banned":          mirror.FactsEvent("system.banned", 0, facts),
		"system.token_lost":      mirror.FactsEvent("system.token_lost", 0, facts),
		"system.recovered":       mirror.FactsEvent("system.recovered", 0, facts),
		"system.child_joined":    mirror.FactsEvent("system.child_joined", 0, map[string]any{"account": "famille", "student": "Léa", "class": "6A"}),
		"system.child_left":      mirror.FactsEvent("system.child_left", 0, map[string]any{"account": "famille", "student": "Léa"}),
		"system.upgraded":        mirror.FactsEvent("system.upgraded", 0, upgrade(false)),
		"system.undelivered": mirror.FactsEvent("system.undelivered", 0, map[string]any{
			"account": "lea", "recipient": "maman", "channel": "telegram", "events": 3, "error": "telegram refuses the token",
		}),
		"system.upgraded newer": mirror.FactsEvent("system.upgraded", 0, upgrade(true)),

		"absence.new":               mirror.TellingOf(db.Absences, mirror.Change[pronote.Absence]{Kind: mirror.Added, New: away}).Event("absence.new", owner),
		"absence.new planned":       mirror.TellingOf(db.Absences, mirror.Change[pronote.Absence]{Kind: mirror.Added, New: excused}).Event("absence.new", owner),
		"absence.changed justified": mirror.TellingOf(db.Absences, mirror.Change[pronote.Absence]{Kind: mirror.Changed, Old: closed, New: excused}).Event("absence.changed", owner),
		"absence.changed over":      mirror.TellingOf(db.Absences, mirror.Change[pronote.Absence]{Kind: mirror.Changed, Old: away, New: closed}).Event("absence.changed", owner),
		"absence.changed times":     mirror.TellingOf(db.Absences, mirror.Change[pronote.Absence]{Kind: mirror.Changed, Old: closed, New: lengthened}).Event("absence.changed", owner),
		"absence.changed start":     mirror.TellingOf(db.Absences, mirror.Change[pronote.Absence]{Kind: mirror.Changed, Old: closed, New: begun}).Event("absence.changed", owner),
		"absence.removed":           mirror.TellingOf(db.Absences, mirror.Change[pronote.Absence]{Kind: mirror.Removed, Old: closed}).Event("absence.removed", owner),
		"delay.removed":             mirror.TellingOf(db.Delays, mirror.Change[pronote.Delay]{Kind: mirror.Removed, Old: late}).Event("delay.removed", owner),
		"punishment.removed":        mirror.TellingOf(db.Punishments, mirror.Change[pronote.Punishment]{Kind: mirror.Removed, Old: detention}).Event("punishment.removed", owner),
		"observation.removed":       mirror.TellingOf(db.Observations, mirror.Change[pronote.Observation]{Kind: mirror.Removed, Old: forgotten}).Event("observation.removed", owner),
		"delay.new":                 mirror.TellingOf(db.Delays, mirror.Change[pronote.Delay]{Kind: mirror.Added, New: late}).Event("delay.new", owner),
		"delay.changed":             mirror.TellingOf(db.Delays, mirror.Change[pronote.Delay]{Kind: mirror.Changed, Old: late, New: excusedDelay}).Event("delay.changed", owner),
		"punishment.new":            punished.Event("punishment.new", owner),
		"punishment.new measure":    reported.Event("punishment.new", owner),
		"punishment.changed text":   mirror.TellingOf(db.Punishments, mirror.Change[pronote.Punishment]{Kind: mirror.Changed, Old: detention, New: reworded}).Event("punishment.changed", owner),
		"punishment.changed date":   moved.Event("punishment.changed", owner),
		"observation.new":           mirror.TellingOf(db.Observations, mirror.Change[pronote.Observation]{Kind: mirror.Added, New: forgotten}).Event("observation.new", owner),
		"observation.new exemption": mirror.TellingOf(db.Observations, mirror.Change[pronote.Observation]{Kind: mirror.Added, New: exempted}).Event("observation.new", owner),
		"observation.changed":       mirror.TellingOf(db.Observations, mirror.Change[pronote.Observation]{Kind: mirror.Changed, Old: forgotten, New: amended}).Event("observation.changed", owner),
	}
	for _, further := range furtherTellings {
		maps.Copy(events, further())
	}
	for _, reason := range []string{"credentials", "second_factor", "device", "pin", "protection", "new_password", "access", "portal", "ent", "version", "not_family", "qr_code", "other"} {
		events["system.login_refused "+reason] = mirror.FactsEvent("system.login_refused", 0, because(reason))
	}
	for _, school := range []string{"", "2025-11-18 07:12:00"} {
		name := "system.clock"
		if school != "" {
			name += " heard"
		}
		events[name] = mirror.FactsEvent("system.clock", 0, map[string]any{"shows": "1970-01-01 01:04:00", "school": school})
	}
	for _, reason := range []string{"full", "damaged", "disk", "read_only"} {
		events["system.database "+reason] = mirror.FactsEvent("system.database", 0, map[string]any{"reason": reason})
	}
	for _, reason := range []string{"full", "folder"} {
		events["system.backup "+reason] = mirror.FactsEvent("system.backup", 0, map[string]any{"reason": reason})
	}
	for _, reason := range []string{"closed", "busy", "not_pronote", "unreadable", "network", "elsewhere", "ent", "refused"} {
		events["system.unreachable "+reason] = mirror.FactsEvent("system.unreachable", 0, because(reason))
	}
	return events
}

func personChange() db.Event {
	before := pronote.Person{Name: "Mme MARTIN Sylvie", Kind: "parent", Address: "4 allée des Glycines", City: "Villeneuve", Phone: "+33 639980112"}
	after := before
	after.Address, after.City, after.Phone = "17 bis rue des Champs-Ronds", "Saint-Aubin-lès-Prés", "+33 639980113"
	t := mirror.Telling{Now: db.Persons.JSON(after, "name", "kind"), What: db.Persons.Differences(before, after)}
	return t.Event("person.changed", db.Owner{Student: 1})
}

func markChange(before, after pronote.Mark) db.Event {
	return mirror.TellingOf(db.Marks, mirror.Change[pronote.Mark]{Kind: mirror.Changed, Old: before, New: after}).Event("mark.changed", db.Owner{Student: 1})
}

// TestWording compares every message in every language and degree of reveal
// with the one a person approved.
func TestWording(t *testing.T) {
	t.Parallel()
	kinds := map[string]bool{}
	for name, event := range tellings() {
		kinds[event.Kind] = true
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got strings.Builder
			for _, language := range psync.Languages {
				for _, reads := range readings(event.Kind) {
					reveal := reads.to.Reveal
					m, err := shippedWording.In(language).Message([]wording.Event{{Kind: event.Kind, Child: reads.child, Data: event.Data}}, reads.to)
					if err != nil {
						t.Fatalf("%s %s: %v", language, reads.name, err)
					}
					if n := len([]rune(m.Title)); n > wording.MaxTitle || n == 0 || strings.Contains(m.Title, "\n") {
						t.Errorf("title of %d characters: %q", n, m.Title)
					}
					for _, never := range []string{"<no value>", "undefined", "null", "map[", "<nil>", "NaN", "\n\n"} {
						if strings.Contains(m.Title+"\n"+m.Body, never) {
							t.Errorf("%s %s: message contains %q:\n%s", language, reveal, never, m.Body)
						}
					}
					if reveal == psync.RevealHint && strings.HasPrefix(event.Kind, "mark") && strings.Contains(m.Title+m.Body, "14") && !strings.Contains(m.Body, "14 ") {
						t.Errorf("%s: a hint gives the mark away:\n%s\n%s", language, m.Title, m.Body)
					}
					checkStyle(t, language, reads, event, m)
					fmt.Fprintf(&got, "── %s %s\n%s\n%s\n", language, reads.name, m.Title, m.Body)
				}
			}
			wordingtest.Golden(t, filepath.Join("testdata", "wording", strings.ReplaceAll(name, " ", "-")+".txt"), wordingtest.Visible(got.String()))
		})
	}
	for _, kind := range Domains().EventKinds() {
		if !kinds[kind] {
			t.Errorf("no message of kind %s is tested", kind)
		}
	}
}

// tuesday reads messages on 18 November 2025.
func tuesday(reveal psync.Reveal) wording.Reader {
	return wording.Reader{Reveal: reveal, Now: civil.DateTime{Date: civil.Date{Year: 2025, Month: 11, Day: 18}, Hour: 12}}
}

// commands and tools are what only whoever runs the program reads of it; nobody reads that
// a program is one of us.
var (
	commands = regexp.MustCompile(`pronote-sync|config\.toml|fingerprint|ca_file`)
	tools    = regexp.MustCompile(`(?i)\b(nous|notre|vous|votre|jeton|base|requête|configuration|token|database|request|we|us|our)\b`)
)

// checkStyle holds a message to what all have in common.
func checkStyle(t *testing.T, language string, reads reading, event db.Event, m wording.Message) {
	t.Helper()
	text := m.Title + "\n" + m.Body
	if n := strings.Count(m.Body, "\n") + 1; n > 6 && !strings.HasPrefix(event.Kind, "report.") {
		t.Errorf("%s %s: body of %d lines:\n%s", language, reads.name, n, m.Body)
	}
	if i := strings.Index("\n"+m.Body, "\n→ "); i >= 0 && strings.Contains(m.Body[i:], "\n") {
		t.Errorf("%s %s: what to do is not the last line:\n%s", language, reads.name, m.Body)
	}
	if strings.HasPrefix(event.Kind, "system.") && !reads.to.Admin && (commands.MatchString(text) || tools.MatchString(text)) {
		t.Errorf("%s %s: a word that is not for everybody:\n%s", language, reads.name, text)
	}
	if language == "fr" {
		if broken := wordingtest.Broken(text, textsOf(event)...); len(broken) > 0 {
			t.Errorf("%s: %q, in\n%s", reads.name, broken, text)
		}
	}
}

// textsOf are the texts of an event's data, and their lines.
func textsOf(event db.Event) (texts []string) {
	var data any
	if err := json.Unmarshal(event.Data, &data); err != nil {
		return nil
	}
	var find func(any)
	find = func(value any) {
		switch v := value.(type) {
		case string:
			texts = append(texts, strings.Split(v, "\n")...)
		case map[string]any:
			for _, inner := range v {
				find(inner)
			}
		case []any:
			for _, inner := range v {
				find(inner)
			}
		}
	}
	find(data)
	texts = slices.DeleteFunc(texts, func(text string) bool { return len(text) < 4 })
	slices.SortFunc(texts, func(a, b string) int { return len(b) - len(a) })
	return texts
}

// A reading is how a message is read.
type reading struct {
	name, child string
	to          wording.Reader
}

// readings are those of an event: in each degree of reveal; and what the program says of
// itself by the household, and by whoever runs it.
func readings(kind string) (list []reading) {
	if strings.HasPrefix(kind, "system.") {
		admin := tuesday(psync.RevealFull)
		admin.Admin = true
		return []reading{{"house", "", tuesday(psync.RevealHint)}, {"admin", "", admin}}
	}
	for _, reveal := range []psync.Reveal{psync.RevealFull, psync.RevealSpoiler, psync.RevealHint} {
		list = append(list, reading{string(reveal), "Léa", tuesday(reveal)})
	}
	return list
}

func TestLongTitlesAreWholeInAGroup(t *testing.T) {
	t.Parallel()
	long := exercise
	long.Subject = strings.Repeat("HISTOIRE-GEOGRAPHIE ", 5)
	other := long
	other.Description = "Apprendre la carte"
	var batch []wording.Event
	for _, h := range []pronote.Homework{long, other} {
		event := mirror.TellingOf(db.Homework, mirror.Change[pronote.Homework]{Kind: mirror.Added, New: h}).Event("homework.new", db.Owner{Student: 1})
		batch = append(batch, wording.Event{Kind: event.Kind, Data: event.Data})
	}
	m, err := shippedWording.In("fr").Message(batch, tuesday(psync.RevealFull))
	if err != nil || strings.Count(m.Body, "Pour jeu. 20") != 2 {
		t.Errorf("the group says, with error %v:\n%s", err, m.Body)
	}
}

func TestAnEventThatCannotBeWordedHoldsNothingUp(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		for _, data := range []string{`{}`, `{"now":{"coefficient":"trois","value":"x","out_of":{"a":1}}}`, `{"now":{"title":"{{template \"mark.new\"}}"}}`} {
			w.tell(db.Event{Kind: "mark.new", Data: json.RawMessage(data)})
		}
		w.tell(db.Event{Kind: "mark.unheard_of", Data: json.RawMessage(`{}`)})
		w.school.Do(maths(w.school.Pupil(), "12"))
		if got := w.told(); len(got) == 0 || !strings.Contains(got[len(got)-1], "4 mark.new ") {
			t.Errorf("told %q, want the new mark at the end", got)
		}
		if _, pending, failed := w.counts(); pending != 0 || failed == 0 {
			t.Errorf("%d pending, %d failed, want the broken ones failed", pending, failed)
		}
	})
}

// attachedHomework is homework of which one file came and another went.
func fileNamed(name string) db.Part[pronote.Attachment] {
	return db.Part[pronote.Attachment]{Value: pronote.Attachment{Name: name, Kind: "file", Role: "document"}}
}

func attachedHomework(h pronote.Homework) db.Event {
	t := mirror.Telling{Now: db.Homework.JSON(h)}
	t.Parts = mirror.PartsOf(db.Attachments, []mirror.Change[db.Part[pronote.Attachment]]{{Kind: mirror.Added, New: fileNamed("fiche.pdf")}, {Kind: mirror.Removed, Old: fileNamed("brouillon.pdf")}})[0]
	return t.Event("homework.changed", db.Owner{Student: 1})
}

// TestSamplesOfEvents holds the events on which a person's templates are rehearsed
// to those that there are.
func TestSamplesOfEvents(t *testing.T) {
	t.Parallel()
	samples := map[string]json.RawMessage{}
	all := tellings()
	for _, name := range slices.Sorted(maps.Keys(all)) { // the first name of a kind is the kind alone, where there is one
		if event := all[name]; samples[event.Kind] == nil {
			samples[event.Kind] = event.Data
		}
	}
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "\t")
	if err := encoder.Encode(samples); err != nil {
		t.Fatal(err)
	}
	wordingtest.Golden(t, filepath.Join("..", "internal", "wording", "samples.json"), text.String())
}
