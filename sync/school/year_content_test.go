package school

import (
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// No events are expected: what was done in a lesson is no news.
var _ = inYears("contents", yearDomain{
	function: "PageCahierDeTexte",
	expect: func(y *year, of mirror.Snapshot) ([]string, bool) {
		s, ours := of.(contentSnapshot)
		if !ours {
			return nil, false
		}
		truth := y.school.Truth(y.kind, s.Owner.StudentName).Contents
		place := func(c pronote.Content) string { return c.Starts.Date.String() }
		followAttachments(y, db.Contents, s.Owner, s.Span, truth, place, func(c pronote.Content) []pronote.Attachment { return c.Attachments })
		return follow(y, db.Contents, s.Owner, s.Span, truth, func(c pronote.Content) entry {
			return entry{place: place(c)}
		}, func(mirror.Kind, []string, entry, entry) string { return "" }), true
	},
	mirrored: map[string]func(*year, *db.Tx, db.Owner) ([]string, error){
		"contents":             mirrored(db.Contents),
		"attachments/contents": mirroredAttachments(db.Contents),
	},
})
