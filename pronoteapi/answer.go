package pronoteapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"

	"github.com/vektah/gqlparser/v2/gqlerror"
)

// An answer is the result of a query.
type answer struct {
	data     any
	ran      bool // so that there are data, if only null
	failures []failure
}

// A failure is an entry of errors.
type failure struct {
	message   string
	locations []gqlerror.Location
	path      []any
	code      int // of Pronote's errors, 0 for others
}

func refused(failures []failure) answer { return answer{failures: failures} }

// syntaxErrors are those of a text that is no query.
func syntaxErrors(err error) []failure {
	failures := failuresOf(err)
	for i := range failures {
		failures[i].message = "Syntax Error: " + failures[i].message
	}
	return failures
}

func failuresOf(err error) (failures []failure) {
	var list gqlerror.List
	var one *gqlerror.Error
	switch {
	case errors.As(err, &list):
		for _, e := range list[:min(len(list), maxFailures)] {
			failures = append(failures, failure{message: e.Message, locations: e.Locations})
		}
	case errors.As(err, &one):
		failures = []failure{{message: one.Message, locations: one.Locations}}
	default:
		failures = []failure{{message: err.Error()}}
	}
	return failures
}

// members are the fields of an object of the answer, in the order of the query.
type members []member

type member struct {
	name  string
	value any
}

// MarshalJSON implements json.Marshaler: errors come first, as they did.
func (a answer) MarshalJSON() ([]byte, error) {
	var whole members
	if len(a.failures) > 0 {
		list := make([]any, len(a.failures))
		for i, f := range a.failures {
			list[i] = f.members()
		}
		whole = append(whole, member{"errors", list})
	}
	if a.ran {
		whole = append(whole, member{"data", a.data})
	}
	var b bytes.Buffer
	err := write(&b, whole)
	return b.Bytes(), err
}

func (f failure) members() members {
	m := members{{"message", f.message}}
	if len(f.locations) > 0 {
		list := make([]any, len(f.locations))
		for i, l := range f.locations {
			list[i] = members{{"line", l.Line}, {"column", l.Column}}
		}
		m = append(m, member{"locations", list})
	}
	if len(f.path) > 0 {
		m = append(m, member{"path", f.path})
	}
	if f.code != 0 {
		m = append(m, member{"extensions", members{{"code", f.code}}})
	}
	return m
}

// write writes JSON whose objects keep their order.
func write(to *bytes.Buffer, v any) error {
	switch v := v.(type) {
	case members:
		if v == nil {
			to.WriteString("null")
			return nil
		}
		to.WriteByte('{')
		for i, m := range v {
			if i > 0 {
				to.WriteByte(',')
			}
			to.WriteString(strconv.Quote(m.name) + ":") // names are of letters, digits and _
			if err := write(to, m.value); err != nil {
				return err
			}
		}
		to.WriteByte('}')
	case []any:
		to.WriteByte('[')
		for i, item := range v {
			if i > 0 {
				to.WriteByte(',')
			}
			if err := write(to, item); err != nil {
				return err
			}
		}
		to.WriteByte(']')
	default:
		text, err := plainJSON(v)
		to.Write(text)
		return err
	}
	return nil
}

// plainJSON is JSON in which < and & stay as they are.
func plainJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}
