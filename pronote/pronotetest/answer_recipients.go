package pronotetest

import (
	"encoding/json"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// The genres of people at a school.
const (
	genreTeacher = 3
	genreStaff   = 34
)

// answerRecipients answers ListeRessourcesPourCommunication: to whom of a genre one
// may write. Clients ask for them before they write, and some at every login.
func answerRecipients(c *call) (any, *wire.Error) {
	var request struct {
		Of struct {
			Genre int `json:"G"`
		} `json:"onglet"`
	}
	if json.Unmarshal(c.data, &request) != nil {
		return nil, refusal(21, "Impossible d'afficher la page")
	}
	people := []o{}
	for _, row := range c.server.school.Truth(c.session.viewer, c.pupil).Staff {
		if person := c.recipient(row); person["G"] == request.Of.Genre {
			people = append(people, person)
		}
	}
	return c.broken(o{"listeRessourcesPourCommunication": c.list(people)}, "listeRessourcesPourCommunication"), nil
}

// recipient is one of the staff as somebody to write to: a teacher with the subjects,
// another with the function.
func (c *call) recipient(row world.Row[pronote.Colleague]) o {
	person := o{"N": c.session.name(50, "colleague", row.ID), "L": row.Value.Name, "G": genreStaff, "avecDiscussion": true}
	if row.Value.Email != "" {
		person["email"] = row.Value.Email
	}
	if row.Value.Role != "teacher" {
		person["fonction"] = wrapped(o{"L": row.Value.Function, "N": c.session.name(51, "function "+row.Value.Function, 0)})
		return person
	}
	subjects := []o{}
	for _, name := range row.Value.Subjects {
		subjects = append(subjects, o{"L": name, "N": c.subject(name)})
	}
	person["G"], person["listeRessources"] = genreTeacher, wrapped(subjects)
	return person
}
