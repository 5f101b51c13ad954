package wording

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestASummaryIsOneSentence(t *testing.T) {
	t.Parallel()
	mark := Change{Domain: "marks", Kind: "changed", Subject: "MATHÉMATIQUES", Title: "Fractions", What: []string{"value", "value_text"},
		Before: map[string]any{"value": 12.0, "value_text": "12"}, After: map[string]any{"value": 14.0, "value_text": "14"}}
	long := strings.Repeat("très long ", 30)
	for want, c := range map[string]Change{
		"fr Modification : note MATHÉMATIQUES · Fractions, note 12 → 14.": mark,
		"en Changed: mark MATHÉMATIQUES · Fractions, mark 12 → 14.":       mark,
		"fr Ajout : note ANGLAIS · Verbs (Abs).":                          {Domain: "marks", Kind: "added", Subject: "ANGLAIS", Title: "Verbs", Figure: "Abs"},
		"fr Ajout : travail FRANÇAIS · Lire le chapitre 3.":               {Domain: "homework", Kind: "added", Subject: "FRANÇAIS", Title: "Lire\nle chapitre 3."},
		"fr Retrait : information Cantine fermée.":                        {Domain: "infos", Kind: "removed", Title: "Cantine fermée !"},
		"fr Modification : travail FRANÇAIS, texte.": {Domain: "homework", Kind: "changed", Subject: "FRANÇAIS", What: []string{"description", "description_html"},
			Before: map[string]any{"description": "Lire"}, After: map[string]any{"description": long}},
		"fr Modification : travail FRANÇAIS, fait non → oui.": {Domain: "homework", Kind: "changed", Subject: "FRANÇAIS", What: []string{"done"},
			Before: map[string]any{"done": 0.0}, After: map[string]any{"done": 1.0}},
		"fr Modification : note ANGLAIS, moyenne de la classe – → 12,5.": {Domain: "marks", Kind: "changed", Subject: "ANGLAIS", What: []string{"class_average"},
			Before: map[string]any{"class_average": nil}, After: map[string]any{"class_average": 12.5}},
		"fr Modification : cours EPS, début jeudi 20 novembre 2025 à 8 h 30 → vendredi 21 novembre 2025 à 9 h.": {Domain: "lessons", Kind: "changed", Subject: "EPS", What: []string{"starts_at"},
			Before: map[string]any{"starts_at": "2025-11-20 08:30:00"}, After: map[string]any{"starts_at": "2025-11-21 09:00:00"}},
		"en Changed: homework SVT, due Thursday 20 November 2025 → Friday 21 November 2025.": {Domain: "homework", Kind: "changed", Subject: "SVT", What: []string{"due_on"},
			Before: map[string]any{"due_on": "2025-11-20"}, After: map[string]any{"due_on": "2025-11-21"}},
		"en Changed: lateness, explained no → yes, reason – → Transport.": {Domain: "delays", Kind: "changed", What: []string{"justified", "reasons"},
			Before: map[string]any{"justified": 0.0, "reasons": ""}, After: map[string]any{"justified": 1.0, "reasons": "Transport"}},
		"fr Ajout : moyenne.":          {Domain: "averages", Kind: "added"},
		"en Changed: lesson PHYSIQUE.": {Domain: "lessons", Kind: "changed", Subject: "PHYSIQUE", What: []string{"number"}},
	} {
		language, sentence, _ := strings.Cut(want, " ")
		if got := strings.ReplaceAll(Summary(language, c), noBreak, " "); got != sentence {
			t.Errorf("%+v:\ngot  %s\nwant %s", c, got, sentence)
		}
	}
}

func FuzzSummary(f *testing.F) {
	f.Add("marks", "changed", "MATHS", "Fractions", "12", "14")
	f.Add("", "", "", "", "", "")
	f.Add("homework", "added", "A\r\nB", "...", "x", "\u2028")
	f.Fuzz(func(t *testing.T, domain, kind, subject, title, before, after string) {
		for _, language := range Languages {
			got := Summary(language, Change{domain, kind, subject, title, after, []string{"title"}, map[string]any{"title": before}, map[string]any{"title": after}})
			if strings.ContainsAny(got, "\n\r") || !utf8.ValidString(got) || !strings.HasSuffix(got, ".") {
				t.Errorf("%q is no sentence", got)
			}
		}
	})
}
