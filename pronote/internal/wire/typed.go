package wire

import "bytes"

// The server wraps some members as {"_T":type,"V":value}. Whether a given
// member is wrapped is fixed by nothing a client can rely on, so the types of
// this package read both forms, and the rest of the program sees one.

// unwrap returns the value inside a typed value, or the text as it is. The text
// is JSON: every value of an answer passes here, and most more than once, so it is
// cut and not parsed.
func unwrap(text []byte) []byte {
	text = bytes.TrimSpace(text)
	if len(text) == 0 || text[0] != '{' {
		return text
	}
	typed, value := false, []byte(nil)
	for rest := text[1:]; ; {
		name, after := cutValue(rest)
		inner, after := cutValue(after)
		switch string(name) {
		case `"_T"`:
			typed = true
		case `"V"`:
			value = inner
		default:
			if !typed {
				return text
			}
		}
		if rest = after; len(rest) == 0 {
			break
		}
	}
	if !typed {
		return text
	}
	return value
}

// cutValue cuts the first value off a list of them, and what separates it from
// the next or ends the list.
func cutValue(text []byte) (value, rest []byte) {
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case quoted:
			if c == '\\' {
				i++
			} else if c == '"' {
				quoted = false
			}
		case c == '"':
			quoted = true
		case c == '{', c == '[':
			depth++
		case depth > 0:
			if c == '}' || c == ']' {
				depth--
			}
		case c == ',', c == ':':
			return bytes.TrimSpace(text[:i]), text[i+1:]
		case c == '}', c == ']':
			return bytes.TrimSpace(text[:i]), nil
		}
	}
	return bytes.TrimSpace(text), nil
}
