package notifiers

import (
	"fmt"
	"net/url"
	"strings"
	"time"
)

// Message is what one recipient is told at one time.
type Message struct {
	// ID is the same at each attempt at a message, and at no other message: a channel which can recognise a repeat does.
	// Ids of at most 64 letters, digits, '-' and '_' appear as they are on the other side, others as a hash. An empty id
	// is a new random one.
	ID string

	Title string // a line of at most 72 characters
	Body  string // plain text of any number of lines, empty if the title says all

	// What follows is ignored by channels that have no place for it: Able tells what a kind can do.

	Link  string // http or https address of the page concerned; "" for none, and so is any other address
	Level Level  // how much it may disturb

	// Thread is the same for messages that belong together, such as those about one child and day; "" for none.
	Thread string

	// Amends is the receipt of the earlier message that this one takes the place of; "" for none. All that the earlier
	// one told and that still holds must be in this one, for where the channel can the earlier one goes.
	Amends Receipt

	// Language is that of the title and the text, "fr" or "en"; "" where it is not known.
	Language string

	School  string   // its name, "" for none
	Day     string   // in full, such as "jeudi 20 novembre 2025"; "" for none
	Actions []Action // buttons below the text, in order

	// Events are what the message tells, for programs. They hold no more than the recipient may see.
	Events []Event
}

// Level is how much a message may disturb its reader. The zero value is Normal.
type Level int

const (
	Quiet  Level = iota - 1 // no sound: digests, and what can wait
	Normal                  // as the recipient has set the channel
	Urgent                  // concerns today or tomorrow, and somebody has to act
	Alarm                   // a child's health or safety: may sound through the night
)

// String returns the word for programs.
func (l Level) String() string {
	switch {
	case l < Normal:
		return "quiet"
	case l == Normal:
		return "normal"
	case l == Urgent:
		return "urgent"
	}
	return "alarm"
}

// Action is a button.
type Action struct {
	Label string // of one or two words
	Data  string // 1 to 64 bytes that come back to the bot; an action with others is left out
}

// Receipt is what a message that was taken is called on the other side; "" where nothing is known.
type Receipt string

// Event is one thing that happened, as docs/events.schema.json has it. Days are "2006-01-02" and instants
// "2006-01-02 15:04:05" on the clocks of the school.
type Event struct {
	Kind    string `json:"kind"` // "mark.new" …
	At      string `json:"at"`   // when it was noticed
	Account string `json:"account"`
	Student string `json:"student,omitempty"` // "" when it concerns the account as a whole
	UID     string `json:"uid,omitempty"`     // of the row in the mirror; "" when it concerns none
	Row
	Average *Step          `json:"average,omitempty"` // how a mark moved that of its subject
	Parts   []Part         `json:"parts,omitempty"`   // of the row: those that changed, or all of a new one
	Files   []Part         `json:"files,omitempty"`   // of a row that has other parts too
	Of      map[string]any `json:"of,omitempty"`      // what the row is part of
	Back    bool           `json:"back,omitempty"`    // the row had been withdrawn
}

// Row is a row of the mirror, in the columns of its view.
type Row struct {
	Now     map[string]any `json:"now"`               // as it last was when it was removed
	Before  map[string]any `json:"before,omitempty"`  // the changed columns, as they were
	Changed []string       `json:"changed,omitempty"` // the names of the changed columns
}

// Part is what happened to something that a row consists of.
type Part struct {
	Kind string `json:"kind"` // "added", "changed" or "removed"
	Row
}

// Step is how a figure moved.
type Step struct {
	Before any `json:"before"` // nil when there was none
	After  any `json:"after"`
}

// documentVersion grows when a member of the document changes its meaning or goes, not when one is added.
const documentVersion = 1

// document is a message as programs get it.
type document struct {
	Version int     `json:"version"`
	ID      string  `json:"id"`
	Title   string  `json:"title"`
	Message string  `json:"message"`
	Link    string  `json:"link,omitempty"`
	Level   string  `json:"level"`
	Amends  Receipt `json:"amends,omitempty"`
	Events  []Event `json:"events"`
}

// json writes the document of a message.
func (m message) json() ([]byte, error) {
	events := m.events
	if events == nil {
		events = []Event{} // a list, even when there is none
	}
	amends := m.amends
	if !isPlainID(string(amends)) {
		amends = "" // no id of a document
	}
	return encode(document{documentVersion, m.id, m.subject.plain(), m.text.plain(), m.link, m.level.String(), amends, events})
}

// compose makes of a message what channels deliver.
func compose(m Message) message {
	return message{
		id: identity(m.ID), subject: parse(oneLine(m.Title)).fit(maxSubject, visible), text: parse(m.Body),
		link: webAddress(m.Link), level: m.Level, thread: m.Thread, amends: m.Amends,
		language: languageTag(m.Language), school: parse(oneLine(m.School)).plain(), day: parse(oneLine(m.Day)).plain(), actions: usable(m.Actions),
		events: m.Events, at: time.Now(),
	}
}

// webAddress returns the address of a page as it is safe in an attribute or a header, or "".
func webAddress(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" || u.Scheme != "https" && u.Scheme != "http" || u.User != nil || len(s) > maxLink {
		return ""
	}
	return escapeAddress(u.String())
}

// escapeAddress encodes what would end an address between quotes, brackets or parentheses.
func escapeAddress(s string) string {
	var b strings.Builder
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c > '~' || strings.IndexByte("\"'<>()\\`{|}^", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// languageTag returns a tag that is safe in an attribute, or "".
func languageTag(s string) string {
	if _, ok := pageOpen[s]; ok {
		return s
	}
	return ""
}

// usable are the actions that a service would take.
func usable(all []Action) []Action {
	var kept []Action
	for _, a := range all {
		a.Label = parse(oneLine(a.Label)).plain()
		if a.Label != "" && len(a.Data) >= 1 && len(a.Data) <= maxData {
			kept = append(kept, a)
		}
	}
	return kept
}
