package world

import (
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote"
)

const infosPerYear = 92

// infos spreads the notices over the year, each of them several times.
func (w *writer) infos() {
	c := w.school.calendar
	length := c.ends.DaysSince(c.starts)
	all := notices()
	order := w.Perm(len(all))
	for i := range infosPerYear {
		today := c.openFrom(c.starts.AddDays(i*length/infosPerYear + w.IntN(3)))
		w.infoLife(w.info(all[order[i%len(all)]], today), w.moment(at(today, 7, 0), 0))
	}
}

func (w *writer) info(n notice, today pronote.Date) Info {
	event := w.school.calendar.openFrom(today.AddDays(6 + w.IntN(20)))
	subject := pick(w.Rand, w.school.subjects...)
	fill := func(text string) string { return w.fill(text, subject, 1+w.IntN(9), event) }
	info := Info{
		Title: fill(n.title), Author: strings.Replace(n.author, "{teacher}", subject.teacher, 1), Category: n.category,
		EndsOn: event.AddDays(w.IntN(12)),
		Survey: n.survey, To: n.to, ToClass: n.toClass,
		style: style(w.IntN(int(styles))),
	}
	if n.personal {
		info.Pupil = pick(w.Rand, w.school.class.children...)
	}
	if w.chance(0.06) {
		info.StartsOn = today.AddDays(2 + w.IntN(3)) // prepared ahead
	}
	for _, line := range n.text {
		info.Text = append(info.Text, fill(line))
	}
	return info
}

// infoLife is what happens to an info until it ends.
func (w *writer) infoLife(i Info, published pronote.DateTime) {
	id := w.add(published, Add(i))
	seen := published
	if published.Date.Compare(i.StartsOn) < 0 {
		seen = at(i.StartsOn, 7, 0)
	}
	if w.chance(0.6) {
		w.plan(w.moment(seen, 6), MarkRead(id, w.school.class.children[0]))
	}
	if w.chance(0.8) {
		w.plan(w.moment(seen, 4), MarkRead(id, parentName))
	}
	if i.Survey {
		w.surveys = append(w.surveys, survey{id, seen})
	}
	t := published
	for range pick(w.Rand, 0, 0, 0, 0, 1, 1, 1, 2) {
		t = w.moment(t, 6)
		if w.chance(0.25) {
			w.plan(t, Remove(id))
			return
		}
		w.plan(t, Amend(id, w.notes(i)))
	}
}

// survey is one that people may answer from a time on.
type survey struct {
	id    int
	since pronote.DateTime
}

// answers lets people answer surveys. Some think better of it.
func (w *writer) answers() {
	for _, s := range w.surveys {
		for _, reader := range []string{w.school.class.children[0], parentName} {
			now := s.since
			for range w.IntN(3) {
				now = w.moment(now, 4)
				w.plan(now, MarkRead(s.id, reader))
				w.plan(now, Answer(s.id, reader, w.IntN(len(choices()))))
			}
		}
	}
}

// notes is what an author adds to an info.
func (w *writer) notes(i Info) func(*Info) {
	title := pick(w.Rand, "[Rappel] ", "[Mise à jour] ", "URGENT : ") + i.Title
	ends := i.EndsOn.AddDays(pick(w.Rand, 2, 7, 14))
	line := pick(w.Rand,
		"Attention, changement de salle.", "- prévoir un pique-nique", "Merci de votre compréhension.", "Nouvel horaire : 17h30.",
	)
	switch w.IntN(5) {
	case 0, 1:
		return func(i *Info) { i.Title = title }
	case 2:
		return func(i *Info) { i.EndsOn = ends }
	default:
		return func(i *Info) { i.Text = append(i.Text, line) }
	}
}
