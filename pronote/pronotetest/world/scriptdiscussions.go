package world

import (
	"slices"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// The discussions of a year, of the parent and of the pupil.
const (
	parentTalks = 26
	pupilTalks  = 14
)

// topic is what a discussion is about, and what may be said in it.
type topic struct {
	subject string
	to      Viewer
	own     bool     // begun by the account's person
	first   []string // the first message
	answers [][]string
}

func topics() []topic {
	const student, parent = pronote.KindStudent, pronote.KindParent
	thanks := [][]string{{"Merci beaucoup."}, {"C'est noté, merci.", "Bonne journée"}, {"Très bien, à bientôt."}, {"D'accord !"}}
	return []topic{
		{
			subject: "Rendez-vous", to: parent, answers: slices.Concat(thanks, [][]string{
				{"Seriez-vous libre le {date} ?"}, {"Plutôt à 17h30, si c'est possible."},
			}),
			first: []string{"Bonjour,", "Je souhaiterais vous rencontrer le {date} à 17h15.", "Cordialement"},
		}, {
			subject: "Travail non rendu", to: parent, answers: thanks,
			first: []string{"Le devoir sur « {chapter} » n'a pas été rendu.", "Merci d'y veiller."},
		}, {
			subject: "Absence du {date}", to: parent, own: true, answers: thanks,
			first: []string{"Bonjour,", "Mon enfant sera absent le {date} : rendez-vous médical.", "Bien cordialement"},
		}, {
			subject: "Sortie du {date}", to: parent, answers: slices.Concat(thanks, [][]string{{"Faut-il prévoir un pique-nique ?"}, {"Oui :", "- un pique-nique", "- une gourde"}}),
			first: []string{"Il reste des places d'accompagnateurs pour la sortie du {date}.", "Êtes-vous disponible ?"},
		}, {
			subject: "Question sur « {chapter} »", to: student, own: true, answers: slices.Concat(thanks, [][]string{{"Regarde l'exercice {exercise} page {page}."}}),
			first: []string{"Bonjour, je n'ai pas compris l'exercice {exercise} page {page}."},
		}, {
			subject: "Exposé", to: student, answers: thanks,
			first: []string{"Ton exposé est fixé au {date}.", "Durée < 10 minutes, diaporama & notes."},
		}, {
			subject: "Cahier oublié", to: student, answers: thanks,
			first: []string{"Ton cahier est resté en salle, passe le chercher."},
		},
	}
}

func (w *writer) discussions() {
	for _, talks := range []struct {
		to     Viewer
		number int
	}{{pronote.KindParent, parentTalks}, {pronote.KindStudent, pupilTalks}} {
		var fitting []topic
		for _, t := range topics() {
			if t.to == talks.to {
				fitting = append(fitting, t)
			}
		}
		c := w.school.calendar
		length := c.ends.DaysSince(c.starts)
		for i := range talks.number {
			today := c.openFrom(c.starts.AddDays(i*length/talks.number + w.IntN(5)))
			w.talk(fitting[w.IntN(len(fitting))], w.moment(at(today, 7, 0), 1))
		}
	}
}

// talk begins a discussion. Now and then it is begun twice, in the same minute
// or when the first one is over.
func (w *writer) talk(t topic, begun pronote.DateTime) {
	subject := pick(w.Rand, w.school.subjects...)
	day := w.school.calendar.openFrom(begun.AddDays(3 + w.IntN(10)))
	fill := func(text string) string { return w.fill(text, subject, 1, day) }
	d := Discussion{Subject: fill(t.subject), With: subject.teacher, To: t.to, Own: t.own}
	d.Messages = []Message{w.message(t.first, t.own, fill)}
	w.talkOn(t, d, fill, begun)
	if w.chance(0.15) {
		w.talkOn(t, d, fill, begun)
	}
	if w.chance(0.15) {
		w.talkOn(t, d, fill, w.moment(begun, 20))
	}
}

func (w *writer) message(text []string, own bool, fill func(string) string) Message {
	m := Message{Own: own, style: style(w.IntN(int(styles)))}
	for _, line := range text {
		m.Text = append(m.Text, fill(line))
	}
	return m
}

// talkOn is what happens to a discussion.
func (w *writer) talkOn(t topic, d Discussion, fill func(string) string, begun pronote.DateTime) {
	id := w.add(begun, Add(d))
	now, own := begun, d.Own
	for range pick(w.Rand, 0, 0, 1, 1, 2, 3, 5) {
		if !own && w.chance(0.8) {
			now = w.moment(now, 2)
			w.plan(now, ReadDiscussion(id))
		}
		now = w.moment(now, 3)
		if own = w.chance(0.4); own {
			w.plan(now, ReadDiscussion(id)) // nobody answers unread
		}
		m := w.message(pick(w.Rand, t.answers...), own, fill)
		m.Aside = w.chance(0.1)
		w.plan(now, Reply(id, m))
	}
	w.talkEnds(id, d.Subject, now)
}

// talkEnds tidies up after a discussion, or lets it be.
func (w *writer) talkEnds(id int, subject string, now pronote.DateTime) {
	if w.chance(0.7) {
		now = w.moment(now, 3)
		w.plan(now, ReadDiscussion(id))
	}
	now = w.moment(now, 6)
	switch w.IntN(8) {
	case 0:
		w.plan(now, Amend(id, func(d *Discussion) { d.Closed = true }))
	case 1:
		w.plan(now, Amend(id, func(d *Discussion) { d.Subject = "[Réglé] " + subject }))
	case 2: // a message is withdrawn
		w.plan(now, Amend(id, func(d *Discussion) {
			if len(d.Messages) > 1 {
				d.Messages = slices.Delete(slices.Clone(d.Messages), 1, 2)
			}
		}))
	case 3:
		w.plan(now, Amend(id, func(d *Discussion) { d.Trashed = true }))
		w.plan(w.moment(now, 5), Remove(id))
	}
}
