package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/hint"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/table"
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
	w := app.writerTo(out)
	if r.Running {
		w.tell("the daemon is running")
	} else {
		w.tell("no daemon is running; this is what the database remembers")
	}
	if err := r.tables(w); err != nil {
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
			w.tell("\n%s: PRONOTE %s is newer than this program knows; it is spoken to as the newest known version", a.Name, a.Version)
		}
	}
	for _, d := range r.Deliveries {
		if d.Failed > 0 {
			w.tell("\n%s: %d given up; fix the settings of the channel, then pronote-sync notify retry %[1]s", d.Recipient, d.Failed)
		}
	}
	return nil
}

// tables are those of the accounts, of the recipients and of what the mirror holds.
func (r statusReport) tables(w writer) error {
	accounts := table.Table{Columns: []table.Column{
		w.head("Account"), w.head("State").AtLeast(8), w.head("Last success").Ranked(1), w.head("Logins (24 h)").Figures().Ranked(3), w.head("Requests today").Figures().Ranked(4), w.head("PRONOTE").Ranked(2),
	}}
	for _, a := range r.Accounts {
		phase := say.Text(w.language, string(a.Phase))
		if a.Until != "" {
			phase = say.To(w.language, "%s until %s", say.Word(a.Phase), w.when(a.Until))
		}
		accounts.Rows = append(accounts.Rows, []string{a.Name, phase, orDash(w.when(a.LastSuccess)), fmt.Sprint(a.Logins), fmt.Sprint(a.Requests), orDash(a.Version)})
	}
	recipients := table.Table{Columns: []table.Column{
		w.head("Recipient"), w.head("Channel").Ranked(2), w.head("Sent").Figures(), w.head("Pending").Figures(), w.head("Given up").Figures(), w.head("Last error").AtLeast(16).Ranked(1),
	}}
	for _, d := range r.Deliveries {
		recipients.Rows = append(recipients.Rows, []string{d.Recipient, d.Channel, fmt.Sprint(d.Sent), fmt.Sprint(d.Pending), fmt.Sprint(d.Failed), orDash(d.LastError)})
	}
	rows := table.Table{Columns: []table.Column{w.head("Account"), w.head("Data"), w.head("Rows").Figures(), w.head("Last change").Ranked(1)}}
	for _, d := range r.Rows {
		rows.Rows = append(rows.Rows, []string{d.Account, d.Domain, fmt.Sprint(d.Rows), orDash(w.when(d.LastChange))})
	}
	_, _ = fmt.Fprintln(w) // an error shows below
	return w.tables(accounts, recipients, rows)
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}
