package school

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"

	psync "github.com/pronote-sync/pronote-sync/sync"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

// keeping is a quiet testbed whose engine keeps the files of new homework.
func keeping(t *testing.T, kind pronote.Kind) *testbed {
	t.Helper()
	w := quietTestbed(t, kind)
	w.config.Files = psync.Files{Dir: filepath.Join(t.TempDir(), "files"), Keep: []string{"homework"}, Most: 1_000_000, Since: november.Date}
	w.restart()
	return w
}

// folder lists the files in the folder, and reads them.
func (w *testbed) folder() (names []string, contents map[string][]byte) {
	w.t.Helper()
	contents = map[string][]byte{}
	root := w.config.Files.Dir
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		names = append(names, filepath.ToSlash(name))
		contents[filepath.ToSlash(name)], err = os.ReadFile(path)
		return err
	})
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		w.t.Fatal(err)
	}
	return names, contents
}

// give gives homework with files.
func (w *testbed) give(names ...string) (id int) {
	w.t.Helper()
	var files []pronote.Attachment
	for _, name := range names {
		files = append(files, pronote.Attachment{Name: name})
	}
	return w.school.Do(world.Add(world.Homework{Subject: "ANGLAIS LV1", DueOn: november.AddDays(3), Text: []string{"Lire"}, Files: files}))[0].ID
}

func (w *testbed) wantFolder(what string, want ...string) map[string][]byte {
	w.t.Helper()
	names, contents := w.folder()
	slices.Sort(want)
	if !slices.Equal(names, want) {
		w.t.Errorf("%s: the folder has %q, want %q", what, names, want)
	}
	return contents
}

const shelfOfEnglish = "PARENT Fanny/ANGLAIS LV1/2025-11-18 "

func TestFilesOfContentsAreKept(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := keeping(t, pronote.KindStudent)
		w.config.Files.Keep = []string{"contents"}
		w.restart()
		w.give("fiche.pdf")
		w.school.Do(world.Add(world.Content{
			Starts: november, Ends: november, Subject: "ANGLAIS LV1", Title: "Leçon", Files: []pronote.Attachment{{Name: "cours.pdf"}},
		}))
		w.poll()
		w.wantFolder("contents alone", shelfOfEnglish+"cours.pdf")
	})
}

func TestFilesOfSchoolLifeAreKept(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := keeping(t, pronote.KindStudent)
		w.config.Files.Keep = []string{"absences", "punishments"}
		w.restart()
		w.school.Do(world.Add(world.Punishment{Pupil: w.school.Pupil(), Punishment: pronote.Punishment{
			Kind: "homework", Attachments: []pronote.Attachment{{Name: "Rapport.pdf", Kind: "file", Role: "circumstances"}, {Name: "../exercices.pdf", Kind: "file", Role: "homework"}},
		}}), world.Add(world.Absence{Pupil: w.school.Pupil(), Absence: pronote.Absence{
			StartsAt: november, EndsAt: november, Attachments: []pronote.Attachment{{Name: "certificat.pdf"}},
		}}))
		if _, err := w.engine.Poll(t.Context(), "famille", "absences"); err != nil {
			t.Fatal(err)
		}
		w.wantFolder("school life", "PARENT Fanny/absences/2025-11-18 certificat.pdf",
			"PARENT Fanny/punishments/2025-11-18 Rapport.pdf", "PARENT Fanny/punishments/2025-11-18 _exercices.pdf")
	})
}

