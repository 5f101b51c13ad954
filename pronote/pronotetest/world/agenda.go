package world

import (
	"slices"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// AgendaEntry is something in the school's agenda, which everybody sees, or one viewer
// only; a council only those of its class.
type AgendaEntry struct {
	pronote.AgendaEntry
	For Viewer // who sees it; both when empty

	id int
}

func (*AgendaEntry) domain() string { return "agenda" }

func (e *AgendaEntry) enter(id int, _ pronote.DateTime) {
	e.id = id
	e.Attachments = documents(e.Attachments)
}

func (*AgendaEntry) settle(*School) {}

// entry is the row of a pupil, to a viewer.
func (e *AgendaEntry) entry(s *School, viewer Viewer, pupil string) (row pronote.AgendaEntry, shown bool) {
	row = e.AgendaEntry
	row.Attachments = slices.Clone(row.Attachments)
	return row, (e.For == "" || e.For == viewer) && (!e.Council || s.class.in(everybody, pupil))
}

func (e *AgendaEntry) facts(s *School, viewer Viewer, pupil string) []fact {
	row, shown := e.entry(s, viewer, pupil)
	if !shown {
		return nil
	}
	return []fact{
		{"title", row.Title}, {"starts_at", row.Starts}, {"ends_at", row.Ends}, {"all_day", row.AllDay}, {"category", row.Category},
		{"author", row.Author}, {"description", row.Description}, {"council", row.Council}, {"attachments", attachmentText(row.Attachments)},
	}
}
