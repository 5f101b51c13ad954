package pronote

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// A Person is what the school knows about the person who is logged in, a pupil or
// a parent. Unknown fields are empty.
type Person struct {
	Name       string // as PRONOTE writes it: "Mme MARTIN Sylvie"
	Kind       Kind
	Address    string // street, in one line
	PostalCode string
	City       string
	Province   string
	Country    string
	Email      string
	Phone      string // mobile, with its country code where that is known: "+33 612345678"
	Landline   string
	INE        string // national number of a pupil
}

// Person asks for the personal data of who is logged in.
func (s *Session) Person(ctx context.Context) (Person, error) {
	answer, err := s.requestNew(ctx, Call{Function: functionPerson, Tab: TabPerson, Data: struct{}{}})
	if err != nil {
		return Person{}, err
	}
	person, err := decodePerson(answer.Data)
	person.Name, person.Kind = s.name, KindStudent
	if s.parent {
		person.Kind = KindParent
	}
	return person, err
}

const functionPerson = "PageInfosPerso"

// decodePerson reads all but who it is, which the login has said.
func decodePerson(data []byte) (Person, error) {
	var w wire.InfosPerso
	if err := json.Unmarshal(data, &w); err != nil {
		return Person{}, unreadable(functionPerson, err)
	}
	if !w.Informations.Present {
		return Person{}, unreadable(functionPerson, errors.New("no person"))
	}
	of := w.Informations.Value
	person := Person{
		Address:    addressOf(of.Adresse1, of.Adresse2, of.Adresse3, of.Adresse4),
		PostalCode: label(of.CodePostal), City: label(of.Ville), Province: label(of.Province), Country: label(of.Pays),
		Email: label(of.EMail), Phone: label(of.TelephonePortable), Landline: label(of.TelephoneFixe), INE: label(of.NumeroINE),
	}
	if code := label(of.IndicatifTel); code != "" && person.Phone != "" {
		person.Phone = "+" + strings.TrimPrefix(code, "+") + " " + person.Phone
	}
	return person, nil
}

// addressOf writes the lines of an address as one.
func addressOf(lines ...wire.Text) string {
	var street []string
	for _, line := range lines {
		if text := label(line); text != "" {
			street = append(street, text)
		}
	}
	return strings.Join(street, ", ")
}
