package sync

import (
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
)

var staffYear = yearDomain{
	function: "PageEquipePedagogique",
	expect: func(y *year, of snapshot) ([]string, bool) {
		s, ours := of.(staffSnapshot)
		if !ours {
			return nil, false
		}
		truth := y.school.Truth(y.kind, s.owner.StudentName).Staff
		return follow(y, db.Staff, s.owner, s.span, truth, func(pronote.Colleague) entry { return entry{} },
			func(Kind, []string, entry, entry) string { return "" }), true
	},
	mirrored: map[string]func(*year, *db.Tx, db.Owner) ([]string, error){
		"staff": mirrored(db.Staff),
	},
}
