package pronote

import (
	"cmp"
	"encoding/json"
	"errors"
	"slices"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// This file turns what a login says into English: the school, its calendar,
// its pupils and their periods.

// decodeParameters reads the school, the version it states, and its name for the
// device.
func decodeParameters(data []byte) (school School, version, browser string, err error) {
	var p wire.Parametres
	if err := json.Unmarshal(data, &p); err != nil {
		return School{}, "", "", unreadable(functionParameters, err)
	}
	school = schoolOf(p.General)
	if school.firstMonday.IsZero() {
		return School{}, "", "", unreadable(functionParameters, errors.New("no first Monday"))
	}
	return school, string(p.General.VersionPN), string(p.IdentifiantNav), nil
}

// user is who logged in, and what the account may see.
type user struct {
	name     string
	students []Student // at least one
	tabs     map[Tab]bool
}

// decodeUser reads who is behind an account, the tabs that it may use, and where
// the school is.
func decodeUser(data []byte, school *School, parent bool) (user, error) {
	var u wire.Utilisateur
	if err := json.Unmarshal(data, &u); err != nil {
		return user{}, unreadable(functionUser, err)
	}
	if !u.Ressource.Present || !u.ListeOnglets.Present {
		return user{}, unreadable(functionUser, errors.New("no person or no tabs"))
	}
	tabs := map[Tab]bool{}
	for _, tab := range wire.Flatten(u.ListeOnglets.Items) {
		tabs[Tab(tab)] = true
	}
	people := []wire.Ressource{u.Ressource.Value}
	if parent {
		people = u.Ressource.Value.ListeRessources.Items
	}
	if len(people) == 0 {
		return user{}, unreadable(functionUser, errors.New("no child belongs to this parent account"))
	}
	who := user{name: label(u.Ressource.Value.Label), tabs: tabs}
	for _, person := range people {
		who.students = append(who.students, studentOf(person, *school))
	}
	compareTabs(who.students)
	school.Sites = nil
	for _, e := range u.ListeInformationsEtablissements.Items {
		school.Sites = append(school.Sites, siteOf(e))
	}
	return who, nil
}

func schoolOf(g wire.General) School {
	school := School{
		Name:        label(cmp.Or(g.NomEtablissement, g.NomEtablissementConnect)),
		Year:        label(g.AnneeScolaire),
		Starts:      dateOf(g.PremiereDate),
		Ends:        dateOf(g.DerniereDate),
		Weekdays:    g.JoursOuvres,
		firstMonday: dateOf(g.PremierLundi),
		firstWeek:   cmp.Or(int(g.NumeroPremiereSemaine), 1),
	}
	if len(school.Weekdays) == 0 {
		school.Weekdays = []int{1, 2, 3, 4, 5}
	}
	school.slots, school.slotEnds = slotsOf(g, g.ListeHeures), slotsOf(g, g.ListeHeuresFin)
	for _, c := range g.ListeJoursFeries.Items {
		starts := dateOf(c.DateDebut)
		school.Holidays = append(school.Holidays, Holiday{
			Year: school.Year, Name: label(c.Label), Starts: starts, Ends: cmp.Or(dateOf(c.DateFin), starts),
		})
	}
	school.Weeks = weeksOf(g, school)
	for _, p := range g.ListePeriodes.Items {
		school.periods = append(school.periods, periodOf(p, school.Year))
	}
	return school
}

// periodOf reads a period of the school's list. Its element is the one that tabs
// have: where a tab lists no periods, that is the best guess.
func periodOf(p wire.Periode, year string) Period {
	period := Period{
		Name: label(p.Label), Year: year, Starts: dateOf(p.DateDebut), Ends: dateOf(p.DateFin),
		Kind: cmp.Or(periodKinds[int(p.Genre.Value)], "other"), element: elementOf(p.Element),
	}
	period.element.Genre = tabGenres[period.Kind]
	return period
}

// weeksOf lists the weeks of the school year that have a kind. The first kind
// is that of all weeks.
func weeksOf(g wire.General, of School) (weeks []Week) {
	for kind, name := range g.LibellesFrequences.Items {
		if kind == 0 || kind >= len(g.DomainesFrequences.Items) || label(name) == "" {
			continue
		}
		for _, number := range g.DomainesFrequences.Items[kind] {
			monday := of.firstDay(number)
			if monday.Compare(of.Ends) <= 0 && monday.AddDays(6).Compare(of.Starts) >= 0 {
				weeks = append(weeks, Week{Year: of.Year, Starts: monday, Label: label(name)})
			}
		}
	}
	slices.SortStableFunc(weeks, func(a, b Week) int { return a.Starts.Compare(b.Starts) })
	return weeks
}

func siteOf(e wire.Etablissement) Site {
	at := e.Coordonnees.Value
	return Site{
		Name: label(e.Label), Address: addressOf(at.Adresse1, at.Adresse2, at.Adresse3, at.Adresse4),
		PostalCode: label(at.CodePostal), City: label(cmp.Or(at.LibelleVille, at.LibellePostal)),
		Province: label(at.Province), Country: label(at.Pays), Website: label(at.SiteInternet),
		Logo: label(e.URLLogo),
	}
}

// compareTabs finds out which tabs a child lacks: those that have periods for a
// sibling and none for that child, for whom the server lists other tabs. The menu
// belongs to the account, and does not say so.
func compareTabs(students []Student) {
	for i := range students {
		for _, sibling := range students {
			for tab := range sibling.tabs {
				if _, has := students[i].tabs[tab]; !has && len(students[i].tabs) > 0 {
					students[i].lacks[tab] = true
				}
			}
		}
	}
}

// studentOf reads a pupil, with the periods of each tab where the server lists
// them, else all of the school's.
func studentOf(r wire.Ressource, of School) Student {
	student := Student{
		Name: label(r.Label), Class: label(r.ClasseDEleve.Value.Label),
		School: cmp.Or(label(r.Etablissement.Value.Label), of.Name), Groups: labelsOf(r.ListeGroupes), element: elementOf(r.Element),
		tabs: map[Tab]tabPeriods{}, lacks: map[Tab]bool{},
	}
	known := map[string]Period{}
	for _, p := range of.periods {
		known[p.element.Number] = p
	}
	for _, tab := range r.PeriodesParTab.Items {
		listed := tabPeriods{current: label(tab.PeriodeParDefaut.Value.Label)}
		for _, p := range tab.ListePeriodes.Items {
			if period, ok := known[string(p.Number)]; ok {
				period.element = elementOf(p) // whose G is another than in the school's list
				listed.periods = append(listed.periods, period)
			}
		}
		if listed.periods != nil {
			student.tabs[Tab(tab.Onglet)] = listed
		}
	}
	student.Periods = of.periods
	for _, tab := range []Tab{TabMarks, TabReports, TabEvaluations, TabSchoolLife} {
		if listed, ok := student.tabs[tab]; ok {
			student.Periods, student.Current = listed.periods, listed.current
			break
		}
	}
	return student
}

func elementOf(e wire.Element) Element {
	return Element{Number: string(e.Number), Genre: int(e.Genre.Value), Label: string(e.Label)}
}

// labelsOf are the names of a list, nil for none; what has no name is left out.
func labelsOf(list wire.List[wire.Element]) []string {
	var names []string
	for _, e := range list.Items {
		if name := label(e.Label); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// label is a text without markup on one line.
func label(t wire.Text) string { return line(string(t)) }

func dateOf(d wire.DateTime) Date { return dateTimeOf(d).Date }

func dateTimeOf(d wire.DateTime) DateTime {
	if d.IsZero() {
		return DateTime{}
	}
	return DateTimeOf(d.Time)
}

func numberOf(n wire.Number) Number { return Number(n) }
