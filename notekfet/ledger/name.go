package ledger

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"
)

// Fold makes texts equal that differ by the case of their letters alone, in both
// kinds of database alike: SQLite's own comparison knows ASCII only.
func Fold(text string) string {
	if isASCII(text) {
		return strings.ToLower(text)
	}
	return norm.NFC.String(cases.Fold().String(norm.NFC.String(text)))
}

func isASCII(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// Title puts a name in title case as Python's str.title does: each letter behind
// something that is no letter is a capital, all others are small.
func Title(name string) string {
	upper, lower := cases.Title(language.Und), cases.Lower(language.Und)
	var out, word strings.Builder
	flush := func() {
		first, size := utf8.DecodeRuneInString(word.String())
		if size > 0 {
			out.WriteString(upper.String(string(first)))
			out.WriteString(lower.String(word.String()[size:]))
		}
		word.Reset()
	}
	for _, r := range name {
		if cased(r) {
			word.WriteRune(r)
			continue
		}
		flush()
		out.WriteRune(r)
	}
	flush()
	return out.String()
}

func cased(r rune) bool {
	return unicode.IsUpper(r) || unicode.IsLower(r) || unicode.IsTitle(r) ||
		unicode.Is(unicode.Other_Lowercase, r) || unicode.Is(unicode.Other_Uppercase, r)
}

// IsMail is the weak check of an address: something on both sides of one @, a dot
// on the right, and neither blanks nor control characters.
func IsMail(address string) bool {
	left, right, ok := strings.Cut(address, "@")
	if !ok || left == "" || strings.Contains(right, "@") || len(address) > 254 {
		return false
	}
	if strings.ContainsFunc(address, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune(`<>,;"`, r)
	}) {
		return false
	}
	host, end, ok := cutLast(right, ".")
	return ok && host != "" && end != "" && !strings.HasPrefix(right, ".") && !strings.HasPrefix(left, "-")
}

func cutLast(text, separator string) (before, after string, found bool) {
	if i := strings.LastIndex(text, separator); i >= 0 {
		return text[:i], text[i+len(separator):], true
	}
	return text, "", false
}

// mostName bounds texts that an index holds, in bytes: PostgreSQL takes no more
// than about 2,700.
const mostName = 1000

// IsName reports whether a text can be a pseudo, an alias or a label.
func IsName(text string) bool {
	return text != "" && len(text) <= mostName && len(Fold(text)) <= 2*mostName
}

// ascii keeps the letters and digits of a name, without accents, small.
func ascii(name string) string {
	var out strings.Builder
	for _, r := range norm.NFKD.String(strings.NewReplacer("œ", "oe", "Œ", "oe", "æ", "ae", "Æ", "ae", "ß", "ss").Replace(name)) {
		switch {
		case 'A' <= r && r <= 'Z':
			out.WriteRune(r + 'a' - 'A')
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			out.WriteRune(r)
		}
	}
	return out.String()
}
