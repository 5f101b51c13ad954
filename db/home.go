package db

import "github.com/pronote-sync/pronote-sync/pronote"

// LinksView lists the links of the home page.
var LinksView = View{
	Name:  "links",
	About: "The links that the school finds useful",
	None:  "There are no links",
	Shown: "student title url comment",
	when:  "first_seen_at",
	order: "student, title, uid",
}

// Links keeps the useful links of the home page.
var Links = Table[pronote.Link]{
	Name:    "links",
	View:    LinksView,
	Columns: []string{"title", "url", "comment", "partner"},
	Fields: func(l *pronote.Link) []any {
		return []any{&l.Title, (*text)(&l.URL), &l.Comment, &l.Partner}
	},
}

// WalletsView lists the wallets of the canteen.
var WalletsView = View{
	Name:  "wallets",
	About: "What is left in the wallets of the canteen",
	None:  "There are no wallets",
	Shown: "student label balance_text warning balance_hint",
	when:  "changed_at",
	order: "student, label, uid",
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
