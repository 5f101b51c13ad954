package kfet

import (
	"context"
	"strconv"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/notekfet"
	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// The pages of the history: small ones while there is little news, the largest that
// the protocol has for all the rest.
const (
	firstPage = 100
	nextPages = 500
)

// highest is the place after that of every transaction.
var highest = db.KfetPlace(999_999_999_999_999)

// transactions reads the history from the newest row back to the last one that the
// mirror knows, or to its beginning. The first page is always read whole: what was
// undone is most often of this evening.
func (s *Session) transactions(ctx context.Context, w psync.Window) (list mirror.List[db.KfetTransaction], err error) {
	known, err := lastKnown(ctx, w)
	if err != nil {
		return list, err
	}
	var rows []db.KfetTransaction
	seen, oldest := map[int64]bool{}, int64(0)
	for size, page := firstPage, 0; ; page++ {
		if err := s.spend(ctx); err != nil {
			return list, err
		}
		history, err := s.client.HistoriqueTransactions(ctx, s.me.ID, page, size)
		if missing(err) {
			s.source.noHistory.Do(func() { s.source.Log.Warn("the bar shows no history, only the balance is mirrored", "error", err) })
			return list, nil
		}
		if err != nil {
			return list, err
		}
		before := len(rows)
		for _, t := range history.Transactions {
			if !seen[t.ID] { // what is bought meanwhile moves rows to the next page
				seen[t.ID], oldest = true, t.ID
				rows = append(rows, s.transactionOf(t))
			}
		}
		if len(history.Transactions) < size {
			if int64(len(rows)) >= history.Total {
				oldest = 0 // that was all, and not a page that is shorter than what was asked for
			}
			break
		}
		if known > 0 && oldest <= known || len(rows) == before && size == nextPages {
			break // back at what is known, or at a server that goes on with what it has said
		}
		if size == firstPage {
			size, page = nextPages, -1 // from the top again, in pages that line up
		}
	}
	if rows == nil {
		rows = []db.KfetTransaction{}
	}
	span := db.Span{Low: db.KfetPlace(oldest), High: highest}
	return mirror.ListOf(db.KfetTransactions, transactionMatcher, w.Owner, span, rows), nil
}

// lastKnown is the highest number that the mirror has, 0 when it has none.
func lastKnown(ctx context.Context, w psync.Window) (last int64, err error) {
	err = w.Store.View(ctx, func(tx *db.Tx) error {
		newest, err := db.KfetTransactions.Select(ctx, tx, db.Filter{Account: w.Owner.AccountName, Limit: 1})
		for _, t := range newest {
			last = t.Value.Number
		}
		return err
	})
	return last, err
}

func (s *Session) transactionOf(t notekfet.Transaction) db.KfetTransaction {
	row := db.KfetTransaction{
		Number: t.ID, DoneOn: instant(t.Date), Kind: t.Kind, From: t.FromPseudo, To: t.ToPseudo,
		Quantity: t.Quantity, UnitCents: int64(t.Unit), Description: t.Description, Category: t.Category, Valid: t.Valid,
	}
	moved := t.Quantity * int64(t.Unit)
	if t.To == s.me.ID {
		row.AmountCents += moved
	}
	if t.From == s.me.ID {
		row.AmountCents -= moved
	}
	return row
}

var transactionMatcher = mirror.Matcher[db.KfetTransaction]{
	Identities: []func(db.KfetTransaction) string{
		func(t db.KfetTransaction) string { return strconv.FormatInt(t.Number, 10) },
	},
}

// tellTransactions tells of what counts from now on, oldest first, and of what does not
// any more. What was refused never counted. Purchases have the cause of the fall of the
// balance that came of them, if any.
func (l look) tellTransactions(changes []mirror.Change[db.KfetTransaction], cause string) (events []db.Event) {
	for i := range changes {
		c := changes[len(changes)-1-i] // the list is newest first
		t := mirror.TellingOf(db.KfetTransactions, c)
		t.Of = l.facts(nil)
		switch {
		case c.Kind != mirror.Removed && c.New.Valid && !c.Old.Valid:
			e := t.Event("transaction.new", l.balance.Owner)
			if c.New.AmountCents < 0 {
				e.Cause = cause
			}
			events = append(events, e)
		case c.Kind == mirror.Changed && c.Old.Valid && !c.New.Valid:
			events = append(events, t.Event("transaction.undone", l.balance.Owner))
		}
	}
	return events
}
