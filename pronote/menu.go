package pronote

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/pronote-sync/pronote-sync/pronote/internal/wire"
)

// A Dish is one dish of a meal at the canteen.
type Dish struct {
	Date      Date
	Meal      string // "lunch" or "dinner"; "" for a kind that is not known
	Menu      string // name of the meal, where the canteen has several: "Menu végétarien"
	Course    string // "starter", "main", "side", "other", "dessert", "cheese"
	Name      string
	Labels    []string // "Bio", "Fait maison"
	Allergens []string
}

var (
	meals   = []string{"lunch", "dinner"}
	courses = []string{"starter", "main", "side", "other", "dessert", "cheese"}
)

// Menus returns what the canteen serves in the week of a day, from Monday on, in
// PRONOTE's order. A week without a menu has no dishes. The colours in the answer
// are left out.
func (s *Session) Menus(ctx context.Context, of Student, day Date) ([]Dish, error) {
	answer, err := s.requestNew(ctx, Call{
		Function: functionMenus, Tab: TabMenus, Student: &of,
		Data: map[string]any{"date": map[string]any{"_T": 7, "V": wireDay(day.Monday())}},
	})
	if err != nil {
		return nil, err
	}
	return decodeMenus(answer.Data)
}

const functionMenus = "PageMenus"

func decodeMenus(data []byte) ([]Dish, error) {
	var w wire.Menus
	if err := json.Unmarshal(data, &w); err != nil {
		return nil, unreadable(functionMenus, err)
	}
	if !w.ListeJours.Present {
		return nil, unreadable(functionMenus, errors.New("no list of days"))
	}
	dishes := []Dish{}
	for _, day := range w.ListeJours.Items {
		for _, meal := range day.ListeRepas.Items {
			dishes = append(dishes, dishesOf(meal, dateOf(day.Date))...)
		}
	}
	return dishes, nil
}

func dishesOf(meal wire.Repas, day Date) (dishes []Dish) {
	if day.IsZero() {
		return nil
	}
	for _, course := range meal.ListePlats.Items {
		for _, food := range course.ListeAliments.Items {
			if name := kitchenText(food.Label); name != "" {
				dishes = append(dishes, Dish{
					Date: day, Meal: nth(meals, int(meal.Genre.Value)), Menu: kitchenText(meal.Label), Course: nth(courses, int(course.Genre)),
					Name: name, Labels: kitchenTexts(food.Labels), Allergens: kitchenTexts(food.Allergenes),
				})
			}
		}
	}
	return dishes
}

// kitchenText is a text on one line. Some kitchens write HTML.
func kitchenText(t wire.Text) string { return line(textOf(string(t))) }

// kitchenTexts are the names of a list, nil for none.
func kitchenTexts(list wire.List[wire.Element]) (names []string) {
	for _, e := range list.Items {
		if name := kitchenText(e.Label); name != "" {
			names = append(names, name)
		}
	}
	return names
}
