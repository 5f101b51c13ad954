package wording

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/pronote-sync/pronote-sync/civil"
)

// The longest texts within a digest, in characters.
const (
	longestWork  = 120
	longestTitle = 80
)

// A writer writes a digest: lines by small templates, which take data of
// their own. The first error ends it.
type writer struct {
	*Language
	to    Reader
	err   error
	parts []string // paragraphs
	lines []string // of the one that is being written
}

// say words data by a template.
func (w *writer) say(name string, data any) string {
	if w.err != nil {
		return ""
	}
	text, err := w.Language.say(name, data, w.to)
	if err != nil {
		w.err = err
	}
	return text
}

// add writes lines; empty ones are left out.
func (w *writer) add(texts ...string) {
	for _, text := range texts {
		if text != "" {
			w.lines = append(w.lines, text)
		}
	}
}

// end ends a paragraph.
func (w *writer) end() {
	if len(w.lines) > 0 {
		w.parts = append(w.parts, strings.Join(w.lines, "\n"))
	}
	w.lines = nil
}

// message is what was written.
func (w *writer) message(title string) (Message, error) {
	w.end()
	if utf8.RuneCountInString(title) > MaxTitle {
		title = atWord(title, MaxTitle-1) + "…"
	}
	return Message{Title: title, Body: strings.Join(w.parts, "\n\n")}, w.err
}

// line words an event as a line of a digest, under a heading that said a day.
func (w *writer) line(e Event, said civil.Date) string {
	v, err := e.seen(w.to)
	if err == nil {
		v.said, v.who = said, ""
		v = v.gathered()
	}
	if err != nil {
		w.err = err
		return ""
	}
	name := "line " + e.Kind
	if w.shipped.Lookup(name) == nil {
		return w.fullLine(e, v)
	}
	text, _, err := w.executeMaybe(name, v, w.to)
	if err != nil {
		w.err = err
	}
	text = unfolded(text)
	if e.Times > 1 {
		text += w.often(e.Times)
	}
	return text
}

// fullLine words an event that has no line of its own by all that it says.
func (w *writer) fullLine(e Event, v view) string {
	t, err := w.worded(e.Kind, v, w.to)
	if err != nil {
		w.err = err
		return ""
	}
	var body []string
	for line := range strings.Lines(t.body) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "→ ") {
			body = append(body, line)
		}
	}
	head := t.sign + t.title + w.often(e.Times)
	if len(body) == 1 && utf8.RuneCountInString(body[0]) <= longestTitle {
		return head + separator + body[0]
	}
	return lines(head, strings.Join(body, "\n"))
}

// withNames says whose something is, where there are several children.
func (l *Language) withNames(text string, names []string) string {
	names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name == "" })
	if len(names) == 0 || text == "" {
		return text
	}
	first, rest, more := strings.Cut(text, "\n")
	first += " (" + l.Names(names) + ")"
	if more {
		return first + "\n" + rest
	}
	return first
}

// A shared text is said once for all whom it is about.
type shared struct {
	text  string
	names []string
}

// share adds a text about a child to a list.
func share(list []shared, text, name string) []shared {
	if text == "" {
		return list
	}
	i := slices.IndexFunc(list, func(s shared) bool { return s.text == text })
	if i < 0 {
		return append(list, shared{text, []string{name}})
	}
	if !slices.Contains(list[i].names, name) {
		list[i].names = append(list[i].names, name)
	}
	return list
}

// clockOf reads "18:30" as a time of any day.
func clockOf(text string) any {
	var hour, minute int
	if n, err := fmt.Sscanf(text, "%d:%d", &hour, &minute); n != 2 || err != nil {
		return nil
	}
	return civil.DateTime{Date: civil.Date{Year: 1, Month: 1, Day: 1}, Hour: hour, Minute: minute}
}

// secret is a figure as the reader sees it, nil where it does not.
func (r Reader) secret(value any) any {
	switch {
	case value == nil || r.Reveal == Hint:
		return nil
	case r.Reveal == Spoiler:
		return covered{value}
	}
	return value
}
