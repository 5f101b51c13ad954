// Package wording turns events into messages, in the languages that it knows. A
// template in the language of text/template words each kind of event; people may
// put their own in its place.
//
// It sees an event as data: the columns of a row as JSON, and what changed.
package wording

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
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
// no school writes them.
const (
	SpoilerStart = "\uE000"
	SpoilerEnd   = "\uE001"
)

// The lengths of a message, in characters.
const (
	MaxTitle    = 72   // every channel shows as much whole
	LongestText = 1500 // the rest of a batch goes into the next message

	longestOpening = 400 // how much of a long text is quoted
)

// An Event is what a message tells, or a part of it.
type Event struct {
	Kind  string // "mark.new"
	Child string // whom it is about, where that has to be said
	Data  []byte // JSON of a view
}

// A Message is what leaves: a title of one line, and facts, one per line.
type Message struct{ Title, Body string }

// A view is what a template sees of an event: its data, and who it is about.
type view struct {
	Facts
	Old map[string]any // the row as it was, whole

	Who      string   // the pupil, where the account has several
	Count    int      // events, in a group
	Families []family // of the events, in a group
	All      []Facts  // of the events, in a group whose family has words of its own
}

// before is the row as it was.
func (v view) before() Facts {
	old := maps.Clone(v.Now)
	maps.Copy(old, v.Before)
	return Facts{Now: old}
}

type family struct {
	Name  string
	Count int
	First bool
}

// Message words the first events of a batch, as many as fit, and returns how
// many it told. One event speaks for itself, and so do several that say the same;
// others share a title.
func (l *Language) Message(batch []Event, reveal Reveal) (m Message, told int, err error) {
	var parts []paragraph
	length := 0
	for _, e := range batch {
		part, err := l.event(e, reveal, len(batch) == 1)
		if err != nil {
			return m, 0, err
		}
		if i := slices.IndexFunc(parts, func(p paragraph) bool { return p.Message == part }); i >= 0 {
			parts[i].times++
			told++
			continue
		}
		length += len([]rune(part.Title)) + len([]rune(part.Body))
		if length > LongestText && len(parts) > 0 {
			break
		}
		parts = append(parts, paragraph{part, 1})
		told++
	}
	if len(batch) == 1 {
		return parts[0].Message, 1, nil
	}
	if name := "group." + families(batch)[0].Name; l.shipped.Lookup(name) != nil && alike(batch) {
		return l.together(name, batch, reveal)
	}
	if len(parts) == 1 {
		alone, err := l.event(batch[0], reveal, true)
		return paragraph{alone, parts[0].times}.message(l), told, err
	}
	group := view{Who: naming(batch[0].Child), Count: told, Families: families(batch[:told])}
	title, err := l.execute("group", group, reveal)
	if err != nil {
		return m, 0, err
	}
	var body []string
	for _, part := range parts {
		m := part.message(l)
		body = append(body, strings.TrimRight(m.Title+"\n"+m.Body, "\n"))
	}
	return Message{Title: Cut(title, MaxTitle), Body: strings.Join(body, "\n\n")}, told, nil
}

// alike reports whether a batch has one kind of event.
func alike(batch []Event) bool {
	return !slices.ContainsFunc(batch, func(e Event) bool { return e.Kind != batch[0].Kind })
}

// together words a batch as one: ten drinks are an evening.
func (l *Language) together(name string, batch []Event, reveal Reveal) (m Message, told int, err error) {
	v := view{Who: naming(batch[0].Child), Count: len(batch)}
	for _, e := range batch {
		var one view
		if err := json.Unmarshal(e.Data, &one); err != nil {
			return m, 0, fmt.Errorf("data of event %s: %w", e.Kind, err)
		}
		v.All = append(v.All, one.worded(e.Kind, reveal))
	}
	text, err := l.execute(name, v, reveal)
	title, body, _ := strings.Cut(text, "\n")
	return Message{Title: Cut(title, MaxTitle), Body: Cut(body, LongestText)}, len(batch), err
}

// A paragraph is what one event says, or several alike.
type paragraph struct {
	Message
	times int
}

// message says how often it happened, where that is more than once.
func (p paragraph) message(l *Language) Message {
	if p.times > 1 {
		p.Title += fmt.Sprintf(l.times, p.times)
	}
	return p.Message
}

// event words one event. In a group the title does not repeat the name, and is
// a line like others.
func (l *Language) event(e Event, reveal Reveal, alone bool) (Message, error) {
	var v view
	if err := json.Unmarshal(e.Data, &v); err != nil {
		return Message{}, fmt.Errorf("data of event %s: %w", e.Kind, err)
	}
	longest := LongestText
	if alone {
		v.Who, longest = naming(e.Child), MaxTitle
	}
	text, err := l.execute(e.Kind, v, reveal)
	if err != nil {
		return Message{}, err
	}
	title, body, _ := strings.Cut(text, "\n")
	return Message{Title: Cut(title, longest), Body: Cut(body, LongestText)}, nil
}

// naming is how a title names a child first.
func naming(child string) string {
	if child == "" {
		return ""
	}
	return child + " · "
}

// families counts the events by the first part of their kinds, in order of
// appearance.
func families(batch []Event) []family {
	var list []family
	for _, e := range batch {
		name, _, _ := strings.Cut(e.Kind, ".")
		i := slices.IndexFunc(list, func(f family) bool { return f.Name == name })
		if i < 0 {
			i = len(list)
			list = append(list, family{Name: name, First: i == 0})
		}
		list[i].Count++
	}
	return list
}

// tidy trims the lines of a text, and separators at their ends, and drops the empty
// ones. Lines of a list that say the same are merged: two skills of one name, two
// links.
func tidy(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		line = strings.TrimSuffix(strings.TrimPrefix(line, "· "), " ·") // a separator needs something on both sides
		if line != "" && !(isListed(line) && slices.Contains(lines, line)) {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

func isListed(line string) bool {
	return strings.HasPrefix(line, "- ") || strings.HasPrefix(line, "📎 ")
}

// Cut shortens a text to a number of characters, with an ellipsis.
func Cut(text string, characters int) string {
	runes := []rune(text)
	if len(runes) <= characters {
		return text
	}
	short := strings.TrimSpace(string(runes[:characters-1])) + "…"
	if strings.Count(short, SpoilerStart) > strings.Count(short, SpoilerEnd) {
		short += SpoilerEnd
	}
	return short
}