func TestFilesAreKept(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := keeping(t, pronote.KindStudent)
		names := []string{"../../fiche.pdf", "Fiche.PDF", "fiche.pdf", "a\u202egnp.exe", "/etc/passwd", strings.Repeat("a", 300) + ".pdf", "x.part", ""}
		id := w.give(names...)
		w.poll()
		contents := w.wantFolder("the first poll",
			shelfOfEnglish+"_.._fiche.pdf", shelfOfEnglish+"Fiche.PDF", shelfOfEnglish+"fiche (2).pdf", shelfOfEnglish+"agnp.exe",
			shelfOfEnglish+"_etc_passwd", shelfOfEnglish+strings.Repeat("a", 105)+".pdf", shelfOfEnglish+"x.part_", shelfOfEnglish+"document")
		if got := contents[shelfOfEnglish+"Fiche.PDF"]; string(got) != string(w.school.FileContent(id, pronote.Attachment{Name: "Fiche.PDF", Kind: "file", Role: "document"})) {
			t.Errorf("Fiche.PDF has other contents: %d bytes", len(got))
		}
		err := w.store.View(t.Context(), func(tx *db.Tx) error {
			records, err := tx.List(t.Context(), db.AttachmentsView, db.Filter{Since: november.Date.String()})
			kept := 0
			for _, r := range records {
				path, _ := r["local_path"].(string)
				if path == "" {
					continue
				}
				kept++
				if sum := sha256.Sum256(contents[path]); r["size"] != int64(len(contents[path])) || r["sha256"] != hex.EncodeToString(sum[:]) {
					t.Errorf("the mirror says %v of %s", r, path)
				}
			}
			if kept != len(names) {
				t.Errorf("%d files are in the mirror, want %d", kept, len(names))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		before := w.downloads()
		w.server.Rotate()
		w.poll()
		if n := w.downloads() - before; n != 0 {
			t.Errorf("%d files were downloaded again", n)
		}
	})
}

// downloads counts the files that the school was asked for.
func (w *testbed) downloads() (n int) {
	for _, r := range w.server.Requests() {
		if r.Function == "FichiersExternes" {
			n++
		}
	}
	return n
}

// TestFilesThatCannotBeHad: whatever happens to a file, the folder never has
// less than the whole under its name, the poll goes on, and the school is not
// asked again at each poll.
func TestFilesThatCannotBeHad(t *testing.T) {
	for _, kind := range []string{"reset", "lost", "500", "html", "huge", "oversize", "truncated", "expired", "redirect", "stall"} {
		t.Run(kind, func(t *testing.T) {
			alone(t, func(t *testing.T) {
				w := keeping(t, pronote.KindStudent)
				id := w.give("fiche.pdf")
				w.server.Inject(pronotetest.Fault{Kind: kind, Function: "FichiersExternes"})
				if result := w.poll(); len(result.Files) != 1 || result.Files[0].Err == nil {
					t.Errorf("files: %+v", result.Files)
				}
				switch kind {
				case "truncated":
					w.wantFolder("half a file", shelfOfEnglish+"fiche.pdf.part")
				default:
					w.wantFolder("no file")
				}
				before := w.downloads()
				w.poll()
				if n := w.downloads() - before; n != 0 {
					t.Errorf("asked again at the next poll, %d times", n)
				}
				time.Sleep(20*time.Hour + time.Minute)
				w.school.AdvanceTo(pronote.DateTimeOf(time.Now().In(w.paris)))
				w.poll()
				contents := w.wantFolder("a day later", shelfOfEnglish+"fiche.pdf")
				if want := w.school.FileContent(id, pronote.Attachment{Name: "fiche.pdf", Kind: "file", Role: "document"}); string(contents[shelfOfEnglish+"fiche.pdf"]) != string(want) {
					t.Errorf("the file has other contents")
				}
			})
		})
	}
}

// A folder that is a way out of the folder, because somebody made it one, is not
// followed.
func TestFilesStayInTheirFolder(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := keeping(t, pronote.KindStudent)
		outside := t.TempDir()
		if err := errors.Join(os.MkdirAll(w.config.Files.Dir, 0o700), os.Symlink(outside, filepath.Join(w.config.Files.Dir, "PARENT Fanny"))); err != nil {
			t.Fatal(err)
		}
		w.give("fiche.pdf")
		if result := w.poll(); len(result.Files) != 1 || result.Files[0].Err == nil {
			t.Errorf("files: %+v", result.Files)
		}
		if entries, err := os.ReadDir(outside); err != nil || len(entries) > 0 {
			t.Errorf("outside there is %v, %v", entries, err)
		}
	})
}

