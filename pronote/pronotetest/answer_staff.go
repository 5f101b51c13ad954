package pronotetest

import "github.com/pronote-sync/pronote-sync/pronote/internal/wire"

// answerStaff answers PageEquipePedagogique.
func answerStaff(c *call) (any, *wire.Error) {
	people := []o{}
	for i, row := range c.server.school.Truth(c.session.viewer, c.pupil).Staff {
		person := o{"N": c.session.name(50, "colleague", row.ID), "L": row.Value.Name, "P": i, "G": 34, "matieres": wrapped([]o{})}
		if row.Value.Function != "" {
			person["fonction"] = row.Value.Function
		}
		if row.Value.Role == "teacher" {
			subject := row.Value.Subjects[0]
			person["G"] = 3
			person["matieres"] = wrapped([]o{{"N": c.subject(subject), "L": subject, "volumeHoraire": row.Value.Hours}})
		}
		people = append(people, person)
	}
	return c.broken(o{"liste": c.list(people)}, "liste"), nil
}
