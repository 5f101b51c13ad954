package pronotetest

import (
	"cmp"
	"slices"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// An Info is an information or a survey that somebody at the school publishes.
// It is shown from its first day to its last.
type Info struct {
	Title    string
	Author   string
	Category string
	Text     []string     // tidy lines; one that starts with "- " is an item of a list
	StartsOn pronote.Date // today when left out of a new one
	EndsOn   pronote.Date // 30 days later when left out
	Survey   bool
	To       Viewer // whose pages show it, both when empty
	ToClass  bool   // addressed to the class, not to each person by name
	Pupil    string // whom it is about, everybody when empty
	Files    []pronote.Attachment

	id          int
	publishedAt pronote.DateTime
	style       style
	readBy      []string
	text, html  string
}

func (*Info) domain() string { return "infos" }

func (i *Info) enter(id int, now pronote.DateTime) {
	i.id = id
	i.publishedAt = now
	i.StartsOn = cmp.Or(i.StartsOn, now.Date)
	i.EndsOn = cmp.Or(i.EndsOn, i.StartsOn.AddDays(30))
	i.Text, i.Files = slices.Clone(i.Text), documents(i.Files)
}

func (i *Info) settle(*School) {
	i.text, i.html = plainText(i.Text), htmlText(i.Text, i.style)
}

// info is the row on one page.
func (i *Info) info(s *School, viewer Viewer, pupil string) (row pronote.Info, shown bool) {
	switch {
	case i.To != "" && i.To != viewer, i.Pupil != "" && i.Pupil != pupil:
		return row, false
	case s.now.Date.Compare(i.StartsOn) < 0, s.now.Date.Compare(i.EndsOn) > 0:
		return row, false
	}
	reader := s.reader(viewer, pupil)
	row = pronote.Info{
		Title: i.Title, Author: i.Author, Category: i.Category,
		PublishedAt: i.publishedAt, StartsOn: i.StartsOn, EndsOn: i.EndsOn,
		Read: slices.Contains(i.readBy, reader), Survey: i.Survey, Recipient: reader,
		Opened: true, Content: i.text, HTML: i.html, Attachments: slices.Clone(i.Files),
	}
	switch {
	case i.ToClass:
		row.Recipient = s.class.name
	case i.Pupil != "": // whom it is about, also where the parent reads it
		row.Recipient = i.Pupil
	}
	return row, true
}

func (i *Info) facts(s *School, viewer Viewer, pupil string) []fact {
	row, shown := i.info(s, viewer, pupil)
	if !shown {
		return nil
	}
	return []fact{
		{"title", row.Title}, {"author", row.Author}, {"category", row.Category}, {"published_at", row.PublishedAt},
		{"starts_at", row.StartsOn}, {"ends_at", row.EndsOn}, {"read", row.Read}, {"survey", row.Survey},
		{"recipient", row.Recipient}, {"content", row.Content}, {"attachments", attachmentText(row.Attachments)},
	}
}

// reader is the person who looks at a page: the pupil, or the parent.
func (s *School) reader(viewer Viewer, pupil string) string {
	if viewer == pronote.KindParent {
		return parentName
	}
	return pupil
}
