// Package say words what the program says to people, in English and in French. The
// source has the English, where a text is used or an error made; french.go has the
// French of each, and others.go what to say of the facts that other packages state.
package say

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// Text is a text in a language, "fr" or "en". One that has no French stays as it is.
func Text(language, english string) string {
	if language != "fr" {
		return english
	}
	if fr, ok := texts[english]; ok {
		return unbroken.Replace(fr)
	}
	return cmp.Or(french[english], english)
}

// unbroken keeps punctuation on the line of the word before it.
var unbroken = strings.NewReplacer(" :", "\u00a0:", " ;", "\u00a0;", " ?", "\u00a0?", " !", "\u00a0!", "« ", "«\u00a0", " »", "\u00a0»", "'", "’")

// To formats a text in a language. Errors, a Word and a Choice among its arguments are
// said in that language.
func To(language, format string, args ...any) string {
	return (&sentence{format: format, args: args}).in(language)
}

// placeholder is what a person replaces, in a line that shows how a command is typed.
var placeholder = regexp.MustCompile(`[A-Z]{3,}`)

// Usage is how a command is typed, with its placeholders in a language.
func Usage(language, line string) string {
	return placeholder.ReplaceAllStringFunc(line, func(word string) string { return Text(language, word) })
}

// A sentence is an error that can be said in both languages.
type sentence struct {
	error
	format string
	args   []any
}

// Unwrap gives the error that fmt.Errorf would have made.
func (s *sentence) Unwrap() error { return s.error }

// Errorf is fmt.Errorf for a sentence to people. french.go has its format;
// arguments that are errors, or a Word or a Choice, are said in the same language.
func Errorf(format string, args ...any) error {
	return &sentence{fmt.Errorf(format, args...), format, args}
}

// A Word is an argument that differs in French: french.go has it.
type Word string

// A Choice is an argument that lists the choices.
type Choice []string

// String implements fmt.Stringer.
func (c Choice) String() string { return strings.Join(c, " or ") }

// In says an error in a language, "fr" or "en". A prefix of a sentence, such as the
// place it is about, stays as it is; so do errors for which there are no words.
func In(err error, language string) string {
	text := err.Error()
	if s, ok := err.(*sentence); ok {
		return s.in(language)
	}
	if outer, ok := err.(interface{ Unwrap() error }); ok {
		if inner := outer.Unwrap(); inner != nil {
			if before, ok := strings.CutSuffix(text, inner.Error()); ok {
				return before + In(inner, language)
			}
		}
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var texts, lines []string
		for _, e := range joined.Unwrap() {
			texts, lines = append(texts, e.Error()), append(lines, In(e, language))
		}
		if strings.Join(texts, "\n") == text {
			return strings.Join(lines, "\n")
		}
	}
	if said, ok := others[text]; ok {
		return said.in(language)
	}
	if key, fact, _ := strings.Cut(text, " "); others[fact] != (saying{}) {
		return key + " " + others[fact].in(language)
	}
	return text
}

func (s saying) in(language string) string {
	if language == "fr" {
		return s.fr
	}
	return s.en
}

func (s *sentence) in(language string) string {
	args := make([]any, len(s.args))
	for i, arg := range s.args {
		switch arg := arg.(type) {
		case error:
			args[i] = errors.New(In(arg, language))
		case Word:
			args[i] = Text(language, string(arg))
		case Choice:
			args[i] = strings.Join(arg, " "+Text(language, "or")+" ")
		default:
			args[i] = arg
		}
	}
	return fmt.Errorf(Text(language, s.format), args...).Error()
}
