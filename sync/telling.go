package sync

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/pronote-sync/pronote-sync/db"
)

// A telling is the data of an event about a row, in the columns of the mirror.
// It is stored as JSON, and read again when a message is worded.
type telling struct {
	Now     json.RawMessage `json:"now"`              // the row; as it last was when it was removed
	Before  json.RawMessage `json:"before,omitempty"` // the changed columns, as they were
	What    []string        `json:"what,omitempty"`   // the changed columns
	Average *step           `json:"average,omitempty"`
	Parts   []part          `json:"parts,omitempty"` // those that changed, or all of what is new
	Files   []part          `json:"files,omitempty"` // the same of files and links, of a row that has other parts too
	Of      json.RawMessage `json:"of,omitempty"`    // what the row is part of

	item int64
}

// A part is what happened to something that the row consists of.
type part struct {
	Kind   Kind            `json:"kind"`
	Now    json.RawMessage `json:"now"`
	Before json.RawMessage `json:"before,omitempty"`
	What   []string        `json:"what,omitempty"`
}

// partsOf are the changes of parts, by the item that they are part of.
func partsOf[P any](table db.Table[db.Part[P]], changes []Change[db.Part[P]]) map[int64][]part {
	parts := map[int64][]part{}
	for _, c := range changes {
		t, whole := tellingOf(table, c), c.New.Of
		if c.Kind == Removed {
			whole = c.Old.Of
		}
		parts[whole] = append(parts[whole], part{c.Kind, t.Now, t.Before, t.What})
	}
	return parts
}

// A step is how a figure moved.
type step struct {
	Before *float64 `json:"before"` // nil when there was none
	After  float64  `json:"after"`
}

func tellingOf[T any](table db.Table[T], c Change[T]) telling {
	switch c.Kind {
	case Changed:
		t := telling{Now: table.JSON(c.New), What: table.Differences(c.Old, c.New), item: c.Item}
		if len(t.What) > 0 { // none would mean all
			t.Before = table.JSON(c.Old, t.What...)
		}
		return t
	case Removed:
		return telling{Now: table.JSON(c.Old), item: c.Item}
	default:
		return telling{Now: table.JSON(c.New), item: c.Item}
	}
}

// kindOf names the event that a change of a row is worth, "" for none: what is new
// and what is withdrawn always is, where there is such an event, and what changed
// if it is worth telling.
func kindOf(family string, change Kind, worth bool) string {
	kind := family + "." + map[Kind]string{Added: "new", Changed: "changed", Removed: "removed"}[change]
	if change == Changed && !worth || !slices.Contains(EventKinds(), kind) {
		return ""
	}
	return kind
}

// touches reports whether one of the columns changed.
func (t telling) touches(columns []string) bool { return intersect(t.What, columns) }

// partsTouch reports whether a part came or went, or one of its columns changed.
func (t telling) partsTouch(columns []string) bool {
	return slices.ContainsFunc(t.Parts, func(p part) bool { return p.Kind != Changed || intersect(p.What, columns) })
}

func intersect(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

// asNew is a telling without what was before.
func (t telling) asNew() telling {
	t.Before, t.What, t.Parts = nil, nil, slices.Clone(t.Parts)
	for i, p := range t.Parts {
		t.Parts[i] = part{Kind: Added, Now: p.Now}
	}
	return t
}

func (t telling) event(kind string, owner db.Owner) db.Event {
	return db.Event{Kind: kind, Student: owner.Student, Item: t.item, Data: dataOf(t)}
}

// factsEvent is an event that is about no single row.
func factsEvent(kind string, student int64, facts map[string]any) db.Event {
	return db.Event{Kind: kind, Student: student, Data: dataOf(map[string]any{"now": facts})}
}

// dataOf writes the data of an event, legibly.
func dataOf(v any) []byte {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		panic(fmt.Sprintf("an event does not marshal: %v", err)) // texts and finite numbers always do
	}
	return bytes.TrimSpace(text.Bytes())
}
