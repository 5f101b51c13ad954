package sync

import (
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
)

// contentYear expects no events: what was done in a lesson is no news.
var contentYear = yearDomain{
	function: "PageCahierDeTexte",
	expect: func(y *year, of snapshot) ([]string, bool) {
		s, ours := of.(contentSnapshot)
		if !ours {
			return nil, false
		}
		truth := y.school.Truth(y.kind, s.owner.StudentName).Contents
		place := func(c pronote.Content) string { return c.Starts.Date.String() }
		followAttachments(y, db.Contents, s.owner, s.span, truth, place, func(c pronote.Content) []pronote.Attachment { return c.Attachments })
		return follow(y, db.Contents, s.owner, s.span, truth, func(c pronote.Content) entry {
			return entry{place: place(c)}
		}, func(Kind, []string, entry, entry) string { return "" }), true
	},
	mirrored: map[string]func(*year, *db.Tx, db.Owner) ([]string, error){
		"contents":             mirrored(db.Contents),
		"attachments/contents": mirroredAttachments(db.Contents),
	},
}
