package pronote

import (
	"cmp"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// This file turns what a login says into English: the school, its calendar,
// its pupils and their periods.

func schoolOf(g wire.General) School {
	school := School{
		Name:        label(cmp.Or(g.NomEtablissement, g.NomEtablissementConnect)),
		Year:        string(g.AnneeScolaire),
		Starts:      dateOf(g.PremiereDate),
		Ends:        dateOf(g.DerniereDate),
		Weekdays:    g.JoursOuvres,
		firstMonday: dateOf(g.PremierLundi),
		firstWeek:   cmp.Or(int(g.NumeroPremiereSemaine), 1),
	}
	if len(school.Weekdays) == 0 {
		school.Weekdays = []int{1, 2, 3, 4, 5}
	}
	for _, c := range g.ListeJoursFeries.Items {
		school.Holidays = append(school.Holidays, Holiday{
			Name: label(c.Label), Starts: dateOf(c.DateDebut), Ends: dateOf(c.DateFin),
		})
	}
	for _, p := range g.ListePeriodes.Items {
		school.periods = append(school.periods, Period{
			Name: label(p.Label), Year: school.Year,
			Starts: dateOf(p.DateDebut), Ends: dateOf(p.DateFin),
			Kind:    cmp.Or(periodKinds[int(p.Genre.Value)], "other"),
			element: elementOf(p.Element),
		})
	}
	return school
}

// studentOf reads a pupil. The periods are those of the marks tab where the
// server lists them per tab, else all of the school's.
func (s *Session) studentOf(r wire.Ressource) Student {
	student := Student{
		Name: label(r.Label), Class: label(r.ClasseDEleve.Value.Label),
		School: cmp.Or(label(r.Etablissement.Value.Label), s.school.Name), element: elementOf(r.Element),
	}
	for _, tab := range r.PeriodesParTab.Items {
		if Tab(tab.Onglet) != TabMarks {
			continue
		}
		student.Current = label(tab.PeriodeParDefaut.Value.Label)
		for _, p := range tab.ListePeriodes.Items {
			for _, known := range s.school.periods {
				if known.element.Number == string(p.Number) {
					student.Periods = append(student.Periods, known)
				}
			}
		}
	}
	if student.Periods == nil {
		student.Periods = s.school.periods
	}
	return student
}

func elementOf(e wire.Element) element {
	return element{Number: string(e.Number), Genre: int(e.Genre.Value), Label: string(e.Label)}
}

// label is a text on one line, without the white space that editors leave.
func label(t wire.Text) string { return strings.Join(strings.Fields(string(t)), " ") }

func dateOf(d wire.DateTime) Date { return dateTimeOf(d).Date }

func dateTimeOf(d wire.DateTime) DateTime {
	if d.IsZero() {
		return DateTime{}
	}
	return DateTimeOf(d.Time)
}

func numberOf(n wire.Number) Number { return Number(n) }
