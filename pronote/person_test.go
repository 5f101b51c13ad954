package pronote

import (
	"errors"
	"testing"
)

func TestPerson(t *testing.T) {
	t.Parallel()
	const whole = `{"Informations":{"adresse1":"4 allée des Glycines","adresse2":" ","adresse3":"Bât. B","codePostal":"00000","ville":"Villeneuve",
		"eMail":"famille@example.org","indicatifTel":"33","telephonePortable":"600000000","telephoneFixe":"0199000000","numeroINE":"001"}}`
	person, err := decodePerson([]byte(whole))
	if err != nil {
		t.Fatal(err)
	}
	want := Person{
		Address: "4 allée des Glycines, Bât. B", PostalCode: "00000", City: "Villeneuve",
		Email: "famille@example.org", Phone: "+33 600000000", Landline: "0199000000", INE: "001",
	}
	if person != want {
		t.Errorf("got %+v, want %+v", person, want)
	}
	for _, text := range []string{`{}`, `null`, `{"Informations":[]}`, `{"iCal":{"liste":[]}}`} {
		if _, err := decodePerson([]byte(text)); !errors.Is(err, ErrUnreadable) {
			t.Errorf("decodePerson(%s): %v, want ErrUnreadable", text, err)
		}
	}
	if person, err := decodePerson([]byte(`{"Informations":{}}`)); err != nil || person != (Person{}) {
		t.Errorf("nothing known: %+v, %v", person, err)
	}
}

func FuzzDecodePerson(f *testing.F) {
	for _, seed := range []string{`{"Informations":{"adresse1":"x","indicatifTel":33,"telephonePortable":6},"iCal":{"liste":[{"paramICal":"a"}]}}`, `{}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := decodePerson(data)
		if !decoded(t, err) {
			return
		}
		checkLine(t, p.Address, p.PostalCode, p.City, p.Province, p.Country, p.Email, p.Phone, p.Landline, p.INE)
	})
}
