package sync

import (
	"io/fs"
	"strings"

	"github.com/pronote-sync/pronote-sync/civil"
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

// longestMessage is the length of what leaves as one message, in characters; the rest of
// a batch goes into the next.
const longestMessage = 1500

// worded is a message of the first of a batch, as many as are not too long together.
func (m *mailbox) worded(batch []db.Pending) (message wording.Message, told int, err error) {
	for told = len(batch); ; told -= (told + 3) / 4 {
		message, err = m.engine.Wording.In(m.Language).Message(eventsOf(batch[:told]), m.reader())
		if err != nil && told == 1 || err == nil && (told == 1 || len([]rune(message.Body)) <= longestMessage) {
			return message, told, err
		}
	}
}

// reader is the recipient now.
func (m *mailbox) reader() wording.Reader {
	return wording.Reader{Reveal: m.Reveal, Admin: true, Now: civil.DateTimeOf(m.engine.Now().In(m.Location))}
}

// eventsOf is a batch as it is worded.
func eventsOf(batch []db.Pending) []wording.Event {
	events := make([]wording.Event, len(batch))
	for i, p := range batch {
		events[i] = wording.Event{Kind: p.Event.Kind, Child: childOf(p), Data: p.Event.Data}
	}
	return events
}

// childOf is the name to put first: only where there is more than one child.
func childOf(p db.Pending) string {
	if p.Children < 2 || p.Student == "" {
		return ""
	}
	return firstName(p.Student)
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
