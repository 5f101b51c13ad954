package world

import (
	"fmt"
	"slices"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// homework goes through the lessons of the year.
func (w *writer) homework() {
	c := w.school.calendar
	for d := c.starts; d.Compare(c.ends.AddDays(-10)) < 0; d = d.AddDays(1) {
		for _, lesson := range w.school.lessons(d) {
			if subject := w.school.subject(lesson.subject); w.chance(subject.homework) {
				w.give(subject, lesson, d)
			}
		}
	}
}

// give ends a lesson with homework for one of the next ones.
func (w *writer) give(subject subject, lesson slot, today pronote.Date) {
	next := w.nextLessons(lesson.subject, lesson.group, today)
	if len(next) == 0 {
		return
	}
	h := Homework{
		Subject: lesson.subject, Group: lesson.group, GivenOn: today,
		DueOn:      next[min(len(next)-1, pick(w.Rand, 0, 0, 0, 0, 0, 1, 1, 2))],
		Text:       w.task(subject, today),
		Difficulty: pick(w.Rand, "", "", "", "easy", "medium", "hard"),
		Minutes:    pick(w.Rand, 0, 0, 0, 0, 10, 15, 20, 30, 45, 60),
		Return:     pick(w.Rand, "", "", "", "", "", "paper", "paper", "pronote", "kiosk", "audio"),
		style:      style(w.IntN(int(styles))),
	}
	if today.Day%3 == 0 { // by the day, for no draw may change the stories of the seeds
		h.Themes = []string{fmt.Sprint("Chapitre ", int(today.Month))}
	}
	published := at(today, lesson.hour+lesson.hours-1, 30+w.IntN(30))
	if evening := w.moment(at(today, 17, 0), 0); w.chance(0.2) && evening.Date.Compare(h.DueOn) < 0 {
		published = evening
	}
	if w.chance(0.04) { // a colleague copies it for another group, and both show
		w.copied(h, published)
		w.homeworkLife(h, published, 0)
		return
	}
	w.homeworkLife(h, published, 0.1)
}

// copied is a twin that shows until somebody tidies up. Its text is never edited:
// a twin that became what the other was, while the other went, would be beyond
// what any reader of the page could tell.
func (w *writer) copied(h Homework, published pronote.DateTime) {
	id := w.add(published, Add(h))
	w.tick(id, w.school.class.children[0], 0.5, h, published)
	if t := w.moment(published, 1); w.chance(0.3) && t.Date.Compare(h.DueOn) <= 0 {
		w.plan(t, Remove(id))
	}
}

// nextLessons are the days on which a group has a subject again.
func (w *writer) nextLessons(subject, group string, today pronote.Date) []pronote.Date {
	return w.school.lessonDays(subject, group, today.AddDays(1), today.AddDays(35))
}

func (w *writer) task(subject subject, today pronote.Date) []string {
	var lines []string
	for _, line := range pick(w.Rand, tasks(subject.name)...) {
		lines = append(lines, w.fill(line, subject, 1+w.IntN(9), today))
	}
	return lines
}

// homeworkLife is what happens to homework until it is due. It begins with a
// misspelling as often as carelessness says.
func (w *writer) homeworkLife(h Homework, published pronote.DateTime, carelessness float64) {
	slip := w.chance(carelessness)
	right := h.Text[0]
	if slip {
		h.Text = slices.Clone(h.Text)
		h.Text[0] = w.misspelt(right)
	}
	id := w.add(published, Add(h))
	for i, child := range w.school.class.children {
		w.tick(id, child, []float64{0.5, 0.3}[i], h, published)
	}
	t := published
	if slip {
		t = w.moment(t, 1)
		w.plan(t, Amend(id, func(h *Homework) { h.Text[0] = right }))
	}
	for range pick(w.Rand, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2) {
		t = w.moment(t, max(0, h.DueOn.DaysSince(t.Date)-1))
		if t.Date.Compare(h.DueOn) > 0 {
			return
		}
		if w.chance(0.15) {
			w.plan(t, Remove(id))
			return
		}
		w.plan(t, Amend(id, w.revision(&h, t.Date)))
	}
}

// revision is what a teacher thinks of after giving homework.
func (w *writer) revision(h *Homework, today pronote.Date) func(*Homework) {
	switch w.IntN(6) {
	case 0:
		minutes := h.Minutes + pick(w.Rand, 5, 10, 15)
		return func(h *Homework) { h.Minutes = minutes }
	case 1:
		difficulty := pick(w.Rand, without([]string{"easy", "medium", "hard"}, h.Difficulty)...)
		return func(h *Homework) { h.Difficulty = difficulty }
	case 2, 3:
		if next := without(w.nextLessons(h.Subject, h.Group, today), h.DueOn); len(next) > 0 {
			h.DueOn = pick(w.Rand, next[:min(3, len(next))]...)
		}
		moved := h.DueOn
		return func(h *Homework) { h.DueOn = moved }
	default:
		line := pick(w.Rand,
			"Travail noté !", "Apporter le matériel.", "Voir le document distribué en classe.", "- relire le cours",
			"Facultatif : exercice bonus.",
		)
		return func(h *Homework) { h.Text = append(h.Text, line) }
	}
}

// tick is a child who does the work in time, or only says so.
func (w *writer) tick(id int, pupil string, diligence float64, h Homework, published pronote.DateTime) {
	if !w.chance(diligence) || !w.school.class.in(h.Group, pupil) {
		return
	}
	d := published.AddDays(w.IntN(h.DueOn.DaysSince(published.Date)))
	t := at(d, 17+w.IntN(4), w.IntN(60))
	if t.Compare(published) <= 0 {
		return
	}
	w.plan(t, Tick(id, pupil, true))
	if w.chance(0.05) {
		w.plan(w.moment(t, 1), Tick(id, pupil, false))
	}
}

// misspelt swaps two letters in the middle of a line.
func (w *writer) misspelt(line string) string {
	letters := []rune(line)
	for i := len(letters) / 2; i+1 < len(letters); i++ {
		if a, b := letters[i], letters[i+1]; a != b && a != ' ' && b != ' ' {
			letters[i], letters[i+1] = b, a
			break
		}
	}
	return string(letters)
}
