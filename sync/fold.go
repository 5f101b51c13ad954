package sync

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// This file makes one event of several about the same row that nobody was told yet: a
// correction is told with what it corrects, and what is as it was is not told at all.

// A folded is an event with those before it that it takes the place of.
type folded struct {
	db.Delivery
	before []int64 // numbers of their deliveries
	undone bool    // nothing is left to tell
}

// fold makes one event of those about a row, in their order.
func fold(waiting []db.Delivery) (list []folded) {
	at := map[string]int{} // what the last event about a row is in the list
	for _, d := range waiting {
		key := rowKey(d)
		i, known := at[key]
		if key == "" || !known || list[i].undone {
			if key != "" {
				at[key] = len(list)
			}
			list = append(list, folded{Delivery: d})
			continue
		}
		kind, data, undone := join(list[i].Event, d.Event)
		if !undone && bothTold(list[i].Event.Kind, d.Event.Kind) {
			at[key] = len(list)
			list = append(list, folded{Delivery: d})
			continue
		}
		joined := folded{Delivery: d, before: append(list[i].before, list[i].ID), undone: undone}
		joined.Event.Kind, joined.Event.Data = kind, data
		list[i] = joined
	}
	return putInPlace(list)
}

// putInPlace makes one event of a lesson that is cancelled and of the row that is put in
// its place later on: nobody is told that there is none, and what there is.
func putInPlace(list []folded) (kept []folded) {
	for _, f := range list {
		i := -1
		if key := slotKey(f.Delivery); key != "" && f.Event.Kind != "lesson.cancelled" {
			i = slices.IndexFunc(kept, func(other folded) bool {
				return other.Event.Kind == "lesson.cancelled" && !other.undone && slotKey(other.Delivery) == key
			})
		}
		if i < 0 {
			kept = append(kept, f)
			continue
		}
		f.before = slices.Concat(kept[i].before, []int64{kept[i].ID}, f.before)
		f.undone = f.undone || f.Event.Kind == "lesson.restored" && isAsPlanned(f.Event)
		kept = append(slices.Delete(kept, i, i+1), f)
	}
	return kept
}

// isAsPlanned reports whether another row of the timetable has all that people know of
// the one whose place it takes.
func isAsPlanned(e db.Event) bool {
	var t mirror.Telling
	return json.Unmarshal(e.Data, &t) == nil && !t.Touches([]string{"starts_at", "ends_at", "subject", "title", "teachers", "rooms"})
}

// bothTold reports whether neither of two kinds of events about a lesson says what the
// other does: a test is announced, and the room is another.
func bothTold(first, second string) bool {
	return strings.HasPrefix(first, "lesson.") && first != second && first != "lesson.new" && second != "lesson.cancelled"
}

// slotKey is the same for a lesson that is cancelled and for another row of the timetable
// that is put in its place, "" for what is neither.
func slotKey(d db.Delivery) string {
	var t mirror.Telling
	if json.Unmarshal(d.Event.Data, &t) != nil {
		return ""
	}
	row := t.Before
	switch d.Event.Kind {
	case "lesson.cancelled":
		row = t.Now
	case "lesson.replaced", "lesson.restored":
	default:
		return ""
	}
	starts, _ := object(row)["starts_at"].(string)
	if starts == "" {
		return ""
	}
	return mirror.Identity(strconv.FormatInt(d.AccountID, 10), strconv.FormatInt(d.Event.Student, 10), starts)
}

// accessKinds are the events that say whether an account can be followed. Of those that
// nobody was told yet, the last counts.
var accessKinds = []string{"system.unreachable", "system.banned", "system.login_refused", "system.token_lost", "system.recovered"}

// rowKey is the same for events about one row, or about the access of one account, ""
// for others.
func rowKey(d db.Delivery) string {
	e := d.Event
	switch {
	case slices.Contains(accessKinds, e.Kind):
		return mirror.Identity("access", strconv.FormatInt(d.AccountID, 10))
	case e.Item != 0:
		return mirror.Identity(familyOf(e.Kind), strconv.FormatInt(e.Item, 10))
	case e.Kind == "day.changed":
		return mirror.Identity(e.Kind, strconv.FormatInt(e.Student, 10), e.Day.String())
	}
	return ""
}

