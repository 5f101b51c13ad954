package pronotetest

import (
	"encoding/json"
	"slices"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// answerDiary answers PageCahierDeTexte for a set of weeks: with homework, or on
// another tab with what was done in the lessons.
func answerDiary(c *call) (any, *wire.Error) {
	var request struct {
		Weeks wire.Set `json:"domaine"`
	}
	if json.Unmarshal(c.data, &request) != nil || len(request.Weeks) == 0 {
		return nil, refusal(21, "Impossible d'afficher la page")
	}
	if c.tab == tabContents {
		return c.contents(request.Weeks), nil
	}
	work := []o{}
	for _, row := range c.server.school.Truth(c.session.viewer, c.pupil).Homework {
		week := 1 + row.Value.DueOn.DaysSince(c.server.school.FirstMonday())/7
		if slices.Contains(request.Weeks, week) {
			work = append(work, c.homework(row))
		}
	}
	return c.broken(o{"ListeTravauxAFaire": c.list(work), "listeDS": wrapped([]o{}), "listeMatieres": wrapped([]o{})}, "ListeTravauxAFaire"), nil
}

func (c *call) homework(row world.Row[pronote.Homework]) o {
	h := row.Value
	work := o{
		"N": c.session.name(38, "homework", row.ID), "G": 0,
		"descriptif": typed(21, h.HTML), "avecMiseEnForme": true,
		"PourLe": dateValue(h.DueOn), "DonneLe": dateValue(h.GivenOn), "TAFFait": h.Done,
		"Matiere": wrapped(o{"L": h.Subject, "N": c.subject(h.Subject)}), "CouleurFond": "#FF8040",
		"niveauDifficulte": slices.Index([]string{"", "easy", "medium", "hard"}, h.Difficulty), "duree": h.Minutes,
		"nomPublic": c.server.school.Of(c.pupil).Class(), "ListeThemes": c.themes(h.Themes, h.Subject), "ListePieceJointe": c.documents(row.ID, h.Attachments),
	}
	for i, a := range h.Attachments {
		if member := map[string]string{"returned": "documentRendu", "correction": "documentCorrige"}[a.Role]; member != "" {
			work[member] = wrapped(c.attachment(row.ID, i, a))
		}
	}
	if !h.ReturnedAt.IsZero() {
		work["dateRendu"] = dateTimeValue(h.ReturnedAt)
	}
	if h.Remark != "" {
		work["commentaireCorrige"] = h.Remark
	}
	if kind := slices.Index([]string{"", "paper", "pronote", "kiosk", "audio"}, h.Return); kind > 0 {
		work["genreRendu"], work["avecRendu"], work["peuRendre"] = kind, true, kind == 2
	}
	return work
}
