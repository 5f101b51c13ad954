package mirror

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Typo reports whether two texts say the same but for a typing error: they differ in
// spaces, and in at most three letters that were changed, swapped, added or left out.
// Texts never say the same if a figure, a number, a day, a negation or an abbreviation
// differs, for "Exercice 81" is not "Exercice 18", nor if so little is left that three
// letters are a third of it.
func Typo(before, after string) bool {
	a, b := []rune(letters(before)), []rune(letters(after))
	for edits := range mostTypos + 1 {
		if within(a, b, edits) {
			return 3*edits <= min(len(a), len(b)) && slices.Equal(weighty(before), weighty(after))
		}
	}
	return false
}

const mostTypos = 3

// letters is a text without its spaces.
func letters(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
}

// within reports whether one text becomes another by some edits: a letter changed,
// added, left out, or swapped with the next.
func within(a, b []rune, edits int) bool {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	switch left := len(a) - len(b); {
	case max(left, -left) > edits:
		return false
	case len(a) == 0 || len(b) == 0:
		return true
	case edits == 0:
		return false
	}
	return within(a[1:], b[1:], edits-1) || within(a[1:], b, edits-1) || within(a, b[1:], edits-1) ||
		len(a) > 1 && len(b) > 1 && a[0] == b[1] && a[1] == b[0] && within(a[2:], b[2:], edits-1)
}

// weighty are the parts of a text that no typing error is told from a change of mind:
// what figureOrWord finds of figures, abbreviations and words of weight, in order.
func weighty(text string) (found []string) {
	for _, word := range figureOrWord.FindAllString(text, -1) {
		short := strings.ToUpper(word) == word && len([]rune(word)) <= longestAbbreviation
		switch lower := strings.ToLower(word); {
		case strings.ContainsFunc(word, unicode.IsNumber), short:
			found = append(found, word)
		case wordsOfWeight[lower]:
			found = append(found, lower)
		}
	}
	return found
}

// figureOrWord is a figure with what hangs on it, as in "12-14", "3,5", "18h30", "4e" and
// "B12", or a word.
var figureOrWord = regexp.MustCompile(`\p{Lu}*\p{N}(?:[^\s;()]*[\p{N}\p{L}])?|[\p{L}\p{M}]+`)

// longestAbbreviation is that of "DST", "QCM" and "XVII", not of a word that shouts.
const longestAbbreviation = 4

// wordsOfWeight change what is asked of somebody, whole or by a letter.
var wordsOfWeight = setOf(`
	ne n pas non ni sans aucun aucune rien jamais personne sauf plus moins ou et not no never without
	zéro un une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt vingts
	trente quarante cinquante soixante cent cents mille premier première second seconde deuxième troisième dernier dernière
	lundi mardi mercredi jeudi vendredi samedi dimanche
	janvier février mars avril mai juin juillet août septembre octobre novembre décembre
	hier demain matin midi soir avant après pair paire impair impaire oui`)

func setOf(words string) map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(words) {
		set[word] = true
	}
	return set
}
