// Package wording turns events into messages, in the languages that it knows. A
// template in the language of text/template words each kind of event; people may
// put their own in its place.
//
// It sees an event as data: the columns of a row as JSON, and what changed.
package wording

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pronote-sync/pronote-sync/civil"
)

// Reveal says how much of an event a message shows: see Privacy.
type Reveal string

// The three degrees.
const (
	Full    Reveal = "full"    // all
	Spoiler Reveal = "spoiler" // all, of which what is Secret is hidden until it is tapped
	Hint    Reveal = "hint"    // only what is Open
)

// The runes that surround a part to be hidden until it is tapped; channels turn
// them into their own markup, or into dots. They are private-use characters, so
// no school writes them. A title never has any.
const (
	SpoilerStart = "\uE000"
	SpoilerEnd   = "\uE001"
)

// The lengths of titles, in characters.
const (
	MaxTitle = 60 // of the longest
	Glance   = 40 // of what a lock screen shows: whom it is about, what happened, and when
)

// A Reader is who reads a message, and when.
type Reader struct {
	Reveal   Reveal
	NoClass  bool           // leave out the figures of the class
	Admin    bool           // whoever runs the program: is told commands
	Now      civil.DateTime // on the reader's clock: "aujourd’hui", "demain"; zero makes no day relative
	Subjects Subjects
}

// An Event is what a message tells, or a part of it.
type Event struct {
	Kind  string  // "mark.new"
	Child string  // whom it is about, where that has to be said: "Léa", or "Léa et Tom" by Names
	Data  []byte  // JSON of Facts
	Times int     // how often the same came; 0 and 1 are once
	With  []Event // the others of its cause, each a line of its message
}

// A Message is what leaves: a title of one line, and facts, one per line. Paragraphs
// have an empty line between them.
type Message struct{ Title, Body string }

// A view is what a template sees of an event: its data, and who it is about.
type view struct {
	Facts
	Old map[string]any // the row as it was, whole

	Kind  string
	Lead  string  // of a line: the kind of the event that leads its message, "" for a digest
	With  []view  // the others of its cause
	Count int     // of the events of a group, or of the messages of a discussion
	All   []Facts // the events of a group

	Long  bool   // a lesson of several hours, which were events of their own
	Weeks []any  // the starts of several lessons with one substitute
	Whole bool   // of a line: the lesson is all that the day begins or ends with
	More  []view // of a line: other lessons that share it

	who  string     // the pupil, where the account has several
	said civil.Date // the day that a heading has said
}

// before is the row as it was.
func (v view) before() Facts {
	old := maps.Clone(v.Now)
	maps.Copy(old, v.Before)
	return Facts{Now: old}
}

// seen is the view of an event.
func (e Event) seen(to Reader) (v view, err error) {
	v.Kind, v.who = e.Kind, naming(e.Child)
	if v.Facts, err = read(e.Kind, e.Data); err != nil {
		return v, err
	}
	for _, with := range e.With {
		other, err := with.seen(to)
		if err != nil {
			return v, err
		}
		other.Lead = e.Kind
		v.With = append(v.With, other)
	}
	return v, nil
}

// read reads the data of an event, and cleans its texts.
func read(kind string, data []byte) (f Facts, err error) {
	if err := json.Unmarshal(data, &f); err != nil {
		return f, fmt.Errorf("data of event %s: %w", kind, err)
	}
	return f.through(kind, func(_ Privacy, column string, value any) (any, bool) {
		value = cleaned(value)
		if text, ok := value.(string); ok && !contains(ofLines, column) {
			value = oneLine(text)
		}
		return value, true
	}), nil
}

// A telling is what is said of one event, or of several as one.
type telling struct {
	sign, who   string
	title       string // what follows them
	folds       []int  // where the title may be cut, in bytes, last first
	body        string
	times       int
	pointer     string // the line that says where what is left out can be read
	notRepeated bool   // the body says all of the title
}

// head is the title of a telling by itself.
func (t telling) head() string { return t.sign + t.who + t.title }

