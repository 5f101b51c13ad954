package pronotetest

import (
	"encoding/json"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// answerLessons answers PageEmploiDuTemps for a set of weeks, one week, or the
// days between two dates, in that order of precedence.
func answerLessons(c *call) (any, *wire.Error) {
	var request struct {
		Resource struct {
			Number string `json:"N"`
		} `json:"ressource"`
		Weeks wire.Set      `json:"domaine"`
		Week  wire.Int      `json:"numeroSemaine"`
		From  wire.DateTime `json:"dateDebut"`
		To    wire.DateTime `json:"dateFin"`
	}
	if json.Unmarshal(c.data, &request) != nil {
		return nil, refusal(21, "Impossible d'afficher la page")
	}
	if whose, ok := c.session.find(request.Resource.Number, "pupil"); !ok || whose >= len(c.server.pupils(c.session.viewer)) {
		return nil, refusal(22, "Ressource inconnue")
	} else if c.session.viewer == pronote.KindParent {
		c.pupil = c.server.pupils(c.session.viewer)[whose]
	}
	if request.Week > 0 && len(request.Weeks) == 0 {
		request.Weeks = wire.Set{int(request.Week)}
	}
	if len(request.Weeks) == 0 && request.From.IsZero() {
		return nil, refusal(21, "Impossible d'afficher la page")
	}
	from := pronote.DateOf(request.From.Time)
	to := from
	if !request.To.IsZero() {
		to = pronote.DateOf(request.To.Time)
	}
	lessons := []o{}
	truth := c.server.school.Truth(c.session.viewer, c.pupil)
	diary := map[int]bool{} // the lessons of which something is written down
	numbers := lessonNumbers(truth)
	for _, row := range truth.Contents {
		diary[numbers[row.Value.Starts.String()+row.Value.Subject]] = true
	}
	for _, row := range truth.Lessons {
		day := row.Value.Starts.Date
		inWeek := slices.Contains(request.Weeks, 1+day.DaysSince(c.server.school.FirstMonday())/7)
		if inWeek || len(request.Weeks) == 0 && day.Compare(from) >= 0 && day.Compare(to) <= 0 {
			lessons = append(lessons, c.lesson(row, diary[row.ID]))
		}
	}
	slices.SortFunc(lessons, func(a, b o) int { return int(order(a)) - int(order(b)) }) // the server's is anybody's guess
	if c.fault == "half" {
		lessons = lessons[:len(lessons)/2]
	}
	return c.broken(o{
		"avecCoursAnnule": true, "prefsGrille": o{"genreRessource": 4}, "ListeCours": lessons, // no typed value, unlike other lists
		"recreations": wrapped([]o{{"L": "Récréation du matin", "place": 4}}),
	}, "ListeCours"), nil
}

// answerFilledWeeks answers PageEmploiDuTemps_DomainePresence: the weeks whose
// timetable is published, which are all of the year.
func answerFilledWeeks(c *call) (any, *wire.Error) {
	last := 1 + c.server.school.Ends().DaysSince(c.server.school.FirstMonday())/7
	return o{"Domaine": typed(8, "[1.."+strconv.Itoa(last)+"]"), "joursPresence": typed(8, "[]")}, nil
}

// order is a place in the answer that depends on the session.
func order(lesson o) uint16 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(lesson["N"].(string))) // a hash accepts every write
	return uint16(h.Sum32())
}

// lessonTable is the table of lessons in today's servers, which clients must not
// know.
const lessonTable = 29

func (c *call) lesson(row world.Row[pronote.Lesson], inDiary bool) o {
	l := row.Value
	weekday := (int(l.Starts.Weekday()) + 6) % 7
	slot := (l.Starts.Hour-8)*2 + l.Starts.Minute/30
	lesson := o{
		"N":     c.session.name(lessonTable, "lesson", row.ID),
		"G":     slices.Index([]string{"lesson", "council", "replacement", "history", "substitute"}, l.Kind),
		"place": weekday*20 + slot, "duree": ((l.Ends.Hour-l.Starts.Hour)*60 + l.Ends.Minute - l.Starts.Minute) / 30,
		"DateDuCours": dateTimeValue(l.Starts), "CouleurFond": "#2338BB", "AvecTafPublie": false,
		"ListeContenus": wrapped(c.lessonParts(l)), // also of outings: pronotepy demands it
	}
	if l.Number > 0 {
		lesson["P"] = l.Number
	}
	// Only what is true is sent: some clients take what is there for a yes.
	if l.Status != "" {
		lesson["Statut"] = l.Status
	}
	if c.server.school.Flagged(row.ID) {
		lesson["estAnnule"] = true
	}
	if l.Detention {
		lesson["estRetenue"], lesson["CouleurFond"] = true, "#FF0000"
	}
	page := o{"N": c.session.name(18, "diary", row.ID), "originesCategorie": wrapped([]o{})}
	if l.Test {
		page["estDevoir"], page["originesCategorie"] = true, wrapped([]o{{"G": 3, "L": l.TestKind, "libelleIcone": "DS"}})
	}
	if inDiary {
		lesson["AvecCdT"] = true
	}
	if l.Test || inDiary {
		lesson["cahierDeTextes"] = wrapped(page)
	}
	if l.Exempted {
		lesson["dispenseEleve"] = true
	}
	if l.Memo != "" {
		lesson["memo"] = l.Memo
	}
	if links := c.links(l, row.ID); len(links) > 0 {
		lesson["listeVisios"] = wrapped(links)
	}
	if l.Outing {
		c.outing(lesson, l)
	}
	return lesson
}

// lessonParts are the parts of which the entry of a lesson consists.
func (c *call) lessonParts(l pronote.Lesson) []o {
	parts := []o{}
	switch {
	case l.Outing:
		return parts
	case l.Detention:
		parts = append(parts, o{"L": l.Title, "estHoraire": true})
	case l.Title != "":
		parts = append(parts, o{"L": l.Title, "G": c.server.options.Profile.TestGenre + 34}) // 2025.1 took a genre out before both
	}
	if l.Subject != "" {
		parts = append(parts, o{"L": l.Subject, "N": c.subject(l.Subject), "G": 16})
	}
	for _, name := range l.Teachers {
		parts = append(parts, o{"G": 3, "L": name})
	}
	for i, name := range l.Groups {
		parts = append(parts, o{"L": name, "N": c.session.name(60, "group "+name, i), "G": 2})
	}
	for i, name := range l.Rooms {
		parts = append(parts, o{"L": name, "N": c.session.name(129, "room "+name, i), "G": 17})
	}
	return parts
}

func (c *call) links(l pronote.Lesson, id int) []o {
	var links []o
	for i, link := range l.Links {
		visio := o{"N": c.session.name(178, "link "+strconv.Itoa(id), i), "url": link, "libelleLien": l.LinkLabels[i], "commentaire": ""}
		if i < len(l.LinkComments) {
			visio["commentaire"] = l.LinkComments[i]
		}
		links = append(links, visio)
	}
	return links
}

func (c *call) outing(lesson o, l pronote.Lesson) {
	lesson["estSortiePedagogique"], lesson["motif"] = true, l.Title
	lesson["accompagnateurs"] = l.Teachers
	lesson["DateDuCoursFin"] = dateTimeValue(l.Ends)
	lesson["strDateDebut"], lesson["strDateFin"] = l.Starts.In(time.UTC).Format("02/01/06 15h04"), l.Ends.In(time.UTC).Format("02/01/06 15h04")
	lesson["strGenreRess"], lesson["strRess"] = "Classe", strings.Join(l.Groups, ", ")
}
