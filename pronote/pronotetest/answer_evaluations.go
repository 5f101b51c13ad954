package pronotetest

import (
	"slices"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// answerEvaluations answers DernieresEvaluations for one period.
func answerEvaluations(c *call) (any, *wire.Error) {
	period, number, refused := c.period()
	if refused != nil {
		return nil, refused
	}
	evaluations := []o{}
	for _, row := range c.server.school.Truth(c.session.viewer, c.pupil).Evaluations {
		if row.Value.Period == period.Name {
			evaluations = append(evaluations, c.evaluation(row, o{"L": period.Name, "N": number}))
		}
	}
	return c.broken(o{"listeEvaluations": c.list(evaluations)}, "listeEvaluations"), nil
}

func (c *call) evaluation(row world.Row[pronote.Evaluation], period o) o {
	e := row.Value
	cycles, skills := []o{}, []o{}
	for i, cycle := range e.Cycles {
		cycles = append(cycles, o{"L": cycle, "N": c.session.name(100, "cycle", i)})
	}
	for i, skill := range e.Skills {
		skills = append(skills, c.skill(skill, 100*row.ID+i))
	}
	evaluation := o{
		"N": c.session.name(13, "evaluation", row.ID), "L": e.Name, "date": dateValue(e.Date),
		"individu":    wrapped(o{"L": e.Teacher, "N": c.session.name(34, "teacher "+e.Subject, 0)}),
		"matiere":     wrapped(o{"L": e.Subject, "N": c.subject(e.Subject), "couleur": "#2338BB", "serviceConcerne": o{"L": e.Subject}}),
		"periode":     wrapped(period),
		"coefficient": e.Coefficient.Value, "descriptif": e.Description,
		"listePaliers": wrapped(cycles), "listeNiveauxDAcquisitions": c.list(skills),
	}
	if e.Domain != "" {
		evaluation["domaine"] = wrapped(o{"L": e.Domain, "N": c.session.name(106, "domain "+e.Domain, 0)})
	}
	return evaluation
}

func (c *call) skill(s pronote.Skill, id int) o {
	genre := slices.Index([]string{"", "A+", "A", "B", "C", "D", "E", "Abs", "Ne", "Dsp", "Nr"}, s.Abbreviation)
	skill := o{
		"N": c.session.name(93, "skill", id), "L": s.Level, "G": max(0, genre), "abbreviation": s.Abbreviation,
		"ordre": s.Position, "coefficient": s.Coefficient.Value,
		"domaine":     wrapped(o{"L": s.Domain, "N": c.session.name(106, "domain "+s.Domain, 0)}),
		"pilier":      wrapped(o{"L": s.Pillar, "N": c.session.name(107, "pillar "+s.Pillar, 0), "strPrefixes": s.PillarCodes}),
		"observation": s.Comment,
	}
	if s.Item != "" {
		skill["item"] = wrapped(o{"L": s.Item, "N": c.session.name(108, "item "+s.Item, 0)})
	}
	return skill
}
