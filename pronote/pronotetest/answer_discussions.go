package pronotetest

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// answerDiscussions answers ListeMessagerie: the discussions, and below each of
// several messages the last one, which clients have to leave out.
func answerDiscussions(c *call) (any, *wire.Error) {
	request := struct {
		WithRead bool `json:"avecLu"`
		Messages bool `json:"avecMessage"`
	}{}
	if json.Unmarshal(c.data, &request) != nil {
		return nil, refusal(21, "Impossible d'afficher la page")
	}
	rows := []o{}
	for _, row := range c.server.school.Truth(c.session.viewer, c.pupil).Discussions {
		if row.Value.Unread == 0 && !request.WithRead {
			continue
		}
		rows = append(rows, c.discussion(row))
		if request.Messages && row.Value.Count > 1 {
			last := row.Value.Messages[0]
			rows = append(rows, o{
				"N": c.session.name(67, "row", row.ID), "estUneDiscussion": false, "profondeur": 1, "indicePere": len(rows) - 1,
				"public": last.Author, "libelleDate": dateLabel(last.SentAt, c.server.school.Now().Date), "lu": last.Read, "listePossessionsMessages": wrapped([]o{}),
			})
		}
	}
	labels := []o{
		{"N": c.session.name(70, "label", 4), "L": "Brouillons", "G": 4, "couleur": "#808080"},
		{"N": c.session.name(70, "label", 5), "L": "Corbeille", "G": 5, "couleur": "#808080"},
	}
	return c.broken(o{"listeEtiquettes": wrapped(labels), "listeMessagerie": c.list(rows)}, "listeMessagerie"), nil
}

func (c *call) discussion(row world.Row[pronote.Discussion]) o {
	d := row.Value
	possessions := []o{}
	for _, m := range c.server.school.MessagesOf(row.ID) {
		possessions = append(possessions, o{"N": c.session.name(68, "possession", m.ID)})
	}
	answer := o{
		"N": c.session.name(67, "discussion", row.ID), "estUneDiscussion": true, "profondeur": 0, "indicePere": -1,
		"objet": d.Subject, "public": d.Public, "nbPublic": d.People, "libelleDate": dateLabel(d.LastAt, c.server.school.Now().Date),
		"lu": d.Unread == 0, "nbNonLus": d.Unread, "nombreMessages": d.Count, "nbBrouillons": 0,
		"ferme": d.Closed, "fermable": false, "avecReponse": d.CanReply, "avecModifObjet": false, "estNonPossede": false,
		"genreDiscussion":          slices.Index([]string{"discussion", "school_life", "conversation", "alert", "harassment"}, d.Kind),
		"messagePourParticipants":  wrapped(o{"N": c.session.name(67, "participants", row.ID)}),
		"listePossessionsMessages": wrapped(possessions),
	}
	if d.Creator != "" {
		answer["initiateur"] = d.Creator
	}
	if slices.Contains(d.Labels, "trash") {
		answer["listeEtiquettes"] = wrapped([]o{{"N": c.session.name(70, "label", 5)}})
	}
	return answer
}

// dateLabel says when something was, as the list does.
func dateLabel(t pronote.DateTime, today pronote.Date) string {
	clock := strconv.Itoa(t.Hour) + "h" + twoDigits(t.Minute)
	weekday := []string{"dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"}[t.Weekday()]
	date := twoDigits(t.Day) + "/" + twoDigits(int(t.Month))
	switch ago := today.DaysSince(t.Date); {
	case ago <= 0:
		return clock
	case ago < 7:
		return weekday + " " + clock
	case ago < 60:
		return weekday + " " + date
	default:
		return date + "/" + twoDigits(t.Year%100)
	}
}

func twoDigits(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// answerMessages answers ListeMessages. The messages stay unread unless the
// request says otherwise. A request that has seen some gets those after them;
// no client of the field is known to ask so.
func answerMessages(c *call) (any, *wire.Error) {
	request := struct {
		Possessions []struct {
			Number string `json:"N"`
		} `json:"listePossessionsMessages"`
		MarkRead bool `json:"marquerCommeLu"`
		Seen     int  `json:"nbMessagesVus"`
	}{}
	if json.Unmarshal(c.data, &request) != nil || len(request.Possessions) == 0 {
		return nil, refusal(21, "Impossible d'afficher la page")
	}
	first, ok := c.session.find(request.Possessions[0].Number, "possession")
	rows := c.server.school.MessagesOf(world.DiscussionOf(first))
	if !ok || !slices.ContainsFunc(rows, func(m world.Row[pronote.Message]) bool { return m.ID == first }) {
		return nil, refusal(22, "Ressource inconnue")
	}
	if request.MarkRead {
		c.server.school.Do(world.ReadDiscussion(world.DiscussionOf(first)))
	}
	messages := []o{}
	for _, m := range rows[min(max(0, request.Seen), len(rows)):] {
		messages = append(messages, c.message(m, rows[len(rows)-1].ID))
	}
	return c.broken(o{
		"listeMessages": c.list(messages), "nbPossessionsMessage": len(rows), "nbMarquerLu": 0,
		"messagePourReponse": wrapped(o{"N": c.session.name(67, "message", rows[0].ID), "G": 0}),
		"listeBoutons":       wrapped([]o{{"L": "Envoyer", "N": "0", "G": 0}}),
	}, "listeMessages"), nil
}

// message is a row of the answer; source is the message that it replies to.
func (c *call) message(row world.Row[pronote.Message], source int) o {
	m := row.Value
	answer := o{
		"N": c.session.name(67, "message", row.ID), "possessionMessage": wrapped(o{"N": c.session.name(68, "possession", row.ID)}),
		"messageSource": wrapped(o{"N": c.session.name(67, "message", source)}),
		"contenu":       m.Content, "date": dateTimeValue(m.SentAt), "libelleDate": dateLabel(m.SentAt, c.server.school.Now().Date),
		"emetteur": m.Own, "lu": m.Read, "public_gauche": m.Author, "hint_gauche": m.Role, "public_droite": m.Recipient, "hint_droite": "",
		"nbPublic": m.People, "estUnAparte": m.Aside, "estNonPossede": false, "brouillon": false, "listeDocumentsJoints": wrapped(c.enclosures(row)),
	}
	if m.HTML != "" {
		answer["contenu"], answer["estHTML"] = typed(21, m.HTML), true
	}
	return answer
}

// answerParticipants answers SaisiePublicMessage, which in spite of its name
// saves nothing: who takes part in a discussion.
func answerParticipants(c *call) (any, *wire.Error) {
	var request struct {
		Message struct {
			Number string `json:"N"`
		} `json:"message"`
	}
	if json.Unmarshal(c.data, &request) != nil {
		return nil, refusal(21, "Impossible d'afficher la page")
	}
	id, ok := c.session.find(request.Message.Number, "participants")
	for _, row := range c.server.school.Truth(c.session.viewer, c.pupil).Discussions {
		if ok && row.ID == id {
			people := []o{
				{"L": row.Value.Public, "N": c.session.name(34, "participant", id), "G": 3},
				{"L": c.server.viewerName(c.session.viewer), "N": c.session.name(34, "participant", 0), "G": 5},
			}
			return o{"listeDest": wrapped(people)}, nil
		}
	}
	return nil, refusal(22, "Ressource inconnue")
}
