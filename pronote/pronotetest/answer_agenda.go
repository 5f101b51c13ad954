package pronotetest

import (
	"encoding/json"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// answerAgenda answers PageAgenda for one week: what goes on in it, what is over only
// if that is asked for.
func answerAgenda(c *call) (any, *wire.Error) {
	var request struct {
		Week     wire.Int `json:"NumeroSemaine"`
		WithPast bool     `json:"avecEventsPasses"`
	}
	if json.Unmarshal(c.data, &request) != nil || request.Week < 1 {
		return nil, refusal(21, "Impossible d'afficher la page")
	}
	monday := c.server.school.FirstMonday().AddDays(7 * (int(request.Week) - 1))
	now := c.server.school.Now()
	entries, families := []o{}, []o{}
	for _, row := range c.server.school.Truth(c.session.viewer, c.pupil).Agenda {
		e := row.Value
		if e.Starts.Date.Compare(monday.AddDays(6)) > 0 || e.Ends.Date.Compare(monday) < 0 || e.Ends.Compare(now) < 0 && !request.WithPast {
			continue
		}
		entries = append(entries, c.agendaEntry(row))
		families = append(families, c.family(e.Category))
	}
	return c.broken(o{
		"ListeEvenements": c.list(entries), "listeFamilles": wrapped(families), "AvecExportiCal": false,
		"dateDebutPrevisionnel": dateValue(c.server.school.Starts()), "dateFinPrevisionnel": dateValue(c.server.school.Ends()),
	}, "ListeEvenements"), nil
}

func (c *call) agendaEntry(row world.Row[pronote.AgendaEntry]) o {
	e := row.Value
	return o{
		"N": c.session.name(61, "agenda", row.ID), "L": e.Title, "DateDebut": dateTimeValue(e.Starts), "DateFin": dateTimeValue(e.Ends),
		"sansHoraire": e.AllDay, "Commentaire": e.Description, "CouleurCellule": "#FF8040", "famille": wrapped(c.family(e.Category)),
		"strAuteur": e.Author, "listeFichiers": c.documents(row.ID, e.Attachments), "estConseilClasse": e.Council, "estPeriodique": false,
	}
}

func (c *call) family(name string) o {
	return o{"L": name, "N": c.session.name(62, "family "+name, 0), "couleur": "#FF8040"}
}
