package cas

import (
	"strings"
	"unicode"
)

// mask keeps the shape of a value and nothing else: letters become x, digits 9.
func mask(value string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsDigit(r):
			return '9'
		case unicode.IsLetter(r), unicode.IsMark(r), r > unicode.MaxASCII:
			return 'x'
		}
		return r
	}, value)
}

// maskName keeps the name of a field or a cookie, but masks what looks like a
// value in it: whatever has more than two digits, or is very long.
func maskName(name string) string {
	digits := strings.Count(mask(name), "9")
	if len(name) > 60 || digits > 2 || strings.ContainsAny(name, "@ ") {
		return mask(name)[:min(len(mask(name)), 60)]
	}
	return name
}
