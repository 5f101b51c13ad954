package school

import (
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

var _ = inYears("staff", yearDomain{
	function: "PageEquipePedagogique",
	expect: func(y *year, of mirror.Snapshot) ([]string, bool) {
		s, ours := of.(staffSnapshot)
		if !ours {
			return nil, false
		}
		truth := y.school.Truth(y.kind, s.Owner.StudentName).Staff
		return follow(y, db.Staff, s.Owner, s.Span, truth, func(pronote.Colleague) entry { return entry{} },
			func(mirror.Kind, []string, entry, entry) string { return "" }), true
	},
	mirrored: map[string]func(*year, *db.Tx, db.Owner) ([]string, error){
		"staff": mirrored(db.Staff),
	},
})
