package school

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// withdrawals are what a school may take back: how it is added, and how it is told
// to be new and withdrawn.
func withdrawals(pupil string) map[string]world.Change {
	return map[string]world.Change{
		"absence":    absence(pupil, 9, 10, false),
		"delay":      world.Add(world.Delay{Pupil: pupil, Delay: pronote.Delay{StartsAt: onTuesday(8), Minutes: 5}}),
		"punishment": world.Add(world.Punishment{Pupil: pupil, Punishment: pronote.Punishment{Kind: "other", Nature: "Avertissement", Giver: "Mme FAURELLE S."}}),
		"observation": world.Add(world.Observation{
			Pupil: pupil, Observation: pronote.Observation{Kind: "observation", Title: "Matériel oublié", Giver: "Mme FAURELLE S."},
		}),
		"evaluation": world.Add(world.Evaluation{
			Subject: "ANGLAIS LV1", Name: "London", Skills: []pronote.Skill{{Item: "Écouter"}},
			Levels: map[string][]world.Level{pupil: {{Abbreviation: "B"}}},
		}),
		"mark": maths(pupil, "12"),
	}
}

// TestWhatWasToldIsNotWithdrawnInSilence: a parent who was told of an absence must
// learn that it was a mistake. 34 of 35 withdrawals were never told.
func TestWhatWasToldIsNotWithdrawnInSilence(t *testing.T) {
	for name := range withdrawals("") {
		t.Run(name, func(t *testing.T) {
			alone(t, func(t *testing.T) {
				w := usualTestbed(t)
				added := withdrawals(w.school.Pupil())[name]
				edits := w.school.Do(added)
				w.wantTold("something new", name+".new")
				w.school.Do(world.Remove(edits[0].ID))
				w.wantToldSoon("it is withdrawn", name+".removed")
			})
		})
	}
}

// TestWhatComesBackIsToldToBeBack: whoever was told that it was withdrawn must learn
// that it counts again, and not take it for another. 4 of 13 withdrawn marks came back.
func TestWhatComesBackIsToldToBeBack(t *testing.T) {
	for name := range withdrawals("") {
		t.Run(name, func(t *testing.T) {
			alone(t, func(t *testing.T) {
				w := usualTestbed(t)
				added := withdrawals(w.school.Pupil())[name]
				edits := w.school.Do(added)
				w.wantTold("something new", name+".new")
				w.school.Do(world.Remove(edits[0].ID))
				w.wantToldSoon("it is withdrawn", name+".removed")
				w.school.Do(added)
				var back []string
				for _, e := range append(w.news(), w.news()...) {
					if e.Kind != "average.changed" {
						back = append(back, fmt.Sprint(e.Kind, e.Minor, strings.Contains(string(e.Data), `"back":true`)))
					}
				}
				if want := fmt.Sprint(name, ".new", db.MinorBack, true); !slices.Equal(back, []string{want}) {
					t.Errorf("it is back: told %q, want %q", back, want)
				}
			})
		})
	}
}

// TestASkillThatComesBackIsTold: its evaluation stayed, and lacked it meanwhile.
func TestASkillThatComesBackIsTold(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := quietTestbed(t, pronote.KindStudent)
		pupil := w.school.Pupil()
		skills, levels := []pronote.Skill{{Item: "Lire"}, {Item: "Écouter"}}, []world.Level{{Abbreviation: "A"}, {Abbreviation: "B"}}
		id := w.school.Do(world.Add(world.Evaluation{Subject: "ANGLAIS LV1", Name: "London", Skills: skills, Levels: map[string][]world.Level{pupil: levels}}))[0].ID
		w.wantWeights("an evaluation", "evaluation.new")
		show := func(n int) {
			w.school.Do(world.Amend(id, func(e *world.Evaluation) { e.Skills, e.Levels[pupil] = skills[:n], levels[:n] }))
		}
		for _, tt := range []struct {
			left int
			kind string
		}{{1, "removed"}, {2, "added"}} {
			show(tt.left)
			events := append(w.news(), w.news()...)
			if len(events) != 1 || events[0].Kind != "evaluation.changed" || strings.Count(string(events[0].Data), `"kind":"`+tt.kind+`"`) != 1 {
				t.Errorf("%s: told %+v", tt.kind, events)
			}
		}
	})
}

// TestAMarkThatComesBackAsAnotherHasChanged: it is not new, and not as it was.
func TestAMarkThatComesBackAsAnotherHasChanged(t *testing.T) {
	alone(t, func(t *testing.T) {
		w := usualTestbed(t)
		edits := w.school.Do(maths(w.school.Pupil(), "12"))
		w.wantTold("a mark", "mark.new")
		w.school.Do(world.Remove(edits[0].ID))
		w.wantToldSoon("it is withdrawn", "mark.removed")
		w.school.Do(maths(w.school.Pupil(), "13"))
		w.wantToldSoon("it is back", "mark.changed")
	})
}

// usualTestbed has a recipient whom small things do not interest.
func usualTestbed(t *testing.T) *testbed {
	w := quietTestbed(t, pronote.KindStudent)
	w.config.Recipients[0].Mute = []string{"average.*", "homework.removed", "lesson.room", "lesson.teacher", "menu.*", "person.*"}
	w.restart()
	return w
}

// wantToldSoon expects what two looks tell: the second believes what
// the first could not.
func (w *testbed) wantToldSoon(what string, told ...string) {
	w.t.Helper()
	w.poll()
	w.poll()
	w.wantTold(what, told...)
}
