package school

import (
	"slices"
	"strings"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

var _ = inYears("homework", yearDomain{
	function: "PageCahierDeTexte",
	expect: func(y *year, of mirror.Snapshot) ([]string, bool) {
		s, ours := of.(homeworkSnapshot)
		if !ours {
			return nil, false
		}
		return homeworkEvents(y, s), true
	},
	mirrored: map[string]func(*year, *db.Tx, db.Owner) ([]string, error){
		"homework":             mirrored(db.Homework),
		"attachments/homework": mirroredAttachments(db.Homework),
	},
})

func homeworkEvents(y *year, s homeworkSnapshot) []string {
	today := y.school.Now().Date
	truth := y.school.Truth(y.kind, s.Owner.StudentName)
	place := func(h pronote.Homework) string { return h.DueOn.String() }
	followAttachments(y, db.Homework, s.Owner, s.Span, truth.Homework, place, func(h pronote.Homework) []pronote.Attachment { return h.Attachments })
	return follow(y, db.Homework, s.Owner, s.Span, truth.Homework, func(h pronote.Homework) entry {
		var told []string // of the attachments
		for _, a := range h.Attachments {
			if a.Role != "returned" {
				told = append(told, a.Role+a.Kind+a.Name+a.URL)
			}
		}
		slices.Sort(told)
		return entry{place: place(h), due: h.DueOn, parts: strings.Join(told, "|")}
	}, func(kind mirror.Kind, what []string, before, now entry) string {
		ahead := func(e entry) bool {
			return e.due.Compare(today.AddDays(-1)) >= 0 // what is over is minor
		}
		switch {
		case kind == mirror.Added && ahead(now):
			return "homework.new"
		case kind == mirror.Removed && ahead(before):
			return "homework.removed"
		case kind == mirror.Changed && (ahead(before) || ahead(now)) &&
			(before.parts != now.parts || intersects(what, "description", "due_on", "subject", "return_kind")):
			return "homework.changed"
		}
		return ""
	})
}
