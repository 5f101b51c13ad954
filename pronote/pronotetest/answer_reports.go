package pronotetest

import (
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// answerReport answers PageBulletins for one period: the report card, or that it
// is not published. Clients look for the message under two spellings. It answers
// nothing to a period that is not as the tab lists it.
func answerReport(c *call) (any, *wire.Error) {
	period, known, refused := c.ownPeriod()
	switch {
	case refused != nil:
		return nil, refused
	case !known || c.fault == "blank":
		return o{}, nil
	}
	for _, row := range c.server.school.Truth(c.session.viewer, c.pupil).Reports {
		if row.Value.Period == period.Name {
			return c.broken(c.report(row), "ListeServices"), nil
		}
	}
	const message = "Le bulletin n'est pas encore publié"
	return o{"Message": message, "message": message, "Editable": false}, nil
}

func (c *call) report(row world.Row[pronote.Report]) o {
	r := row.Value
	services, parts := []o{}, map[string][]o{}
	for _, s := range r.Subjects {
		if s.Within != "" {
			parts[s.Within] = append(parts[s.Within], c.reportSubject(s, nil))
		}
	}
	for _, s := range r.Subjects {
		if s.Within == "" {
			services = append(services, c.reportSubject(s, parts[s.Subject]))
		}
	}
	comments := []o{}
	for line := range strings.SplitSeq(r.Comments, "\n") {
		heading, text, _ := strings.Cut(line, " : ")
		comments = append(comments, o{"N": c.session.name(4, "comment "+heading, row.ID), "Intitule": heading, "L": text})
	}
	general := o{}
	put(general, "MoyenneEleve", r.StudentAverage)
	put(general, "MoyenneClasse", r.ClassAverage)
	return o{
		"Editable": false, "Classe": wrapped(o{"L": r.Class, "N": c.session.name(23, "class "+r.Class, 0)}), "baremeParDefaut": figure(r.OutOf),
		"existeServiceAvecNotes": true, "existeServiceSansNotes": false,
		"ListeServices": c.list(services), "ListeSurMatieres": wrapped([]o{}), "General": wrapped(general),
		"ListeAbsences":           o{"strAbsences": r.Absences, "strRetards": r.Delays, "strPunitions": r.Punishments, "strSanctions": r.Sanctions},
		"ObjetListeAppreciations": wrapped(o{"Editable": false, "ListeAppreciations": wrapped(comments)}),
	}
}

func (c *call) reportSubject(s pronote.ReportSubject, parts []o) o {
	teachers, appreciations := []o{}, []o{}
	for _, t := range s.Teachers {
		teachers = append(teachers, o{"L": t, "N": c.session.name(34, "teacher "+t, 0)})
	}
	if s.Appreciation != "" {
		appreciations = append(appreciations, o{"L": s.Appreciation, "N": c.session.name(4, "appreciation "+s.Subject, s.Position)})
	}
	matter := s.Subject
	if s.Within != "" {
		matter = s.Within
	}
	subject := o{
		"N": c.session.name(12, "service "+s.Within+s.Subject, s.Position), "L": s.Subject, "couleur": "#2338BB",
		"Matiere": wrapped(o{"L": matter, "N": c.subject(matter)}), "SurMatiere": wrapped(o{"L": s.Group, "N": "0"}),
		"Coefficient": figure(s.Coefficient), "MoyenneEleve": figure(s.Student), "MoyenneClasse": figure(s.ClassAverage),
		"MoyenneInf": figure(s.ClassMin), "MoyenneSup": figure(s.ClassMax),
		"ListeProfesseurs": wrapped(teachers), "ListeAppreciations": wrapped(appreciations),
	}
	if parts != nil {
		subject["ListeElements"] = wrapped(parts)
	}
	return subject
}
