package pronotetest

import (
	"encoding/json"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// answerInfos answers PageActualites: the list, or on the newest servers the
// details of one item, which counts as reading it.
func answerInfos(c *call) (any, *wire.Error) {
	var request struct {
		Kind int `json:"genreRequeteActualite"`
		Item *struct {
			Number string `json:"N"`
		} `json:"actualite"`
	}
	if json.Unmarshal(c.data, &request) != nil {
		return nil, refusal(21, "Impossible d'afficher la page")
	}
	rows := c.server.school.Truth(c.session.viewer, c.pupil).Infos
	if request.Kind == 1 {
		return c.infoDetails(rows, request.Item)
	}
	items, categories := []o{}, []o{}
	for _, row := range rows {
		items = append(items, c.info(row))
	}
	for i, name := range infoCategories(rows) {
		categories = append(categories, o{"L": name, "N": c.session.name(49, "category", i), "estDefaut": i == 0})
	}
	list := c.broken(o{"G": 0, "listeActualites": c.list(items)}, "listeActualites")
	answer := o{"listeCategories": wrapped(categories), "listeModesAff": []any{list}}
	if c.server.options.Profile.NewsDetails {
		answer = o{"listeNatures": wrapped(categories), "listeModesAff": []any{list}, "genreRequeteActualite": 0}
	}
	return answer, nil
}

func infoCategories(rows []world.Row[pronote.Info]) []string {
	var names []string
	seen := map[string]bool{}
	for _, row := range rows {
		if !seen[row.Value.Category] {
			seen[row.Value.Category] = true
			names = append(names, row.Value.Category)
		}
	}
	return names
}

func (c *call) info(row world.Row[pronote.Info]) o {
	i := row.Value
	category := o{"L": i.Category, "N": c.session.name(49, "category", c.categoryIndex(i.Category))}
	item := o{
		"N": c.session.name(43, "info", row.ID), "L": i.Title,
		"estInformation": !i.Survey, "estSondage": i.Survey, "reponseAnonyme": false, "lue": i.Read,
		"dateCreation": dateTimeValue(i.PublishedAt), "dateDebut": dateValue(i.StartsOn), "dateFin": dateValue(i.EndsOn),
		"auteur": i.Author, "elmauteur": wrapped(o{"L": i.Author, "N": c.session.name(34, "author", 0), "G": 34}), "estAuteur": false,
		"genrePublic": 4, "public": wrapped(c.public(i.Recipient)), "estPublic": true,
	}
	if c.server.options.Profile.NewsDetails {
		item["nature"] = wrapped(category)
		item["informationListeContenu"] = wrapped(o{"avecPJ": len(i.Attachments) > 0, "aToutRepondu": i.Answered, "avecCommandeVisuResultat": false})
		return item
	}
	item["categorie"] = wrapped(category)
	item["listeQuestions"] = wrapped([]o{c.question(row)})
	return item
}

func (c *call) categoryIndex(name string) int {
	for i, n := range infoCategories(c.server.school.Truth(c.session.viewer, c.pupil).Infos) {
		if n == name {
			return i
		}
	}
	return 0
}

// public is whom an item is addressed to.
func (c *call) public(name string) o {
	for i, pupil := range c.server.pupils(c.session.viewer) {
		if pupil == name {
			return o{"L": name, "N": c.session.name(46, "pupil", i), "G": 4}
		}
	}
	return o{"L": name, "N": c.session.name(128, "parent", 0), "G": 5}
}

func (c *call) question(row world.Row[pronote.Info]) o {
	kind := 0
	list := []o{}
	reply := o{"N": "0", "avecReponse": false, "estReponseAttendue": row.Value.Survey, "estRepondant": true, "valeurReponse": typed(26, "[]")}
	for _, q := range row.Value.Questions {
		kind = 2
		for i, name := range q.Choices {
			list = append(list, o{"L": name, "N": c.session.name(95, "choice", len(q.Choices)*row.ID+i), "rang": i + 1, "estReponseLibre": false})
			if q.Answered && name == q.Answer {
				reply["avecReponse"], reply["valeurReponse"] = true, typed(26, wire.Set{i + 1}.String())
				reply["reponduLe"], reply["strRepondant"] = dateTimeValue(q.AnsweredAt), q.AnsweredBy
			}
		}
	}
	return o{
		"N": c.session.name(95, "question", row.ID), "L": "", "P": 1, "rang": 1, "titre": "", "texte": typed(21, row.Value.HTML),
		"genreReponse": kind, "tailleReponse": 200, "avecMaximum": false, "nombreReponsesMax": 0,
		"listePiecesJointes": c.documents(row.ID, row.Value.Attachments), "listeChoix": wrapped(list), "reponse": wrapped(reply),
	}
}

func (c *call) infoDetails(rows []world.Row[pronote.Info], item *struct {
	Number string `json:"N"`
}) (any, *wire.Error) {
	if item == nil || !c.server.options.Profile.NewsDetails {
		return nil, refusal(21, "Impossible d'afficher la page")
	}
	id, ok := c.session.find(item.Number, "info")
	for _, row := range rows {
		if ok && row.ID == id {
			c.server.school.Do(world.MarkRead(id, c.server.viewerName(c.session.viewer)))
			return o{"genreRequeteActualite": 1, "detailsActualite": o{"listeQuestions": wrapped([]o{c.question(row)})}}, nil
		}
	}
	return nil, refusal(22, "Ressource inconnue")
}
