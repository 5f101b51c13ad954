package sync

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/sync/internal/phrase"
)

// Reveal says how much of a mark a message shows.
type Reveal string

// The three degrees.
const (
	RevealFull    Reveal = "full"    // the mark
	RevealSpoiler Reveal = "spoiler" // the mark, hidden until it is tapped
	RevealHint    Reveal = "hint"    // only that there is one
)

// The runes that surround a part to be hidden until it is tapped; channels turn
// them into their own markup, or into dots. They are private-use characters, so
// no school writes them.
const (
	spoilerStart = "\uE000"
	spoilerEnd   = "\uE001"
)

// Languages are those that messages can be written in.
var Languages = []string{"fr", "en"}

//go:embed wording/*/*.tmpl
var templates embed.FS

// A wording is one language: a template for each kind of event, and the ways of
// writing numbers and days.
type wording struct {
	templates *phrase.Set
	comma     string
	weekdays  []string
	months    []string
	day       func(w *wording, d pronote.Date) string
	clock     func(hour, minute int) string
	at        string // between a day and a time
}

var wordings = map[string]*wording{"fr": french(), "en": english()}

// wordingOf is the wording of a language, French for one that is not known.
func wordingOf(language string) *wording {
	if w, ok := wordings[language]; ok {
		return w
	}
	return wordings["fr"]
}

func french() *wording {
	return (&wording{
		comma:    ",",
		weekdays: []string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"},
		months: []string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
			"septembre", "octobre", "novembre", "décembre"},
		day: func(w *wording, d pronote.Date) string {
			ordinal := fmt.Sprint(d.Day)
			if d.Day == 1 {
				ordinal = "1er"
			}
			return w.weekdays[d.Weekday()] + " " + ordinal + " " + w.months[d.Month-1]
		},
		clock: func(hour, minute int) string {
			if minute == 0 {
				return fmt.Sprintf("%d h", hour)
			}
			return fmt.Sprintf("%d h %02d", hour, minute)
		},
		at: " à ",
	}).parse("fr")
}

func english() *wording {
	return (&wording{
		comma:    ".",
		weekdays: []string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		months: []string{"January", "February", "March", "April", "May", "June", "July", "August",
			"September", "October", "November", "December"},
		day: func(w *wording, d pronote.Date) string {
			return fmt.Sprintf("%s %d %s", w.weekdays[d.Weekday()], d.Day, w.months[d.Month-1])
		},
		clock: func(hour, minute int) string { return fmt.Sprintf("%d:%02d", hour, minute) },
		at:    " at ",
	}).parse("en")
}

// parse reads the templates of a language.
func (w *wording) parse(language string) *wording {
	var err error
	if w.templates, err = phrase.Parse(templates, "wording/"+language+"/*.tmpl", w.functions(view{}, RevealFull)); err != nil {
		panic(err) // they are part of the program
	}
	return w
}

// A message is what leaves: a title of one line, and facts, one per line.
type message struct{ Title, Body string }

// A view is what a template sees of an event: its data, and who it is about.
type view struct {
	Now, Before map[string]any
	What        []string
	Average     *step
	Parts       []partView
	Files       []partView     // of rows that have other parts too
	Of          map[string]any // what the row is part of

	Who      string   // the pupil, where the account has several
	Count    int      // events, in a group
	Families []family // of the events, in a group
}

// partView is what a template sees of a part of what the event is about.
type partView struct {
	Kind        Kind
	Now, Before map[string]any
}

type family struct {
	Name  string
	Count int
	First bool
}

// maxTitle is the length of a title, in characters, that every channel shows
// whole.
const maxTitle = 72

// longestOpening is how much of a long text a message quotes, in characters.
const longestOpening = 400

// message words the first events of a batch, as many as fit, and returns how
// many it told. One event speaks for itself; several share a title.
func (w *wording) message(batch []db.Pending, reveal Reveal) (m message, told int, err error) {
	var parts []message
	length := 0
	for _, p := range batch {
		alone := len(batch) == 1
		part, err := w.event(p, reveal, alone)
		if err != nil {
			return m, 0, err
		}
		length += len([]rune(part.Title)) + len([]rune(part.Body))
		if length > longestText && len(parts) > 0 {
			break
		}
		parts = append(parts, part)
	}
	if len(parts) == 1 {
		return parts[0], 1, nil
	}
	group := view{Who: who(batch[0]), Count: len(parts), Families: families(batch[:len(parts)])}
	title, err := w.execute("group", group, reveal)
	if err != nil {
		return m, 0, err
	}
	var body []string
	for _, part := range parts {
		body = append(body, strings.TrimRight(part.Title+"\n"+part.Body, "\n"))
	}
	return message{Title: cut(title, maxTitle), Body: strings.Join(body, "\n\n")}, len(parts), nil
}

