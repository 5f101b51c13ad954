package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
)

func (a *app) timetableCommand() *cobra.Command {
	var filter db.Filter
	var asJSON, week bool
	cmd := &cobra.Command{
		Use:   "timetable",
		Short: "Show the lessons of a day, or of a week",
		Args:  arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			day, err := pronote.ParseDate(filter.Since)
			if filter.Since != "" && err != nil {
				return mistaken(cmd, "--day: %w", err)
			}
			c, err := a.load(cmd)
			if err != nil {
				return err
			}
			if filter.Since == "" {
				day = pronote.DateOf(testOnlyNow().In(c.Location))
			}
			last := day
			if week {
				day = day.Monday()
				last = day.AddDays(6)
			}
			filter.Since, filter.Until = day.String(), last.String()
			store, err := openFilled(cmd.Context(), c, db.OpenReadOnly)
			if err != nil {
				return err
			}
			rows, err := listing{view: db.LessonsView}.read(cmd.Context(), store, filter)
			if err = errors.Join(err, store.Close()); err != nil {
				return err
			}
			if asJSON {
				return printJSON(cmd.OutOrStdout(), rows)
			}
			return printTimetable(cmd.OutOrStdout(), rows)
		},
	}
	cmd.Flags().StringVar(&filter.Account, "account", "", "only this `account`")
	cmd.Flags().StringVar(&filter.Student, "student", "", "only the pupil of this `name`")
	cmd.Flags().StringVar(&filter.Since, "day", "", "this `day`, like 2025-11-17 (default: today)")
	cmd.Flags().BoolVar(&week, "week", false, "the whole week of the day")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON, with all columns")
	return cmd
}

// printTimetable writes a heading for each pupil and day, and a line for each
// lesson. A lesson in whose place another one is held is left out, as in PRONOTE.
func printTimetable(out io.Writer, lessons []db.Record) error {
	heading := func(l db.Record) string {
		day, _, _ := strings.Cut(cell(l["starts_at"]), " ")
		if d, err := pronote.ParseDate(day); err == nil {
			day = d.Weekday().String() + " " + day
		}
		return cell(l["student"]) + " · " + day
	}
	order := func(l db.Record) string { return cell(l["student"]) + "\x00" + cell(l["account"]) }
	slices.SortStableFunc(lessons, func(a, b db.Record) int { return cmp.Compare(order(a), order(b)) })
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	last := ""
	for _, l := range lessons {
		if l["replaced"] == int64(1) {
			continue
		}
		if h := heading(l); h != last {
			if last != "" {
				_, _ = fmt.Fprintln(table) // an error shows at the flush
			}
			_, _ = fmt.Fprintln(table, h)
			last = h
		}
		name := cmp.Or(cell(l["subject"]), cell(l["title"]))
		_, _ = fmt.Fprintf(table, "%s-%s\t%s\t%s\t%s\t%s\n",
			clock(l["starts_at"]), clock(l["ends_at"]), name, cell(l["teachers"]), cell(l["rooms"]), remarks(l))
	}
	return table.Flush()
}

// clock is the time of day of an instant of the mirror.
func clock(instant any) string {
	t, err := pronote.ParseDateTime(cell(instant))
	if err != nil {
		return ""
	}
	return fmt.Sprintf("%02d:%02d", t.Hour, t.Minute)
}

// remarks are what is special about a lesson.
func remarks(l db.Record) string {
	var words []string
	for _, column := range []string{"cancelled", "detention", "outing", "test", "exempted"} {
		if l[column] == int64(1) {
			words = append(words, column)
		}
	}
	for _, column := range []string{"status", "test_kind", "memo"} {
		if text := cell(l[column]); text != "" {
			words = append(words, text)
		}
	}
	return strings.Join(words, ", ")
}
