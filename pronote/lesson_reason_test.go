package pronote

import "testing"

// "Which teacher is absent most" counts these, and not what a school cancels.
func TestAStatusSaysWhyALessonIsNotHeldAsPlanned(t *testing.T) {
	t.Parallel()
	for status, want := range map[string]string{
		"Prof. absent": "teacher_absent", "Professeur absent": "teacher_absent", "PROF. ABSENTE": "teacher_absent", "Absence professeur": "teacher_absent",
		"Classe absente": "other", "Groupe absent": "other", "Cours annulé": "other", "Le cours n’a pas lieu": "other",
		"Sortie pédagogique": "outing", "Voyage scolaire": "outing", "Cours déplacé": "moved", "Cours reporté": "moved",
		"": "", "Changement de salle": "", "Remplacement": "", "Cours maintenu": "", "Rattrapage": "", "Cours exceptionnel": "",
	} {
		l := Lesson{Status: status, Cancelled: want == "other" || saysCancelled(status)}
		if got := reasonOf(l); got != want {
			t.Errorf("%q: %q, want %q", status, got, want)
		}
	}
	for want, l := range map[string]Lesson{"outing": {Outing: true}, "other": {Cancelled: true}, "": {}} {
		if got := reasonOf(l); got != want {
			t.Errorf("%+v: %q, want %q", l, got, want)
		}
	}
}
