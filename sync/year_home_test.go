package sync

import (
	"strings"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
)

var homeYear = yearDomain{
	function: "PageAccueil",
	expect: func(y *year, of snapshot) ([]string, bool) {
		s, ours := of.(homeSnapshot)
		if !ours {
			return nil, false
		}
		var events []string
		truth := y.school.Truth(y.kind, s.links.owner.StudentName)
		if s.links.rows != nil {
			follow(y, db.Links, s.links.owner, s.links.span, truth.Links, func(pronote.Link) entry { return entry{} },
				func(Kind, []string, entry, entry) string { return "" })
		}
		if s.wallets.rows != nil {
			events = follow(y, db.Wallets, s.wallets.owner, s.wallets.span, truth.Wallets, func(pronote.Wallet) entry { return entry{} }, walletEvent)
		}
		return events, true
	},
	mirrored: map[string]func(*year, *db.Tx, db.Owner) ([]string, error){
		"links":   mirrored(db.Links),
		"wallets": mirrored(db.Wallets),
	},
}

// walletEvent expects to be told when PRONOTE begins to warn.
func walletEvent(_ Kind, _ []string, before, now entry) string {
	warns := func(e entry) bool { return strings.Contains(e.json, `"warning":1`) }
	if warns(now) && !warns(before) {
		return "wallet.low"
	}
	return ""
}
