package cas

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Typed is what a person types at a portal. A portal can write that into any
// address and any part of a page; nothing that is kept or told may hold it in any
// form.
type typed []string // in the forms that it is looked for in, in lower case

// shortest is how long something must be, in bytes, to be looked for within other
// texts. A shorter text is found only where it stands alone.
const shortest = 3

func newTyped(values ...string) typed {
	var t typed
	for _, value := range values {
		if value = strings.TrimSpace(value); value == "" {
			continue
		}
		t = append(t, strings.ToLower(value))
		if len(value) < shortest {
			continue
		}
		for _, form := range []string{
			hex.EncodeToString([]byte(value)),
			base64.RawStdEncoding.EncodeToString([]byte(value)), base64.RawURLEncoding.EncodeToString([]byte(value)),
		} {
			t = append(t, strings.ToLower(form))
		}
	}
	return t
}

// in reports whether a text holds something typed, escaped or not.
func (t typed) in(text string) bool {
	if len(t) == 0 || text == "" {
		return false
	}
	return slices.ContainsFunc(unescaped(text), func(form string) bool {
		form = strings.ToLower(form)
		return slices.ContainsFunc(t, func(value string) bool {
			return strings.TrimSpace(form) == value || len(value) >= shortest && strings.Contains(form, value)
		})
	})
}

// unescaped are a text and what it stands for in an address, a page or a script,
// where one can be within another.
func unescaped(text string) []string {
	forms := []string{text}
	for from, depth := 0, 0; depth < 3 && from < len(forms); depth++ {
		end := len(forms)
		for _, form := range forms[from:end] {
			for _, plain := range []string{unescapeURL(form), strings.ReplaceAll(form, "+", " "), html.UnescapeString(form), unescapeScript(form)} {
				if !slices.Contains(forms, plain) {
					forms = append(forms, plain)
				}
			}
		}
		from = end
	}
	return forms
}

var (
	urlEscape    = regexp.MustCompile(`(?:%[0-9A-Fa-f]{2})+`)
	scriptEscape = regexp.MustCompile(`(?:\\u[0-9A-Fa-f]{4})+|\\U[0-9A-Fa-f]{8}|\\x[0-9A-Fa-f]{2}|\\.`)
)

// unescapeURL leaves alone what is no escape, which url.PathUnescape refuses.
func unescapeURL(text string) string {
	return urlEscape.ReplaceAllStringFunc(text, func(escapes string) string {
		plain, err := url.PathUnescape(escapes)
		if err != nil {
			return escapes
		}
		return plain
	})
}

func unescapeScript(text string) string {
	return scriptEscape.ReplaceAllStringFunc(text, func(escape string) string {
		var plain string
		if json.Unmarshal([]byte(`"`+escape+`"`), &plain) == nil { // pairs of numbers make one character
			return plain
		}
		plain, err := strconv.Unquote(`"` + escape + `"`)
		if err != nil {
			return escape[1:]
		}
		return plain
	})
}

// inASCII reports whether a text stands for ASCII alone, however it is written.
func inASCII(text string) bool {
	return !slices.ContainsFunc(unescaped(text), func(form string) bool {
		return strings.ContainsFunc(form, func(r rune) bool { return r >= 0x80 })
	})
}
