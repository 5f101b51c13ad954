package db

import (
	"database/sql/driver"
	"fmt"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// The types below store fields of package pronote, which knows no SQL. Each is
// used as a pointer conversion in a Table's Fields, for reading and writing
// alike. The zero value is NULL.

type day pronote.Date

func (d day) Value() (driver.Value, error) { return orNull(pronote.Date(d).String()), nil }

func (d *day) Scan(src any) error {
	text, err := textOf(src)
	if err != nil || text == "" {
		*d = day{}
		return err
	}
	parsed, err := pronote.ParseDate(text)
	*d = day(parsed)
	return err
}

type instant pronote.DateTime

func (t instant) Value() (driver.Value, error) { return orNull(pronote.DateTime(t).String()), nil }

func (t *instant) Scan(src any) error {
	text, err := textOf(src)
	if err != nil || text == "" {
		*t = instant{}
		return err
	}
	parsed, err := pronote.ParseDateTime(text)
	*t = instant(parsed)
	return err
}

// number refers to its field, because a Number has a field named as the method
// that database/sql asks for.
type number struct{ *pronote.Number }

func (n number) Value() (driver.Value, error) {
	if !n.Known {
		return nil, nil
	}
	return n.Number.Value + 0, nil // SQLite has no negative zero
}

func (n number) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*n.Number = pronote.Number{}
	case float64:
		*n.Number = pronote.Num(v)
	case int64:
		*n.Number = pronote.Num(float64(v))
	default:
		return fmt.Errorf("expected a number, got %T", src)
	}
	return nil
}

// text is a string whose empty value is NULL.
type text string

func (t text) Value() (driver.Value, error) { return orNull(string(t)), nil }

func (t *text) Scan(src any) error {
	s, err := textOf(src)
	*t = text(s)
	return err
}

// names is a list of names, kept as "a, b".
type names []string

const betweenNames = ", "

func (n names) Value() (driver.Value, error) { return strings.Join(n, betweenNames), nil }

func (n *names) Scan(src any) error {
	text, err := textOf(src)
	*n = nil
	if text != "" {
		*n = strings.Split(text, betweenNames)
	}
	return err
}

// lines is a list of texts that may hold commas, kept as one line each.
type lines []string

func (l lines) Value() (driver.Value, error) { return strings.Join(l, "\n"), nil }

func (l *lines) Scan(src any) error {
	text, err := textOf(src)
	*l = nil
	if text != "" {
		*l = strings.Split(text, "\n")
	}
	return err
}

// count is an int whose zero is NULL.
type count int

func (c count) Value() (driver.Value, error) {
	if c == 0 {
		return nil, nil
	}
	return int64(c), nil
}

func (c *count) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*c = 0
	case int64:
		*c = count(v)
	default:
		return fmt.Errorf("expected a whole number, got %T", src)
	}
	return nil
}

func orNull(text string) driver.Value {
	if text == "" {
		return nil
	}
	return text
}

func textOf(src any) (string, error) {
	switch v := src.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case []byte:
		return string(v), nil
	}
	return "", fmt.Errorf("expected text, got %T", src)
}
