package notekfet

import "fmt"

// An Error is a refusal: a code that is no success, and a sentence in French for
// people.
type Error struct {
	Code Code
	Text string
}

// Error names the code and repeats the sentence.
func (e *Error) Error() string {
	if e.Text == "" {
		return fmt.Sprintf("refused with code %d", int(e.Code))
	}
	return fmt.Sprintf("refused with code %d: %s", int(e.Code), e.Text)
}

// Refuse makes a refusal.
func Refuse(code Code, format string, args ...any) *Error {
	return &Error{Code: code, Text: fmt.Sprintf(format, args...)}
}
