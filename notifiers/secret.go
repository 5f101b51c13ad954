package notifiers

import "log/slog"

const redacted = "[redacted]"

// Secret is a string that prints as "[redacted]", whoever prints it: fmt, log/slog, JSON or TOML. Its zero value is the
// absence of a secret. It is boxed because reflection also prints unexported fields of other people's structs, whose
// methods it cannot call: it then shows an address.
type Secret struct{ value *string }

// NewSecret boxes a string.
func NewSecret(s string) Secret { return Secret{&s} }

// Reveal returns the string itself, for the one line that needs it.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// IsZero reports whether there is no secret, or an empty one.
func (s Secret) IsZero() bool { return s.Reveal() == "" }

// String returns "[redacted]".
func (s Secret) String() string { return redacted }

// GoString returns "[redacted]".
func (s Secret) GoString() string { return redacted }

// LogValue returns "[redacted]".
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText returns "[redacted]"; JSON and TOML encoders use it too.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// UnmarshalText boxes a text.
func (s *Secret) UnmarshalText(text []byte) error {
	*s = NewSecret(string(text))
	return nil
}
