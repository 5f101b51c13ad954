package notifiers

import "github.com/pronote-sync/pronote-sync/secret"

// Secret is a text that cannot be printed, logged or marshalled by accident. Its
// zero value is the absence of a secret.
type Secret = secret.Text

// redacted is what a Secret is printed as.
const redacted = "[redacted]"

// NewSecret boxes a text.
func NewSecret(text string) Secret { return secret.New(text) }