func TestFilesWait(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := keeping(t, pronote.KindParent)
		w.config.Files.PerPoll = 2
		w.config.Files.Student = "Gabin"
		w.restart()
		w.give("a.pdf", "b.pdf", "c.pdf")
		w.poll()
		w.wantFolder("the first two", "PARENT Gabin/ANGLAIS LV1/2025-11-18 a.pdf", "PARENT Gabin/ANGLAIS LV1/2025-11-18 b.pdf")
		w.poll()
		w.wantFolder("all", "PARENT Gabin/ANGLAIS LV1/2025-11-18 a.pdf", "PARENT Gabin/ANGLAIS LV1/2025-11-18 b.pdf", "PARENT Gabin/ANGLAIS LV1/2025-11-18 c.pdf")
		if err := os.RemoveAll(w.config.Files.Dir); err != nil {
			t.Fatal(err)
		}
		w.poll()
		w.wantFolder("what a person removed")
		w.config.Files.Restore, w.config.Files.PerPoll = true, 0
		w.restart()
		w.poll()
		w.wantFolder("what a person wants back", "PARENT Gabin/ANGLAIS LV1/2025-11-18 a.pdf", "PARENT Gabin/ANGLAIS LV1/2025-11-18 b.pdf", "PARENT Gabin/ANGLAIS LV1/2025-11-18 c.pdf")
	})
}

// TestFilesOfMessages: those are parts of parts, and only a discussion that was
// opened has them.
func TestFilesOfMessages(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := keeping(t, pronote.KindParent)
		w.config.Files.Keep = []string{"messages"}
		w.restart()
		w.school.Do(world.Add(world.Discussion{
			Subject: "Sortie", With: "Mme FABRE O.",
			Messages: []world.Message{{Text: []string{"Voir le plan."}, Files: []pronote.Attachment{{Name: "plan.pdf"}}}},
		}))
		w.poll()
		w.deliver()
		if got := w.inbox.take(); len(got) != 1 || !strings.Contains(got[0].Body, "📎 plan.pdf") {
			t.Errorf("told %v", got)
		}
		w.wantFolder("a message", "famille/messages/2025-11-18 plan.pdf")
		if got := w.attachments("messages"); !slices.Contains(got, "document file plan.pdf") {
			t.Errorf("the mirror has %q", got)
		}
		if err := os.RemoveAll(w.config.Files.Dir); err != nil {
			t.Fatal(err)
		}
		w.poll()
		w.wantFolder("what a person removed")
		w.config.Files.Restore = true
		w.restart()
		w.poll()
		w.wantFolder("what a person wants back", "famille/messages/2025-11-18 plan.pdf")
	})
}

// A file that a family was given is not overwritten: the old report card stays
// beside the corrected one.
func TestReportsAreKeptAgainWhenCorrected(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := keeping(t, pronote.KindStudent)
		w.config.Files.Keep = []string{"reports"}
		w.restart()
		pupil := w.school.Pupil()
		say := func(text string) map[string][]string {
			return map[string][]string{pupil: {"Appréciation globale : " + text}}
		}
		printed := func() string {
			return string(world.ReportPDF(w.school.Truth(pronote.KindStudent, pupil).Reports[0].Value))
		}
		id := w.school.Do(world.Add(world.Report{Period: "Trimestre 1", Comments: say("Bon trimestre.")}))[0].ID
		const name = "Bulletin Trimestre 1 2025-2026"
		first, second, third := "PARENT Fanny/reports/2025-11-18 "+name+".pdf", "PARENT Fanny/reports/2025-11-18 "+name+" (2).pdf", "PARENT Fanny/reports/2025-11-19 "+name+".pdf"
		before := printed()
		w.poll()
		w.wantFolder("published", first)
		w.poll()
		w.wantFolder("as before", first)
		w.school.Do(world.Amend(id, func(r *world.Report) { r.Comments = say("Très bon trimestre.") }))
		between := printed()
		w.restart() // the next process knows what to fetch again
		w.server.Inject(pronotetest.Fault{Kind: "truncated", Function: "FichiersExternes"})
		w.poll()
		w.restart()
		w.poll()
		contents := w.wantFolder("corrected", first, second)
		if string(contents[first]) != before || string(contents[second]) != between || before == between {
			t.Error("the files are not what was printed")
		}
		w.at(pronote.DateTime{Date: november.AddDays(1), Hour: 18})
		w.school.Do(world.Amend(id, func(r *world.Report) { r.Comments = say("Excellent trimestre.") }))
		w.poll()
		w.poll()
		contents = w.wantFolder("corrected another day", first, second, third)
		if string(contents[third]) != printed() {
			t.Error("the last file is not what was printed")
		}
	})
}
