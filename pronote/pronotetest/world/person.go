package world

import (
	"cmp"
	"slices"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// Person is what the office knows of somebody who has an account: the parent, or
// Pupil. They are there before the year begins.
type Person struct {
	pronote.Person

	id int
}

func (*Person) domain() string { return "persons" }

func (p *Person) enter(id int, _ pronote.DateTime) { p.id = id }

func (p *Person) settle(*School) {}

// shown reports whether this is who a viewer logs in as, who looks at the pages
// of a pupil.
func (p *Person) shown(viewer Viewer, pupil string) bool {
	return p.Kind == viewer && (viewer == pronote.KindParent || p.Name == pupil)
}

func (p *Person) facts(_ *School, viewer Viewer, pupil string) (facts []fact) {
	if !p.shown(viewer, pupil) {
		return nil
	}
	for column, value := range personColumns(p.Person) {
		facts = append(facts, fact{column, value})
	}
	slices.SortFunc(facts, func(a, b fact) int { return cmp.Compare(a.column, b.column) })
	return facts
}

// persons enters those who have an account. In autumn each has another telephone,
// in winter the family moves house, and in spring a mistake in an address is
// corrected.
func (w *writer) persons() {
	if w.school.isYounger {
		return // the parent is the same, and the child does not log in
	}
	c := w.school.calendar
	home := pronote.Person{
		Address: "4 allée des Glycines, Appartement 12", PostalCode: "00000", City: "Villeneuve", Country: "France", Email: "famille@example.org",
	}
	parent, child := home, home
	parent.Name, parent.Kind, parent.Phone, parent.Landline = w.school.Parent(), pronote.KindParent, "+33 639980112", "0199001234"
	child.Name, child.Kind, child.Phone, child.INE = w.school.Pupil(), pronote.KindStudent, "+33 600000000", "001"
	called := c.openFrom(c.starts.AddDays(10 + w.IntN(10)))
	moves := c.openFrom(day(c.starts.Year+1, 1, 8+w.IntN(12)))
	mends := c.openFrom(day(c.starts.Year+1, 4, 20+w.IntN(10)))
	for i, id := range []int{w.resident(parent), w.resident(child)} {
		phone := "+33 63998" + pick(w.Rand, "0113", "0241", "0377")
		w.plan(at(called.AddDays(i), 9+w.IntN(8), w.IntN(60)), Amend(id, func(p *Person) { p.Phone = phone }))
		w.plan(at(moves, 10, 20), Amend(id, func(p *Person) {
			p.Address, p.PostalCode, p.City, p.Landline = "17 bis rue des Champs-Ronds", "00001", "Saint-Aubin-lès-Prés", ""
		}))
		w.plan(at(mends, 14, 5+i), Amend(id, func(p *Person) { p.Email = "famille.parent@example.org" }))
	}
}

// resident enters somebody.
func (w *writer) resident(p pronote.Person) int {
	person := &Person{Person: p}
	person.enter(w.school.newID(), pronote.DateTime{})
	w.school.objects[person.id] = person
	return person.id
}
