package pronoteapi

import (
	"encoding/json"
	"math"
	"strconv"
	"time"
)

// scalar makes a value what a scalar type says, as leniently as clients are used
// to: a neighbouring type is turned into the declared one.
func scalar(name string, v any) (any, error) {
	switch name {
	case "Boolean":
		return boolean(v)
	case "Int":
		return integer(v)
	case "Float":
		return float(v)
	case "Date":
		if t, ok := v.(time.Time); ok {
			return t.UnixMilli(), nil
		}
		return nil, say("PRONOTE sent something else than a date")
	}
	return str(v) // and the enumerations of introspection
}

func str(v any) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case bool:
		return strconv.FormatBool(v), nil
	case int:
		return strconv.Itoa(v), nil
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64), nil
	case json.Number:
		return v.String(), nil
	}
	return "", say("String cannot represent what PRONOTE sent")
}

func boolean(v any) (bool, error) {
	if yes, ok := v.(bool); ok {
		return yes, nil
	}
	if _, isText := v.(string); !isText {
		if n, err := float(v); err == nil {
			return n != 0, nil
		}
	}
	return false, say("Boolean cannot represent a non boolean value")
}

func integer(v any) (int, error) {
	n, err := float(v)
	switch {
	case err != nil:
		return 0, say("Int cannot represent non-integer value")
	case n != math.Trunc(n), math.Abs(n) > math.MaxInt32:
		return 0, say("Int cannot represent non 32-bit signed integer value: %v", n)
	}
	return int(n), nil
}

func float(v any) (float64, error) {
	n, err := math.NaN(), error(nil)
	switch v := v.(type) {
	case float64:
		n = v
	case int:
		n = float64(v)
	case bool:
		if n = 0; v {
			n = 1
		}
	case json.Number:
		n, err = v.Float64()
	case string:
		n, err = strconv.ParseFloat(v, 64)
	}
	if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
		return 0, say("Float cannot represent non numeric value")
	}
	return n, nil
}

// A moment is the argument of type Date of a query.
type moment struct {
	time.Time
	given bool // and not null
	valid bool
}

// momentOf reads an argument as JavaScript's Date does: milliseconds, or a text, of
// which one without hours is of UTC and one without a zone of the school's.
func momentOf(v any, zone *time.Location) moment {
	switch v := v.(type) {
	case nil:
		return moment{}
	case int64:
		return milliseconds(float64(v))
	case int:
		return milliseconds(float64(v))
	case float64:
		return milliseconds(v)
	case json.Number:
		n, err := v.Float64()
		if err != nil {
			return moment{given: true}
		}
		return milliseconds(n)
	case string:
		return momentOfText(v, zone)
	}
	return moment{given: true}
}

// farthest is the number of milliseconds before and after 1970 that JavaScript
// knows.
const farthest = 8.64e15

func milliseconds(n float64) moment {
	if math.IsNaN(n) || math.Abs(n) > farthest {
		return moment{given: true}
	}
	return moment{time.UnixMilli(int64(n)), true, true}
}

// dateForms are the texts of dates, and whether they are of UTC without saying so.
var dateForms = []struct {
	form string
	utc  bool
}{
	{"2006-01-02", true}, {"2006-01", true}, {"2006", true},
	{time.RFC3339Nano, true}, {"2006-01-02T15:04Z07:00", true}, {"2006-01-02T15:04:05-0700", true},
	{"2006-01-02T15:04:05", false}, {"2006-01-02T15:04", false},
	{"2006-01-02 15:04:05", false}, {"2006-01-02 15:04", false}, {"2006/01/02", false}, {"2006/01/02 15:04:05", false},
}

func momentOfText(text string, zone *time.Location) moment {
	for _, f := range dateForms {
		in := zone
		if f.utc {
			in = time.UTC
		}
		if t, err := time.ParseInLocation(f.form, text, in); err == nil && math.Abs(float64(t.UnixMilli())) <= farthest {
			return moment{t, true, true}
		}
	}
	return moment{given: true}
}
