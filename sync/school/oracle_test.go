package school

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	psync "github.com/pronote-sync/pronote-sync/sync"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
	"github.com/pronote-sync/pronote-sync/sync/internal/wording"
)

// An oracle reads what people are told as a parent does, who does not know what
// happened at the school but knows what makes no sense.
type oracle struct {
	said map[string]pronote.DateTime // what was new, and when it was told
	bare map[int64]bool              // notices that were told without their text
}

func newOracle() *oracle {
	return &oracle{said: map[string]pronote.DateTime{}, bare: map[int64]bool{}}
}

// sameAgain is for how many days nobody wants to be told the same as new.
const sameAgain = 30

// faultsOfEvent are what is absurd about an event, told at a time. An hour that is
// off, and on again, is.
func (o *oracle) faultsOfEvent(e db.Event, at pronote.DateTime) (faults []string) {
	var t mirror.Telling
	if err := json.Unmarshal(e.Data, &t); err != nil {
		return []string{err.Error()}
	}
	fault := func(what string) { faults = append(faults, what) }
	for _, language := range psync.Languages {
		text := wordedAs(language, e.Kind, t)
		for _, what := range faultsOfText(text) {
			fault(what)
		}
		if strings.HasSuffix(e.Kind, ".changed") && e.Kind != "person.changed" && hasBefore(t) && text == wordedAs(language, e.Kind, backwards(t)) {
			fault("nothing new in it")
		}
		if missing := linkWithout(t, text); missing != "" {
			fault("a link without its name " + missing)
		}
		key := fmt.Sprintf("%s %d %v %s", language, e.Student, row(t)["published_at"], text) // the same notice once more is another
		if told, again := o.said[key]; again && told != at && at.DaysSince(told.Date) < sameAgain && strings.HasSuffix(e.Kind, ".new") && e.Kind != "lesson.new" {
			fault("new again")
		}
		o.said[key] = at
		if len(faults) > 0 {
			fault("in\n" + text)
			break
		}
	}
	now := row(t)
	if tellingIsOver(t, e.Kind, now, at) {
		fault("over before it was told: " + string(e.Data))
	}
	if lacks := lacksFigure(e.Kind, now, t.Parts); lacks {
		fault("no figure: " + string(e.Data))
	}
	if strings.HasPrefix(e.Kind, "info.") || strings.HasPrefix(e.Kind, "survey.") {
		o.bare[e.Item] = now["content"] == nil
	}
	return faults
}

// wordedAs is what is said of an event alone.
func wordedAs(language, kind string, t mirror.Telling) string {
	m, err := shippedWording.In(language).Message([]wording.Event{{Kind: kind, Child: "Léa", Data: mirror.DataOf(t)}}, wording.Reader{Reveal: psync.RevealFull})
	if err != nil {
		return err.Error()
	}
	return m.Title + "\n" + m.Body
}

var absurd = map[string]*regexp.Regexp{
	"no subject":                regexp.MustCompile(`^\S+ (Léa · )?(:|pour |for |annulé|cancelled| |$)`),
	"a side of a step is empty": regexp.MustCompile(`(?m)(→ *($|,)|(^|:) *→)`),
	"a separator alone":         regexp.MustCompile(`(?m)(^·|·$|· *·|\A[^\n]*: *$)`),
	"a level that is none":      regexp.MustCompile(`(nouvelle évaluation|new evaluation)[\s\S]*Aucune évaluation`),
	"an update of what":         regexp.MustCompile(`^\S+ [^\n]*(Mis à jour|Updated)[^\n]*(\n[^\n:]*)?\n?$`),
}

// pointers are the lines that say what to do. Their arrow has one side.
var pointers = regexp.MustCompile(`(?m)^→ \p{Lu}.*$`)

