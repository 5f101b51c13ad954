package sync

import (
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
)

var homeworkYear = yearDomain{
	function: "PageCahierDeTexte",
	expect: func(y *year, of snapshot) ([]string, bool) {
		s, ours := of.(homeworkSnapshot)
		if !ours {
			return nil, false
		}
		return homeworkEvents(y, s), true
	},
	mirrored: map[string]func(*year, *db.Tx, db.Owner) ([]string, error){
		"homework": mirrored(db.Homework),
	},
}

func homeworkEvents(y *year, s homeworkSnapshot) []string {
	today := y.school.Now().Date
	truth := y.school.Truth(y.kind, s.owner.StudentName)
	return follow(y, db.Homework, s.owner, s.span, truth.Homework, func(h pronote.Homework) entry {
		return entry{place: h.DueOn.String(), due: h.DueOn}
	}, func(kind Kind, what []string, before, now entry) string {
		ahead := func(e entry) bool { return e.due.Compare(today) >= 0 }
		switch {
		case kind == Added && ahead(now):
			return "homework.new"
		case kind == Removed && ahead(before):
			return "homework.removed"
		case kind == Changed && (ahead(before) || ahead(now)) && intersects(what, "description", "due_on", "subject", "return_kind"):
			return "homework.changed"
		}
		return ""
	})
}
