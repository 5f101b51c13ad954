package main

import (
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/notekfet"
	"github.com/pronote-sync/pronote-sync/pronote"
)

// A kfetReport is what the mirror has of the accounts of student bars.
type kfetReport struct {
	Balances     []db.Record `json:"balances"`
	Transactions []db.Record `json:"transactions"`
	Activities   []db.Record `json:"activities"`
}

func (a *app) kfetCommand() *cobra.Command {
	var filter db.Filter
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "kfet",
		Short: "List what student bars say: balances, transactions and activities to come",
		Args:  arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if _, err := pronote.ParseDate(filter.Since); filter.Since != "" && err != nil {
				return mistaken(cmd, notADay, "--since", filter.Since)
			}
			c, err := a.loadToRead(cmd)
			if err != nil {
				return err
			}
			ahead := db.Filter{Account: filter.Account, Since: pronote.DateOf(a.now().In(c.Location)).String()}
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
			if asJSON {
				return printJSON(cmd.OutOrStdout(), report)
			}
			return report.print(cmd.OutOrStdout())
		},
	}
	cmd.Flags().StringVar(&filter.Account, "account", "", "only this `account`")
	cmd.Flags().StringVar(&filter.Since, "since", "", "transactions only from this `day` on, like 2025-11-17")
	cmd.Flags().IntVar(&filter.Limit, "limit", 20, "at most this `number` of transactions; 0 for all")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON, with all columns")
	return cmd
}

// euros writes cents, as an account is moved by them.
func euros(cents any) string {
	n, _ := cents.(int64)
	return notekfet.Cents(n).String()
}

func (r kfetReport) print(out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "ACCOUNT\tPSEUDO\tBALANCE") // an error shows at the flush
	for _, b := range r.Balances {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\n", cell(b["account"]), cell(b["pseudo"]), euros(b["balance_cents"]))
	}
	_, _ = fmt.Fprintln(table, "\nDONE ON\tAMOUNT\tDESCRIPTION\tFROM\tTO")
	for _, t := range r.Transactions {
		amount := euros(t["amount_cents"])
		if valid, _ := t["valid"].(int64); valid == 0 {
			amount = "(" + amount + ")" // it does not count
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", cell(t["done_on"]), amount, cell(t["description"]), cell(t["from_name"]), cell(t["to_name"]))
	}
	_, _ = fmt.Fprintln(table, "\nSTARTS AT\tTITLE\tPLACE")
	for _, a := range r.Activities {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\n", cell(a["starts_at"]), cell(a["title"]), cell(a["place"]))
	}
	return table.Flush()
}
