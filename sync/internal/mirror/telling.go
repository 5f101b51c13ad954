package mirror

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/pronote-sync/pronote-sync/db"
)

// A Telling is the data of an event about a row, in the columns of the mirror.
// It is stored as JSON, and read again when a message is worded.
type Telling struct {
	Now     json.RawMessage `json:"now"`              // the row; as it last was when it was removed
	Before  json.RawMessage `json:"before,omitempty"` // the changed columns, as they were
	What    []string        `json:"what,omitempty"`   // the changed columns
	Average *Step           `json:"average,omitempty"`
	Parts   []Part          `json:"parts,omitempty"` // those that changed, or all of what is new
	Files   []Part          `json:"files,omitempty"` // the same of files and links, of a row that has other parts too
	Of      json.RawMessage `json:"of,omitempty"`    // what the row is part of
	Back    bool            `json:"back,omitempty"`  // the row had been withdrawn

	Item int64 `json:"-"` // the row's, which the event carries beside its data
}

// A Part is what happened to something that the row consists of.
type Part struct {
	Kind   Kind            `json:"kind"`
	Now    json.RawMessage `json:"now"`
	Before json.RawMessage `json:"before,omitempty"`
	What   []string        `json:"what,omitempty"`
}

// PartsOf are the changes of parts, by the item that they are part of.
func PartsOf[P any](table db.Table[db.Part[P]], changes []Change[db.Part[P]]) map[int64][]Part {
	parts := map[int64][]Part{}
	for _, c := range changes {
		t, whole := TellingOf(table, c), c.New.Of
		if c.Kind == Removed {
			whole = c.Old.Of
		}
		parts[whole] = append(parts[whole], Part{c.Kind, t.Now, t.Before, t.What})
	}
	return parts
}

// A Step is how a figure moved.
type Step struct {
	Before *float64 `json:"before"` // nil when there was none
	After  float64  `json:"after"`
}

// TellingOf is what there is to tell about a change of a row.
func TellingOf[T any](table db.Table[T], c Change[T]) Telling {
	switch c.Kind {
	case Changed:
		t := Telling{Now: table.JSON(c.New), What: table.Differences(c.Old, c.New), Back: c.Back, Item: c.Item}
		if len(t.What) > 0 { // none would mean all
			t.Before = table.JSON(c.Old, t.What...)
		}
		return t
	case Removed:
		return Telling{Now: table.JSON(c.Old), Item: c.Item}
	default:
		return Telling{Now: table.JSON(c.New), Back: c.Back, Item: c.Item}
	}
}

// KindOf names the event that a change of a row is worth, "" for none: what is new
// and what is withdrawn always is, and what changed if it is worth telling.
func KindOf(family string, change Kind, worth bool) string {
	turn, happened := map[Kind]string{Added: "new", Changed: "changed", Removed: "removed"}[change]
	if !happened || change == Changed && !worth {
		return ""
	}
	return family + "." + turn
}

// Touches reports whether one of the columns changed.
func (t Telling) Touches(columns []string) bool { return intersect(t.What, columns) }

// Minor is why a row is hardly worth a message, whatever it is: it is back as it was, or
// all that changed of the columns that people are told, its own and those of its parts,
// are typing errors in texts. It is "" for anything else.
func (t Telling) Minor(told []string, texts ...string) string {
	switch {
	case t.Back && t.What == nil:
		return db.MinorBack
	case t.Files != nil || slices.ContainsFunc(t.Parts, func(p Part) bool { return p.Kind != Changed || !intersect(p.What, told) }):
		return ""
	}
	rows := append([]Part{{Changed, t.Now, t.Before, t.What}}, t.Parts...)
	touched := false
	for _, row := range rows {
		now, before := fieldsOf(row.Now, row.What), fieldsOf(row.Before, row.What)
		for _, column := range row.What {
			if !slices.Contains(told, column) {
				continue
			}
			was, _ := before[column].(string)
			is, _ := now[column].(string)
			if touched = slices.Contains(texts, column) && Typo(was, is); !touched {
				return ""
			}
		}
	}
	if !touched {
		return ""
	}
	return db.MinorTypo
}

// Like reports whether what a column says now is like what it said.
func (t Telling) Like(column string, like func(before, after string) bool) bool {
	is, _ := fieldsOf(t.Now, t.What)[column].(string)
	was, _ := fieldsOf(t.Before, t.What)[column].(string)
	return like(was, is)
}

// Only reports whether all that changed of the columns that people are told are some.
func (t Telling) Only(told []string, some ...string) bool {
	return t.Parts == nil && t.Files == nil && t.Touches(some) &&
		!slices.ContainsFunc(t.What, func(c string) bool { return slices.Contains(told, c) && !slices.Contains(some, c) })
}

// partsTouch reports whether a part came or went, or one of its columns changed.
func (t Telling) partsTouch(columns []string) bool {
	return slices.ContainsFunc(t.Parts, func(p Part) bool { return p.Kind != Changed || intersect(p.What, columns) })
}

func intersect(a, b []string) bool {
	return slices.ContainsFunc(a, func(s string) bool { return slices.Contains(b, s) })
}

// asNew is a telling without what was before.
func (t Telling) asNew() Telling {
	t.Before, t.What, t.Parts = nil, nil, slices.Clone(t.Parts)
	for i, p := range t.Parts {
		t.Parts[i] = Part{Kind: Added, Now: p.Now}
	}
	return t
}

// Event is an event of a kind, about the row, among the owner's.
func (t Telling) Event(kind string, owner db.Owner) db.Event {
	return t.Complete(db.Event{Kind: kind}, owner)
}

// Complete adds to an event, which says what kind it is and when it matters, what it is
// about: the row, among the owner's.
func (t Telling) Complete(e db.Event, owner db.Owner) db.Event {
	e.Student, e.Item, e.Data = owner.Student, t.Item, DataOf(t)
	return e
}

// FactsEvent is an event that is about no single row.
func FactsEvent(kind string, student int64, facts map[string]any) db.Event {
	return db.Event{Kind: kind, Student: student, Data: DataOf(map[string]any{"now": facts})}
}

// DataOf writes the data of an event, legibly.
func DataOf(v any) []byte {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		panic(fmt.Sprintf("an event does not marshal: %v", err)) // texts and finite numbers always do
	}
	return bytes.TrimSpace(text.Bytes())
}
