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
		"fr Ajout : devoir FRANÇAIS · Lire le chapitre 3.":                {Domain: "homework", Kind: "added", Subject: "FRANÇAIS", Title: "Lire\nle chapitre 3."},
		"fr Retrait : information Cantine fermée.":                        {Domain: "infos", Kind: "removed", Title: "Cantine fermée !"},
		"fr Modification : devoir FRANÇAIS, texte.": {Domain: "homework", Kind: "changed", Subject: "FRANÇAIS", What: []string{"description", "description_html"},
			Before: map[string]any{"description": "Lire"}, After: map[string]any{"description": long}},
		"fr Modification : devoir FRANÇAIS, fait non → oui.": {Domain: "homework", Kind: "changed", Subject: "FRANÇAIS", What: []string{"done"},
			Before: map[string]any{"done": 0.0}, After: map[string]any{"done": 1.0}},
		"fr Modification : note ANGLAIS, moyenne de la classe – → 12.5.": {Domain: "marks", Kind: "changed", Subject: "ANGLAIS", What: []string{"class_average"},
			Before: map[string]any{"class_average": nil}, After: map[string]any{"class_average": 12.5}},
		"fr Ajout : moyenne.":          {Domain: "averages", Kind: "added"},
		"en Changed: lesson PHYSIQUE.": {Domain: "lessons", Kind: "changed", Subject: "PHYSIQUE", What: []string{"number"}},
	} {
		language, sentence, _ := strings.Cut(want, " ")
		if got := Summary(language, c); got != sentence {
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
