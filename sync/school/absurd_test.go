package school

import (
	"strings"
	"testing"

	psync "github.com/pronote-sync/pronote-sync/sync"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
	"github.com/pronote-sync/pronote-sync/sync/internal/wording"
)

// TestHomeworkIsNotToldOnTheEveningItWasDue: what was due in the morning is over,
// whatever a teacher tidies up in the afternoon.
func TestHomeworkIsNotToldOnTheEveningItWasDue(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		id := w.school.Do(world.Add(world.Homework{Subject: "FRANCAIS", DueOn: november.AddDays(1), Text: []string{"Lire"}}))[0].ID
		w.wantTold("homework", "homework.new")
		w.at(pronote.DateTime{Date: november.AddDays(1), Hour: 7})
		edit := func(text string) {
			w.school.Do(world.Amend(id, func(h *world.Homework) { h.Text = []string{text} }))
		}
		edit("Lire et relire")
		w.wantTold("in the morning", "homework.changed")
		w.at(pronote.DateTime{Date: november.AddDays(1), Hour: 18})
		edit("Lire, relire et relire")
		w.wantTold("in the evening")
		w.school.Do(world.Remove(id))
		w.wantTold("taken away in the evening")
	})
}

// TestTheSameHomeworkTwiceIsSaidOnce: a teacher enters it for two groups.
func TestTheSameHomeworkTwiceIsSaidOnce(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		work := world.Homework{Subject: "FRANCAIS", DueOn: november.AddDays(3), Text: []string{"Lire"}}
		w.school.Do(world.Add(work), world.Add(work))
		w.wantTold("twins", "2 homework.new")
		work.Subject = "ANGLAIS LV1"
		other := work
		other.Text = []string{"Écrire"}
		w.school.Do(world.Add(work), world.Add(work), world.Add(other))
		w.poll()
		w.deliver()
		if got := w.inbox.take(); len(got) != 1 || strings.Count(got[0].Body, "Lire") != 1 || !strings.Contains(got[0].Title, "(2\u00a0fois)") {
			t.Errorf("told %v, want the twins once", got)
		}
	})
}

// TestAnEvaluationIsNoNewsBeforeItHasALevel: "nouvelle évaluation … aucune
// évaluation" says nothing.
func TestAnEvaluationIsNoNewsBeforeItHasALevel(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		pupil := w.school.Pupil()
		add := func() int {
			return w.school.Do(world.Add(world.Evaluation{
				Subject: "ANGLAIS LV1", Name: "London", Skills: []pronote.Skill{{Item: "Prendre la parole"}, {Item: "Écouter"}},
				Levels: map[string][]world.Level{pupil: {{}, {}}},
			}))[0].ID
		}
		id := add()
		w.wantTold("an evaluation without levels")
		w.school.Do(world.Judge(id, pupil, 1, world.Level{Abbreviation: "A"}))
		w.poll()
		w.deliver()
		got := w.inbox.take()
		if len(got) != 1 || gist(got[0]) != "evaluation.new" || strings.Contains(got[0].Body, "Aucune") || strings.Contains(got[0].Body, "avant") {
			t.Errorf("told %v, want the level as a new evaluation", got)
		}
		w.school.Do(world.Judge(id, pupil, 0, world.Level{Abbreviation: "B"}))
		w.wantTold("another level", "evaluation.changed")
	})
}

func TestAnEvaluationThatWasNeverToldIsWithdrawnInSilence(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		id := w.school.Do(world.Add(world.Evaluation{
			Subject: "ANGLAIS LV1", Name: "London", Skills: []pronote.Skill{{Item: "Écouter"}},
			Levels: map[string][]world.Level{w.school.Pupil(): {{}}},
		}))[0].ID
		w.wantTold("an evaluation without levels")
		w.school.Do(world.Remove(id))
		w.wantToldSoon("it is withdrawn")
	})
}

