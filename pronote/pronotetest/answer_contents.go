package pronotetest

import (
	"slices"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// contents is the answer to PageCahierDeTexte on the tab of what was done in
// class: one page for each lesson, with its parts.
func (c *call) contents(weeks wire.Set) o {
	truth := c.server.school.Truth(c.session.viewer, c.pupil)
	lessons := lessonNumbers(truth)
	type lesson struct {
		starts  pronote.DateTime
		subject string
	}
	pages, parts, order := map[lesson]o{}, map[lesson][]o{}, []lesson{}
	for _, row := range truth.Contents {
		v := row.Value
		if !slices.Contains(weeks, 1+v.Starts.DaysSince(c.server.school.FirstMonday())/7) {
			continue
		}
		key := lesson{v.Starts, v.Subject}
		if pages[key] == nil {
			order = append(order, key)
			pages[key] = c.diaryPage(row, lessons[v.Starts.String()+v.Subject])
		}
		parts[key] = append(parts[key], c.content(row))
	}
	list := []o{}
	for _, key := range order {
		pages[key]["listeContenus"] = wrapped(parts[key])
		list = append(list, pages[key])
	}
	return c.broken(o{"ListeCahierDeTextes": c.list(list)}, "ListeCahierDeTextes")
}

// lessonNumbers are the numbers of lessons by start and subject.
func lessonNumbers(truth world.Truth) map[string]int {
	numbers := map[string]int{}
	for _, row := range truth.Lessons {
		numbers[row.Value.Starts.String()+row.Value.Subject] = row.ID
	}
	return numbers
}

// diaryPage is the page of one lesson, still without parts.
func (c *call) diaryPage(row world.Row[pronote.Content], lesson int) o {
	v := row.Value
	names := func(list []string, table int) o {
		elements := []o{}
		for i, name := range list {
			elements = append(elements, o{"L": name, "N": c.session.name(table, "person "+name, i)})
		}
		return wrapped(elements)
	}
	return o{
		"N": c.session.name(18, "diary", lesson), "cours": wrapped(o{"N": c.session.name(lessonTable, "lesson", lesson)}), "verrouille": false,
		"Date": dateTimeValue(v.Starts), "DateFin": dateTimeValue(v.Ends), "CouleurFond": "#E0E5A4",
		"Matiere": wrapped(o{"L": v.Subject, "N": c.subject(v.Subject)}), "listeProfesseurs": names(v.Teachers, 34), "listeGroupes": names(v.Groups, 60),
		"listeElementsProgrammeCDT": wrapped([]o{}), "ListeTravailAFaire": wrapped([]o{}),
	}
}

func (c *call) content(row world.Row[pronote.Content]) o {
	v := row.Value
	return o{
		"N": c.session.name(37, "content", row.ID), "L": v.Title, "descriptif": typed(21, v.HTML),
		"categorie":        wrapped(o{"G": max(0, slices.Index([]string{"", "Cours", "Correction"}, v.Category)), "L": v.Category, "N": "0"}),
		"ListePieceJointe": c.documents(row.ID, v.Attachments), "ListeThemes": c.themes(v.Themes, v.Subject),
		"parcoursEducatif": slices.Index([]string{"future", "citizen", "arts", "health", "excellence"}, v.Path),
	}
}

func (c *call) themes(names []string, subject string) o {
	themes := []o{}
	for i, theme := range names {
		themes = append(themes, o{"L": theme, "N": c.session.name(90, "theme "+theme, i), "Matiere": wrapped(o{"L": subject, "N": c.subject(subject)})})
	}
	return wrapped(themes)
}
