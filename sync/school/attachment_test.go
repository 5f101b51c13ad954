package school

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// attachments lists the current ones of the mirror, as a person would see them.
func (w *testbed) attachments(domain string) (list []string) {
	w.t.Helper()
	err := w.store.View(w.t.Context(), func(tx *db.Tx) error {
		records, err := tx.List(w.t.Context(), db.AttachmentsView, db.Filter{})
		for _, r := range records {
			if r["owner_domain"] == domain {
				list = append(list, fmt.Sprintf("%s %s %s", r["role"], r["kind"], r["name"]))
			}
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	slices.Sort(list)
	return list
}

// withFiles gives homework with a file and a link.
func (w *testbed) withFiles() (id int) {
	w.t.Helper()
	return w.school.Do(world.Add(world.Homework{
		Subject: "ANGLAIS LV1", DueOn: november.AddDays(3), Text: []string{"Lire le texte"},
		Files: []pronote.Attachment{{Name: "texte.pdf"}, {Name: "Écouter", Kind: "link", URL: "https://audio.example.org/1"}},
	}))[0].ID
}

func TestAttachmentsOfHomework(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		before := w.attachments("homework")
		id := w.withFiles()
		w.poll()
		w.deliver()
		got := w.inbox.take()
		if len(got) != 1 || !strings.Contains(got[0].Body, "📎 2\u00a0fichiers\u00a0: texte.pdf, Écouter") {
			t.Errorf("told %v", got)
		}
		change := func(edit func(*world.Homework)) { w.school.Do(world.Amend(id, edit)) }

		change(func(h *world.Homework) {
			h.Files = append(h.Files[:1:1], pronote.Attachment{Name: "corrigé.pdf", Kind: "file", Role: "document"})
		})
		w.poll()
		w.deliver()
		got = w.inbox.take()
		if len(got) != 1 || gist(got[0]) != "homework.changed" || !strings.Contains(got[0].Body, "📎 ajouté\u00a0: corrigé.pdf\u00a0; retiré\u00a0: Écouter") {
			t.Errorf("told %v", got)
		}

		change(func(h *world.Homework) { h.Returned = map[string]string{w.school.Pupil(): "devoir.odt"} })
		w.wantTold("a file that the pupil handed in")
		want := append(slices.Clone(before), "document file texte.pdf", "document file corrigé.pdf", "returned file devoir.odt")
		slices.Sort(want)
		if got := w.attachments("homework"); !slices.Equal(got, want) {
			t.Errorf("the mirror has %q, want %q", got, want)
		}

		w.server.Rotate()
		w.wantTold("other identifiers")

		w.school.Do(world.Remove(id))
		w.wantTold("homework that goes with its files", "homework.removed")
		if got := w.attachments("homework"); !slices.Equal(got, before) {
			t.Errorf("the mirror has %q, want %q", got, before)
		}
	})
}

// TestTwinsKeepTheirFiles: of two pieces of homework that differ in their files
// alone, one goes. The other has not changed.
func TestTwinsKeepTheirFiles(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		first, second := w.withFiles(), w.withFiles()
		w.school.Do(world.Amend(second, func(h *world.Homework) { h.Files = h.Files[:1] }))
		w.poll()
		w.deliver()
		w.inbox.take()
		w.school.Do(world.Remove(first))
		w.wantTold("one of two")
	})
}

// An address that a session made would be dead tomorrow, and would let whoever
// reads the mirror in today.
func TestNoAddressOfASessionIsMirrored(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.school.Do(world.Add(world.Homework{
			Subject: "ANGLAIS LV1", DueOn: november.AddDays(3), Text: []string{"Lire"},
			Files: []pronote.Attachment{{Name: "Lien", Kind: "link", URL: pronotetest.Address + "FichiersExternes/0a0b/canary.pdf?Session=1234567"}},
		}))
		w.poll()
		err := w.store.View(t.Context(), func(tx *db.Tx) error {
			for _, view := range []db.View{db.AttachmentsView, db.ChangesView} {
				records, err := tx.List(t.Context(), view, db.Filter{})
				if err != nil {
					return err
				}
				if text := fmt.Sprint(records); strings.Contains(text, "canary") || !strings.Contains(text, "Lien") && view == db.AttachmentsView {
					t.Errorf("%s holds %s", view.Name, text)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
