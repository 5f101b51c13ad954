package world

import "github.com/pronote-sync/pronote-sync/pronote"

// Link is an address on the home page of everybody, or a partner to whom PRONOTE
// logs in.
type Link struct {
	pronote.Link

	id int
}

func (*Link) domain() string { return "links" }

func (l *Link) enter(id int, _ pronote.DateTime) { l.id = id }

func (l *Link) settle(*School) {}

func (l *Link) facts(*School, Viewer, string) []fact {
	return []fact{{"title", l.Title}, {"url", l.URL}, {"comment", l.Comment}, {"partner", l.Partner}}
}
