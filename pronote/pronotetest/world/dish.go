package world

import (
	"slices"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// Dish is one dish of a lunch at the canteen.
type Dish struct {
	Date      pronote.Date
	Course    string // as in pronote.Dish
	Name      string
	Labels    []string
	Allergens []string

	id int
}

// The canteen has one menu.
const MenuName = "Menu du jour"

func (*Dish) domain() string { return "menus" }

func (d *Dish) enter(id int, _ pronote.DateTime) { d.id = id }

func (d *Dish) settle(*School) {}

func (d *Dish) dish() pronote.Dish {
	return pronote.Dish{
		Date: d.Date, Meal: "lunch", Menu: MenuName, Course: d.Course, Name: d.Name,
		Labels: d.Labels, Allergens: d.Allergens,
	}
}

func (d *Dish) facts(*School, Viewer, string) []fact {
	return []fact{
		{"date", d.Date}, {"course", d.Course}, {"dish", d.Name},
		{"labels", strings.Join(d.Labels, ", ")}, {"allergens", strings.Join(d.Allergens, ", ")},
	}
}

// courses are those of a meal, in the order in which they are listed, which is
// not the order of their numbers.
func courses() []string { return []string{"starter", "main", "side", "cheese", "dessert"} }

func courseOrder(course string) int { return slices.Index(courses(), course) }
