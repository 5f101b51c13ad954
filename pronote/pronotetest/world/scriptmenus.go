package world

import "github.com/pronote-sync/pronote-sync/pronote"

// menus has the canteen publish each week's menus on the Thursday before.
func (w *writer) menus() {
	c := w.school.calendar
	for monday := c.starts.Monday(); monday.Compare(c.ends) <= 0; monday = monday.AddDays(7) {
		published := at(monday.AddDays(-4), 9+w.IntN(3), w.IntN(60))
		if published.Compare(w.school.now) <= 0 {
			published = at(c.starts, 7, 5)
		}
		for day := range 5 {
			if d := monday.AddDays(day); c.open(d) {
				w.lunch(d, published)
			}
		}
	}
}

// lunch is the dishes of a day, with two to choose from now and then.
func (w *writer) lunch(d pronote.Date, published pronote.DateTime) {
	for _, course := range courses() {
		count := 1
		if w.chance(0.2) {
			count = 2
		}
		names := shuffled(w.Rand, dishes(course))
		for _, name := range names[:count] {
			dish := Dish{Date: d, Course: course, Name: name}
			if w.chance(0.25) {
				dish.Labels = append(dish.Labels, pick(w.Rand, "Bio", "Fait maison", "Label rouge", "Produit local"))
			}
			if w.chance(0.3) {
				dish.Allergens = shuffled(w.Rand, []string{"Gluten", "Lait", "Œuf", "Fruits à coque"})[:1+w.IntN(2)]
			}
			id := w.add(published, Add(dish))
			w.dishLife(id, d, published, names[len(names)-1])
		}
	}
}

// dishLife is a delivery that does not come: the kitchen serves something else,
// or nothing.
func (w *writer) dishLife(id int, d pronote.Date, published pronote.DateTime, instead string) {
	morning := at(d, 7+w.IntN(4), w.IntN(60))
	if morning.Compare(published) <= 0 {
		return
	}
	switch chance := w.Float64(); {
	case chance < 0.03:
		w.plan(morning, Amend(id, func(d *Dish) { d.Name = instead }))
	case chance < 0.04:
		w.plan(morning, Remove(id))
	}
}

func dishes(course string) []string {
	switch course {
	case "starter":
		return []string{"Salade verte & croûtons", "Carottes râpées", "Betteraves vinaigrette", "Œuf mayonnaise", "Taboulé", "Velouté de potiron"}
	case "main":
		return []string{"Poulet rôti", "Colin sauce citron", "Lasagnes aux légumes", "Omelette aux fines herbes", "Bœuf bourguignon", "Dahl de lentilles"}
	case "side":
		return []string{"Haricots verts", "Purée de pommes de terre", "Riz pilaf", "Gratin de chou-fleur", "Pâtes complètes", "Ratatouille"}
	case "cheese":
		return []string{"Yaourt nature", "Comté", "Camembert", "Fromage blanc", "Petit suisse"}
	default:
		return []string{"Compote de pommes", "Fruit de saison", "Mousse au chocolat", "Tarte aux poires", "Riz au lait", "Clafoutis < maison >"}
	}
}
