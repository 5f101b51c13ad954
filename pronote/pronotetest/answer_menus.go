package pronotetest

import (
	"encoding/json"

	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// answerMenus answers PageMenus: the meals of the week of a day.
func answerMenus(c *call) (any, *wire.Error) {
	var request struct {
		Date wire.DateTime `json:"date"`
	}
	if json.Unmarshal(c.data, &request) != nil || request.Date.IsZero() {
		return nil, refusal(21, "Impossible d'afficher la page")
	}
	monday := pronote.DateOf(request.Date.Time).Monday()
	days := []o{}
	rows := c.server.school.Truth(c.session.viewer, c.pupil).Menus
	for d := monday; d.Compare(monday.AddDays(7)) < 0; d = d.AddDays(1) {
		if meal := c.meal(rows, d); meal != nil {
			days = append(days, o{"Date": dateValue(d), "ListeRepas": wrapped([]o{meal})})
		}
	}
	answer := o{
		"AvecRepasMidi": true, "AvecRepasSoir": false, "DomaineDePresence": typed(8, "[1..44]"), "ListeJours": c.list(days),
		"ListeAllergenes": legend(rows, monday, allergenColour, func(d pronote.Dish) []string { return d.Allergens }),
		"Listelabels":     legend(rows, monday, labelColour, func(d pronote.Dish) []string { return d.Labels }),
	}
	return c.broken(answer, "ListeJours"), nil
}

// The colours of labels and allergens.
const (
	labelColour    = "#20A040"
	allergenColour = "#C04020"
)

// legend explains the labels or allergens of a week.
func legend(rows []world.Row[pronote.Dish], monday pronote.Date, colour string, of func(pronote.Dish) []string) o {
	list, seen := []o{}, map[string]bool{}
	for _, row := range rows {
		if days := row.Value.Date.DaysSince(monday); days < 0 || days >= 7 {
			continue
		}
		for _, name := range of(row.Value) {
			if !seen[name] {
				seen[name] = true
				list = append(list, o{"L": name, "couleur": colour})
			}
		}
	}
	return wrapped(list)
}

// meal is the lunch of a day, nil where there is none.
func (c *call) meal(rows []world.Row[pronote.Dish], d pronote.Date) o {
	plates := []o{}
	for _, row := range rows {
		if row.Value.Date != d {
			continue
		}
		number := map[string]int{"starter": 0, "main": 1, "side": 2, "other": 3, "dessert": 4, "cheese": 5}[row.Value.Course]
		if len(plates) == 0 || plates[len(plates)-1]["G"] != number {
			plates = append(plates, o{"G": number, "foods": []o{}})
		}
		last := plates[len(plates)-1]
		last["foods"] = append(last["foods"].([]o), c.food(row))
	}
	if len(plates) == 0 {
		return nil
	}
	for _, plate := range plates {
		plate["ListeAliments"] = wrapped(plate["foods"])
		delete(plate, "foods")
	}
	return o{"N": c.session.name(129, "meal", d.DaysSince(c.server.school.Starts())), "L": world.MenuName, "G": 0, "ListePlats": wrapped(plates)}
}

func (c *call) food(row world.Row[pronote.Dish]) o {
	labels, allergens := []o{}, []o{}
	for i, l := range row.Value.Labels {
		labels = append(labels, o{"N": c.session.name(130, "label", i), "L": l, "couleur": labelColour})
	}
	for _, a := range row.Value.Allergens {
		allergens = append(allergens, o{"L": a, "couleur": allergenColour})
	}
	return o{
		"N": c.session.name(131, "dish", row.ID), "L": row.Value.Name,
		"listeLabelsAlimentaires": wrapped(labels), "listeAllergenesAlimentaire": wrapped(allergens),
	}
}
