package server

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/notekfet/ledger"
)

// A shape takes a parameter apart. The first thing that is not as it should be is
// kept in err, and everything after it is empty.
type shape struct{ err error }

func (s *shape) fail(format string, args ...any) {
	if s.err == nil {
		s.err = notekfet.Refuse(notekfet.BadParameter, format, args...)
	}
}

// list is an array of least to most elements; those that are not there are nil.
func (s *shape) list(raw json.RawMessage, least, most int) []json.RawMessage {
	elements := s.any(raw)
	if s.err == nil && (len(elements) < least || len(elements) > most) {
		s.fail("le paramètre n'a pas le bon nombre d'éléments")
	}
	return append(elements, make([]json.RawMessage, max(0, most-len(elements)))...)[:most]
}

// any is an array of any length.
func (s *shape) any(raw json.RawMessage) []json.RawMessage {
	var elements []json.RawMessage
	if s.err == nil && (!starts(raw, '[') || json.Unmarshal(raw, &elements) != nil) {
		s.fail("une liste est attendue")
	}
	return elements
}

func starts(raw json.RawMessage, c byte) bool { return len(raw) > 0 && raw[0] == c }

// integer is a number without fraction and exponent, of 64 bits.
func (s *shape) integer(raw json.RawMessage) int64 {
	if s.err != nil {
		return 0
	}
	n, err := strconv.ParseInt(string(raw), 10, 64)
	if err != nil || starts(raw, '+') {
		s.fail("un nombre entier est attendu")
	}
	return n
}

// integers is an array of them, of one element at least.
func (s *shape) integers(raw json.RawMessage) []int64 {
	elements := s.any(raw)
	if s.err == nil && len(elements) == 0 {
		s.fail("la liste est vide")
	}
	if s.err == nil && len(elements) > mostElementary {
		s.fail("la liste est trop longue")
	}
	if s.err != nil {
		return nil
	}
	list := make([]int64, len(elements))
	for i, e := range elements {
		list[i] = s.integer(e)
	}
	return list
}

// amount is a number of cents. It may be negative: what that means is for the
// command to say.
func (s *shape) amount(raw json.RawMessage) notekfet.Cents {
	n := notekfet.Cents(s.integer(raw))
	if s.err == nil && n > ledger.MostAmount {
		s.fail("ce montant est trop grand")
	}
	return n
}

// amountOrText also takes a number inside a text.
func (s *shape) amountOrText(raw json.RawMessage) notekfet.Cents {
	if starts(raw, '"') {
		raw = json.RawMessage(s.text(raw))
		if s.err == nil && !decimal(string(raw)) {
			s.fail("un nombre entier est attendu")
		}
	}
	return s.amount(raw)
}

func decimal(text string) bool {
	digits := strings.TrimPrefix(text, "-")
	return digits != "" && !strings.ContainsFunc(digits, func(r rune) bool { return r < '0' || r > '9' })
}

// text is a string; PostgreSQL cannot keep one with U+0000.
func (s *shape) text(raw json.RawMessage) string {
	var text string
	if s.err == nil && (!starts(raw, '"') || json.Unmarshal(raw, &text) != nil) {
		s.fail("un texte est attendu")
	}
	if strings.ContainsRune(text, 0) {
		s.fail("un texte contient le caractère nul")
		return ""
	}
	return text
}

// name is a text that can be a pseudo, an alias, a label.
func (s *shape) name(raw json.RawMessage) string {
	text := s.text(raw)
	if s.err == nil && (!ledger.IsName(text) || strings.TrimSpace(text) == "") {
		s.fail("un nom est vide ou trop long")
	}
	return text
}

func (s *shape) texts(raw json.RawMessage) []string {
	var list []string
	for _, e := range s.any(raw) {
		list = append(list, s.text(e))
	}
	return list
}

func (s *shape) flag(raw json.RawMessage) bool {
	if s.err == nil && string(raw) != "true" && string(raw) != "false" {
		s.fail("un booléen est attendu")
	}
	return string(raw) == "true"
}

func (s *shape) instant(raw json.RawMessage) ledger.Time {
	text := s.text(raw)
	if s.err != nil {
		return ledger.Time{}
	}
	t, err := ledger.ParseTime(text)
	if err != nil {
		s.fail("une date s'écrit comme 2019-03-01 20:00:00")
	}
	return t
}

// Fields are the keys of an object. Keys are compared exactly, as the library's
// structs would not.
type fields map[string]json.RawMessage

// object is an object with some of the known keys.
func (s *shape) object(raw json.RawMessage, known ...string) fields {
	var f fields
	if s.err == nil && (!starts(raw, '{') || json.Unmarshal(raw, &f) != nil) {
		s.fail("un objet est attendu")
	}
	for _, key := range slices.Sorted(maps.Keys(f)) {
		if !slices.Contains(known, key) {
			s.fail("la clé %.40q est inconnue", key)
		}
	}
	return f
}

// require fails unless all keys are there.
func (s *shape) require(f fields, keys ...string) {
	for _, key := range keys {
		if _, ok := f[key]; !ok {
			s.fail("la clé %q manque", key)
		}
	}
}

// set stores the value of a key, where it is there, as read reads it.
func set[T any](f fields, key string, into *T, read func(json.RawMessage) T) {
	if raw, ok := f[key]; ok {
		*into = read(raw)
	}
}
