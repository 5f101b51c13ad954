package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Explain words an error of encoding/json for people: it names neither Go's
// types nor the value, which is nobody's business.
func Explain(err error) error {
	var wrong *json.UnmarshalTypeError
	if !errors.As(err, &wrong) {
		return err
	}
	got, _, _ := strings.Cut(wrong.Value, " ") // "number 12"
	if wrong.Field == "" {
		return fmt.Errorf("unexpected %s", got)
	}
	return fmt.Errorf("unexpected %s in %s", got, wrong.Field)
}

func isNull(text []byte) bool { return len(text) == 0 || bytes.Equal(text, []byte("null")) }

// Text is a string, also when the server sends a number.
type Text string

// UnmarshalJSON implements json.Unmarshaler.
func (t *Text) UnmarshalJSON(text []byte) error {
	text = unwrap(text)
	switch {
	case isNull(text):
		*t = ""
		return nil
	case text[0] == '"':
		return json.Unmarshal(text, (*string)(t))
	case text[0] == '{' || text[0] == '[':
		return fmt.Errorf("expected a text, got %s", kind(text))
	default:
		*t = Text(text)
		return nil
	}
}

// Int is a whole number, also when it comes as text; an empty text is 0, and
// yes and no are 1 and 0.
type Int int

// UnmarshalJSON implements json.Unmarshaler.
func (n *Int) UnmarshalJSON(text []byte) error {
	switch text = unwrap(text); string(text) {
	case "true":
		*n = 1
		return nil
	case "false":
		*n = 0
		return nil
	}
	f, _, err := number(text)
	if err != nil {
		return err
	}
	if math.Abs(f) > 1<<53 {
		return fmt.Errorf("number is too large")
	}
	*n = Int(f)
	return nil
}

// Number is a number with a decimal comma or point, as JSON number or as text;
// Known is false for an empty text, an annotation, or anything else that is not
// a number.
type Number struct {
	Value float64
	Known bool
}

// UnmarshalJSON implements json.Unmarshaler.
func (n *Number) UnmarshalJSON(text []byte) error {
	text = unwrap(text)
	if !isNull(text) && (text[0] == '{' || text[0] == '[') {
		return fmt.Errorf("expected a number, got %s", kind(text))
	}
	f, known, err := number(text)
	if err != nil {
		known = false // "Abs" and its like: shown by the server, but no number
	}
	*n = Number{Value: f, Known: known}
	return nil
}

func number(text []byte) (value float64, known bool, err error) {
	text = unwrap(text)
	if isNull(text) {
		return 0, false, nil
	}
	plain := string(text)
	if text[0] == '"' {
		if err := json.Unmarshal(text, &plain); err != nil {
			return 0, false, err
		}
	}
	return ParseNumber(plain)
}

// ParseNumber reads a number with a decimal comma or point. Known is false for
// an empty text.
func ParseNumber(text string) (value float64, known bool, err error) {
	text = strings.ReplaceAll(strings.TrimSpace(text), ",", ".")
	if text == "" {
		return 0, false, nil
	}
	for _, r := range text { // ParseFloat knows "inf", "nan" and "0x1p3", the server does not
		if !strings.ContainsRune("+-.0123456789eE", r) {
			return 0, false, fmt.Errorf("expected a number")
		}
	}
	value, err = strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, false, fmt.Errorf("expected a number")
	}
	return value, true, nil
}

// Bool is true for true, a number other than 0, or an object: newer servers
// give a reason where older ones said true.
type Bool bool

// UnmarshalJSON implements json.Unmarshaler.
func (b *Bool) UnmarshalJSON(text []byte) error {
	text = unwrap(text)
	switch {
	case isNull(text):
		*b = false
	case text[0] == '{':
		*b = true
	case text[0] == '[':
		return fmt.Errorf("expected yes or no, got a list")
	default:
		plain := strings.ToLower(strings.Trim(string(text), `"`))
		*b = plain != "false" && plain != "0" && plain != ""
	}
	return nil
}

// Object is one element that may be absent.
type Object[T any] struct {
	Value   T
	Present bool
}

// UnmarshalJSON implements json.Unmarshaler.
func (o *Object[T]) UnmarshalJSON(text []byte) error {
	text = unwrap(text)
	if isNull(text) {
		return nil
	}
	if text[0] != '{' {
		return fmt.Errorf("expected an object, got %s", kind(text))
	}
	o.Present = true
	return json.Unmarshal(text, &o.Value)
}

// List is a list. Present tells an empty list, which says that there is
// nothing, from an absent one, which says nothing.
type List[T any] struct {
	Items   []T
	Present bool
}

// UnmarshalJSON implements json.Unmarshaler.
func (l *List[T]) UnmarshalJSON(text []byte) error {
	text = unwrap(text)
	if isNull(text) {
		return nil
	}
	if text[0] != '[' {
		return fmt.Errorf("expected a list, got %s", kind(text))
	}
	l.Present = true
	return json.Unmarshal(text, &l.Items)
}

// Set is a set of numbers written "[1..3,5]".
type Set []int

// MaxSet bounds a Set, in members and in their size: weeks, days, slots and
// answers are few.
const MaxSet = 4096

// UnmarshalJSON implements json.Unmarshaler.
func (s *Set) UnmarshalJSON(text []byte) error {
	var plain Text
	if err := plain.UnmarshalJSON(text); err != nil {
		return err
	}
	set, err := ParseSet(string(plain))
	*s = set
	return err
}

// ParseSet reads "[1..3,5]"; an empty text or "[]" is the empty set.
func ParseSet(text string) (Set, error) {
	text = strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(text), "["), "]")
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	var set Set
	for part := range strings.SplitSeq(text, ",") {
		from, to, isRange := strings.Cut(part, "..")
		low, err := strconv.Atoi(strings.TrimSpace(from))
		if err != nil {
			return nil, fmt.Errorf("expected a set of numbers")
		}
		high := low
		if isRange {
			if high, err = strconv.Atoi(strings.TrimSpace(to)); err != nil {
				return nil, fmt.Errorf("expected a set of numbers")
			}
		}
		if min(low, high) < -MaxSet || max(low, high) > MaxSet || len(set)+high-low >= MaxSet {
			return nil, fmt.Errorf("set of numbers is too large")
		}
		for n := low; n <= high; n++ {
			set = append(set, n)
		}
	}
	return set, nil
}

// String writes the set as the server does.
func (s Set) String() string {
	var parts []string
	for i := 0; i < len(s); {
		j := i
		for j+1 < len(s) && s[j+1] == s[j]+1 {
			j++
		}
		if j == i {
			parts = append(parts, strconv.Itoa(s[i]))
		} else {
			parts = append(parts, fmt.Sprintf("%d..%d", s[i], s[j]))
		}
		i = j + 1
	}
	return "[" + strings.Join(parts, ",") + "]"
}

// Element is the server's reference to anything: label, number, type.
type Element struct {
	Label  Text   `json:"L"`
	Number Text   `json:"N"`
	Genre  Number `json:"G"`
}

// Name is what an element is called, also when the server sends the name alone.
type Name struct{ Text }

// UnmarshalJSON implements json.Unmarshaler.
func (n *Name) UnmarshalJSON(text []byte) error {
	text = unwrap(text)
	if isNull(text) || text[0] != '{' {
		return n.Text.UnmarshalJSON(text)
	}
	var e Element
	err := json.Unmarshal(text, &e)
	n.Text = e.Label
	return err
}

func kind(text []byte) string {
	switch text[0] {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		return "a text"
	default:
		return "a number or word"
	}
}
