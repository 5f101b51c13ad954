package wording

import (
	"fmt"
	"strings"
	"text/template"
)

// An answerView is what a template sees of an answer, or of what is said of one child.
type answerView struct {
	Answer
	Who     string   // the child, where there is one of several
	Child   Answered // of a paragraph
	Lines   []string // Rows, or Why, as lines
	Average any      // the overall average as the reader may see it; nil for none
}

// Answer words an answer: a title, and a paragraph for each child; of a week, its digest.
func (l *Language) Answer(a Answer, to Reader) (Message, error) {
	if a.Topic == AskWeek {
		return l.Digest(a.Week, to)
	}
	v := answerView{Answer: a.cleaned()}
	if len(a.Children) == 1 {
		v.Who = naming(a.Children[0].Name)
	}
	title, err := l.say("answer title", v, to)
	if err != nil {
		return Message{}, err
	}
	var paragraphs []string
	for _, part := range v.parts() {
		text, err := l.paragraph(part, to)
		if err != nil {
			return Message{}, err
		}
		if len(v.parts()) > 1 {
			text = lines(part.Child.Name, text)
		}
		paragraphs = append(paragraphs, text)
	}
	if len(paragraphs) == 0 { // before the first mirror
		nobody, err := l.say("answer nobody", v, to)
		return Message{Title: title, Body: nobody}, err
	}
	asOf, err := l.say("answer age", v, to)
	if asOf != "" {
		paragraphs = append(paragraphs, asOf)
	}
	return Message{Title: title, Body: strings.Join(paragraphs, "\n\n")}, err
}

// parts are the answers about each child, or the one about all.
func (v answerView) parts() (parts []answerView) {
	switch v.Topic {
	case AskMenu, AskWhy:
		return []answerView{v}
	}
	for _, child := range v.Children {
		part := v
		part.Child = child
		parts = append(parts, part)
	}
	return parts
}

// paragraph words what is said of one child.
func (l *Language) paragraph(v answerView, to Reader) (string, error) {
	for _, e := range v.Child.Rows {
		seen, err := e.seen(to)
		if err != nil {
			return "", err
		}
		line, err := l.line(seen, to)
		if err != nil {
			return "", err
		}
		v.Lines = append(v.Lines, line)
	}
	for _, why := range v.Why {
		line, err := l.why(why, to)
		if err != nil {
			return "", err
		}
		v.Lines = append(v.Lines, line)
	}
	switch {
	case v.Child.Overall == nil || to.Reveal == Hint:
	case to.Reveal == Spoiler:
		v.Average = covered{v.Child.Overall}
	default:
		v.Average = v.Child.Overall
	}
	return l.say("answer "+string(v.Topic), v, to)
}

// why words what became of an event.
func (l *Language) why(r Reason, to Reader) (string, error) {
	m, err := l.Message([]Event{r.Event}, to)
	if err != nil {
		return "", err
	}
	fate, err := l.say("answer fate", r, to)
	return lines(m.Title, fate), err
}

// say words data by the template of a name, a person's own where there is one that
// does not fail.
func (l *Language) say(name string, data any, to Reader) (string, error) {
	for _, set := range []*template.Template{l.own, l.shipped} {
		if set == nil {
			continue
		}
		text, err := l.write(set, name, data, view{}, to)
		if err == nil || set == l.shipped {
			return text, err
		}
		l.warn(fmt.Errorf("the words of the program are used: %w", err))
	}
	return "", nil // there always is the program's
}
