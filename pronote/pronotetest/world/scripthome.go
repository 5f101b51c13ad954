package world

import "github.com/pronote-sync/pronote-sync/pronote"

// home fills the home page. Not all schools have the same on it: of four seeds in
// a row, one has no links, and one no wallets.
func (w *writer) home() {
	if w.school.seed%4 != 2 && !w.school.isYounger {
		w.links()
	}
	if w.school.seed%4 != 3 {
		for _, child := range w.school.Children() {
			w.wallets(child)
		}
	}
}

// links are there from the first day. One moves, one is explained, one comes and
// one goes.
func (w *writer) links() {
	c := w.school.calendar
	first := at(c.starts, 6, 40)
	books := w.add(first, Add(Link{Link: pronote.Link{
		Title: "Manuels numériques", URL: "https://manuels.example/college?a=1&b=2", Comment: "Identifiants dans le carnet",
	}}))
	library := w.add(first, Add(Link{Link: pronote.Link{Title: "Portail du CDI", URL: "https://cdi.example/"}}))
	w.add(first, Add(Link{Link: pronote.Link{Title: "Réservation des repas", Partner: "TURBOSELF"}}))
	moves := w.moment(at(c.starts.AddDays(10+w.IntN(200)), 8, 0), 9)
	w.plan(moves, Amend(library, func(l *Link) { l.URL = "https://cdi.example/accueil" }))
	w.plan(w.moment(at(c.starts.AddDays(5+w.IntN(30)), 8, 0), 9), Amend(books, func(l *Link) {
		l.Comment = "Identifiants dans le carnet, page 12 ; en cas d'oubli < voir le professeur principal >"
	}))
	w.plan(w.moment(at(c.starts.AddDays(210+w.IntN(60)), 8, 0), 9), Amend(library, func(l *Link) { l.Title = "CDI : catalogue & nouveautés" }))
	fair := w.moment(at(c.starts.AddDays(20+w.IntN(100)), 8, 0), 9)
	id := w.add(fair, Add(Link{Link: pronote.Link{Title: "Forum des métiers", URL: "https://forum.example/inscription", Comment: "Inscription en ligne"}}))
	w.plan(w.moment(at(fair.AddDays(30), 8, 0), 20), Remove(id))
}

// wallets are what a child has at the canteen, and now and then for something
// else. Each lunch costs; when the money runs out the parents fill it up, some
// days late.
func (w *writer) wallets(child string) {
	c := w.school.calendar
	canteen := Wallet{
		Pupil: child, Label: "Restauration", Hint: "Tarif du repas : 4,15 €", Price: 415, Cents: 2000 + 100*w.IntN(40),
	}
	id := w.add(at(c.starts, 6, 50), Add(canteen))
	w.lunches(id, canteen)
	renamed := w.moment(at(c.starts.AddDays(100+w.IntN(60)), 8, 0), 9)
	w.plan(renamed, Amend(id, func(w *Wallet) { w.Label, w.Hint = "Restauration scolaire", "Tarif du repas au 1er janvier : 4,15 €" }))
	if child == firstChild {
		opened := w.moment(at(c.starts.AddDays(15+w.IntN(20)), 8, 0), 9)
		copies := w.add(opened, Add(Wallet{Pupil: child, Label: "Photocopies", Cents: 500}))
		for t := opened; t.Compare(at(c.ends.AddDays(-20), 0, 0)) < 0; t = w.moment(at(t.AddDays(15), 0, 0), 30) {
			w.plan(t, Amend(copies, func(w *Wallet) { w.Cents -= 10 }))
		}
		w.plan(w.moment(at(c.ends.AddDays(-12), 8, 0), 2), Remove(copies))
	}
}

// lunches are the movements of a wallet. The balance is reckoned along, for the
// parents look at it.
func (w *writer) lunches(id int, wallet Wallet) {
	c := w.school.calendar
	filled := pronote.Date{} // when the parents will have got round to it
	for d := c.starts; d.Compare(c.ends) <= 0; d = d.AddDays(1) {
		if d == filled {
			amount := 5000 + 1000*w.IntN(4)
			wallet.Cents += amount
			filled = pronote.Date{}
			w.plan(at(d, 19+w.IntN(3), w.IntN(60)), Amend(id, func(w *Wallet) { w.Cents += amount }))
		}
		if !c.open(d) || d.Weekday() == 3 || w.chance(0.1) { // no lunch on Wednesdays
			continue
		}
		wallet.Cents -= wallet.Price
		w.plan(at(d, 11+w.IntN(3), w.IntN(60)), Amend(id, func(w *Wallet) { w.Cents -= w.Price }))
		if wallet.low() && filled.IsZero() {
			filled = d.AddDays(1 + w.IntN(5))
		}
	}
}
