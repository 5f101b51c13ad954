package wire

import (
	"bytes"
	"encoding/json"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// A Request is a command and its parameter, nil when there is none.
type Request struct {
	Command   string
	Parameter json.RawMessage
}

// ParseRequest decodes what a Scanner cut out, strictly: UTF-8, no escape of
// half a character, at most MaxDepth deep, one or two elements of which the first
// is a text. Everything else is ErrMalformed. The parameter shares text's bytes.
func ParseRequest(text []byte) (Request, error) {
	if !utf8.Valid(text) || !wellFormed(text) || !json.Valid(text) {
		return Request{}, ErrMalformed
	}
	var elements []json.RawMessage
	if err := json.Unmarshal(text, &elements); err != nil || len(elements) < 1 || len(elements) > 2 {
		return Request{}, ErrMalformed
	}
	var r Request
	if elements[0][0] != '"' || json.Unmarshal(elements[0], &r.Command) != nil {
		return Request{}, ErrMalformed
	}
	if len(elements) == 2 {
		r.Parameter = elements[1]
	}
	return r, nil
}

// wellFormed reports whether a text is not too deep and whether each escaped
// surrogate has its other half. That it is JSON is checked elsewhere.
func wellFormed(text []byte) bool {
	depth, inside := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '"':
			inside = !inside
		case inside && c == '\\':
			size, ok := escape(text[i:])
			if !ok {
				return false
			}
			i += size - 1
		case inside:
		case c == '[', c == '{':
			if depth++; depth > MaxDepth {
				return false
			}
		case c == ']', c == '}':
			depth--
		}
	}
	return true
}

// escape returns the length of an escape, or of a pair of them for one character.
func escape(text []byte) (size int, ok bool) {
	high, ok := unit(text)
	if !ok || !utf16.IsSurrogate(high) {
		return 2, true // what stands behind a \u that is none, json.Valid refuses
	}
	low, ok := unit(text[6:])
	return 12, ok && utf16.DecodeRune(high, low) != utf8.RuneError
}

func unit(text []byte) (rune, bool) {
	if len(text) < 6 || !bytes.HasPrefix(text, []byte(`\u`)) {
		return 0, false
	}
	n, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	return rune(n), err == nil
}
