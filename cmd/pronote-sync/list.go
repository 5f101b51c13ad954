package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
)

// listings are the views that have a command of their own: those of each kind of data
// that say what they list, and the changes of all.
func listings() (views []db.View) {
	for _, d := range config.Domains() {
		views = append(views, d.Tables...)
	}
	views = append(views, db.ChangesView)
	return slices.DeleteFunc(views, func(v db.View) bool { return v.About == "" })
}

// mirrored is the group of the commands that show what the mirror holds.
const mirrored = "mirrored"

// listCommand is the command that shows a view of the mirror.
func (a *app) listCommand(view db.View) *cobra.Command {
	var filter db.Filter
	var asJSON bool
	cmd := &cobra.Command{
		Use:     view.Name,
		Short:   view.About,
		GroupID: mirrored,
		Args:    arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if _, err := pronote.ParseDate(filter.Since); filter.Since != "" && err != nil {
				return mistaken(cmd, notADay, "--since", filter.Since)
			}
			c, err := a.loadToRead(cmd)
			if err != nil {
				return err
			}
			if view.Ahead && filter.Since == "" {
				filter.Since = pronote.DateOf(a.now().In(c.Location)).String()
			}
			var rows []db.Record
			err = lookUp(cmd.Context(), c, &filter, func(tx *db.Tx) (err error) {
				rows, err = tx.List(cmd.Context(), view, filter)
				return err
			})
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), rows)
			}
			return printRows(cmd.OutOrStdout(), strings.Fields(view.Shown), rows)
		},
	}
	if one := strings.TrimSuffix(view.Name, "s"); one != view.Name {
		cmd.Aliases = []string{one} // people type either
	}
	since := "only from this `day` on, like 2025-11-17"
	if view.Ahead {
		since = "only from this `day` on, like 2025-11-17 (default: today)"
	}
	cmd.Flags().StringVar(&filter.Account, "account", "", "only this `account`")
	cmd.Flags().StringVar(&filter.Student, "student", "", "only the pupil of this `name`")
	cmd.Flags().StringVar(&filter.Since, "since", "", since)
	cmd.Flags().IntVar(&filter.Limit, "limit", 50, "at most so many rows; 0 for all")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON, with all columns")
	return cmd
}

const notADay = "%s: %q is not a day like 2025-11-17"

// lookUp reads the mirror, once the names of a filter are those that its views have.
func lookUp(ctx context.Context, c *config.Config, filter *db.Filter, read func(*db.Tx) error) error {
	store, err := openFilled(ctx, c, db.OpenReadOnly)
	if err != nil {
		return err
	}
	err = store.View(ctx, func(tx *db.Tx) (err error) {
		if filter.Account, filter.Student, err = tx.Who(ctx, filter.Account, filter.Student); err != nil {
			return err
		}
		return read(tx)
	})
	return errors.Join(err, store.Close())
}

// printRows writes a table of some columns. Long texts are cut to a line.
func printRows(out io.Writer, columns []string, rows []db.Record) error {
	if len(rows) == 0 {
		_, err := fmt.Fprintln(out, "there is nothing to list")
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, strings.ToUpper(strings.Join(columns, "\t"))) // an error shows at the flush
	for _, row := range rows {
		cells := make([]string, len(columns))
		for i, column := range columns {
			if cells[i] = cell(row[column]); column == "summary" {
				cells[i] = cut(row[column], 2*widestCell)
			}
		}
		_, _ = fmt.Fprintln(table, strings.Join(cells, "\t"))
	}
	return table.Flush()
}

const widestCell = 60

// cell writes a value on one line, without what a terminal would obey.
func cell(value any) string { return cut(value, widestCell) }

func cut(value any, widest int) string {
	var text string
	switch v := value.(type) {
	case nil:
		return ""
	case json.RawMessage:
		text = string(v)
	default:
		text = fmt.Sprint(v)
	}
	text = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return ' '
		}
		return r
	}, text)
	if runes := []rune(text); len(runes) > widest {
		return string(runes[:widest-1]) + "…"
	}
	return text
}
