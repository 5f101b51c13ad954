package main

import (
	"cmp"
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
		Use:     "timetable",
		Short:   "Show the lessons of a day, or of a week",
		GroupID: mirrored,
		Args:    arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			day, err := pronote.ParseDate(filter.Since)
			if filter.Since != "" && err != nil {
				return mistaken(cmd, notADay, "--day", filter.Since)
			}
			c, err := a.loadToRead(cmd)
			if err != nil {
				return err
			}
			if filter.Since == "" {
				day = pronote.DateOf(a.now().In(c.Location))
			}
			last := day
			if week {
				day = day.Monday()
				last = day.AddDays(6)
			}
			filter.Since, filter.Until = day.String(), last.String()
			var lessons []db.Item[pronote.Lesson]
			var rows []db.Record
			err = lookUp(cmd.Context(), c, &filter, func(tx *db.Tx) (err error) {
				if asJSON {
					rows, err = tx.List(cmd.Context(), db.LessonsView, filter)
					return err
				}
				lessons, err = db.Lessons.Select(cmd.Context(), tx, filter)
				return err
			})
			switch {
			case err != nil:
				return err
			case asJSON:
				return printJSON(cmd.OutOrStdout(), rows)
			}
			return printTimetable(cmd.OutOrStdout(), lessons)
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
func printTimetable(out io.Writer, lessons []db.Item[pronote.Lesson]) error {
	slices.SortStableFunc(lessons, func(a, b db.Item[pronote.Lesson]) int {
		return cmp.Or(cmp.Compare(a.Student, b.Student), cmp.Compare(a.Account, b.Account))
	})
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	last := ""
	for _, item := range lessons {
		l := item.Value
		if l.Replaced {
			continue
		}
		if h := fmt.Sprintf("%s · %s %s", cell(item.Student), l.Starts.Weekday(), l.Starts.Date); h != last {
			if last != "" {
				_, _ = fmt.Fprintln(table) // an error shows at the flush
			}
			_, _ = fmt.Fprintln(table, h)
			last = h
		}
		_, _ = fmt.Fprintf(table, "%s-%s\t%s\t%s\t%s\t%s\n", clock(l.Starts), clock(l.Ends),
			cell(cmp.Or(l.Subject, l.Title)), cell(strings.Join(l.Teachers, ", ")), cell(strings.Join(l.Rooms, ", ")), remarks(l))
	}
	return table.Flush()
}

// clock is a time of day, "" where it is not known.
func clock(t pronote.DateTime) string {
	if t.IsZero() {
		return ""
	}
	return fmt.Sprintf("%02d:%02d", t.Hour, t.Minute)
}

// remarks are what is special about a lesson.
func remarks(l pronote.Lesson) string {
	var words []string
	for _, is := range []struct {
		so   bool
		word string
	}{{l.Cancelled, "cancelled"}, {l.Detention, "detention"}, {l.Outing, "outing"}, {l.Test, "test"}, {l.Exempted, "exempted"}} {
		if is.so {
			words = append(words, is.word)
		}
	}
	for _, text := range []string{l.Status, l.TestKind, l.Memo} {
		if text != "" {
			words = append(words, cell(text))
		}
	}
	return strings.Join(words, ", ")
}
