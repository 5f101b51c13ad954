package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/table"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
)

// A stretch of days is what timetable is asked for.
type stretch struct {
	day, from, to string
	week          bool
}

func (a *app) timetableCommand() *cobra.Command {
	var filter db.Filter
	var days stretch
	var format format
	cmd := &cobra.Command{
		Use:     "timetable",
		Aliases: []string{"lessons", "lesson"},
		Short:   "Show the lessons of a day, of a week or of some days",
		GroupID: mirrored,
		Args:    arguments(0, 0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := format.check(cmd); err != nil {
				return err
			}
			c, err := a.loadToRead(cmd)
			if err != nil {
				return err
			}
			filter := filter
			if filter.Since, filter.Until, err = a.stretch(cmd, days, func(option, word string) (string, error) { return a.day(cmd, c, option, word, true) }, a.today(c)); err != nil {
				return err
			}
			if format.json || format.csv {
				l, err := readListing(cmd.Context(), c, db.LessonsView, filter)
				if err != nil {
					return err
				}
				return l.print(a, cmd, format)
			}
			var lessons []db.Item[pronote.Lesson]
			var names map[string]bool
			err = lookUp(cmd.Context(), c, &filter, func(tx *db.Tx) (err error) {
				if names, err = several(cmd.Context(), tx, filter); err != nil {
					return err
				}
				lessons, err = db.Lessons.Select(cmd.Context(), tx, filter)
				return err
			})
			if err != nil {
				return err
			}
			w := a.writerTo(cmd.OutOrStdout())
			if len(lessons) == 0 {
				w.nothing(db.LessonsView, filter)
				return nil
			}
			return w.timetable(lessons, names["student"])
		},
	}
	a.whoseFlags(cmd, &filter)
	cmd.Flags().StringVar(&days.day, "day", "", "this `day`: tomorrow, monday, 17/11 (default: today)")
	cmd.Flags().BoolVar(&days.week, "week", false, "the whole week of the day")
	cmd.Flags().StringVar(&days.from, "from", "", "from this `day` on")
	cmd.Flags().StringVar(&days.to, "to", "", "up to this `day`, which is included")
	format.flags(cmd)
	return cmd
}

// stretch is the first and the last day that are asked for.
func (a *app) stretch(cmd *cobra.Command, s stretch, read func(option, word string) (string, error), today pronote.Date) (first, last string, err error) {
	if (s.from != "" || s.to != "") && (s.day != "" || s.week) {
		return "", "", mistaken(cmd, "--from and --to go without --day and --week")
	}
	typed := [3]string{s.day, s.from, s.to}
	for i, option := range []string{"--day", "--from", "--to"} {
		if typed[i], err = read(option, typed[i]); err != nil {
			return "", "", err
		}
	}
	if s.to != "" || s.from != "" {
		first = cmp.Or(typed[1], today.String())
		if last = typed[2]; last != "" && last < first {
			return "", "", mistaken(cmd, "%s is before %s: give --from the first day and --to the last", last, first)
		}
		return first, last, nil
	}
	day, err := pronote.ParseDate(cmp.Or(typed[0], today.String()))
	if err != nil {
		return "", "", err
	}
	if s.week {
		return day.Monday().String(), day.Monday().AddDays(6).String(), nil
	}
	return day.String(), day.String(), nil
}

// timetable writes a heading for each day, with the pupil where there are several, and a
// line for each lesson. A lesson in whose place another one is held is left out, as in
// PRONOTE.
func (w writer) timetable(lessons []db.Item[pronote.Lesson], named bool) error {
	lessons = slices.DeleteFunc(slices.Clone(lessons), func(l db.Item[pronote.Lesson]) bool { return l.Value.Replaced })
	slices.SortStableFunc(lessons, func(a, b db.Item[pronote.Lesson]) int {
		return cmp.Or(cmp.Compare(a.Student, b.Student), cmp.Compare(a.Account, b.Account))
	})
	head := func(row int) string {
		if row < 0 {
			return ""
		}
		if l := lessons[row]; named && l.Student != "" {
			return l.Student + " · " + w.day(l.Value.Starts.Date)
		}
		return w.day(lessons[row].Value.Starts.Date)
	}
	t := table.Table{
		Columns: []table.Column{{}, table.Column{}.AtLeast(14), table.Column{}.AtLeast(10).Ranked(2), table.Column{}.AtLeast(6).Ranked(1), table.Column{}.AtLeast(24)},
		Above: func(row int) string {
			if h := head(row); h != head(row-1) {
				return h
			}
			return ""
		},
	}
	for _, item := range lessons {
		l := item.Value
		t.Rows = append(t.Rows, []string{
			clock(l.Starts) + "-" + clock(l.Ends), cmp.Or(l.Subject, l.Title), strings.Join(l.Teachers, ", "), strings.Join(l.Rooms, ", "), w.remarks(l),
		})
	}
	return w.table(t, func(row, cell int) string {
		switch l := lessons[row].Value; {
		case l.Cancelled:
			return red
		case l.Test && cell == len(t.Columns)-1:
			return yellow
		}
		return ""
	})
}

// clock is a time of day, "" where it is not known.
func clock(t pronote.DateTime) string {
	if t.IsZero() {
		return ""
	}
	return fmt.Sprintf("%02d:%02d", t.Hour, t.Minute)
}

// remarks are what is special about a lesson.
func (w writer) remarks(l pronote.Lesson) string {
	var words []string
	for _, is := range []struct {
		so   bool
		word say.Word
	}{{l.Cancelled, "cancelled"}, {l.Detention, "detention"}, {l.Outing, "outing"}, {l.Test, "test"}, {l.Exempted, "exempted"}} {
		if is.so {
			words = append(words, say.Text(w.language, string(is.word)))
		}
	}
	for _, text := range []string{l.Status, l.TestKind, l.Memo} {
		if text != "" {
			words = append(words, text)
		}
	}
	return strings.Join(words, ", ")
}
