package main

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/config"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/say"
	"github.com/pronote-sync/pronote-sync/cmd/pronote-sync/internal/table"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
)

// listings are the views that have a command of their own: those of each kind of data
// that say what they list, and some that belong to none.
func listings() (views []db.View) {
	for _, d := range config.Domains() {
		views = append(views, d.Tables...)
	}
	views = append(views, db.TestsView, db.HolidaysView, db.ChangesView)
	return slices.DeleteFunc(views, func(v db.View) bool { return v.About == "" })
}

// mirrored is the group of the commands that show what the mirror holds.
const mirrored = "mirrored"

// listCommand is the command that shows a view of the mirror.
func (a *app) listCommand(view db.View) *cobra.Command {
	var filter db.Filter
	var format format
	cmd := &cobra.Command{
		Use:     view.Name,
		Short:   view.About,
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
			if filter.Since, err = a.day(cmd, c, "--since", filter.Since, view.Ahead); err != nil {
				return err
			}
			if view.Ahead && filter.Since == "" {
				filter.Since = a.today(c).String()
			}
			l, err := readListing(cmd.Context(), c, view, filter)
			if err != nil {
				return err
			}
			return l.print(a, cmd, format)
		},
	}
	if one := strings.TrimSuffix(view.Name, "s"); one != view.Name {
		cmd.Aliases = []string{one} // people type either
	}
	since := "only from this `day` on: yesterday, monday, 17/11"
	if view.Ahead {
		since = "only from this `day` on: yesterday, monday, 17/11 (default: today)"
	}
	a.whoseFlags(cmd, &filter)
	cmd.Flags().StringVar(&filter.Since, "since", "", since)
	countVar(cmd, &filter.Limit, "limit", 50, "at most `N` rows; 0 for all")
	format.flags(cmd)
	return cmd
}

// whoseFlags are --account and --student.
func (a *app) whoseFlags(cmd *cobra.Command, filter *db.Filter) {
	cmd.Flags().StringVar(&filter.Account, "account", "", "only this `account`")
	cmd.Flags().StringVar(&filter.Student, "student", "", "only the pupil of this `name`")
	for flag, complete := range map[string]func(context.Context, *db.Tx) ([]string, error){"account": accountsToType, "student": pupilsToType} {
		_ = cmd.RegisterFlagCompletionFunc(flag, func(cmd *cobra.Command, _ []string, _ string) (names []string, _ cobra.ShellCompDirective) { // it is there
			names, _ = a.namesToType(cmd.Context(), complete) // without a mirror there is nothing to complete
			return names, cobra.ShellCompDirectiveNoFileComp
		})
	}
}

// A listing is what the mirror has of a view, and whose.
type listing struct {
	view    db.View
	filter  db.Filter
	columns []string
	rows    []db.Record
	several map[string]bool // whether there are several students and accounts that a row may be of
}

func readListing(ctx context.Context, c *config.Config, view db.View, filter db.Filter) (l listing, err error) {
	l.view = view
	err = lookUp(ctx, c, &filter, func(tx *db.Tx) (err error) {
		if l.columns, err = tx.Columns(ctx, view); err != nil {
			return err
		}
		if l.rows, err = tx.List(ctx, view, filter); err != nil {
			return err
		}
		l.several, err = several(ctx, tx, filter)
		return err
	})
	l.filter = filter
	return l, err
}

// several says whether rows may be of several accounts and students, so that people must
// be told whose each is.
func several(ctx context.Context, tx *db.Tx, filter db.Filter) (map[string]bool, error) {
	accounts, err := tx.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	pupils := map[string]bool{}
	for _, account := range accounts {
		if filter.Account != "" && account.Name != filter.Account {
			continue
		}
		students, err := tx.Students(ctx, account.ID)
		if err != nil {
			return nil, err
		}
		for _, s := range students {
			if !s.Holder {
				pupils[cmp.Or(s.Alias, s.Name)] = true
			}
		}
	}
	return map[string]bool{
		"account": filter.Account == "" && len(accounts) > 1,
		"student": filter.Student == "" && len(pupils) > 1,
	}, nil
}

func (l listing) print(a *app, cmd *cobra.Command, as format) error {
	out := cmd.OutOrStdout()
	switch {
	case as.json:
		return printJSON(out, l.rows)
	case as.csv:
		return printCSV(out, l.columns, l.rows)
	}
	w := a.writerTo(out)
	if len(l.rows) == 0 {
		w.nothing(l.view, l.filter)
		return nil
	}
	return w.rows(l.view, l.several, l.rows)
}

// nothing says that a list is empty, and from when on.
func (w writer) nothing(view db.View, f db.Filter) {
	none := say.Word(cmp.Or(view.None, "There is nothing to list"))
	switch {
	case f.Since != "" && f.Since == f.Until:
		w.tell("%s on %s.", none, w.when(f.Since))
	case f.Since != "" && f.Until != "":
		w.tell("%s from %s to %s.", none, w.when(f.Since), w.when(f.Until))
	case f.Since != "":
		w.tell("%s from %s on.", none, w.when(f.Since))
	default:
		w.tell("%s.", none)
	}
}

// today is the day on the clocks of the configuration.
func (a *app) today(c *config.Config) pronote.Date { return pronote.DateOf(a.now().In(c.Location)) }

// day is a day that a person typed behind an option, as the mirror writes it; "" stays
// "". A weekday is the next one ahead, and else the last one.
func (a *app) day(cmd *cobra.Command, c *config.Config, option, word string, ahead bool) (string, error) {
	if word == "" {
		return "", nil
	}
	read := psync.DaySince
	if ahead {
		read = psync.DayOf
	}
	day, ok := read(word, a.today(c))
	if !ok {
		return "", mistaken(cmd, notADay, option, word)
	}
	return day.String(), nil
}

const notADay = "%s: %q is not a day: write one like tomorrow, monday, 17/11 or 2025-11-17"

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

const widestCell = 60

// cell writes a value on one line, without what a terminal would obey.
func cell(value any) string { return cut(value, widestCell) }

func cut(value any, widest int) string { return table.Cut(table.Line(machine(value)), widest) }
