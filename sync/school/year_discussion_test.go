package school

import (
	"strings"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

var _ = inYears("discussions", yearDomain{
	function: "ListeMessagerie",
	expect: func(y *year, of mirror.Snapshot) ([]string, bool) {
		s, ours := of.(*discussionSnapshot)
		if !ours {
			return nil, false
		}
		return discussionEvents(y, s), true
	},
	mirrored: map[string]func(*year, *db.Tx, db.Owner) ([]string, error){
		"discussions": mirrored(db.Discussions),
		"messages":    mirrored(db.Messages),

		"attachments/messages": mirroredAttachments(db.Messages),
	},
})

func discussionEvents(y *year, s *discussionSnapshot) []string {
	truth := y.school.Truth(y.kind, y.school.Pupil())
	silent := follow(y, db.Discussions, s.Owner, s.Span, truth.Discussions, func(pronote.Discussion) entry { return entry{} },
		func(mirror.Kind, []string, entry, entry) string { return "" })
	var messages []world.Row[db.Part[pronote.Message]]
	trash := map[string]bool{}
	for _, d := range truth.Discussions {
		for _, m := range d.Value.Messages {
			trash[string(db.Messages.JSON(db.Part[pronote.Message]{Value: m}))] = len(d.Value.Labels) > 0
		}
	}
	for _, m := range truth.Messages {
		messages = append(messages, world.Row[db.Part[pronote.Message]]{ID: m.ID, Value: db.Part[pronote.Message]{Value: m.Value}})
	}
	followAttachments(y, db.Messages, s.Owner, s.Span, messages, func(db.Part[pronote.Message]) string { return "" },
		func(m db.Part[pronote.Message]) []pronote.Attachment { return m.Value.Attachments })
	return append(silent, follow(y, db.Messages, s.Owner, s.Span, messages, func(m db.Part[pronote.Message]) entry {
		return entry{due: m.Value.SentAt.Date}
	}, func(kind mirror.Kind, _ []string, _, now entry) string {
		old := now.due.Compare(y.school.Now().AddDays(-30)) < 0
		if kind == mirror.Added && !old && strings.Contains(now.json, `"own":0`) && !trash[now.json] {
			return "message.new"
		}
		return ""
	})...)
}
