package world

import (
	"cmp"
	"maps"
	"slices"
	"strings"

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
	Themes     []string
	Group      string               // who has to do it, everybody when empty
	Files      []pronote.Attachment // for all, documents
	Returned   map[string]string    // what pupils handed in: names of files
	Corrected  map[string]string    // what the teacher made of it, by pupil

	id         int
	style      style
	done       []string // the pupils who ticked it
	text, html string
}

func (*Homework) domain() string { return "homework" }

func (h *Homework) enter(id int, now pronote.DateTime) {
	h.id = id
	h.GivenOn = cmp.Or(h.GivenOn, now.Date)
	h.Text, h.Files = slices.Clone(h.Text), documents(h.Files)
	h.Returned, h.Corrected = maps.Clone(h.Returned), maps.Clone(h.Corrected)
}

func (h *Homework) settle(*School) {
	h.text, h.html = plainText(h.Text), htmlText(h.Text, h.style)
}

// work is the row of one pupil.
func (h *Homework) work(s *School, pupil string) (w pronote.Homework, shown bool) {
	if !s.class.in(h.Group, pupil) {
		return w, false
	}
	w = pronote.Homework{
		Subject: h.Subject, GivenOn: h.GivenOn, DueOn: h.DueOn, Description: h.text, HTML: h.html,
		Done: slices.Contains(h.done, pupil), Difficulty: h.Difficulty, Minutes: h.Minutes, Return: h.Return, Themes: h.Themes, Attachments: h.files(pupil),
	}
	if name := h.Returned[pupil]; name != "" {
		w.ReturnedAt = pronote.DateTime{Date: h.DueOn.AddDays(-1), Hour: 18, Minute: len(name) % 60}
	}
	if name := h.Corrected[pupil]; name != "" {
		w.Remark = remarks[len(name)%len(remarks)]
	}
	return w, true
}

// remarks are what teachers say of work that was handed in.
var remarks = []string{"Bon travail.", "Attention à l'orthographe !\nRevoir la question 3.", ""}

// files are the attachments that one pupil sees.
func (h *Homework) files(pupil string) []pronote.Attachment {
	files := append([]pronote.Attachment{}, h.Files...)
	for _, own := range []struct {
		role  string
		names map[string]string
	}{{"returned", h.Returned}, {"correction", h.Corrected}} {
		if name := own.names[pupil]; name != "" {
			files = append(files, pronote.Attachment{Name: name, Kind: "file", Role: own.role})
		}
	}
	return files
}

func (h *Homework) facts(s *School, _ Viewer, pupil string) []fact {
	w, shown := h.work(s, pupil)
	if !shown {
		return nil
	}
	return []fact{
		{"subject", w.Subject}, {"given_on", w.GivenOn}, {"due_on", w.DueOn}, {"description", w.Description},
		{"done", w.Done}, {"difficulty", w.Difficulty}, {"minutes", w.Minutes}, {"return_kind", w.Return},
		{"returned_at", w.ReturnedAt}, {"remark", w.Remark}, {"themes", strings.Join(w.Themes, ", ")},
		{"attachments", attachmentText(w.Attachments)},
	}
}
