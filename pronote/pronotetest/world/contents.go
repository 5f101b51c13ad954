package world

import (
	"slices"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// A Content is a part of what was done in a lesson, which it names by start and
// subject.
type Content struct {
	Starts, Ends pronote.DateTime
	Subject      string
	Teachers     []string
	Group        string // whose lesson it was, everybody's when empty
	Title        string
	Text         []string // tidy lines; one that starts with "- " is an item of a list
	Category     string   // in the school's words
	Themes       []string
	Path         string // as in pronote.Content
	Files        []pronote.Attachment

	id         int
	style      style
	text, html string
}

func (*Content) domain() string { return "contents" }

func (c *Content) enter(id int, _ pronote.DateTime) {
	c.id = id
	c.Text, c.Files = slices.Clone(c.Text), documents(c.Files)
}

func (c *Content) settle(*School) {
	c.text, c.html = plainText(c.Text), htmlText(c.Text, c.style)
}

// content is the row of one pupil.
func (c *Content) content(s *School, pupil string) (row pronote.Content, shown bool) {
	if !s.class.in(c.Group, pupil) {
		return row, false
	}
	row = pronote.Content{
		Starts: c.Starts, Ends: c.Ends, Subject: c.Subject, Teachers: c.Teachers, Title: c.Title, Description: c.text, HTML: c.html,
		Category: c.Category, Themes: c.Themes, Path: c.Path, Attachments: c.Files,
	}
	if c.Group != everybody {
		row.Groups = []string{c.Group}
	}
	return row, true
}

func (c *Content) facts(s *School, _ Viewer, pupil string) []fact {
	row, shown := c.content(s, pupil)
	if !shown {
		return nil
	}
	return []fact{
		{"starts_at", row.Starts}, {"ends_at", row.Ends}, {"subject", row.Subject}, {"title", row.Title}, {"description", row.Description},
		{"category", row.Category}, {"themes", strings.Join(row.Themes, ", ")}, {"path", row.Path},
		{"attachments", attachmentText(row.Attachments)},
	}
}

// contents goes through the lessons of the year. Some teachers write down what
// they did at once, some on Sunday for the whole week, most not every time.
func (w *writer) contents() {
	c := w.school.calendar
	for d := c.starts; d.Compare(c.ends) <= 0; d = d.AddDays(1) {
		for _, lesson := range w.school.lessons(d) {
			if w.chance(0.2) {
				w.contentLife(lesson, d)
			}
		}
	}
}

// contentLife is what a teacher writes down of a lesson, and makes of it later.
func (w *writer) contentLife(lesson slot, d pronote.Date) {
	subject := w.school.subject(lesson.subject)
	chapter := pick(w.Rand, subject.chapters...)
	c := Content{
		Starts: at(d, lesson.hour, 0), Ends: at(d, lesson.hour+lesson.hours, 0), Subject: lesson.subject, Group: lesson.group,
		Teachers: []string{subject.teacher}, Title: pick(w.Rand, chapter, "", "Séance "+chapter),
		Text:     []string{pick(w.Rand, "Cours : "+chapter, "Correction des exercices", "Activité en groupes"), "- " + chapter},
		Category: pick(w.Rand, "Cours", "Cours", "Correction", "Travaux pratiques", ""),
		Path:     pick(w.Rand, "", "", "", "", "citizen", "health"), style: style(w.IntN(int(styles))),
		Files: w.files(lesson.subject, pick(w.Rand, 0, 0, 0, 1, 2)),
	}
	if w.chance(0.2) {
		c.Themes = []string{chapter}
	}
	t := at(d, lesson.hour+lesson.hours-1, 30+w.IntN(30))
	if sunday := at(d.Monday().AddDays(6), 18, w.IntN(60)); w.chance(0.2) {
		t = sunday
	}
	id := w.add(t, Add(c))
	if w.chance(0.2) { // a second part, some of which say the same
		second := c
		if w.chance(0.7) {
			second.Text = []string{"Exercices faits en classe"}
			second.Title = "Exercices"
		}
		w.add(t, Add(second))
	}
	switch later := w.moment(t, 5); {
	case w.chance(0.1):
		line := pick(w.Rand, "- à revoir à la maison", "Le document est au CDI.")
		w.plan(later, Amend(id, func(c *Content) { c.Text = append(c.Text, line) }))
	case w.chance(0.05):
		w.plan(later, Amend(id, func(c *Content) { c.Title = chapter + " (suite)" }))
	case w.chance(0.03):
		w.plan(later, Remove(id))
	}
}
