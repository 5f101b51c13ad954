package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/db"
)

// A listing is a command that shows one view of the mirror.
type listing struct {
	view    db.View
	short   string
	columns []string // those that people see; JSON has all
}

var (
	marksListing = listing{db.MarksView, "List marks, newest first",
		[]string{"student", "given_on", "subject", "value_text", "out_of", "coefficient", "class_average", "title"}}
	homeworkListing = listing{db.HomeworkView, "List homework, by the day it is due",
		[]string{"student", "due_on", "subject", "done", "description"}}
	infosListing = listing{db.InfosView, "List informations and surveys, newest first",
		[]string{"student", "published_at", "author", "read", "title"}}
	changesListing = listing{db.ChangesView, "List what changed, newest first",
		[]string{"at", "student", "domain", "kind", "what", "after"}}
)

func (a *app) listCommand(l listing) *cobra.Command {
	var filter db.Filter
	var asJSON bool
	cmd := &cobra.Command{
		Use:   l.view.Name,
		Short: l.short,
		Args:  noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := a.load(cmd)
			if err != nil {
				return err
			}
			store, err := db.OpenReadOnly(cmd.Context(), c.Database)
			if err != nil {
				return err
			}
			rows, err := l.read(cmd.Context(), store, filter)
			if err = errors.Join(err, store.Close()); err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), rows)
			}
			return l.print(cmd.OutOrStdout(), rows)
		},
	}
	cmd.Flags().StringVar(&filter.Account, "account", "", "only this `account`")
	cmd.Flags().StringVar(&filter.Student, "student", "", "only the pupil of this `name`")
	cmd.Flags().StringVar(&filter.Since, "since", "", "only from this `day` on, like 2025-11-17")
	cmd.Flags().IntVar(&filter.Limit, "limit", 50, "at most so many rows; 0 for all")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON, with all columns")
	return cmd
}

func (l listing) read(ctx context.Context, store *db.Store, filter db.Filter) (rows []db.Record, err error) {
	err = store.View(ctx, func(tx *db.Tx) (err error) {
		rows, err = tx.List(ctx, l.view, filter)
		return err
	})
	return rows, err
}

// print writes a table. Long texts are cut to a line.
func (l listing) print(out io.Writer, rows []db.Record) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, strings.ToUpper(strings.Join(l.columns, "\t"))) // an error shows at the flush
	for _, row := range rows {
		cells := make([]string, len(l.columns))
		for i, column := range l.columns {
			cells[i] = cell(row[column])
		}
		_, _ = fmt.Fprintln(table, strings.Join(cells, "\t"))
	}
	return table.Flush()
}

const widestCell = 60

// cell writes a value on one line, without what a terminal would obey.
func cell(value any) string {
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
	if runes := []rune(text); len(runes) > widestCell {
		return string(runes[:widestCell-1]) + "…"
	}
	return text
}
