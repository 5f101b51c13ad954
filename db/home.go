package db

import "github.com/pronote-sync/pronote-sync/pronote"

// Links keeps the useful links of the home page.
var Links = Table[pronote.Link]{
	Name:    "links",
	View:    LinksView,
	Columns: []string{"title", "url", "comment", "partner"},
	Fields: func(l *pronote.Link) []any {
		return []any{&l.Title, (*text)(&l.URL), &l.Comment, &l.Partner}
	},
}

// Wallets keeps the wallets of the canteen.
var Wallets = Table[pronote.Wallet]{
	Name:    "wallets",
	View:    WalletsView,
	Columns: []string{"label", "hint", "balance", "balance_text", "balance_hint", "warning"},
	Fields: func(w *pronote.Wallet) []any {
		return []any{&w.Label, &w.Hint, number{&w.Balance}, &w.BalanceText, &w.BalanceHint, &w.Warning}
	},
}
