package pronoteapi

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// A raw is a value as PRONOTE wrote it. Reading what is not there gives another
// raw that is not there, so that paths need no checks on the way.
type raw struct{ v any }

// parse reads an answer. An empty one is a raw that is not there.
func parse(data []byte) (raw, error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return raw{}, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		return raw{}, say("PRONOTE's answer could not be read: try again later")
	}
	return raw{v}, nil
}

// unwrap takes a typed value, {"_T": 24, "V": …}, out of its wrapping, which
// servers leave out as they like.
func (r raw) unwrap() (kind int, inner raw) {
	m, ok := r.v.(map[string]any)
	if !ok {
		return 0, r
	}
	number, typed := m["_T"].(json.Number)
	inside, valued := m["V"]
	switch {
	case typed && valued:
		kind, _ = strconv.Atoi(number.String()) // an odd kind is none
		return kind, raw{inside}
	case typed:
		return 0, raw{}
	}
	if valued && m["L"] == nil && m["N"] == nil && len(m) == 1 {
		return 0, raw{inside}
	}
	return 0, r
}

// at follows a path of members, "matiere.L"; of several after |, the first that
// leads somewhere.
func (r raw) at(path string) raw {
	first, others, several := strings.Cut(path, "|")
	at := r
	for name := range strings.SplitSeq(first, ".") {
		name, each := strings.CutSuffix(name, "[]")
		_, at = at.unwrap()
		m, _ := at.v.(map[string]any)
		at = raw{m[name]}
		if each {
			_, after, _ := strings.Cut(first, "[].")
			var list []any
			for _, item := range at.list() {
				list = append(list, item.at(after).v)
			}
			at = raw{list}
			break
		}
	}
	if at.v == nil && several {
		return r.at(others)
	}
	return at
}

// present tells an absent value or null from any other.
func (r raw) present() bool {
	_, inner := r.unwrap()
	return inner.v != nil
}

// list is the elements of a list, nil where there is none.
func (r raw) list() []raw {
	_, inner := r.unwrap()
	items, _ := inner.v.([]any)
	list := make([]raw, len(items))
	for i, item := range items {
		list[i] = raw{item}
	}
	return list
}

// text is a text, or a number or yes or no as one; "" where there is none.
func (r raw) text() string {
	_, inner := r.unwrap()
	switch v := inner.v.(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}

// orNull is a text, or null where there is none.
func (r raw) orNull() any {
	if !r.present() {
		return nil
	}
	return r.text()
}

// flag is whether something is so: true, a number but 0, or an object that says
// how.
func (r raw) flag() bool {
	_, inner := r.unwrap()
	switch v := inner.v.(type) {
	case bool:
		return v
	case json.Number:
		return v.String() != "0"
	case string:
		return v != "" && v != "0" && !strings.EqualFold(v, "false")
	case map[string]any:
		return true
	}
	return false
}

// number reads a number with a decimal comma or point. Known is false for what
// is none: an empty text, an annotation.
func (r raw) number() (value float64, known bool) {
	text := strings.ReplaceAll(strings.TrimSpace(r.text()), ",", ".")
	if strings.Trim(text, "+-.0123456789eE") != "" {
		return 0, false
	}
	value, err := strconv.ParseFloat(text, 64)
	return value, err == nil
}

func (r raw) int() int {
	value, _ := r.number()
	if value < -1<<31 || value > 1<<31-1 {
		return 0
	}
	return int(value)
}

// figure is a number, or null where the school hides it.
func (r raw) figure() any {
	if value, known := r.number(); known {
		return value
	}
	return nil
}

// figureOr is a number, or another where the school says none.
func (r raw) figureOr(other float64) float64 {
	if value, known := r.number(); known {
		return value
	}
	return other
}

// instant reads "17/11/2025" or "17/11/2025 08:00:00", which PRONOTE writes as the
// clocks of the school show it.
func (r raw) instant(zone *time.Location) (time.Time, bool) {
	text := r.text()
	for _, form := range []string{"2/1/2006 15:4:5", "2/1/2006 15:4", "2/1/2006"} {
		if t, err := time.ParseInLocation(form, text, zone); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// dated is the first of some dates that is there. Where none is, it is that of 1970:
// one thing without a date must not make null of all the others.
func dated(zone *time.Location, of ...raw) time.Time {
	for _, r := range of {
		if t, ok := r.instant(zone); ok {
			return t
		}
	}
	return time.UnixMilli(0).In(zone)
}

// longestSet bounds how many numbers a set may have.
const longestSet = 10_000

// set reads a set of numbers, "[1..3,5]", or a plain list of them.
func (r raw) set() []any { // of float64
	set := []any{}
	_, inner := r.unwrap()
	if _, ok := inner.v.([]any); ok {
		for _, item := range inner.list() {
			if value, known := item.number(); known {
				set = append(set, value)
			}
		}
		return set
	}
	for part := range strings.SplitSeq(strings.Trim(inner.text(), "[] "), ",") {
		from, to, ranged := strings.Cut(strings.TrimSpace(part), "..")
		first, err := strconv.Atoi(from)
		if err != nil {
			continue
		}
		last := first
		if ranged {
			if last, err = strconv.Atoi(to); err != nil {
				continue
			}
		}
		for n := first; n <= last && len(set) < longestSet; n++ {
			set = append(set, float64(n))
		}
	}
	return set
}
