package sync

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// TestTyposThatAddUpAreNews: each was silent compared with the version before, and a text
// became another without a word.
func TestTyposThatAddUpAreNews(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		texts []string
		want  string // what the sum says, "" for no more than a typing error
	}{
		"one":             {[]string{"Apprendre le cours sur les volcans", "Aprendre le cours sur les volcans"}, ""},
		"one, and undone": {[]string{"Lire les mots en gras", "Lire les mats en gras", "Lire les mots en gras"}, ""},
		"in the same few": {[]string{"Apprendre le cours", "Aprendre le cours", "Aprendre le couurs"}, ""},
		"a drift": {[]string{"Lire les trente pages de Gavroche", "Lire les trente pages de Garoche", "Lire les trente cages de Garoches", "Lire les trente cartes de Garoches"},
			"Lire les trente pages de Gavroche → Lire les trente cartes de Garoches"},
	} {
		var typos []db.Event
		for i, now := range tt.texts[1:] {
			before := tt.texts[i]
			if !mirror.Typo(before, now) {
				t.Fatalf("%s: %q → %q is no typing error", name, before, now)
			}
			typos = append(typos, db.Event{Kind: "homework.changed", Data: mirror.DataOf(map[string]any{
				"now": map[string]any{"description": now, "done": float64(i)}, "before": map[string]any{"description": before, "done": float64(i) - 1}, "what": []string{"description", "done"},
			})})
		}
		data, more := sum(typos)
		got := ""
		if more {
			var all mirror.Telling
			if err := json.Unmarshal(data, &all); err != nil {
				t.Fatal(err)
			}
			got = fmt.Sprint(object(all.Before)["description"], " → ", object(all.Now)["description"])
		}
		if got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
