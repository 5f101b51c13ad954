package pronotetest

import (
	"cmp"
	"slices"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// Homework is a piece of work that a teacher gave.
type Homework struct {
	Subject    string
	GivenOn    pronote.Date // today when left out of new homework
	DueOn      pronote.Date
	Text       []string // tidy lines; one that starts with "- " is an item of a list
	Difficulty string   // as in pronote.Homework, like the next two
	Minutes    int
	Return     string
	Group      string // who has to do it, everybody when empty

	id         int
	style      style
	done       []string // the pupils who ticked it
	text, html string
}

func (*Homework) domain() string { return "homework" }

func (h *Homework) enter(id int, now pronote.DateTime) {
	h.id = id
	h.GivenOn = cmp.Or(h.GivenOn, now.Date)
	h.Text = slices.Clone(h.Text)
}

func (h *Homework) settle(*School) {
	h.text, h.html = plainText(h.Text), htmlText(h.Text, h.style)
}

// work is the row of one pupil.
func (h *Homework) work(s *School, pupil string) (w pronote.Homework, shown bool) {
	if !s.class.in(h.Group, pupil) {
		return w, false
	}
	return pronote.Homework{
		Subject: h.Subject, GivenOn: h.GivenOn, DueOn: h.DueOn, Description: h.text, HTML: h.html,
		Done: slices.Contains(h.done, pupil), Difficulty: h.Difficulty, Minutes: h.Minutes, Return: h.Return,
	}, true
}

func (h *Homework) facts(s *School, _ Viewer, pupil string) []fact {
	w, shown := h.work(s, pupil)
	if !shown {
		return nil
	}
	return []fact{
		{"subject", w.Subject}, {"given_on", w.GivenOn}, {"due_on", w.DueOn}, {"description", w.Description},
		{"done", w.Done}, {"difficulty", w.Difficulty}, {"minutes", w.Minutes}, {"return_kind", w.Return},
	}
}
