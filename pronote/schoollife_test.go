package pronote

import (
	"errors"
	"testing"
)

// A school that publishes nothing says so in words, where others have a list.
func TestSchoolLifeThatIsNotPublished(t *testing.T) {
	t.Parallel()
	_, err := decodeSchoolLife([]byte(`{"message":"Aucune donnée n'est publiée."}`), autumn, halfHours)
	if !errors.Is(err, ErrNotAvailable) {
		t.Errorf("error %v, want ErrNotAvailable", err)
	}
}

// A list that the school stops showing must not look as if all had been
// forgiven.
func TestWithheldListsAreUnknown(t *testing.T) {
	t.Parallel()
	life, err := decodeSchoolLife([]byte(`{"listeAbsences":[{"G":14,"duree":5}],"autorisations":{"_T":24,"V":{"absence":false,"retard":false,"punition":true}}}`), autumn, halfHours)
	if err != nil {
		t.Fatal(err)
	}
	if life.Absences != nil || life.Punishments == nil || life.Observations == nil {
		t.Errorf("%+v, want unknown absences only", life)
	}
	if len(life.Delays) != 1 { // what it says is not shown, and shows
		t.Errorf("%d delays, want 1", len(life.Delays))
	}
}
