package pronote_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pronote-sync/pronote-sync/pronote/pronotetest"
)

func TestPersonOfASession(t *testing.T) {
	t.Parallel()
	session, _, _ := open(t, pronotetest.Options{Encrypt: true})
	person, err := session.Person(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if person.City != "Villeneuve" || person.Address != "4 allée des Glycines, Appartement 12" || person.Phone != "+33 600000000" {
		t.Errorf("got %+v", person)
	}
	address := person.Calendar.Reveal()
	if !strings.Contains(address, "/pronote/ical/pronote.ics?icalsecurise=") {
		t.Errorf("the calendar is at %s", address)
	}
	if text := fmt.Sprintf("%v %+v %#v", person, person, person); strings.Contains(text, "icalsecurise") {
		t.Errorf("the address of the calendar is printed: %s", text)
	}
}
