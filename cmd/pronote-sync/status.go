package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/hint"
	"github.com/pronote-sync/pronote-sync/db"
	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/school"
)

func (a *app) statusCommand() *cobra.Command {
	var asJSON, healthy bool
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show how the accounts and the deliveries fare",
		Args:  arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.loadToRead(cmd)
			if err != nil {
				return err
			}
			if healthy {
				return checkHealth(cmd.Context(), c)
			}
			store, err := openFilled(cmd.Context(), c, db.OpenReadOnly)
			if err != nil {
				return err
			}
			report, err := readStatus(cmd.Context(), store, a.now())
			if err = errors.Join(err, store.Close()); err != nil {
				return err
			}
			live, running := askDaemon(cmd.Context(), c)
			report.update(live, running)
			if asJSON {
				return printJSON(cmd.OutOrStdout(), report)
			}
			return report.print(cmd.OutOrStdout(), a)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().BoolVar(&healthy, "healthy", false, "print nothing, and fail unless a daemon is at work: for supervisors")
	return cmd
}

// A statusReport is what status prints.
type statusReport struct {
	Running    bool                  `json:"running"` // a daemon is at work
	Accounts   []psync.AccountStatus `json:"accounts"`
	Deliveries []db.DeliveryCount    `json:"deliveries"`
	Rows       []db.DomainCount      `json:"rows"`
}

func readStatus(ctx context.Context, store *db.Store, now time.Time) (report statusReport, err error) {
	var tables []string
	for _, d := range config.Domains() {
		for _, view := range d.Tables {
			tables = append(tables, view.Name)
		}
	}
	err = store.View(ctx, func(tx *db.Tx) error {
		accounts, err := tx.Accounts(ctx)
		if err != nil {
			return err
		}
		for _, account := range accounts {
			logins, err := tx.Logins(ctx, account.ID, now.Add(-24*time.Hour))
			if err != nil {
				return err
			}
			status := psync.StatusOf(account, len(logins))
			status.Newer = account.Source == "pronote" && school.Newer(account.Version)
			report.Accounts = append(report.Accounts, status)
		}
		if report.Deliveries, err = tx.DeliveryCounts(ctx); err != nil {
			return err
		}
		report.Rows, err = tx.DomainCounts(ctx, tables)
		return err
	})
	return report, err
}

// update prefers what a running daemon says to what the database remembers.
func (r *statusReport) update(live []psync.AccountStatus, running bool) {
	r.Running = running
	for _, l := range live {
		for i := range r.Accounts {
			if r.Accounts[i].Name == l.Name {
				r.Accounts[i] = l
			}
		}
	}
}

func (r statusReport) print(out io.Writer, app *app) error {
	state := "no daemon is running; this is what the database remembers"
	if r.Running {
		state = "the daemon is running"
	}
	_, _ = fmt.Fprintln(out, state) // an error shows at the flush below
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, "\nACCOUNT\tPHASE\tLAST SUCCESS\tLOGINS (24 H)\tREQUESTS TODAY\tPRONOTE")
	for _, a := range r.Accounts {
		phase := string(a.Phase)
		if a.Until != "" {
			phase += " until " + a.Until
		}
		_, _ = fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%d\t%s\n", a.Name, phase, orDash(a.LastSuccess), a.Logins, a.Requests, orDash(a.Version))
	}
	_, _ = fmt.Fprintln(table, "\nRECIPIENT\tCHANNEL\tSENT\tPENDING\tFAILED\tLAST ERROR")
	for _, d := range r.Deliveries {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%d\t%d\t%d\t%s\n", d.Recipient, d.Channel, d.Sent, d.Pending, d.Failed, orDash(d.LastError))
	}
	_, _ = fmt.Fprintln(table, "\nACCOUNT\tDOMAIN\tROWS\tLAST CHANGE")
	for _, d := range r.Rows {
		_, _ = fmt.Fprintf(table, "%s\t%s\t%d\t%s\n", d.Account, d.Domain, d.Rows, orDash(d.LastChange))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, a := range r.Accounts {
		why := hint.OfReason(a.Reason, a.Name, app.language)
		if why != "" {
			_, _ = fmt.Fprintf(out, "\n%s: %s\n", a.Name, why)
		}
		if a.LastError != "" && (why == "" || app.verbose) {
			_, _ = fmt.Fprintf(out, "\n%s: %s\n", a.Name, a.LastError)
		}
		if a.Newer {
			_, _ = fmt.Fprintf(out, "\n%s: PRONOTE %s is newer than this program knows; it is spoken to as the newest known version\n", a.Name, a.Version)
		}
	}
	for _, d := range r.Deliveries {
		if d.Failed > 0 {
			_, _ = fmt.Fprintf(out, "\n%s: %d given up; fix the settings of the channel, then pronote-sync notify retry %s\n", d.Recipient, d.Failed, d.Recipient)
		}
	}
	return nil
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

func printJSON(out io.Writer, v any) error {
	encoder := json.NewEncoder(out)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(v)
}
