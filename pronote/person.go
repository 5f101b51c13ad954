package pronote

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// A Person is what the school knows of who is logged in. What it does not know
// is empty. The mirror leaves it out: a family knows its own address.
type Person struct {
	Address    string // street, in one line
	PostalCode string
	City       string
	Province   string
	Country    string
	Email      string
	Phone      string // with its country code, where that is known: "+33 612345678"
	INE        string // national number of a pupil

	// Calendar is the address of the timetable as an iCalendar file; empty where
	// the school does not offer it. It is a secret: whoever has it may read the
	// timetable until the person resets it in PRONOTE.
	Calendar Secret
}

// Person asks for the personal data of who is logged in.
func (s *Session) Person(ctx context.Context) (Person, error) {
	answer, err := s.Request(ctx, Call{Function: functionPerson, Tab: TabPerson, Data: struct{}{}})
	if err != nil {
		return Person{}, err
	}
	return decodePerson(answer.Data, s.root, s.version)
}

const functionPerson = "PageInfosPerso"

func decodePerson(data []byte, root *url.URL, version Version) (Person, error) {
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
		Email: label(of.EMail), Phone: label(of.TelephonePortable), INE: label(of.NumeroINE),
	}
	if code := label(of.IndicatifTel); code != "" && person.Phone != "" {
		person.Phone = "+" + strings.TrimPrefix(code, "+") + " " + person.Phone
	}
	if calendars := w.ICal.Value.Liste.Items; len(calendars) > 0 && calendars[0].ParamICal != "" {
		person.Calendar = NewSecret(calendarAddress(calendars[0], root, version))
	}
	return person, nil
}

// calendarAddress is below the site, under any name.
func calendarAddress(c wire.ICal, root *url.URL, version Version) string {
	u := root.JoinPath("ical", "pronote.ics")
	u.RawQuery = url.Values{
		"icalsecurise": {string(c.ParamICal)}, "version": {version.String()}, "param": {string(c.ParamSuppl)},
	}.Encode()
	return u.String()
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
