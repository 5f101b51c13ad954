package school

import (
	"fmt"
	"strings"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

var _ = inYears("agenda", yearDomain{
	function: "PageAgenda",
	expect: func(y *year, of mirror.Snapshot) ([]string, bool) {
		s, ours := of.(agendaSnapshot)
		if !ours {
			return nil, false
		}
		return agendaEvents(y, s), true
	},
	mirrored: map[string]func(*year, *db.Tx, db.Owner) ([]string, error){
		"agenda":             mirrored(db.Agenda),
		"attachments/agenda": mirroredAttachments(db.Agenda),
	},
})

// agendaEvents expects events of what is to come, of councils for parents alone.
func agendaEvents(y *year, s agendaSnapshot) []string {
	truth := y.school.Truth(y.kind, s.Owner.StudentName).Agenda
	place := func(e pronote.AgendaEntry) string { return e.Starts.Date.String() }
	files := func(e pronote.AgendaEntry) []pronote.Attachment { return e.Attachments }
	followAttachments(y, db.Agenda, s.Owner, s.Span, truth, place, files)
	return follow(y, db.Agenda, s.Owner, s.Span, truth, func(e pronote.AgendaEntry) entry {
		last := max(e.Starts.String(), e.Ends.String())
		if e.AllDay {
			last = last[:len("2006-01-02")] + " 24:00:00"
		}
		over := last <= y.school.Now().String()
		return entry{place: place(e), parts: fmt.Sprint(files(e)), judged: !over && (!e.Council || y.kind == pronote.KindParent)}
	}, func(kind mirror.Kind, what []string, before, now entry) string {
		switch {
		case !before.judged && !now.judged:
			return ""
		case kind == mirror.Added:
			return "agenda.new"
		case kind == mirror.Removed:
			return "agenda.removed"
		case before.parts != now.parts || intersects(what, strings.Fields("title starts_at ends_at all_day description")...):
			return "agenda.changed"
		}
		return ""
	})
}
