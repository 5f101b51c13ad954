package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/pronote-sync/pronote-sync/db"
)

// details is the column of a change that is made for people.
const details = "details"

// detailsOf says what changed, from what to what; of what came or went, what it
// is.
func detailsOf(row db.Record) string {
	var what []string
	before, after := object(row["before"]), object(row["after"])
	if raw, ok := row["what"].(json.RawMessage); ok {
		_ = json.Unmarshal(raw, &what) // a list, as the view says
	}
	var parts []string
	for _, column := range what {
		parts = append(parts, fmt.Sprintf("%s: %s → %s", column, shown(before[column]), shown(after[column])))
	}
	if len(what) > 0 {
		return strings.Join(parts, ", ")
	}
	for _, column := range []string{"due_on", "starts_at", "subject", "name", "title", "label", "balance_text", "value_text", "student_average", "description"} {
		if text := shown(cmp.Or(after[column], before[column])); text != "" {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, ", ")
}

func object(value any) (fields map[string]any) {
	if raw, ok := value.(json.RawMessage); ok {
		_ = json.Unmarshal(raw, &fields) // an object, as the view says, or null
	}
	return fields
}

func shown(value any) string {
	if value == nil {
		return ""
	}
	return fmt.Sprint(value)
}