// join makes one event of two about a row, and reports whether they undo each other.
func join(first, second db.Event) (kind string, data json.RawMessage, undone bool) {
	if slices.Contains(accessKinds, second.Kind) {
		return second.Kind, second.Data, false
	}
	var a, b mirror.Telling
	if json.Unmarshal(first.Data, &a) != nil || json.Unmarshal(second.Data, &b) != nil {
		return second.Kind, second.Data, false // wording will say what is wrong with it
	}
	isNew, wasRemoved, isRemoved := strings.HasSuffix(first.Kind, ".new"), strings.HasSuffix(first.Kind, ".removed"), strings.HasSuffix(second.Kind, ".removed")
	switch {
	case isNew && isRemoved:
		return second.Kind, second.Data, true
	case isNew:
		b.Before, b.What, b.Average = nil, nil, firstKnown(a.Average, b.Average)
		b.Parts, b.Files = joinParts(a.Parts, b.Parts), joinParts(a.Files, b.Files)
		return first.Kind, mirror.DataOf(b), false
	case isRemoved: // as it was known
		b.Now = overlaid(b.Now, a.Before)
		return second.Kind, mirror.DataOf(b), false
	case wasRemoved:
		b.Before, b.What = mirror.DataOf(object(a.Now)), slices.Sorted(maps.Keys(object(a.Now)))
		b.What, b.Before, undone = joinChanges(mirror.Telling{}, b)
		return strings.TrimSuffix(first.Kind, ".removed") + ".changed", mirror.DataOf(b), undone && (second.Minor == db.MinorBack || len(b.Parts)+len(b.Files) == 0)
	}
	b.What, b.Before, undone = joinChanges(a, b)
	if a.Average != nil && b.Average != nil {
		b.Average = &mirror.Step{Before: a.Average.Before, After: b.Average.After}
	}
	b.Parts, b.Files = append(a.Parts, b.Parts...), append(a.Files, b.Files...)
	return second.Kind, mirror.DataOf(b), undone && len(b.Parts)+len(b.Files) == 0
}

func firstKnown(a, b *mirror.Step) *mirror.Step {
	if b != nil && a != nil {
		return &mirror.Step{Before: a.Before, After: b.After}
	}
	if b != nil {
		return b
	}
	return a
}

// joinParts are the parts of a new row after another change of them.
func joinParts(all, changes []mirror.Part) []mirror.Part {
	for _, p := range changes {
		if p.Kind == mirror.Added {
			all = append(all, p)
			continue
		}
		was := p.Now
		if p.Kind == mirror.Changed {
			was = overlaid(p.Now, p.Before)
		}
		i := slices.IndexFunc(all, func(known mirror.Part) bool { return sameJSON(known.Now, was) })
		switch {
		case i >= 0 && p.Kind == mirror.Removed:
			all = slices.Delete(all, i, i+1)
		case i >= 0:
			all[i].Now = p.Now
		}
	}
	return all
}

// joinChanges are the columns that two changes one after the other leave changed, with
// their first values, and whether that is none.
func joinChanges(a, b mirror.Telling) (what []string, before json.RawMessage, none bool) {
	was, is := object(overlaid(b.Before, a.Before)), object(b.Now)
	for column, value := range was {
		if reflect.DeepEqual(value, is[column]) {
			delete(was, column)
		}
	}
	for _, column := range slices.Concat(a.What, b.What) {
		if _, changed := was[column]; changed && !slices.Contains(what, column) {
			what = append(what, column)
		}
	}
	return what, mirror.DataOf(was), len(what) == 0
}

// overlaid is an object with the members of another in place of its own.
func overlaid(under, over json.RawMessage) json.RawMessage {
	all := object(under)
	maps.Copy(all, object(over))
	return mirror.DataOf(all)
}

// object reads a JSON object, an empty one where there is none.
func object(data json.RawMessage) map[string]any {
	all := map[string]any{}
	if len(data) > 0 {
		_ = json.Unmarshal(data, &all) // it was written by us
	}
	return all
}

func sameJSON(a, b json.RawMessage) bool { return reflect.DeepEqual(object(a), object(b)) }

// isKnown reports whether a recipient knows already what an event says, since that is
// what they were told last about its row.
func isKnown(e, last db.Event) bool {
	if last.Kind == "" || strings.HasSuffix(e.Kind, ".removed") {
		return last.Kind == e.Kind
	}
	if strings.HasSuffix(last.Kind, ".removed") {
		return false
	}
	var is, was mirror.Telling
	if json.Unmarshal(e.Data, &is) != nil || json.Unmarshal(last.Data, &was) != nil || len(is.Parts)+len(is.Files) > 0 {
		return false
	}
	now, then := object(is.Now), object(was.Now)
	if strings.HasSuffix(e.Kind, ".new") {
		return reflect.DeepEqual(now, then)
	}
	return len(is.What) > 0 && !slices.ContainsFunc(is.What, func(column string) bool { return !reflect.DeepEqual(now[column], then[column]) })
}
