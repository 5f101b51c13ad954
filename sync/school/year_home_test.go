package school

import (
	"strings"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

var _ = inYears("home", yearDomain{
	function: "PageAccueil",
	expect: func(y *year, of mirror.Snapshot) ([]string, bool) {
		s, ours := of.(homeSnapshot)
		if !ours {
			return nil, false
		}
		var events []string
		truth := y.school.Truth(y.kind, s.links.Owner.StudentName)
		if s.links.Rows != nil {
			follow(y, db.Links, s.links.Owner, s.links.Span, truth.Links, func(pronote.Link) entry { return entry{} },
				func(mirror.Kind, []string, entry, entry) string { return "" })
		}
		if s.wallets.Rows != nil {
			events = follow(y, db.Wallets, s.wallets.Owner, s.wallets.Span, truth.Wallets, func(pronote.Wallet) entry { return entry{} }, walletEvent)
		}
		return events, true
	},
	mirrored: map[string]func(*year, *db.Tx, db.Owner) ([]string, error){
		"links":   mirrored(db.Links),
		"wallets": mirrored(db.Wallets),
	},
})

// walletEvent expects to be told when PRONOTE begins to warn, and when a balance falls
// below zero.
func walletEvent(_ mirror.Kind, _ []string, before, now entry) string {
	warns := func(e entry) bool { return strings.Contains(e.json, `"warning":1`) }
	owes := func(e entry) bool { return strings.Contains(e.json, `"balance":-`) }
	if warns(now) && !warns(before) || owes(now) && !owes(before) {
		return "wallet.low"
	}
	return ""
}