// TestTheTextOfANoticeIsSentOnceItWasOpened: where asking for the text marks a
// notice as read, it is told as a title first.
func TestTheTextOfANoticeIsSentOnceItWasOpened(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quiet(newTestbed(t, 1, pronote.KindStudent, pronotetest.Options{Profile: pronotetest.Newest()}))
		notice := func(title string) int {
			return w.school.Do(world.Add(world.Info{Title: title, Author: "M. DELMASSE É.", Text: []string{"Rendez-vous à 18 h."}}))[0].ID
		}
		id := notice("Réunion")
		w.poll()
		w.deliver()
		if got := w.inbox.take(); len(got) != 1 || strings.Contains(got[0].Body, "18 h.") || !strings.Contains(got[0].Body, "PRONOTE") {
			t.Errorf("told %v, want a title and where the text is", got)
		}
		w.school.Do(world.MarkRead(id, w.school.Pupil()))
		w.poll()
		w.deliver()
		if got := w.inbox.take(); len(got) != 1 || gist(got[0]) != "info.changed" || !strings.Contains(got[0].Body, "Rendez-vous à 18 h.") {
			t.Errorf("told %v, want the text", got)
		}
		w.server.Rotate()
		w.wantTold("other identifiers")
	})
}

// said is how an event about a child is worded.
func said(t *testing.T, kind string, of mirror.Telling) wording.Message {
	t.Helper()
	m, err := shippedWording.In("fr").Message([]wording.Event{{Kind: kind, Child: "Léa", Data: mirror.DataOf(of)}}, wording.Reader{Reveal: psync.RevealFull})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestATitleHasASubject(t *testing.T) {
	t.Parallel()
	due := november.Date
	for kind, of := range map[string]mirror.Telling{
		"homework.new":     mirror.TellingOf(db.Homework, mirror.Change[pronote.Homework]{Kind: mirror.Added, New: pronote.Homework{DueOn: due}}),
		"homework.removed": mirror.TellingOf(db.Homework, mirror.Change[pronote.Homework]{Kind: mirror.Removed, Old: pronote.Homework{DueOn: due}}),
		"mark.new":         mirror.TellingOf(db.Marks, mirror.Change[pronote.Mark]{Kind: mirror.Added, New: pronote.Mark{Score: pronote.ParseScore("|1")}}),
		"evaluation.new":   mirror.TellingOf(db.Evaluations, mirror.Change[pronote.Evaluation]{Kind: mirror.Added}),
		"info.new":         mirror.TellingOf(db.Infos, mirror.Change[pronote.Info]{Kind: mirror.Added}),
		"message.new":      mirror.TellingOf(db.Messages, mirror.Change[db.Part[pronote.Message]]{Kind: mirror.Added}),
	} {
		if m := said(t, kind, of); len(faultsOfText(m.Title)) > 0 {
			t.Errorf("%s without a subject: %q", kind, m.Title)
		}
	}
}

// TestALinkIsItsName: an address in a text is long, and says nothing.
func TestALinkIsItsName(t *testing.T) {
	t.Parallel()
	work := mirror.TellingOf(db.Homework, mirror.Change[pronote.Homework]{Kind: mirror.Added, New: exercise})
	work.Parts = []mirror.Part{{Kind: mirror.Added, Now: mirror.DataOf(map[string]any{"kind": "link", "name": "Tutoriel", "url": "https://example.org/x"})}}
	if m := said(t, "homework.new", work); !strings.Contains(m.Body, "📎 Tutoriel") || strings.Contains(m.Body, "example.org") {
		t.Errorf("told %q", m.Body)
	}
	work.Parts[0].Now = mirror.DataOf(map[string]any{"kind": "link", "name": "https://example.org/x", "url": "https://example.org/x"})
	if m := said(t, "homework.new", work); strings.Count(m.Body, "example.org") != 1 {
		t.Errorf("told %q", m.Body)
	}
}

// TestTwoFilesOfOneNameAreOneLine: the school has two, and nobody can tell them
// apart.
func TestTwoFilesOfOneNameAreOneLine(t *testing.T) {
	t.Parallel()
	work := mirror.TellingOf(db.Homework, mirror.Change[pronote.Homework]{Kind: mirror.Added, New: exercise})
	scan := mirror.Part{Kind: mirror.Added, Now: mirror.DataOf(map[string]any{"kind": "file", "name": "Scan.jpg", "url": ""})}
	work.Parts = []mirror.Part{scan, scan}
	if m := said(t, "homework.new", work); strings.Count(m.Body, "Scan.jpg") != 1 {
		t.Errorf("told %q", m.Body)
	}
}

func TestAnUpdatedNoticeSaysWhatIsNew(t *testing.T) {
	t.Parallel()
	longer := meeting
	longer.Content += "\nAttention, changement de salle."
	if m := said(t, "info.changed", mirror.TellingOf(db.Infos, mirror.Change[pronote.Info]{Kind: mirror.Changed, Old: meeting, New: longer})); m.Body != "ajouté\u00a0: «\u00a0Attention, changement de salle.\u00a0»" {
		t.Errorf("told %q", m.Body)
	}
	other := meeting
	other.Content = "Rendez-vous à 19 h."
	if m := said(t, "info.changed", mirror.TellingOf(db.Infos, mirror.Change[pronote.Info]{Kind: mirror.Changed, Old: meeting, New: other})); m.Body != "«\u00a0Rendez-vous à 19 h.\u00a0»\nau lieu de «\u00a0Rendez-vous à 18 h.\u00a0»" {
		t.Errorf("told %q", m.Body)
	}
}

// TestAMarkThatReadsTheSameHasNoStep: "14,50" and "14,5" are one mark.
func TestAMarkThatReadsTheSameHasNoStep(t *testing.T) {
	t.Parallel()
	other := mark
	other.Score.Text, other.Title = "14,5", "Fractions"
	if m := said(t, "mark.changed", mirror.TellingOf(db.Marks, mirror.Change[pronote.Mark]{Kind: mirror.Changed, Old: mark, New: other})); strings.Contains(m.Title, "→") {
		t.Errorf("told %q", m.Title)
	}
}

// TestALineOfAListIsSaidOnce: two skills of one name and level, two links without
// an address, the same remark of two subjects of one name.
func TestALineOfAListIsSaidOnce(t *testing.T) {
	t.Parallel()
	evaluation := mirror.TellingOf(db.Evaluations, mirror.Change[pronote.Evaluation]{Kind: mirror.Added, New: pronote.Evaluation{Subject: "SVT", Name: "Exposé"}})
	skill := mirror.Part{Kind: mirror.Added, Now: mirror.DataOf(map[string]any{"item": "Conclure", "level": "Très bonne maîtrise", "abbreviation": "A+"})}
	evaluation.Parts = []mirror.Part{skill, skill}
	if m := said(t, "evaluation.new", evaluation); strings.Count(m.Body, "Conclure") != 1 {
		t.Errorf("told %q", m.Body)
	}
}

// TestTwoSubjectsAreToldApart: short names made one of "ANGLAIS LV1" and "ANGLAIS LV2".
func TestTwoSubjectsAreToldApart(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		w.config.Subjects = map[string]string{"latin": "Latin du mardi", "lca latin": "Latin du mardi"}
		w.restart()
		for _, subject := range []string{"ANGLAIS LV1", "ANGLAIS LV2", "LCA LATIN"} {
			w.school.Do(world.Add(world.Homework{Subject: subject, DueOn: november.AddDays(3), Text: []string{subject}}))
		}
		w.poll()
		w.deliver()
		said := ""
		for _, m := range w.inbox.take() {
			said += m.Title + "\n" + m.Body + "\n"
		}
		for _, want := range []string{": ANGLAIS LV1", ": ANGLAIS LV2", ": latin du mardi"} {
			if !strings.Contains(said, want) {
				t.Errorf("no %q in\n%s", want, said)
			}
		}
	})
}
