package pronotetest

import (
	"strconv"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// answerMarks answers DernieresNotes for one period.
func answerMarks(c *call) (any, *wire.Error) {
	period, number, refused := c.period()
	if refused != nil {
		return nil, refused
	}
	truth := c.server.school.Truth(c.session.viewer, c.pupil)
	element := o{"L": period.Name, "N": number}
	marks := []o{}
	for _, row := range truth.Marks {
		if row.Value.Period == period.Name {
			marks = append(marks, c.mark(row, element))
		}
	}
	answer := o{
		"listeDevoirs": c.list(marks), "listeServices": wrapped([]o{}),
		"avecDetailDevoir": true, "avecDetailService": true,
	}
	services := []o{}
	for _, row := range truth.Averages {
		switch {
		case row.Value.Period != period.Name:
		case row.Value.Subject == "":
			put(answer, "moyGenerale", row.Value.Student)
			put(answer, "moyGeneraleClasse", row.Value.ClassAverage)
			put(answer, "baremeMoyGenerale", row.Value.OutOf)
			put(answer, "baremeMoyGeneraleParDefaut", row.Value.OutOf)
		default:
			services = append(services, c.service(row.Value, len(services)))
		}
	}
	answer["listeServices"] = c.list(services)
	return c.broken(answer, "listeDevoirs", "listeServices"), nil
}

func (c *call) mark(row Row[pronote.Mark], period o) o {
	m := row.Value
	mark := o{
		"N": c.session.name(c.server.options.Profile.TestGenre, "mark", row.ID), "G": c.server.options.Profile.TestGenre,
		"note": typed(10, RawScore(m.Score)), "bareme": figure(m.OutOf), "baremeParDefaut": typed(10, "20"), "date": dateValue(m.GivenOn),
		"service":     wrapped(o{"L": m.Subject, "N": c.subject(m.Subject), "estServiceGroupe": false, "couleur": "#2338BB"}),
		"periode":     wrapped(period),
		"coefficient": m.Coefficient.Value, "commentaire": m.Title, "commentaireSurNote": m.Comment,
		"estEnGroupe": false, "estFacultatif": m.Optional, "estBonus": m.Bonus, "estRamenerSur20": m.Rescaled,
		"ListeThemes": wrapped([]o{}),
	}
	for _, a := range m.Attachments {
		mark[map[string]string{"subject": "libelleSujet", "correction": "libelleCorrige"}[a.Role]] = a.Name
	}
	put(mark, "moyenne", m.ClassAverage)
	put(mark, "noteMin", m.ClassMin)
	put(mark, "noteMax", m.ClassMax)
	return mark
}

func (c *call) service(a pronote.Average, order int) o {
	service := o{
		"N": c.subject(a.Subject), "L": a.Subject, "G": 12, "ordre": order, "couleur": "#2338BB", "estServiceGroupe": false,
		"baremeMoyEleve": figure(a.OutOf), "baremeMoyEleveParDefaut": figure(a.OutOf),
	}
	put(service, "moyEleve", a.Student)
	put(service, "moyClasse", a.ClassAverage)
	put(service, "moyMin", a.ClassMin)
	put(service, "moyMax", a.ClassMax)
	return service
}

// subject is the identifier of a subject, the same in all classes.
func (c *call) subject(name string) string { return c.session.name(79, "subject "+name, 0) }

// put adds a figure unless the school hides it.
func put(to o, name string, n pronote.Number) {
	if n.Known {
		to[name] = figure(n)
	}
}

// figure writes a number as the server does, with a comma and two decimals
// where it has any.
func figure(n pronote.Number) o {
	if !n.Known {
		return typed(10, "")
	}
	text := strconv.FormatFloat(n.Value, 'f', -1, 64)
	if strings.Contains(text, ".") {
		text = strconv.FormatFloat(n.Value, 'f', 2, 64)
	}
	return typed(10, strings.Replace(text, ".", ",", 1))
}
