package pronotetest

import (
	"strconv"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
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
			answer["moyGeneraleClasse"] = figure(row.Value.ClassAverage)
			put(answer, "baremeMoyGenerale", row.Value.OutOf)
			put(answer, "baremeMoyGeneraleParDefaut", row.Value.OutOf)
		default:
			services = append(services, c.service(row, len(services)))
		}
	}
	answer["listeServices"] = c.list(services)
	return c.broken(answer, "listeDevoirs", "listeServices"), nil
}

func (c *call) mark(row world.Row[pronote.Mark], period o) o {
	m := row.Value
	mark := o{
		"N": c.session.name(c.server.options.Profile.TestGenre, "mark", row.ID), "G": c.server.options.Profile.TestGenre,
		"note": typed(10, world.RawScore(m.Score)), "bareme": figure(m.OutOf), "baremeParDefaut": typed(10, "20"), "date": dateValue(m.GivenOn),
		"service": wrapped(o{
			"L": m.Subject, "N": c.serviceNumber(m.Subject, c.server.school.SecondService(row.ID)), "G": 12,
			"estServiceEnGroupe": c.server.school.Of(c.pupil).InGroups(m.Subject), "couleur": "#2338BB",
		}),
		"periode":     wrapped(period),
		"coefficient": m.Coefficient.Value, "commentaire": m.Title, "commentaireSurNote": m.Comment,
		"estEnGroupe": false, "estFacultatif": m.Optional, "estBonus": m.Bonus, "estRamenerSur20": m.Rescaled,
		"ListeThemes": wrapped([]o{}),
	}
	for _, a := range m.Attachments {
		kind := map[string]string{"subject": "Sujet", "correction": "Corrige"}[a.Role]
		mark["libelle"+kind] = a.Name
		mark["elm"+kind] = o{"L": a.Name, "N": mark["N"], "G": c.server.options.Profile.TestGenre, "genreDocument": 1}
	}
	// What the school hides comes as an empty figure.
	mark["moyenne"], mark["noteMin"], mark["noteMax"] = figure(m.ClassAverage), figure(m.ClassMin), figure(m.ClassMax)
	return mark
}

func (c *call) service(row world.Row[pronote.Average], order int) o {
	a := row.Value
	return o{
		"N": c.serviceNumber(a.Subject, world.SecondAverage(row.ID)), "L": a.Subject, "G": 12, "ordre": order, "couleur": "#2338BB",
		"estServiceEnGroupe": c.server.school.Of(c.pupil).InGroups(a.Subject), "baremeMoyEleve": figure(a.OutOf), "baremeMoyEleveParDefaut": figure(a.OutOf),
		"moyEleve": figure(a.Student), "moyClasse": figure(a.ClassAverage), "moyMin": figure(a.ClassMin), "moyMax": figure(a.ClassMax),
	}
}

// serviceNumber is the identifier of a service: that of the subject, unless it is the
// one of its other teacher.
func (c *call) serviceNumber(name string, second bool) string {
	if second {
		return c.session.name(79, "subject "+name, 1)
	}
	return c.subject(name)
}

// subject is the identifier of a subject, the same in all classes.
func (c *call) subject(name string) string { return c.session.name(79, "subject "+name, 0) }

// put adds a figure unless the school hides it.
func put(to o, name string, n pronote.Number) {
	if n.Known {
		to[name] = figure(n)
	}
}

// figure writes a number as the server does, with a comma and as many decimals as
// it has; one that the school hides is empty.
func figure(n pronote.Number) o {
	if !n.Known {
		return typed(10, "")
	}
	return typed(10, strings.Replace(strconv.FormatFloat(n.Value, 'f', -1, 64), ".", ",", 1))
}
