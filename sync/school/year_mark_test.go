package school

import (
	"strings"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

var _ = inYears("marks", yearDomain{
	function: "DernieresNotes",
	expect: func(y *year, of mirror.Snapshot) ([]string, bool) {
		s, ours := of.(markSnapshot)
		if !ours {
			return nil, false
		}
		return markEvents(y, s), true
	},
	mirrored: map[string]func(*year, *db.Tx, db.Owner) ([]string, error){
		"marks":    mirrored(db.Marks),
		"averages": mirrored(db.Averages),

		"attachments/marks": mirroredAttachments(db.Marks),
	},
})

func markEvents(y *year, s markSnapshot) []string {
	truth := y.school.Truth(y.kind, s.marks.Owner.StudentName)
	followAttachments(y, db.Marks, s.marks.Owner, s.marks.Span, truth.Marks, func(m pronote.Mark) string { return m.Year + " " + m.Period },
		func(m pronote.Mark) []pronote.Attachment { return m.Attachments })
	events := follow(y, db.Marks, s.marks.Owner, s.marks.Span, truth.Marks, func(m pronote.Mark) entry {
		return entry{place: m.Year + " " + m.Period}
	}, func(kind mirror.Kind, what []string, _, _ entry) string {
		switch {
		case kind == mirror.Added:
			return "mark.new"
		case kind == mirror.Removed:
			return "mark.removed"
		case intersects(what, "value_text", "out_of", "coefficient", "given_on", "title", "subject", "comment", "bonus", "optional", "class_average", "class_min", "class_max"):
			return "mark.changed"
		}
		return ""
	})
	return append(events, follow(y, db.Averages, s.averages.Owner, s.averages.Span, truth.Averages, func(a pronote.Average) entry {
		return entry{place: a.Year + " " + a.Period}
	}, func(kind mirror.Kind, what []string, _, now entry) string {
		if kind != mirror.Removed && (kind == mirror.Added || intersects(what, "student_average")) && !strings.Contains(now.json, `"student_average":null`) {
			return "average.changed"
		}
		return ""
	})...)
}