// Message words events as one message, which is called by the first of them: it is to
// be the gravest. Nothing is cut or left out but what Reader does not see; Split makes
// it short enough for a channel.
func (l *Language) Message(events []Event, to Reader) (Message, error) {
	if len(events) == 0 {
		return Message{}, errors.New("wording: no event")
	}
	if m, ok, err := l.together(events, to); ok || err != nil {
		return m, err
	}
	tellings, count, err := l.tellings(events, to)
	if err != nil {
		return Message{}, err
	}
	first := tellings[0]
	title := first.head() + l.often(first.times)
	if count > first.times {
		title = first.head() + fmt.Sprintf(l.further, count-first.times)
		if first.times > 1 {
			title = first.head() + l.often(first.times) + fmt.Sprintf(l.further, count-first.times)
		}
	}
	m := Message{Title: title}
	var body []string
	var pointers []string
	one := !slices.ContainsFunc(tellings, func(t telling) bool { return t.who != first.who })
	for i, t := range tellings {
		heading := t.sign + t.title + l.often(t.times)
		if !one {
			heading = t.head() + l.often(t.times)
		}
		if i == 0 {
			heading = ""
		}
		if text := lines(heading, t.body); text != "" {
			body = append(body, text)
		}
		if t.pointer != "" && !slices.Contains(pointers, t.pointer) {
			pointers = append(pointers, t.pointer)
		}
	}
	m.Body = strings.Join(body, "\n\n")
	m = l.short(m, first)
	m.Body = lines(m.Body, strings.Join(pointers, "\n"))
	return m, nil
}

// short folds a title that is longer than a glance, and cuts it to MaxTitle. The body
// says what the title does not, unless it has that anyway.
func (l *Language) short(m Message, first telling) Message {
	suffix := strings.TrimPrefix(m.Title, first.head())
	if utf8.RuneCountInString(m.Title) > Glance && len(first.folds) > 0 {
		m.Title, m.Body = first.folded(suffix, m.Body)
	}
	if utf8.RuneCountInString(m.Title) > Glance && l.abbreviated != nil && first.who != "" {
		m.Title = first.sign + first.who + l.abbreviated.Replace(strings.TrimPrefix(m.Title, first.sign+first.who))
	}
	if utf8.RuneCountInString(m.Title) <= MaxTitle {
		return m
	}
	head := strings.TrimSuffix(m.Title, suffix)
	if !first.notRepeated {
		m.Body = lines(strings.TrimPrefix(strings.TrimPrefix(head, first.sign), first.who), m.Body)
	}
	m.Title = atWord(head, MaxTitle-1-utf8.RuneCountInString(suffix)) + "…" + suffix
	return m
}

// folded is the title up to the last fold at which a glance takes it in, else up to the
// first, and the body with the rest.
func (t telling) folded(suffix, body string) (string, string) {
	if t.notRepeated {
		suffix = "…" + suffix
	}
	var title string
	var at int
	for _, at = range t.folds {
		title = t.sign + t.who + t.title[:at] + suffix
		if utf8.RuneCountInString(title) <= Glance {
			break
		}
	}
	if t.notRepeated {
		return title, body
	}
	return title, lines(unbracketed(t.title[at:]), body)
}

// tellings words events one by one, those that say the same once, and counts them.
func (l *Language) tellings(events []Event, to Reader) (list []telling, count int, err error) {
	for _, e := range events {
		t, err := l.telling(e, to)
		if err != nil {
			return nil, 0, err
		}
		count += t.times
		if i := slices.IndexFunc(list, t.same); i >= 0 {
			list[i].times += t.times
			continue
		}
		list = append(list, t)
	}
	return list, count, nil
}

func (t telling) same(other telling) bool {
	return t.head() == other.head() && t.body == other.body
}

// telling words one event with the others of its cause.
func (l *Language) telling(e Event, to Reader) (telling, error) {
	v, err := e.seen(to)
	if err != nil {
		return telling{}, err
	}
	v = v.gathered()
	t, err := l.worded(e.Kind, v, to)
	if err != nil {
		return t, err
	}
	t.times = max(1, e.Times)
	for _, with := range v.With {
		line, err := l.line(with, to)
		if err != nil {
			return t, err
		}
		if !slices.Contains(strings.Split(t.body, "\n"), line) {
			t.body = lines(t.body, line)
		}
	}
	return t, nil
}

