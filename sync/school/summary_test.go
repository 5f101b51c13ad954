package school

import (
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// People who open the changes in a table browser read what they are about, not JSON alone.
func TestChangesSayWhatTheyAreAbout(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := usualTestbed(t)
		edits := w.school.Do(maths(w.school.Pupil(), "12"))
		w.wantTold("something new", "mark.new")
		w.school.Do(world.Remove(edits[0].ID))
		w.wantToldSoon("it is withdrawn", "mark.removed")
		said := map[any]string{}
		for _, row := range w.rows(db.ChangesView) {
			if row["domain"] == "marks" {
				said[row["kind"]] = row["subject"].(string) + "|" + row["title"].(string) + "|" + row["summary"].(string)
			}
		}
		for kind, want := range map[string]string{"added": "Ajout : note MATHEMATIQUES", "removed": "Retrait : note MATHEMATIQUES"} {
			if !strings.HasPrefix(said[kind], "MATHEMATIQUES|") || !strings.Contains(said[kind], "|"+want) || !strings.HasSuffix(said[kind], ".") {
				t.Errorf("%s: %q, want %q", kind, said[kind], want)
			}
		}
	})
}