// stepsOf are what stands on both sides of the arrows of a text.
func stepsOf(text string) (steps [][2]string) {
	for line := range strings.Lines(text) {
		for piece := range strings.SplitSeq(strings.TrimSpace(line), ", ") {
			if was, is, ok := strings.Cut(piece, " → "); ok {
				steps = append(steps, [2]string{was[strings.LastIndex(was, ": ")+1:], is})
			}
		}
	}
	return steps
}

// faultsOfText are what is absurd however it came about.
func faultsOfText(text string) (faults []string) {
	text = pointers.ReplaceAllString(text, "")
	for _, what := range slices.Sorted(maps.Keys(absurd)) {
		if absurd[what].MatchString(text) {
			faults = append(faults, what)
		}
	}
	for _, step := range stepsOf(text) {
		if strings.TrimSpace(step[0]) == strings.TrimSpace(step[1]) {
			faults = append(faults, "no step: "+step[0])
		}
	}
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for i, line := range lines {
		if slices.Contains(lines[:i], line) && !ours(line) {
			faults = append(faults, "the same line twice: "+line)
		}
	}
	return faults
}

// ours reports whether a line is so short that a teacher may well write it twice.
func ours(line string) bool { return len(line) < 4 }

// faultsOfMessage are what is absurd of a message as a whole.
func faultsOfMessage(title, body string) (faults []string) {
	paragraphs := strings.Split(body, "\n\n")
	for i, p := range paragraphs {
		if slices.Contains(paragraphs[:i], p) {
			faults = append(faults, "the same twice in one message: "+title+"\n"+p)
		}
	}
	if title == "" {
		faults = append(faults, "no title: "+body)
	}
	return faults
}

// hasBefore reports whether anything was there before. What a person's telephone was
// is said to nobody.
func hasBefore(t mirror.Telling) bool { return t.Before != nil || t.Parts != nil || t.Files != nil }

// backwards is a telling of what would have happened the other way round.
func backwards(t mirror.Telling) mirror.Telling {
	turned := mirror.Telling{What: t.What, Of: t.Of}
	turned.Now, turned.Before = swap(t.Now, t.Before)
	turned.Parts, turned.Files = partsBackwards(t.Parts), partsBackwards(t.Files)
	return turned
}

func partsBackwards(parts []mirror.Part) (turned []mirror.Part) {
	for _, p := range parts {
		q := mirror.Part{Kind: p.Kind, Now: p.Now, What: p.What}
		switch p.Kind {
		case mirror.Added:
			q.Kind = mirror.Removed
		case mirror.Removed:
			q.Kind = mirror.Added
		default:
			q.Now, q.Before = swap(p.Now, p.Before)
		}
		turned = append(turned, q)
	}
	return turned
}

// swap takes the columns that changed for those that are now, and the other way
// round.
func swap(now, before json.RawMessage) (was, is json.RawMessage) {
	row, old := decoded(now), decoded(before)
	if len(old) == 0 {
		return now, before
	}
	later := map[string]any{}
	for column, value := range old {
		later[column], row[column] = row[column], value
	}
	return mirror.DataOf(row), mirror.DataOf(later)
}

func decoded(text json.RawMessage) map[string]any {
	row := map[string]any{}
	_ = json.Unmarshal(text, &row) // nothing is no row
	return row
}

func row(t mirror.Telling) map[string]any { return decoded(t.Now) }

// linkWithout is a link that came and that the text does not name.
func linkWithout(t mirror.Telling, text string) string {
	named := 0
	for _, p := range slices.Concat(t.Parts, t.Files) {
		row := decoded(p.Now)
		name, _ := row["name"].(string)
		url, _ := row["url"].(string)
		if named++; named > 3 || p.Kind == mirror.Removed || row["kind"] != "link" { // a message names three
			continue
		}
		if start := []rune(cmp.Or(name, url)); len(start) > 0 && !strings.Contains(text, string(start[:min(20, len(start))])) {
			return string(start)
		}
	}
	return ""
}