// worded words a view by a template. What a spoiler would cover of a title goes into
// the body.
func (l *Language) worded(template string, v view, to Reader) (telling, error) {
	text, hidden, err := l.execute(template, v, to)
	if err != nil {
		return telling{}, err
	}
	t := l.parsed(text, v)
	if strings.Contains(t.title, SpoilerStart) {
		covered := t
		to.Reveal = Hint
		open, _, err := l.execute(template, v, to)
		if err != nil {
			return t, err
		}
		t = l.parsed(open, v)
		t.body = lines(covered.title, covered.body)
		if strings.HasPrefix(template, "group ") && covered.body != "" {
			t.body = covered.body
		}
		return t, nil
	}
	if hidden && !strings.Contains("\n"+t.body, "\n→ ") {
		t.pointer, _, err = l.execute(pointer, v, to)
	}
	return t, err
}

// parsed takes the text of a template apart: a sign, whom it is about, and facts.
func (l *Language) parsed(text string, v view) (t telling) {
	t.title, t.body, _ = strings.Cut(text, "\n")
	if sign, rest, ok := strings.Cut(t.title, " "); ok && isSign(sign) {
		t.sign, t.title = sign+" ", rest
	}
	if rest, ok := strings.CutPrefix(t.title, v.who); ok {
		t.who, t.title = v.who, rest
	}
	t.folds, t.title, t.body = folds(t.title), unfolded(t.title), unfolded(t.body)
	return t
}

// isSign reports whether a word has no letter: it is an emoji.
func isSign(word string) bool {
	first, _ := utf8.DecodeRuneInString(word)
	return first >= 0x2000
}

// line words an event as a line of another's message, or of a digest: by a template
// "line KIND", else by its title and body.
func (l *Language) line(v view, to Reader) (string, error) {
	if name := "line " + v.Kind; l.shipped.Lookup(name) != nil {
		v.who = ""
		text, _, err := l.executeMaybe(name, v, to)
		return unfolded(text), err
	}
	t, err := l.worded(v.Kind, v, to)
	return lines(t.title, t.body), err
}

// together words several events of one kind and child as one, where a template "group
// KIND" does: ten drinks are an evening.
func (l *Language) together(events []Event, to Reader) (m Message, ok bool, err error) {
	name := "group " + events[0].Kind
	alike := func(e Event) bool {
		return e.Kind == events[0].Kind && e.Child == events[0].Child && len(e.With) == 0
	}
	if len(events) < 2 || l.shipped.Lookup(name) == nil || slices.ContainsFunc(events, func(e Event) bool { return !alike(e) }) {
		return m, false, nil
	}
	v := view{Kind: events[0].Kind, who: naming(events[0].Child)}
	for _, e := range events {
		facts, err := read(e.Kind, e.Data)
		if err != nil {
			return m, false, err
		}
		v.Of = facts.Of
		for range max(1, e.Times) {
			v.All = append(v.All, facts)
		}
	}
	v.Count = len(v.All)
	t, err := l.worded(name, v, to)
	if err != nil {
		return m, false, err
	}
	t.notRepeated = true
	return l.short(Message{Title: t.head(), Body: lines(t.body, t.pointer)}, t), true, nil
}

// often says how many times something came, where that is more than once.
func (l *Language) often(times int) string {
	if times < 2 {
		return ""
	}
	return fmt.Sprintf(l.times, times)
}

// naming is how a title names a child first.
func naming(child string) string {
	if child = oneLine(clean(child)); child == "" {
		return ""
	}
	return child + " · "
}

// lines joins texts by line breaks, but for empty ones.
func lines(texts ...string) string {
	return strings.Join(slices.DeleteFunc(texts, func(text string) bool { return text == "" }), "\n")
}

const separator = " · "

// tidy trims the lines of a text, and drops the empty ones, and the separators that
// have nothing on both sides. Lines of a list that say the same are merged: two skills
// of one name, two links.
func tidy(text string) string {
	var kept []string
	for line := range strings.Lines(text) {
		pieces := strings.Split(" "+strings.TrimSpace(line)+" ", separator)
		pieces = slices.DeleteFunc(pieces, func(piece string) bool { return strings.TrimSpace(piece) == "" })
		line = strings.TrimSpace(strings.Join(pieces, separator))
		if line != "" && !(isListed(line) && slices.Contains(kept, line)) {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\n")
}

func isListed(line string) bool {
	return strings.HasPrefix(line, "- ") || strings.HasPrefix(line, "📎 ")
}
