package notifiers

import "time"

// Message is what one recipient is told at one time.
type Message struct {
	// ID is the same at each attempt at a message, and at no other message: a channel which can recognise a repeat does.
	// Ids of at most 64 letters, digits, '-' and '_' appear as they are on the other side, others as a hash. An empty id
	// is a new random one.
	ID string

	Title string // a line of at most 72 characters
	Body  string // plain text of any number of lines, empty if the title says all

	// Events are what the message tells, for programs. They hold no more than the recipient may see.
	Events []Event
}

// Receipt is a service's own id of a message that it took; "" where it gives none.
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
	Events  []Event `json:"events"`
}

// json writes the document of a message.
func (m message) json() ([]byte, error) {
	events := m.events
	if events == nil {
		events = []Event{} // a list, even when there is none
	}
	return encode(document{documentVersion, m.id, m.subject.plain(), m.text.plain(), events})
}

// compose makes of a message what channels deliver.
func compose(m Message) message {
	return message{identity(m.ID), parse(oneLine(m.Title)).fit(maxSubject, visible), parse(m.Body), m.Events, time.Now()}
}