// tellingIsOver reports whether nobody can act on an event any more.
func tellingIsOver(t mirror.Telling, kind string, now map[string]any, at pronote.DateTime) bool {
	family, _, _ := strings.Cut(kind, ".")
	before := decoded(t.Before)
	text := func(row map[string]any, column string) string { s, _ := row[column].(string); return s }
	switch family {
	case "lesson":
		last := max(text(now, "ends_at"), text(now, "starts_at"), text(before, "starts_at"))
		return last != "" && last <= at.String()
	case "day":
		return text(now, "day") < at.Date.String()
	case "homework":
		last := max(text(now, "due_on"), text(before, "due_on"))
		return last < at.Date.String() || last == at.Date.String() && at.Hour >= 17
	case "menu":
		monday, _ := pronote.ParseDate(text(now, "from"))
		return monday.AddDays(6).Compare(at.Date) < 0
	}
	return false
}

// lacksFigure reports whether an event that is a figure has none.
func lacksFigure(kind string, now map[string]any, parts []mirror.Part) bool {
	switch kind {
	case "mark.new", "mark.removed":
		return now["value_text"] == ""
	case "average.changed":
		return now["student_average"] == nil
	case "evaluation.new":
		return !slices.ContainsFunc(parts, func(p mirror.Part) bool {
			row := decoded(p.Now)
			return row["abbreviation"] != "" || row["level_kind"] != nil
		})
	}
	return false
}

// silent are the reasons for which nobody is told of an event.
var silent = []string{
	db.MinorTypo, db.MinorPrefix, db.MinorDrift, db.MinorNoLevel, db.MinorNothing, db.MinorEnded, db.MinorSame, db.MinorTold, db.MinorOver,
}

// faultsOfWeight are what is absurd about when an event matters, and about what belongs
// to it.
func faultsOfWeight(e db.Event, at pronote.DateTime) (faults []string) {
	family, _, _ := strings.Cut(e.Kind, ".")
	hasDay := slices.Contains([]string{"lesson", "day", "homework", "agenda", "absence", "delay", "menu"}, family)
	for what, is := range map[string]bool{
		"no row":                   e.Item == 0 && family != "day" && family != "menu",
		"no day":                   e.Day.IsZero() && hasDay,
		"over when it was noticed": !e.Over.IsZero() && (e.Over.Compare(at) <= 0) != (e.Minor == db.MinorOver),
		"no end":                   e.Over.IsZero() && hasDay && family != "absence" && family != "delay",
		"no cause":                 e.Cause == "" && (slices.Contains([]string{"day", "punishment", "message"}, family) || family == "lesson" && e.Kind != "lesson.test"),
	} {
		if is {
			faults = append(faults, what)
		}
	}
	return faults
}

// read lets the oracle of a year judge an event.
func (y *year) read(e db.Event) {
	faults := faultsOfWeight(e, y.school.Now())
	if !slices.Contains(silent, e.Minor) {
		faults = append(faults, y.oracle.faultsOfEvent(e, y.school.Now())...)
	}
	if len(faults) > 0 {
		y.absurd++
		y.t.Errorf("%s: %s, absurd: %s", y.school.Now(), e.Kind, strings.Join(faults, "; "))
	}
}

// readMessages lets it judge the messages that are due, and whether each notice that
// was a bare title has got its text once somebody had opened it.
func (y *year) readMessages() {
	y.deliver()
	for _, m := range y.inbox.take() {
		y.messages++
		if faults := faultsOfMessage(m.Title, m.Body); len(faults) > 0 {
			y.absurd++
			y.t.Errorf("%s: absurd: %s", y.school.Now(), strings.Join(faults, "; "))
		}
	}
	owners := y.owners()
	err := y.store.View(y.t.Context(), func(tx *db.Tx) error {
		for _, owner := range owners {
			rows, err := db.Infos.Load(y.t.Context(), tx, owner.ID, db.Span{})
			if err != nil {
				return err
			}
			for _, row := range rows {
				if row.Value.Opened && row.Value.Content != "" && y.oracle.bare[row.ID] {
					y.absurd++
					y.t.Errorf("%s: the text of %q was never sent", y.school.Now(), row.Value.Title)
				}
			}
		}
		return nil
	})
	if err != nil {
		y.t.Fatal(err)
	}
}

