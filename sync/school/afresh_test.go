package school

import (
	"testing"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// TestAnotherSchoolUnderTheSameAccountIsAFirstLook: a child who moves up to the
// lycée once brought 36 messages of old news.
func TestAnotherSchoolUnderTheSameAccountIsAFirstLook(t *testing.T) {
	for _, kind := range []pronote.Kind{pronote.KindStudent, pronote.KindParent} {
		t.Run(string(kind), func(t *testing.T) {
			alone(t, func(t *testing.T) {
				w := quietTestbed(t, kind)
				old := w.school.Name()
				for seed := uint64(2); w.school.Name() == old; seed++ {
					w.school = world.NewSchool(seed, 2025)
				}
				w.school.AdvanceTo(november)
				w.school.Quiet()
				w.server = pronotetest.NewServer(w.school, pronotetest.Options{})
				w.account.Transport = w.server.Transport()
				w.restart()
				var told []string
				for range 3 { // what is doubted is believed at the second look, and must be no news then
					told = append(told, w.told()...)
				}
				left := 0
				if kind == pronote.KindParent {
					told, left = withoutChildren(told)
				}
				if len(told) != 1 || told[0] != "system.mirrored" || left > 2 {
					t.Errorf("told %q, want that the mirror is in place", told)
				}
				if got, want := len(w.rows(db.HomeworkView)), len(w.school.Truth(kind, w.school.Pupil()).Homework); want == 0 || got < want {
					t.Errorf("the mirror has %d pieces of homework, the school %d of one child", got, want)
				}
				w.school.Do(maths(w.school.Pupil(), "12"))
				w.wantTold("a mark of the new school", naming(w, kind)+"mark.new 2 average.changed")
			})
		})
	}
}

// naming is how the gist of a message about the first child begins.
func naming(w *testbed, kind pronote.Kind) string {
	if kind == pronote.KindStudent {
		return ""
	}
	return firstName(w.school.Pupil()) + " · "
}

// withoutChildren leaves out who has left the account, and counts them.
func withoutChildren(told []string) (rest []string, left int) {
	for _, title := range told {
		if title == "system.child_left" {
			left++
		} else {
			rest = append(rest, title)
		}
	}
	return rest, left
}

// TestAChildOfSeveralAtAnotherSchoolIsAFirstLook: the other's news go on.
func TestAChildOfSeveralAtAnotherSchoolIsAFirstLook(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindParent)
		fanny, gabin := w.school.Children()[0], w.school.Children()[1]
		id := w.record().ID
		err := w.store.Update(t.Context(), func(tx *db.Tx) error {
			students, err := tx.Students(t.Context(), id)
			for _, s := range students {
				if s.Name == gabin {
					s.School = "Collège d'avant"
					_, err = tx.SaveStudent(t.Context(), id, s)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		w.school.Do(maths(fanny, "12"), world.Add(world.Test{Subject: "ANGLAIS LV1", Scores: map[string]pronote.Score{gabin: pronote.ParseScore("9")}}))
		w.server.Rotate()
		w.wantTold("one child at another school", "system.child_joined", "Fanny · mark.new 2 average.changed")
		w.school.Do(maths(gabin, "14"))
		w.wantTold("a mark there", "Gabin · mark.new 2 average.changed")
	})
}
