package pronote

import (
	"fmt"
	"log/slog"
)

// Secret is a text that cannot be printed, logged or marshalled by accident.
// It holds a pointer on purpose: fmt and other readers by reflection then see
// an address even where a Secret sits in an unexported field. The zero Secret
// is empty.
type Secret struct{ box *string }

const redacted = "[redacted]"

// NewSecret boxes a text.
func NewSecret(text string) Secret { return Secret{&text} }

// Reveal is the text. Call it only on the line that needs it.
func (s Secret) Reveal() string {
	if s.box == nil {
		return ""
	}
	return *s.box
}

// IsZero reports whether the text is empty.
func (s Secret) IsZero() bool { return s.Reveal() == "" }

// String implements fmt.Stringer without giving the text away.
func (s Secret) String() string { return redacted }

// Format implements fmt.Formatter, so that no verb gives the text away.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(redacted)) }

// LogValue implements slog.LogValuer without giving the text away.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText implements encoding.TextMarshaler without giving the text away.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *Secret) UnmarshalText(text []byte) error {
	*s = NewSecret(string(text))
	return nil
}