// event words one event. In a group the title does not repeat the name, and is
// a line like others.
func (w *wording) event(p db.Pending, reveal Reveal, alone bool) (message, error) {
	var v view
	if err := json.Unmarshal(p.Event.Data, &v); err != nil {
		return message{}, fmt.Errorf("data of event %s: %w", p.Event.Kind, err)
	}
	longest := longestText
	if alone {
		v.Who, longest = who(p), maxTitle
	}
	text, err := w.execute(p.Event.Kind, v, reveal)
	if err != nil {
		return message{}, err
	}
	title, body, _ := strings.Cut(text, "\n")
	return message{Title: cut(title, longest), Body: cut(body, longestText)}, nil
}

// who is the name to put first: only where there is more than one child.
func who(p db.Pending) string {
	if p.Children < 2 || p.Student == "" {
		return ""
	}
	return firstName(p.Student) + " · "
}

// firstName is what a family calls a child whom PRONOTE calls "MARTIN Léa". A
// name that is not of that form, such as one from the configuration, stays.
func firstName(name string) string {
	var first []string
	for word := range strings.FieldsSeq(name) {
		if word != strings.ToUpper(word) {
			first = append(first, word)
		}
	}
	if first == nil {
		return name
	}
	return strings.Join(first, " ")
}

// families counts the events by the first part of their kinds, in order of
// appearance.
func families(batch []db.Pending) []family {
	var list []family
	for _, p := range batch {
		name, _, _ := strings.Cut(p.Event.Kind, ".")
		i := slices.IndexFunc(list, func(f family) bool { return f.Name == name })
		if i < 0 {
			i = len(list)
			list = append(list, family{Name: name, First: i == 0})
		}
		list[i].Count++
	}
	return list
}

// execute runs a template and tidies what comes out: lines are trimmed, empty
// ones dropped.
func (w *wording) execute(name string, v view, reveal Reveal) (string, error) {
	text, err := w.templates.Execute(name, v, w.functions(v, reveal))
	if err != nil {
		return "", fmt.Errorf("wording: %w", err)
	}
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n"), nil
}

// family writes how many events of a family there are: "2 notes".
func (w *wording) family(f family) (string, error) {
	name := "family." + f.Name
	if !w.templates.Has(name) {
		name = "family.other"
	}
	return w.templates.Execute(name, f, w.functions(view{}, RevealFull))
}

func (w *wording) functions(v view, reveal Reveal) phrase.Functions {
	return phrase.Functions{
		"who":     func() string { return v.Who },
		"hint":    func() bool { return reveal == RevealHint },
		"changed": func(column string) bool { return slices.Contains(v.What, column) },
		"number":  w.number,
		"day":     w.writeDay,
		"moment":  w.writeMoment,
		"clock":   w.writeClock,
		"sameDay": sameDay,
		"opening": func(text string) string { return cut(text, longestOpening) },
		"plural": func(n int, one, many string) string {
			if n == 1 {
				return "1 " + one
			}
			return fmt.Sprint(n) + " " + many
		},
		"family": w.family,
		"levels": func() string { return hide(levels(v.Parts), reveal) },
		"secret": func(text string) string { return hide(text, reveal) },
		"score": func(mark map[string]any) string {
			return hide(w.score(mark, v.Now["out_of"]), reveal)
		},
	}
}

func hide(text string, reveal Reveal) string {
	if reveal == RevealSpoiler && text != "" {
		return spoilerStart + text + spoilerEnd
	}
	return text
}

// cut shortens a text to a number of characters, with an ellipsis.
func cut(text string, characters int) string {
	runes := []rune(text)
	if len(runes) <= characters {
		return text
	}
	short := strings.TrimSpace(string(runes[:characters-1])) + "…"
	if strings.Count(short, spoilerStart) > strings.Count(short, spoilerEnd) {
		short += spoilerEnd
	}
	return short
}
