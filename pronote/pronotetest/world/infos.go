package world

import (
	"cmp"
	"slices"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// An Info is a notice or a survey that somebody at the school publishes. It is
// shown from its first day to its last.
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
	answers     map[string]answer // by reader
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

// answer is what somebody replied to a survey.
type answer struct {
	choice int
	at     pronote.DateTime
}

// choices are those of every survey.
func choices() []string { return []string{"Oui", "Non", "Oui, mais pas à cette date"} }

func (i *Info) settle(s *School) {
	for reader, a := range i.answers {
		if a.at.IsZero() {
			a.at = s.now
			i.answers[reader] = a
		}
	}
	i.text, i.html = plainText(i.Text), htmlText(i.Text, i.style)
}

// byPublication puts the newest first.
func byPublication(a, b *Info) int {
	return cmp.Or(b.publishedAt.Compare(a.publishedAt), b.id-a.id)
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
	row.Answered, row.Questions = true, []pronote.Question{}
	if i.Survey {
		question := pronote.Question{
			Position: 1, Kind: "choice", Content: i.text, HTML: i.html, Choices: choices(), Expected: true,
		}
		if a, has := i.answers[reader]; has {
			question.Answered, question.AnsweredAt, question.AnsweredBy, question.Answer = true, a.at, reader, choices()[a.choice]
		}
		row.Answered, row.Questions = question.Answered, append(row.Questions, question)
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
		{"recipient", row.Recipient}, {"content", row.Content}, {"attachments", attachmentText(row.Attachments)}, {"answered", row.Answered},
	}
}

// reader is the person who looks at a page: the pupil, or the parent.
func (s *School) reader(viewer Viewer, pupil string) string {
	if viewer == pronote.KindParent {
		return parentName
	}
	return pupil
}
