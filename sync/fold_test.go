package sync

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// waitingOf are deliveries about row 1, each "KIND DATA".
func waitingOf(events ...string) (waiting []db.Delivery) {
	for i, text := range events {
		kind, data, _ := strings.Cut(text, " ")
		kind, minor, _ := strings.Cut(kind, "/")
		waiting = append(waiting, db.Delivery{ID: int64(i + 1), Event: db.Event{Kind: kind, Item: 1, Minor: minor, Data: json.RawMessage(data)}})
	}
	return waiting
}

// TestFold holds what becomes of corrections that come before anybody was told.
func TestFold(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ events, want []string }{
		"a correction of what is new is new": {
			[]string{`mark.new {"now":{"value":12}}`, `mark.changed {"now":{"value":14},"before":{"value":12},"what":["value"]}`},
			[]string{`mark.new {"now":{"value":14}} [1]`},
		},
		"two corrections are one, with the first before": {
			[]string{`mark.changed {"now":{"value":14,"title":"a"},"before":{"value":12},"what":["value"]}`, `mark.changed {"now":{"value":15,"title":"b"},"before":{"value":14,"title":"a"},"what":["value","title"]}`},
			[]string{`mark.changed {"now":{"value":15,"title":"b"},"before":{"title":"a","value":12},"what":["value","title"]} [1]`},
		},
		"there and back is nothing": {
			[]string{`mark.changed {"now":{"value":14},"before":{"value":12},"what":["value"]}`, `mark.changed {"now":{"value":12},"before":{"value":14},"what":["value"]}`},
			[]string{`undone [1]`},
		},
		"there and back of one column of two is the other": {
			[]string{`mark.changed {"now":{"value":14,"title":"b"},"before":{"value":12,"title":"a"},"what":["value","title"]}`, `mark.changed {"now":{"value":12,"title":"b"},"before":{"value":14},"what":["value"]}`},
			[]string{`mark.changed {"now":{"value":12,"title":"b"},"before":{"title":"a"},"what":["title"]} [1]`},
		},
		"new and withdrawn is nothing": {
			[]string{`mark.new {"now":{"value":12}}`, `mark.removed {"now":{"value":12}}`}, []string{`undone [1]`},
		},
		"new, corrected and withdrawn is nothing": {
			[]string{`mark.new {"now":{"value":12}}`, `mark.changed {"now":{"value":14},"before":{"value":12},"what":["value"]}`, `mark.removed {"now":{"value":14}}`},
			[]string{`undone [1 2]`},
		},
		"withdrawn and restored is nothing": {
			[]string{`mark.removed {"now":{"value":12}}`, `mark.new/back {"now":{"value":12},"back":true}`}, []string{`undone [1]`},
		},
		"withdrawn and there again with another value is corrected": {
			[]string{`mark.removed {"now":{"value":12}}`, `mark.new {"now":{"value":13}}`},
			[]string{`mark.changed {"now":{"value":13},"before":{"value":12},"what":["value"]} [1]`},
		},
		"corrected and withdrawn is withdrawn, as it was known": {
			[]string{`mark.changed {"now":{"value":14},"before":{"value":12},"what":["value"]}`, `mark.removed {"now":{"value":14}}`},
			[]string{`mark.removed {"now":{"value":12}} [1]`},
		},
		"corrected, withdrawn and restored is corrected": {
			[]string{`mark.changed {"now":{"value":14},"before":{"value":12},"what":["value"]}`, `mark.removed {"now":{"value":14}}`, `mark.new/back {"now":{"value":14},"back":true}`},
			[]string{`mark.changed {"now":{"value":14},"before":{"value":12},"what":["value"],"back":true} [1 2]`},
		},
		"nothing, and then something": {
			[]string{`mark.new {"now":{"value":12}}`, `mark.removed {"now":{"value":12}}`, `mark.new {"now":{"value":13}}`},
			[]string{`undone [1]`, `mark.new {"now":{"value":13}} []`},
		},
		"moved twice is moved once": {
			[]string{`lesson.moved {"now":{"starts_at":"9"},"before":{"starts_at":"8"},"what":["starts_at"]}`, `lesson.moved {"now":{"starts_at":"10"},"before":{"starts_at":"9"},"what":["starts_at"]}`},
			[]string{`lesson.moved {"now":{"starts_at":"10"},"before":{"starts_at":"8"},"what":["starts_at"]} [1]`},
		},
		"cancelled and back on is nothing": {
			[]string{`lesson.cancelled {"now":{"cancelled":1},"before":{"cancelled":0},"what":["cancelled"]}`, `lesson.restored {"now":{"cancelled":0},"before":{"cancelled":1},"what":["cancelled"]}`},
			[]string{`undone [1]`},
		},
		"a test and another room are two": {
			[]string{`lesson.test {"now":{"test":1,"rooms":"A"},"before":{"test":0},"what":["test"]}`, `lesson.room {"now":{"test":1,"rooms":"B"},"before":{"rooms":"A"},"what":["rooms"]}`},
			[]string{`lesson.test {"now":{"test":1,"rooms":"A"},"before":{"test":0},"what":["test"]} []`, `lesson.room {"now":{"test":1,"rooms":"B"},"before":{"rooms":"A"},"what":["rooms"]} []`},
		},
		"an extra lesson whose room changed is extra": {
			[]string{`lesson.new {"now":{"rooms":"A"}}`, `lesson.room {"now":{"rooms":"B"},"before":{"rooms":"A"},"what":["rooms"]}`},
			[]string{`lesson.new {"now":{"rooms":"B"}} [1]`},
		},
		"another room, and cancelled, is cancelled": {
			[]string{`lesson.room {"now":{"rooms":"B","cancelled":0},"before":{"rooms":"A"},"what":["rooms"]}`, `lesson.cancelled {"now":{"rooms":"B","cancelled":1},"before":{"cancelled":0},"what":["cancelled"]}`},
			[]string{`lesson.cancelled {"now":{"rooms":"B","cancelled":1},"before":{"cancelled":0,"rooms":"A"},"what":["rooms","cancelled"]} [1]`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, f := range fold(waitingOf(tt.events...)) {
				what := f.Event.Kind + " " + string(f.Event.Data)
				if f.undone {
					what = "undone"
				}
				got = append(got, fmt.Sprint(what, " ", f.before))
			}
			if strings.Join(got, "\n") != strings.Join(tt.want, "\n") {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

// TestALessonInPlaceOfACancelledOneIsTheirOnlyStory: the row that replaced a lesson came
// at the next look, and one message said that there was none and that there was another.
func TestALessonInPlaceOfACancelledOneIsTheirOnlyStory(t *testing.T) {
	t.Parallel()
	const (
		cancelled = `{"now":{"starts_at":"2025-11-20 09:00:00","subject":"MATHS"},"before":{"cancelled":0,"starts_at":"2025-11-20 09:00:00"},"what":["cancelled"]}`
		english   = `{"now":{"starts_at":"2025-11-20 09:00:00","subject":"ANGLAIS"},"before":{"subject":"MATHS","starts_at":"2025-11-20 09:00:00"},"what":["subject"]}`
		later     = `{"now":{"starts_at":"2025-11-20 10:00:00","subject":"ANGLAIS"},"before":{"subject":"MATHS","starts_at":"2025-11-20 10:00:00"},"what":["subject"]}`
		again     = `{"now":{"starts_at":"2025-11-20 09:00:00","subject":"MATHS"},"before":{"cancelled":1,"starts_at":"2025-11-20 09:00:00"},"what":["cancelled"]}`
		byAnother = `{"now":{"starts_at":"2025-11-20 09:00:00","teachers":"B"},"before":{"teachers":"A","starts_at":"2025-11-20 09:00:00"},"what":["cancelled","teachers"]}`
	)
	for name, tt := range map[string]struct {
		kind, data string
		student    int64
		want       string
	}{
		"another lesson":        {"lesson.replaced", english, 1, "lesson.replaced [1]"},
		"of another hour":       {"lesson.replaced", later, 1, "lesson.cancelled [] lesson.replaced []"},
		"of another child":      {"lesson.replaced", english, 2, "lesson.cancelled [] lesson.replaced []"},
		"the same lesson":       {"lesson.restored", again, 1, "undone [1]"},
		"with another teacher":  {"lesson.restored", byAnother, 1, "lesson.restored [1]"},
		"what is beside it":     {"lesson.new", again, 1, "lesson.cancelled [] lesson.new []"},
		"what cannot be read":   {"lesson.replaced", "?", 1, "lesson.cancelled [] lesson.replaced []"},
		"another cancelled one": {"lesson.cancelled", cancelled, 1, "lesson.cancelled [] lesson.cancelled []"},
	} {
		var got []string
		for _, f := range fold([]db.Delivery{
			{ID: 1, Event: db.Event{Kind: "lesson.cancelled", Student: 1, Item: 1, Data: json.RawMessage(cancelled)}},
			{ID: 2, Event: db.Event{Kind: tt.kind, Student: tt.student, Item: 2, Data: json.RawMessage(tt.data)}},
		}) {
			what := f.Event.Kind
			if f.undone {
				what = "undone"
			}
			got = append(got, fmt.Sprint(what, " ", f.before))
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: %s, want %s", name, strings.Join(got, " "), tt.want)
		}
	}
}

// TestFoldingLosesNoLastState: whatever happens to some rows before anybody is told, each
// event that is left says how its row is after the last that it takes the place of, it is
// undone only where that is how the row was, and every delivery is accounted for once.
func TestFoldingLosesNoLastState(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rows := map[int64]map[string]any{} // nil where there is none
		for item := int64(1); item <= 3; item++ {
			if rapid.Bool().Draw(t, "there") {
				rows[item] = map[string]any{"a": 0.0, "b": 0.0}
			}
		}
		var waiting []db.Delivery
		was, is := map[int64]string{}, map[int64]string{} // the row, by the delivery
		withdrawn := map[int64]string{}
		events := rapid.IntRange(1, 12).Draw(t, "events")
		for id := int64(1); id <= int64(events); id++ {
			item := rapid.Int64Range(1, 3).Draw(t, "row")
			was[id] = string(mirror.DataOf(rows[item]))
			e := db.Event{Item: item}
			e.Kind, e.Data, rows[item] = happen(t, rows[item])
			is[id] = string(mirror.DataOf(rows[item]))
			switch e.Kind {
			case "mark.removed":
				withdrawn[item] = was[id]
			case "mark.new":
				if withdrawn[item] == is[id] {
					e.Minor = db.MinorBack
				}
			}
			waiting = append(waiting, db.Delivery{ID: id, Event: e})
		}
		accounted := map[int64]int{}
		for _, f := range fold(waiting) {
			ids := append(f.before, f.ID)
			for _, id := range ids {
				accounted[id]++
			}
			var telling mirror.Telling
			if err := json.Unmarshal(f.Event.Data, &telling); err != nil {
				t.Fatal(err)
			}
			switch first := was[ids[0]]; {
			case f.undone && first != is[f.ID]:
				t.Errorf("undone from %d on, and was %s, is %s", ids[0], first, is[f.ID])
			case f.undone:
			case strings.HasSuffix(f.Event.Kind, ".new") && first != "null":
				t.Errorf("told as new from %d on, and was %s", ids[0], first)
			case strings.HasSuffix(f.Event.Kind, ".removed"):
				if is[f.ID] != "null" {
					t.Errorf("told as withdrawn from %d on, is %s", ids[0], is[f.ID])
				}
			case !sameJSON(telling.Now, json.RawMessage(is[f.ID])):
				t.Errorf("told as %s from %d on, is %s", telling.Now, ids[0], is[f.ID])
			}
		}
		for _, d := range waiting {
			if accounted[d.ID] != 1 {
				t.Fatalf("delivery %d is in %d places", d.ID, accounted[d.ID])
			}
		}
	})
}

// happen makes something happen to a row, and returns the event about it, and the row.
func happen(t *rapid.T, row map[string]any) (kind string, data json.RawMessage, now map[string]any) {
	if row == nil {
		now = map[string]any{"a": float64(rapid.IntRange(0, 1).Draw(t, "a")), "b": float64(rapid.IntRange(0, 1).Draw(t, "b"))}
		return "mark.new", mirror.DataOf(mirror.Telling{Now: mirror.DataOf(now)}), now
	}
	if rapid.IntRange(0, 3).Draw(t, "turn") == 0 {
		return "mark.removed", mirror.DataOf(mirror.Telling{Now: mirror.DataOf(row)}), nil
	}
	column := rapid.SampledFrom([]string{"a", "b"}).Draw(t, "column")
	now = map[string]any{"a": row["a"], "b": row["b"]}
	now[column] = row[column].(float64) + float64(rapid.SampledFrom([]int{-1, 1}).Draw(t, "by"))
	before := mirror.DataOf(map[string]any{column: row[column]})
	return "mark.changed", mirror.DataOf(mirror.Telling{Now: mirror.DataOf(now), Before: before, What: []string{column}}), now
}
