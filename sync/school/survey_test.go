package school

import (
	"testing"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// An answer that is given after a survey was opened was never seen on servers
// that show it in the details only.
func TestAnAnswerToASurveyIsMirrored(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"2026.1.3", "2026.2.5"} {
		t.Run(version, func(t *testing.T) {
			alone(t, func(t *testing.T) {
				profile, err := pronotetest.ProfileOf(version)
				if err != nil {
					t.Fatal(err)
				}
				w := newTestbed(t, 1, pronote.KindStudent, pronotetest.Options{Profile: profile})
				w.school.Quiet()
				w.at(pronote.DateTime{Date: w.school.Starts(), Hour: 9})
				w.poll()
				w.deliver()
				w.inbox.take()
				pupil := w.school.Pupil()
				id := w.school.Do(world.Add(world.Info{Title: "Sortie", Author: "M. DELMASSE É.", Survey: true, Text: []string{"Viendrez-vous ?"}}))[0].ID
				w.wantTold("a survey", "survey.new")
				w.school.Do(world.MarkRead(id, pupil))
				if profile.NewsDetails { // its text was not shown before
					w.wantTold("it was read", "info.changed")
				} else {
					w.wantTold("it was read")
				}
				w.checkAnswer(false, "")
				w.school.Do(world.Answer(id, pupil, 2))
				w.wantTold("it was answered")
				w.checkAnswer(true, "Oui, mais pas à cette date")
			})
		})
	}
}

// checkAnswer looks at the one question that there is.
func (w *testbed) checkAnswer(answered bool, answer string) {
	w.t.Helper()
	err := w.store.View(w.t.Context(), func(tx *db.Tx) error {
		rows, err := db.Questions.Load(w.t.Context(), tx, w.owners()[w.school.Pupil()].ID, db.Span{})
		if err != nil || len(rows) != 1 || rows[0].Value.Value.Answered != answered || rows[0].Value.Value.Answer != answer {
			w.t.Errorf("questions = %+v, want one, answered %t with %q", rows, answered, answer)
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}
