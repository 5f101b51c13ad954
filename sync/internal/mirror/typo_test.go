package mirror

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestTypo(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		before, after string
		want          bool
	}{
		{"eLs exercices du livre", "Les exercices du livre", true},
		{"Lire le chapitre sur la revolution", "Lire le chapitre sur la révolution", true},
		{"Finir l’exercice", "Finir l'exercice", true},
		{"Lire  le chapitre\n", "Lire le chapitre", true},
		{"Finirl'exercice sur feuille", "Finir l'exercice sur feuille", true},
		{"exercice p.12 du livre", "exercice p. 12 du livre", true},
		{"Apprendre la lecon et la reviser bien", "Apprendre la leçon et la réviser bien !", true},
		{"Lire le chapitre", "Lire le chapitre", true},

		{"Exercice 81", "Exercice 18", false},
		{"exercices 1 2 du livre", "exercices 12 du livre", false},
		{"exercices 3-4 du livre", "exercices 3,4 du livre", false},
		{"exercice 3a de la feuille", "exercice 3b de la feuille", false},
		{"rendez-vous à 18h30 devant", "rendez-vous à 18h45 devant", false},
		{"se retrouver en salle B12", "se retrouver en salle A12", false},
		{"lire le chapitre II du livre", "lire le chapitre III du livre", false},
		{"réviser pour le DS de physique", "réviser pour le DM de physique", false},
		{"le groupe A fait la fiche", "le groupe B fait la fiche", false},
		{"ne pas oublier le cahier", "pas oublier le cahier", false},
		{"Il faut apporter le livre", "Il ne faut apporter le livre", false},
		{"à faire", "pas à faire", false},
		{"contrôle lundi en classe", "contrôle mardi en classe", false},
		{"lire deux chapitres du roman", "lire dix chapitres du roman", false},
		{"la fin du mois de juin venue", "la fin du mois de mai venue", false},
		{"Lire", "Dire", true},
		{"DM", "DS", false},
		{"lu", "su", false},
		{"", "Lire", false},
		{"Lire", "", false},
		{"Lire le chapitre", "Lire le chapitre et apprendre", false},
		{"un deux trois quatre", "", false},
	} {
		if got := Typo(tt.before, tt.after); got != tt.want {
			t.Errorf("Typo(%q, %q) = %t", tt.before, tt.after, got)
		}
	}
}

// TestAFigureIsNeverATypo changes one figure, or one word of weight, of a text of any
// length, and nothing else.
func TestAFigureIsNeverATypo(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		words := rapid.SliceOfN(rapid.StringMatching(`[a-zé]{5,9}`), 3, 30).Draw(t, "words")
		pairs := [][2]string{{"7", "8"}, {"12", "21"}, {"ne", "le"}, {"pas", "par"}, {"lundi", "lindi"}, {"", "pas"}, {"sans", "dans"}, {"3", ""}}
		pair := rapid.SampledFrom(pairs).Draw(t, "pair")
		at := rapid.IntRange(0, len(words)).Draw(t, "at")
		text := func(word string) string {
			return strings.Join(words[:at], " ") + " " + word + " " + strings.Join(words[at:], " ")
		}
		if Typo(text(pair[0]), text(pair[1])) || Typo(text(pair[1]), text(pair[0])) {
			t.Fatalf("%q was taken for %q", text(pair[1]), text(pair[0]))
		}
	})
}

func FuzzTypo(f *testing.F) {
	f.Add("Exercice 81", "Exercice 18")
	f.Add("eLs exercices", "Les exercices")
	f.Add("a\xff", "\u2028b")
	f.Fuzz(func(t *testing.T, a, b string) {
		if Typo(a, b) != Typo(b, a) {
			t.Errorf("%q and %q: the order matters", a, b)
		}
		if letters(a) != "" && !Typo(a, a) {
			t.Errorf("%q is not itself", a)
		}
		if Typo(a, b) && digits(a) != digits(b) {
			t.Errorf("%q and %q have other figures", a, b)
		}
	})
}

func digits(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}

func TestPrefixed(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		before, after string
		want          bool
	}{
		{"Réunion de rentrée", "URGENT : Réunion de rentrée", true},
		{"Réunion de rentrée", "[Rappel] Réunion de rentrée", true},
		{"Réunion de rentrée", "[Mise à jour] Réunion de rentrée", true},
		{"[Rappel] Réunion de rentrée", "URGENT : [Rappel]  Réunion de rentrée", true},
		{"URGENT - Réunion", "Réunion", true},
		{"Réunion", "Très important : Réunion", true},
		{"Réunion", "Annulé : Réunion", false},
		{"Réunion", "[Annulée] Réunion", false},
		{"Réunion", "Rappel", false},
		{"Réunion lundi", "URGENT : Réunion mardi", false},
		{"Réunion", "Réunion", false},
		{"", "URGENT : ", false},
	} {
		if got := Prefixed(tt.before, tt.after); got != tt.want {
			t.Errorf("Prefixed(%q, %q) = %t", tt.before, tt.after, got)
		}
	}
}