// TestTheOracleKnowsWhatIsAbsurd tries it on what people were once told.
func TestTheOracleKnowsWhatIsAbsurd(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"📚 Léa ·  pour mardi 18 novembre\nLire":                                  "no subject",
		"📊 Léa · : 12/20\nContrôle":                                              "no subject",
		"📈 Léa · MATHS : 12 →\nTrimestre 1":                                      "a side of a step is empty",
		"✏️ Léa · ANGLAIS : B → B\nOral":                                         "no step",
		"✏️ Léa · ANGLAIS : A → A+, B → B, Nr\nOral":                             "no step",
		"🎯 Léa · SVT : nouvelle évaluation\n- Conclure : Aucune évaluation":      "a level that is none",
		"🗳️ Sondage\nsondage\nsondage":                                           "the same line twice",
		"📕 Léa · Avertissement\n· Mme FAURELLE S.":                               "a separator alone",
		"✉️ Léa · Mis à jour : Réunion\nM. DELMASSE":                             "an update of what",
		"📊 Léa · MATHS : 12/20\nContrôle n°2\nmoyenne de la matière : 12 → 12,5": "",
		"✉️ Mis à jour : Réunion\najouté : nouvelle salle\nM. DELMASSE":          "",
		"✉️ Léa · Portes ouvertes\nM. DELMASSE\n→ À lire dans PRONOTE":           "",
		"📈 Léa · MATHS\n→ 12":                                                    "a side of a step is empty",
	} {
		got := strings.Join(faultsOfText(text), ", ")
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s:\nfaults %q, want %q", text, got, want)
		}
	}
	homework := pronote.Homework{Subject: "SVT", DueOn: november.Date, Description: "Lire"}
	late, shorter := pronote.DateTime{Date: november.Date, Hour: 21}, homework
	shorter.HTML = "<p>Lire</p>"
	twice := mirror.TellingOf(db.Homework, mirror.Change[pronote.Homework]{Kind: mirror.Changed, Old: homework, New: shorter}).Event("homework.changed", db.Owner{Student: 1})
	got := strings.Join(newOracle().faultsOfEvent(twice, late), ", ")
	for _, want := range []string{"over before it was told", "nothing new in it"} {
		if !strings.Contains(got, want) {
			t.Errorf("faults %q, want %q", got, want)
		}
	}
	link := mirror.Telling{Now: db.Homework.JSON(homework), Parts: []mirror.Part{{Kind: mirror.Added, Now: mirror.DataOf(map[string]any{"name": "Tutoriel", "kind": "link", "url": "https://example.org/x"})}}}
	if linkWithout(link, "📎 Énoncé") == "" || linkWithout(link, "📎 Tutoriel") != "" {
		t.Error("a link that is not named is not found")
	}
	o, again := newOracle(), mirror.TellingOf(db.Homework, mirror.Change[pronote.Homework]{Kind: mirror.Added, New: homework}).Event("homework.new", db.Owner{Student: 1})
	early := pronote.DateTime{Date: november.AddDays(-1), Hour: 8}
	if first, second := o.faultsOfEvent(again, early), o.faultsOfEvent(again, pronote.DateTime{Date: early.Date, Hour: 9}); first != nil || second == nil {
		t.Errorf("faults %q of the first, %q of the same again", first, second)
	}
	if faults := faultsOfMessage("🔔 2 travaux", "📚 A\nLire\n\n📚 A\nLire"); faults == nil {
		t.Error("the same twice in one message is not found")
	}
}
