// Package doctor words what pronote-sync doctor finds: in French and in English, for the
// person at the terminal, and without secrets and names for a report that is shown to
// others.
package doctor

import (
	"fmt"
	"strings"
	"time"
)

// A State is how grave a finding is.
type State string

// The states.
const (
	OK      State = "ok"
	Warning State = "warning" // it works, and should be looked at
	Failure State = "failure" // something does not work until somebody acts
)

// A Text is a sentence in both languages, with verbs for its arguments.
type Text struct{ fr, en string }

// T is a Text.
func T(fr, en string) Text { return Text{fr, en} }

// In is the text in a language, "fr" or "en".
func (t Text) In(language string) string {
	if language == "en" {
		return t.en
	}
	return t.fr
}

// An Argument of a sentence is a number, a duration, a Size, a Word, a Private or a Told.
// Any other may hold anything, and reports leave it out.
type Argument any

// A Word is an argument that the program itself, or the public table of portals, has
// chosen: the name of a channel, a version, the reason of an error.
type Word string

// A Private says where something is, or what people call it. Reports have the text
// instead.
type Private struct {
	Shown   string
	Instead Text
}

// Numbered is the name of the nth of some.
func Numbered(n int) Text { return Text{fmt.Sprintf("n° %d", n), fmt.Sprintf("no. %d", n)} }

// A Told is what package hint says about an error; Instead is the reason in one word.
type Told struct {
	Shown   string
	Instead Word
}

// A Size is a number of bytes.
type Size uint64

// A Finding is what one look has come to.
type Finding struct {
	Check Text // what was looked at
	Of    *Private
	State State
	What  Text // with its arguments
	Args  []Argument
	Next  Text // what to do, with its arguments
	With  []Argument
}

// Reader is for whom findings are worded.
type Reader struct {
	Language  string
	Anonymous bool // it may reach anybody
}

// Said is a Finding in words.
type Said struct {
	Check string `json:"check"`
	Of    string `json:"of,omitempty"`
	State State  `json:"state"`
	Text  string `json:"text"`
	Next  string `json:"next,omitempty"`
}

// Say words a finding.
func (r Reader) Say(f Finding) Said {
	said := Said{Check: f.Check.In(r.Language), State: f.State, Text: r.fill(f.What, f.Args), Next: r.fill(f.Next, f.With)}
	if f.Of != nil {
		said.Of = r.argument(*f.Of)
	}
	return said
}

func (r Reader) fill(t Text, args []Argument) string {
	filled := make([]any, len(args))
	for i, arg := range args {
		filled[i] = r.argument(arg)
	}
	return strings.Join(strings.Fields(fmt.Sprintf(t.In(r.Language), filled...)), " ")
}

func (r Reader) argument(arg Argument) string {
	switch arg := arg.(type) {
	case int:
		return fmt.Sprint(arg)
	case time.Duration:
		return r.duration(arg)
	case Size:
		return r.size(arg)
	case Word:
		return string(arg)
	case Private:
		if r.Anonymous {
			return arg.Instead.In(r.Language)
		}
		return arg.Shown
	case Told:
		if r.Anonymous {
			return string(arg.Instead)
		}
		return arg.Shown
	}
	if r.Anonymous {
		return "…"
	}
	return fmt.Sprint(arg)
}

// duration writes the largest unit that fits.
func (r Reader) duration(d time.Duration) string {
	units := []struct {
		of  time.Duration
		one Text
	}{
		{24 * time.Hour, Text{"j", "d"}}, {time.Hour, Text{"h", "h"}}, {time.Minute, Text{"min", "min"}}, {time.Second, Text{"s", "s"}},
	}
	if d = d.Abs(); d < time.Millisecond {
		return Text{"moins d'une seconde", "less than a second"}.In(r.Language)
	}
	for _, u := range units {
		if d >= 2*u.of || u.of == time.Second && d >= u.of {
			return fmt.Sprintf("%d\u00a0%s", d/u.of, u.one.In(r.Language))
		}
	}
	return fmt.Sprintf("%d\u00a0ms", d.Milliseconds())
}

func (r Reader) size(s Size) string {
	units := []Text{{"o", "B"}, {"ko", "kB"}, {"Mo", "MB"}, {"Go", "GB"}, {"To", "TB"}}
	n, i := float64(s), 0
	for n >= 1000 && i < len(units)-1 {
		n, i = n/1000, i+1
	}
	return fmt.Sprintf("%.0f\u00a0%s", n, units[i].In(r.Language))
}
