package wording

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// longestBreak is how long the break between two hours of one lesson is at most.
const longestBreak = 20 * time.Minute

// manyHours is how many cancelled lessons of a day are more than a line each is worth.
const manyHours = 3

// gathered joins what people see as one among the events of a cause: the adjacent hours
// of a lesson, the lessons of a free day, the weeks with one substitute, the messages of a
// discussion.
func (v view) gathered() view {
	v.Now = maps.Clone(v.Now)
	v.Count = 1
	for changed := true; changed; {
		changed = false
		v.With = slices.DeleteFunc(slices.Clone(v.With), func(w view) bool {
			took := v.takes(w)
			changed = changed || took
			return took
		})
	}
	var with []view
	for _, w := range v.With {
		if w.Kind == v.Kind && w.Kind == "message.new" {
			v.Count++
		}
		w.Now = maps.Clone(w.Now)
		if i := slices.IndexFunc(with, func(other view) bool { return other.takes(w) }); i >= 0 {
			with[i].takes(w)
			continue
		}
		w.Whole = v.Kind == "day.changed" && v.gap(w)
		with = append(with, w)
	}
	v.With = asOneLine(with)
	return v
}

// takes makes a lesson longer by one that goes on where it ends, or begins where it does,
// and the run of a substitute by a week; it reports whether it did.
func (v *view) takes(w view) bool {
	if v.Kind != w.Kind || !v.sameLesson(w) {
		return false
	}
	starts, _ := momentOf(v.Now["starts_at"])
	other, ok := momentOf(w.Now["starts_at"])
	if !ok {
		return false
	}
	if v.Kind == "lesson.teacher" && v.Before["teachers"] == w.Before["teachers"] {
		if v.Weeks == nil {
			v.Weeks = []any{v.Now["starts_at"]}
		}
		v.Weeks = append(v.Weeks, w.Now["starts_at"])
		return true
	}
	switch v.Kind {
	case "lesson.cancelled", "lesson.restored", "lesson.new":
	default:
		return false
	}
	ends, _ := momentOf(v.Now["ends_at"])
	otherEnds, _ := momentOf(w.Now["ends_at"])
	switch {
	case ends.Date != otherEnds.Date || ends.IsZero() || starts.Date != ends.Date:
		return false
	case goesOn(ends, other):
		v.Now["ends_at"] = w.Now["ends_at"]
	case goesOn(otherEnds, starts):
		v.Now["starts_at"] = w.Now["starts_at"]
	default:
		return false
	}
	v.Long = true
	return true
}

// goesOn reports whether there is no more than a break between an end and a start.
func goesOn(ends, starts moment) bool {
	between := starts.In(time.UTC).Sub(ends.In(time.UTC))
	return between >= 0 && between <= longestBreak
}

func (v *view) sameLesson(w view) bool {
	for _, column := range []string{"subject", "title", "teachers", "reason", "detention", "outing", "memo"} {
		if v.Now[column] != w.Now[column] {
			return false
		}
	}
	return v.Kind != "lesson.new" || v.Now["rooms"] == w.Now["rooms"]
}

// gap reports whether a cancelled or restored lesson is all by which a day begins or ends
// at another time, so that its hours need not be said.
func (v view) gap(w view) bool {
	is := func(from, to any) bool {
		return from != nil && to != nil && from == w.Now["starts_at"] && to == w.Now["ends_at"]
	}
	switch w.Kind {
	case "lesson.cancelled":
		return is(v.Before["starts_at"], v.Now["starts_at"]) || is(v.Now["ends_at"], v.Before["ends_at"])
	case "lesson.restored":
		return is(v.Now["starts_at"], v.Before["starts_at"]) || is(v.Before["ends_at"], v.Now["ends_at"])
	}
	return false
}

// asOneLine puts the lessons that are cancelled on one line where they would be many.
func asOneLine(with []view) []view {
	cancelled := func(w view) bool {
		return w.Kind == "lesson.cancelled" && w.Now["detention"] != 1.0 && w.Now["outing"] != 1.0
	}
	first, n, alike := -1, 0, true
	for i, w := range with {
		if !cancelled(w) {
			continue
		}
		if n++; first < 0 {
			first = i
		}
		alike = alike && w.Now["reason"] == with[first].Now["reason"]
	}
	if n <= manyHours {
		return with
	}
	var kept []view
	one := with[first]
	for i, w := range with {
		switch {
		case i == first:
			kept = append(kept, view{})
		case cancelled(w):
			one.More = append(one.More, w)
		default:
			kept = append(kept, w)
		}
	}
	if !alike {
		one.Now = maps.Clone(one.Now)
		one.Now["reason"] = ""
	}
	kept[first] = one // those before it are not cancelled
	return kept
}

// fold stands in a title before what goes to the first line of the body where the title
// is too long with it. No text of a school has it.
const fold = "\uE002"

// unfolded is a text without its folds.
func unfolded(text string) string { return strings.ReplaceAll(text, fold, "") }

// folds are where a title may be cut, in bytes of the title without them, last first.
func folds(title string) (at []int) {
	pieces := strings.Split(title, fold)
	n := 0
	for _, piece := range pieces[:len(pieces)-1] {
		n += len(piece)
		at = append(at, n)
	}
	slices.Reverse(at)
	return at
}

// unbracketed is a line of its own that was in brackets.
func unbracketed(text string) string {
	text = strings.TrimLeft(text, " ,:"+noBreak)
	if inner, ok := strings.CutPrefix(text, "("); ok && strings.HasSuffix(inner, ")") && !strings.Contains(inner, "(") {
		return strings.TrimSuffix(inner, ")")
	}
	return text
}
