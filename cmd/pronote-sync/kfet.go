package main

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/table"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/notekfet"
)

// A kfetReport is what the mirror has of the accounts of student bars.
type kfetReport struct {
	Balances     []db.Record `json:"balances"`
	Transactions []db.Record `json:"transactions"`
	Activities   []db.Record `json:"activities"`
}

func (a *app) kfetCommand() *cobra.Command {
	var filter db.Filter
	var format format
	cmd := &cobra.Command{
		Use:   "kfet",
		Short: "List what student bars say: balances, transactions and activities to come",
		Args:  arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := format.check(cmd); err != nil {
				return err
			}
			c, err := a.loadToRead(cmd)
			if err != nil {
				return err
			}
			filter := filter
			if filter.Since, err = a.day(cmd, c, "--since", filter.Since, false); err != nil {
				return err
			}
			if format.csv {
				l, err := readListing(cmd.Context(), c, db.KfetTransactions.View, filter)
				if err != nil {
					return err
				}
				return l.print(a, cmd, format)
			}
			ahead := db.Filter{Account: filter.Account, Since: a.today(c).String()}
			var report kfetReport
			err = lookUp(cmd.Context(), c, &filter, func(tx *db.Tx) error {
				var errs [3]error
				report.Balances, errs[0] = tx.List(cmd.Context(), db.KfetBalances.View, db.Filter{Account: filter.Account})
				report.Transactions, errs[1] = tx.List(cmd.Context(), db.KfetTransactions.View, filter)
				report.Activities, errs[2] = tx.List(cmd.Context(), db.KfetActivities.View, ahead)
				return errors.Join(errs[:]...)
			})
			if err != nil {
				return err
			}
			if format.json {
				return printJSON(cmd.OutOrStdout(), report)
			}
			return report.print(a.writerTo(cmd.OutOrStdout()))
		},
	}
	cmd.Flags().StringVar(&filter.Account, "account", "", "only this `account`")
	cmd.Flags().StringVar(&filter.Since, "since", "", "transactions only from this `day` on: yesterday, monday, 17/11")
	countVar(cmd, &filter.Limit, "limit", 20, "at most `N` transactions; 0 for all")
	cmd.Flags().BoolVar(&format.json, "json", false, "print JSON, with all columns")
	cmd.Flags().BoolVar(&format.csv, "csv", false, "print the transactions as CSV, with all columns")
	return cmd
}

// euros writes cents, as an account is moved by them.
func (w writer) euros(cents any) string {
	n, _ := cents.(int64)
	text := notekfet.Cents(n).String()
	if w.language == "fr" {
		return strings.Replace(text, ".", ",", 1)
	}
	return strings.Replace(text, ",", ".", 1)
}

func (r kfetReport) print(w writer) error {
	if len(r.Balances) == 0 {
		w.tell("There is no account of a bar.")
		return nil
	}
	balances := table.Table{Columns: []table.Column{w.head("Account"), w.head("Pseudo"), w.head("Balance").Figures()}}
	for _, b := range r.Balances {
		balances.Rows = append(balances.Rows, []string{w.plain(b["account"]), w.plain(b["pseudo"]), w.euros(b["balance_cents"])})
	}
	done := table.Table{Columns: []table.Column{
		w.head("Date"), w.head("Amount").Figures(), w.head("What").AtLeast(14), w.head("From").AtLeast(8).Ranked(1), w.head("To").AtLeast(8).Ranked(2),
	}}
	for _, t := range r.Transactions {
		amount := w.euros(t["amount_cents"])
		if valid, _ := t["valid"].(int64); valid == 0 {
			amount = "(" + amount + ")" // it does not count
		}
		done.Rows = append(done.Rows, []string{w.when(t["done_on"]), amount, w.plain(t["description"]), w.plain(t["from_name"]), w.plain(t["to_name"])})
	}
	ahead := table.Table{Columns: []table.Column{w.head("Begins"), w.head("Title").AtLeast(14), w.head("Place").AtLeast(8).Ranked(1)}}
	for _, a := range r.Activities {
		ahead.Rows = append(ahead.Rows, []string{w.when(a["starts_at"]), w.plain(a["title"]), w.plain(a["place"])})
	}
	return w.tables(balances, done, ahead)
}
