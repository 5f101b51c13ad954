package sync

import (
	"io/fs"
	"strings"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/sync/internal/wording"
)

// Reveal says how much of a mark a message shows.
type Reveal = wording.Reveal

// The three degrees.
const (
	RevealFull    = wording.Full    // the mark
	RevealSpoiler = wording.Spoiler // the mark, hidden until it is tapped
	RevealHint    = wording.Hint    // only that there is one
)

// Languages are those that messages can be written in.
var Languages = wording.Languages

// A Wording is what messages are worded by.
type Wording = wording.Wording

// NewWording reads the templates of messages; those of a folder, in fr/*.tmpl and
// en/*.tmpl, replace the program's. Nil is no folder. Warn gets each mistake in
// them, now and whenever one fails; the program's are used then.
func NewWording(own fs.FS, warn func(error)) *Wording { return wording.New(own, warn) }

// childrenOf are the names to put first: only where there is more than one child.
func childrenOf(d db.Delivery) []string {
	if d.Children < 2 || d.Student == "" {
		return nil
	}
	return []string{firstName(d.Student)}
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
