package sync

import (
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

	item int64
}

// A step is how a figure moved.
type step struct {
	Before *float64 `json:"before"` // nil when there was none
	After  float64  `json:"after"`
}

func tellingOf[T any](table db.Table[T], c Change[T]) telling {
	switch c.Kind {
	case Changed:
		what := table.Differences(c.Old, c.New)
		return telling{Now: table.JSON(c.New), Before: table.JSON(c.Old, what...), What: what, item: c.Item}
	case Removed:
		return telling{Now: table.JSON(c.Old), item: c.Item}
	default:
		return telling{Now: table.JSON(c.New), item: c.Item}
	}
}

// touches reports whether one of the columns changed.
func (t telling) touches(columns []string) bool {
	return slices.ContainsFunc(t.What, func(c string) bool { return slices.Contains(columns, c) })
}

func (t telling) event(kind string, owner db.Owner) db.Event {
	data, err := json.Marshal(t)
	if err != nil {
		panic(fmt.Sprintf("event %s does not marshal: %v", kind, err)) // texts and finite numbers always do
	}
	return db.Event{Kind: kind, Student: owner.Student, Item: t.item, Data: data}
}
