package school

import (
	"context"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// menus reads some weeks from this one on; canteens publish little more than two.
var menus = domain{
	Domain: psync.Domain{
		Name:     "menus",
		Schedule: "40 7,17 * * *",
		Tables:   []db.View{db.Menus.Listed()},
		Events:   []string{"menu.new"},
	},
	read: func(ctx context.Context, v *visit) ([]mirror.Snapshot, error) {
		var mondays []pronote.Date
		for week := range v.spans.Menus {
			mondays = append(mondays, v.today.Monday().AddDays(7*week))
		}
		return readEach(mondays, func(from pronote.Date) (mirror.Snapshot, error) {
			dishes, err := v.session.Menus(ctx, v.student, from)
			span := db.DaySpan(from, from.AddDays(6))
			return menuSnapshot{mirror.ListOf(db.Menus, menuMatcher, v.owner, span, dishes), from, v.today}, err
		})
	},
}

var menuMatcher = mirror.Matcher[pronote.Dish]{
	Identities: []func(pronote.Dish) string{
		func(d pronote.Dish) string { return mirror.Identity(d.Date.String(), d.Meal, d.Menu, d.Course, d.Name) },
	},
	// A dish that replaces another keeps its place at the table.
	Group: func(d pronote.Dish) string { return mirror.Identity(d.Date.String(), d.Meal, d.Menu, d.Course) },
	Alike: func(a, b pronote.Dish) int { return 1 },
}

type menuSnapshot struct {
	mirror.List[pronote.Dish]
	monday, today pronote.Date
}

// Store tells of a week once, when its menus are published. A week that is seen
// for the first time is as new to people as to the mirror, except when the
// mirror itself is new.
func (s menuSnapshot) Store(ctx context.Context, tx *db.Tx, at pronote.DateTime) (mirror.Outcome, error) {
	coverage, err := tx.Coverage(ctx, s.Owner.Student, s.Table.Name)
	if err != nil {
		return mirror.Outcome{}, err
	}
	before, err := s.Table.Load(ctx, tx, s.Owner.Student, s.Span)
	if err != nil {
		return mirror.Outcome{}, err
	}
	s.Fresh = func(pronote.Dish) bool { return len(coverage) > 0 }
	s.Anew = true // a week is told, not its dishes
	_, o, err := s.List.Store(ctx, tx, at)
	ahead := s.monday.AddDays(6).Compare(s.today) >= 0
	if err == nil && len(coverage) > 0 && len(before) == 0 && len(s.Rows) > 0 && ahead {
		o.Events = append(o.Events, weekEvent(s.Rows, s.monday, s.Owner))
	}
	return o, err
}

// weekEvent tells of the meals of a week, a line for each.
func weekEvent(dishes []pronote.Dish, monday pronote.Date, owner db.Owner) db.Event {
	type meal struct {
		Date   string `json:"date"`
		Meal   string `json:"meal"`
		Dishes string `json:"dishes"`
	}
	var meals []meal
	for _, d := range dishes {
		if n := len(meals); n > 0 && meals[n-1].Date == d.Date.String() && meals[n-1].Meal == d.Meal {
			meals[n-1].Dishes += " · " + d.Name
			continue
		}
		meals = append(meals, meal{d.Date.String(), d.Meal, d.Name})
	}
	e := mirror.FactsEvent("menu.new", owner.Student, map[string]any{"from": monday.String(), "meals": meals})
	e.Day, e.Over = monday, pronote.DateTime{Date: monday.AddDays(7)}
	return e
}
