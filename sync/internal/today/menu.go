package today

import (
	"context"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/sync/internal/wording"
)

// meals are those of a child from one day to another, in order.
func (l *lookup) meals(ctx context.Context, c Child, from, to civil.Date) ([]wording.Meal, error) {
	f := c.within(from, to)
	f.Student = "" // of all
	dishes, err := db.Menus.Select(ctx, l.tx, f)
	if err != nil {
		return nil, err
	}
	if meals := mealsOf(dishes, c.Student); meals != nil {
		return meals, nil
	}
	return mealsOf(dishes, ""), nil // some schools show them to the parent alone
}

// mealsOf are the meals of one of an account. Of a meal with a main dish, that and
// what goes with it are named.
func mealsOf(dishes []db.Item[pronote.Dish], student string) (meals []wording.Meal) {
	whole := false
	for _, d := range dishes {
		if d.Student != student {
			continue
		}
		v, dinner := d.Value, d.Value.Meal == "dinner"
		if n := len(meals); n == 0 || meals[n-1].Day != v.Date || meals[n-1].Dinner != dinner {
			meals = append(meals, wording.Meal{Day: v.Date, Dinner: dinner})
			whole = true
		}
		meal := &meals[len(meals)-1]
		course := v.Course == "main" || v.Course == "side"
		if course && whole {
			meal.Dishes, whole = nil, false
		}
		if course || whole {
			meal.Dishes = append(meal.Dishes, v.Name)
		}
	}
	return meals
}

// lunch names the dishes of a day at noon.
func (l *lookup) lunch(ctx context.Context, c Child, day civil.Date) ([]string, error) {
	meals, err := l.meals(ctx, c, day, day)
	for _, m := range meals {
		if !m.Dinner {
			return m.Dishes, err
		}
	}
	return nil, err
}
