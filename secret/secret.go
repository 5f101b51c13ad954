// Package secret has texts that do not show.
package secret

import (
	"fmt"
	"log/slog"
)

// Text is a text that cannot be printed, logged or marshalled by accident.
// It holds a pointer on purpose: fmt and other readers by reflection then see
// an address even where a Text sits in an unexported field. The zero Text
// is empty.
type Text struct{ box *string }

const redacted = "[redacted]"

// New boxes a text.
func New(text string) Text { return Text{&text} }

// Reveal is the text. Call it only on the line that needs it.
func (s Text) Reveal() string {
	if s.box == nil {
		return ""
	}
	return *s.box
}

// IsZero reports whether the text is empty.
func (s Text) IsZero() bool { return s.Reveal() == "" }

// String implements fmt.Stringer without giving the text away.
func (s Text) String() string { return redacted }

// Format implements fmt.Formatter, so that no verb gives the text away.
func (s Text) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// LogValue implements slog.LogValuer without giving the text away.
func (s Text) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText implements encoding.TextMarshaler without giving the text away.
func (s Text) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *Text) UnmarshalText(text []byte) error {
	*s = New(string(text))
	return nil
}
