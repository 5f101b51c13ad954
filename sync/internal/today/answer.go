package today

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
	"github.com/pronote-sync/pronote-sync/sync/internal/wording"
)

// How much an answer tells.
const (
	fewMarks = 8  // of each child, the newest
	lately   = 30 // days of absences and the like
	aWeek    = 7  // days of homework and menus
)

// Answer reads what the mirror says about a topic, on a day where one is given. Why
// something was told is not for this package: only Topic is filled then.
func (r Reader) Answer(ctx context.Context, tx *db.Tx, topic wording.Topic, day civil.Date) (a wording.Answer, err error) {
	l, err := r.look(ctx, tx)
	if err != nil {
		return a, err
	}
	a = wording.Answer{Topic: topic, Day: day}
	if a.AsOf, err = r.outOfDate(ctx, tx); err != nil {
		return a, err
	}
	switch topic {
	case wording.AskWeek:
		week, err := r.Week(ctx, tx)
		a.Week = week.Digest
		return a, err
	case wording.AskMenu:
		a.Menu, err = l.allMeals(ctx, day)
		return a, err
	}
	for _, c := range l.children {
		of := wording.Answered{Name: c.Name}
		switch topic {
		case wording.AskMarks:
			err = l.answerMarks(ctx, &of, c)
		case wording.AskHomework:
			err = l.answerWork(ctx, &of, c, day)
		case wording.AskTimetable:
			err = l.answerDay(ctx, &of, c, day)
		case wording.AskAbsences:
			err = l.answerAbsences(ctx, &of, c)
		}
		if err != nil {
			return a, err
		}
		a.Children = append(a.Children, of)
	}
	return a, nil
}

// outOfDate is when PRONOTE last answered, of the account whose polls have failed for
// longest; zero where all fare well.
func (r Reader) outOfDate(ctx context.Context, tx *db.Tx) (at civil.DateTime, err error) {
	accounts, err := r.accounts(ctx, tx)
	for _, a := range accounts {
		if a.Phase != db.Ready && (at.IsZero() || a.LastSuccessAt.Compare(at) < 0) {
			at = a.LastSuccessAt
		}
	}
	return at, err
}

func (l *lookup) answerMarks(ctx context.Context, of *wording.Answered, c Child) error {
	f := c.all()
	f.Limit = fewMarks
	marks, err := db.Marks.Select(ctx, l.tx, f)
	if err != nil {
		return err
	}
	for _, m := range marks {
		of.Rows = append(of.Rows, row(db.Marks, "mark.new", m))
	}
	of.Overall, err = l.overall(ctx, c)
	return err
}

func row[T any](table db.Table[T], kind string, item db.Item[T]) wording.Event {
	return wording.Event{Kind: kind, Data: mirror.DataOf(mirror.Telling{Now: table.JSON(item.Value)})}
}

// answerWork is what is due on a day, or in the days to come.
func (l *lookup) answerWork(ctx context.Context, of *wording.Answered, c Child, day civil.Date) error {
	from, to := day, day
	if day.IsZero() {
		from, to = l.Now.Date.AddDays(1), l.Now.Date.AddDays(aWeek)
	}
	work, err := db.Homework.Select(ctx, l.tx, c.within(from, to))
	if err != nil {
		return err
	}
	of.Work, err = l.work(ctx, work)
	slices.SortStableFunc(of.Work, func(a, b wording.Work) int { return a.Due.Compare(b.Due) })
	return err
}

// answerDay is the timetable of a day, or else of the day of school that is not over.
// What another lesson is held in the place of is left out.
func (l *lookup) answerDay(ctx context.Context, of *wording.Answered, c Child, day civil.Date) error {
	from, to := day, day
	if day.IsZero() {
		from, to = l.Now.Date, l.Now.Date.AddDays(around)
	}
	lessons, err := db.Lessons.Select(ctx, l.tx, c.within(from, to))
	if err != nil {
		return err
	}
	if day.IsZero() {
		day = l.current(lessons)
	}
	table := wording.TimetableDay{Day: day}
	for _, one := range on(day, lessons) {
		v := one.Value
		if v.Replaced {
			continue
		}
		table.Lessons = append(table.Lessons, wording.Lesson{
			From: v.Starts, To: v.Ends, Subject: name(v), Rooms: strings.Join(v.Rooms, ", "), Cancelled: v.Cancelled, Test: v.Test, Status: v.Status,
		})
	}
	if !day.IsZero() {
		of.Days = append(of.Days, table)
	}
	return nil
}

// current is the first day with a lesson that is not over; zero where there is none.
func (l *lookup) current(lessons []lesson) (day civil.Date) {
	for _, one := range lessons {
		if one.Value.Kind != "council" && cmp.Or(one.Value.Ends, one.Value.Starts).Compare(l.Now) > 0 {
			return one.Value.Starts.Date
		}
	}
	return day
}

// answerAbsences are the absences, late arrivals, punishments and observations of late,
// newest first.
func (l *lookup) answerAbsences(ctx context.Context, of *wording.Answered, c Child) error {
	f := c.within(l.Now.Date.AddDays(-lately), l.Now.Date.AddDays(lately))
	var rows []datedRow
	for _, read := range []func() error{
		func() error {
			return dated(ctx, l, &rows, db.Absences, f, "absence.new", func(a pronote.Absence) civil.Date { return a.StartsAt.Date })
		},
		func() error {
			return dated(ctx, l, &rows, db.Delays, f, "delay.new", func(d pronote.Delay) civil.Date { return d.StartsAt.Date })
		},
		func() error {
			return dated(ctx, l, &rows, db.Punishments, f, "punishment.new", func(p pronote.Punishment) civil.Date { return p.GivenOn })
		},
		func() error {
			return dated(ctx, l, &rows, db.Observations, f, "observation.new", func(o pronote.Observation) civil.Date { return o.GivenOn })
		},
	} {
		if err := read(); err != nil {
			return err
		}
	}
	slices.SortStableFunc(rows, func(a, b datedRow) int { return b.day.Compare(a.day) })
	for _, r := range rows {
		of.Rows = append(of.Rows, r.event)
	}
	return nil
}

type datedRow struct {
	day   civil.Date
	event wording.Event
}

// dated adds the rows of a table.
func dated[T any](ctx context.Context, l *lookup, rows *[]datedRow, table db.Table[T], f db.Filter, kind string, day func(T) civil.Date) error {
	items, err := table.Select(ctx, l.tx, f)
	for _, item := range items {
		*rows = append(*rows, datedRow{day(item.Value), row(table, kind, item)})
	}
	return err
}

// allMeals are those of a day, or of the days to come; a canteen that several children
// go to is named once.
func (l *lookup) allMeals(ctx context.Context, day civil.Date) (list []wording.Meal, err error) {
	from, to := day, day
	if day.IsZero() {
		from, to = l.Now.Date, l.Now.Date.AddDays(aWeek-1)
	}
	for _, c := range l.children {
		meals, err := l.meals(ctx, c, from, to)
		if err != nil {
			return nil, err
		}
		for _, m := range meals {
			same := func(other wording.Meal) bool {
				return m.Day == other.Day && m.Dinner == other.Dinner && slices.Equal(m.Dishes, other.Dishes)
			}
			if !slices.ContainsFunc(list, same) {
				list = append(list, m)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b wording.Meal) int { return a.Day.Compare(b.Day) })
	return list, nil
}
