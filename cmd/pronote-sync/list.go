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

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
)

// A listing is a command that shows one view of the mirror.
type listing struct {
	view    db.View
	short   string
	columns []string // those that people see; JSON has all
	ahead   bool     // of no interest once its day is past
}

var (
	marksListing = listing{db.MarksView, "List marks, newest first",
		[]string{"student", "given_on", "subject", "value_text", "out_of", "coefficient", "class_average", "title"}, false}
	homeworkListing = listing{db.HomeworkView, "List homework, by the day it is due",
		[]string{"student", "due_on", "subject", "done", "description"}, true}
	contentsListing = listing{db.ContentsView, "List what was done in the lessons, newest first",
		[]string{"student", "starts_at", "subject", "title", "description"}, false}
	infosListing = listing{db.InfosView, "List notices and surveys, newest first",
		[]string{"student", "published_at", "author", "read", "title"}, false}
	menusListing = listing{db.MenusView, "List what the canteen serves",
		[]string{"date", "course", "dish", "labels"}, true}
	agendaListing = listing{db.AgendaView, "List the school's agenda: meetings, outings, class councils",
		[]string{"student", "starts_at", "ends_at", "title", "category"}, true}
	absencesListing = listing{db.AbsencesView, "List absences and delays, newest first",
		[]string{"student", "kind", "starts_at", "ends_at", "hours", "minutes", "justified", "reasons"}, false}
	punishmentsListing = listing{db.PunishmentsView, "List punishments and sanctions, newest first",
		[]string{"student", "given_on", "nature", "giver", "reasons", "detentions"}, false}
	observationsListing = listing{db.ObservationsView, "List observations, newest first",
		[]string{"student", "given_on", "kind", "title", "subject", "comment"}, false}
	discussionsListing = listing{db.DiscussionsView, "List discussions, the one with the last message first",
		[]string{"last_message_at", "participants", "message_count", "unread", "subject"}, false}
	messagesListing = listing{db.MessagesView, "List the messages of all discussions, newest first",
		[]string{"sent_at", "author", "recipient", "read", "content"}, false}
	reportsListing = listing{db.ReportsView, "List report cards, newest first",
		[]string{"student", "year", "period", "student_average", "class_average", "comments"}, false}
	evaluationsListing = listing{db.EvaluationsView, "List evaluations by skills, newest first",
		[]string{"student", "date", "subject", "levels", "name", "teacher"}, false}
	staffListing = listing{db.StaffView, "List the teachers and other adults who work with a pupil",
		[]string{"student", "name", "function", "subjects", "hours"}, false}
	linksListing = listing{db.LinksView, "List the links that the school finds useful",
		[]string{"student", "title", "url", "comment"}, false}
	walletsListing = listing{db.WalletsView, "List what is left in the wallets of the canteen",
		[]string{"student", "label", "balance_text", "warning", "balance_hint"}, false}
	personsListing = listing{db.PersonsView, "List what the school knows of who logs in: address, telephone and the like",
		[]string{"account", "name", "address", "postal_code", "city", "email", "phone"}, false}
	changesListing = listing{db.ChangesView, "List what changed, newest first",
		[]string{"at", "student", "summary"}, false}
)

// listings are the commands that list.
var listings = []listing{
	marksListing,
	homeworkListing,
	contentsListing,
	infosListing,
	menusListing,
	agendaListing,
	absencesListing,
	punishmentsListing,
	observationsListing,
	discussionsListing,
	messagesListing,
	evaluationsListing,
	reportsListing,
	staffListing,
	linksListing,
	walletsListing,
	personsListing,
	changesListing,
}

func (a *app) listCommand(l listing) *cobra.Command {
	var filter db.Filter
	var asJSON bool
	cmd := &cobra.Command{
		Use:     l.view.Name,
		Aliases: []string{strings.TrimSuffix(l.view.Name, "s")}, // people type either
		Short:   l.short,
		Args:    arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if _, err := pronote.ParseDate(filter.Since); filter.Since != "" && err != nil {
				return mistaken(cmd, "--since: %w", err)
			}
			c, err := a.load(cmd)
			if err != nil {
				return err
			}
			if l.ahead && filter.Since == "" {
				filter.Since = pronote.DateOf(a.now().In(c.Location)).String()
			}
			var rows []db.Record
			err = lookUp(cmd.Context(), c, &filter, func(tx *db.Tx) (err error) {
				rows, err = tx.List(cmd.Context(), l.view, filter)
				return err
			})
			if err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), rows)
			}
			return l.print(cmd.OutOrStdout(), rows)
		},
	}
	since := "only from this `day` on, like 2025-11-17"
	if l.ahead {
		since += " (default: today)"
	}
	cmd.Flags().StringVar(&filter.Account, "account", "", "only this `account`")
	cmd.Flags().StringVar(&filter.Student, "student", "", "only the pupil of this `name`")
	cmd.Flags().StringVar(&filter.Since, "since", "", since)
	cmd.Flags().IntVar(&filter.Limit, "limit", 50, "at most so many rows; 0 for all")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON, with all columns")
	return cmd
}

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

// print writes a table. Long texts are cut to a line.
func (l listing) print(out io.Writer, rows []db.Record) error {
	if len(rows) == 0 {
		_, err := fmt.Fprintln(out, "there is nothing to list")
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(table, strings.ToUpper(strings.Join(l.columns, "\t"))) // an error shows at the flush
	for _, row := range rows {
		cells := make([]string, len(l.columns))
		for i, column := range l.columns {
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
