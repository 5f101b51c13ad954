package pronote

import (
	"errors"
	"net/url"
	"testing"
)

func TestPerson(t *testing.T) {
	t.Parallel()
	root := &url.URL{Scheme: "https", Host: "0000001x.example.org", Path: "/pronote/"}
	version := Version{2026, 2, 5, 7}
	const whole = `{"Informations":{"adresse1":"4 allée des Glycines","adresse2":" ","adresse3":"Bât. B","codePostal":"00000","ville":"Villeneuve",
		"eMail":"famille@example.org","indicatifTel":"33","telephonePortable":"600000000","numeroINE":"001"},
		"iCal":{"liste":{"_T":24,"V":[{"paramICal":"A&B","paramSuppl":"266f"}]}}}`
	person, err := decodePerson([]byte(whole), root, version)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := person.Calendar.Reveal(), "https://0000001x.example.org/pronote/ical/pronote.ics?icalsecurise=A%26B&param=266f&version="+version.String(); got != want {
		t.Errorf("the calendar is at %s, want %s", got, want)
	}
	person.Calendar = Secret{}
	want := Person{
		Address: "4 allée des Glycines, Bât. B", PostalCode: "00000", City: "Villeneuve",
		Email: "famille@example.org", Phone: "+33 600000000", INE: "001",
	}
	if person != want {
		t.Errorf("got %+v, want %+v", person, want)
	}
	for _, text := range []string{`{}`, `null`, `{"Informations":[]}`, `{"iCal":{"liste":[]}}`} {
		if _, err := decodePerson([]byte(text), root, version); !errors.Is(err, ErrUnreadable) {
			t.Errorf("decodePerson(%s): %v, want ErrUnreadable", text, err)
		}
	}
	if person, err := decodePerson([]byte(`{"Informations":{}}`), root, version); err != nil || person != (Person{}) {
		t.Errorf("nothing known: %+v, %v", person, err)
	}
}

func FuzzDecodePerson(f *testing.F) {
	root := &url.URL{Scheme: "https", Host: "0000001x.example.org", Path: "/pronote/"}
	for _, seed := range []string{`{"Informations":{"adresse1":"x","indicatifTel":33},"iCal":{"liste":[{"paramICal":"a"}]}}`, `{}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		person, err := decodePerson(data, root, Version{2026, 2, 5, 7})
		if !decoded(t, err) {
			return
		}
		checkLine(t, person.Address, person.PostalCode, person.City, person.Email, person.Phone, person.INE)
		if u, err := url.Parse(person.Calendar.Reveal()); err != nil || u.Host != "" && u.Host != root.Host {
			t.Errorf("a calendar is elsewhere: %v", err)
		}
	})
}
