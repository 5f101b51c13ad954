package school

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/pronote-sync/pronote-sync/db"
)

// saysAllIn reports whether the first characters of a French title hold whom it is
// about, what happened, and when: beyond them stand no child, no figure, no day, and no
// word of ours, but the school's words for what it is about, and how many more there are.
func saysAllIn(most int, title string, names []string, told []db.Delivery) bool {
	title = furtherOf(title)
	runes := []rune(title)
	if len(runes) <= most {
		return true
	}
	from := most // of the word that is cut
	for from > 0 && isOfWord(runes[from]) && isOfWord(runes[from-1]) {
		from--
	}
	rest := strings.TrimSuffix(string(runes[from:]), "…")
	if slices.ContainsFunc(told, func(d db.Delivery) bool { return quotes(d.Event.Data, rest) }) {
		return true
	}
	return !strings.ContainsFunc(rest, unicode.IsDigit) && !slices.ContainsFunc(strings.FieldsFunc(rest, func(r rune) bool { return !isOfWord(r) }), func(word string) bool {
		return slices.Contains(wordsOfOurs, strings.ToLower(word)) || slices.Contains(names, word)
	})
}

func isOfWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// furtherOf is a title without how many more facts its message has, or how often one came.
func furtherOf(title string) string {
	for _, open := range []string{" (+ ", " ("} {
		before, rest, found := strings.Cut(title, open)
		if found && (open == " (+ " || strings.HasSuffix(rest, " fois)") || strings.HasSuffix(rest, " messages)")) {
			title = before
		}
	}
	return title
}

// quotes reports whether a text stands in the data of an event, as the school wrote it.
func quotes(data json.RawMessage, text string) bool {
	var value any
	return json.Unmarshal(data, &value) == nil && stands(value, strings.ToLower(strings.TrimSpace(text)))
}

func stands(value any, text string) bool {
	switch v := value.(type) {
	case string:
		return strings.Contains(strings.ToLower(v), text)
	case []any:
		return slices.ContainsFunc(v, func(inner any) bool { return stands(inner, text) })
	case map[string]any:
		for _, inner := range v {
			if stands(inner, text) {
				return true
			}
		}
	}
	return false
}

// wordsOfOurs are the words of a title that say what happened, or when.
var wordsOfOurs = strings.Fields(`
	demain aujourd hier lundi mardi mercredi jeudi vendredi samedi dimanche lun mar mer jeu ven sam dim
	jan janv fév févr mars avr avril mai juin juil août sept oct nov déc
	note notes moyenne bulletin barème évaluation niveau niveaux compétence contrôle cours travail absence retard punition retenue exclusion avertissement
	observation dispense infirmerie encouragements message sondage information sortie journée salle professeur solde cantine
	annulé annulée déplacé maintenu maintenue remplace ajouté ajoutée retiré retirée remis remise corrigé corrigée corrigés complété complétée renommé renommée
	justifié justifiée justifier compté comptée terminée modifié modifiée modifiées rendre lire début fin dès jusqu pas nouveau`)

// What counts as said at a glance, or the bench would say what it likes.
func TestTitlesAtAGlance(t *testing.T) {
	t.Parallel()
	told := []db.Delivery{{Event: db.Event{Data: json.RawMessage(`{"now": {"title": "Voyage à Rome du 12 mai"}}`)}}}
	for title, want := range map[string]bool{
		"📊 Léa · Maths : 14,5/20":                                  true,
		"📚 Léa · Pour demain : français, lire le chapitre suivant": true,  // the day first
		"📚 Léa · Lire le chapitre suivant, en français, demain":    false, // the day last
		"📊 Léa · Anglais, note corrigée : 11,25 → 12,75/20":        false, // the figure last
		"📊 Léa · Sciences de la vie et de la, note corrigée":       false, // what happened last
		"📕 Le règlement n’a pas été respecté hier par Léa":         false,
		"❌ Léa · Annulé demain à 9 h : maths, français (+ 12)":     true,
		"💬 Mme Faurelle-Delacroix : Voyage à Rome du 12 mai":       true, // the school's words
		"💬 Mme Faurelle-Delacroix : Voyage à Rome du 13 mai":       false,
	} {
		if got := saysAllIn(glance, title, []string{"Léa", "Tom"}, told); got != want {
			t.Errorf("%q says all at a glance: %t, want %t", title, got, want)
		}
	}
}
