package today

import (
	"context"
	"strings"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/sync/internal/wording"
)

const (
	plannedBefore = 7  // days before a day, when its timetable is taken for the usual one
	around        = 14 // days within which a lesson is looked for that was moved
)

// timetable reads what PRONOTE shows of a child around a day.
func (l *lookup) timetable(ctx context.Context, c Child, day civil.Date) (t timetable, err error) {
	t.day = day
	f := c.within(day.AddDays(-around), day.AddDays(around))
	if t.now, err = db.Lessons.Select(ctx, l.tx, f); err != nil {
		return t, err
	}
	if t.was, err = db.Lessons.SelectAt(ctx, l.tx, f, civil.DateTime{Date: day.AddDays(-plannedBefore)}); err != nil || len(on(day, t.was)) > 0 {
		return t, err
	}
	var first civil.DateTime // the first look at the day, which was later
	for _, one := range on(day, t.now) {
		if first.IsZero() || one.FirstSeen.Compare(first) < 0 {
			first = one.FirstSeen
		}
	}
	if first.IsZero() {
		return t, nil
	}
	t.was, err = db.Lessons.SelectAt(ctx, l.tx, f, first)
	return t, err
}

// addDay adds a day of a child to a digest.
func (l *lookup) addDay(ctx context.Context, d *Digest, c Child, date civil.Date) error {
	p := wording.Pupil{Name: c.Name, Day: date}
	t, err := l.timetable(ctx, c, date)
	if err != nil {
		return err
	}
	taking := held(on(date, t.now))
	p.From, p.To = hoursOf(taking)
	if from, to := usual(on(date, t.was)); from != p.From || to != p.To {
		p.UsualFrom, p.UsualTo = from, to
	}
	for _, change := range t.changes() {
		p.Changes = append(p.Changes, change.event(c))
		d.say(change.now.UID)
		d.say(change.also...)
	}
	for _, one := range taking {
		if one.Value.Test {
			p.Tests = append(p.Tests, testOf(one.Value))
			d.say(one.UID)
		}
	}
	work, err := db.Homework.Select(ctx, l.tx, c.within(date, date))
	if err != nil {
		return err
	}
	for _, w := range work {
		d.say(w.UID)
	}
	if p.Work, err = l.work(ctx, work); err != nil {
		return err
	}
	off, err := l.off(ctx, c.Account)
	if err != nil {
		return err
	}
	p.Off = len(on(date, t.now)) == 0 || off(date)
	d.days[Day{c.Account, c.Student, date}] = true
	d.Children = append(d.Children, p)
	return nil
}

func testOf(l pronote.Lesson) wording.Test {
	title, _, _ := strings.Cut(l.Memo, "\n")
	if l.Subject != "" && l.Title != "" {
		title = l.Title
	}
	return wording.Test{Subject: name(l), At: l.Starts, Kind: l.TestKind, Title: title}
}

// work words homework; what is done comes last.
func (l *lookup) work(ctx context.Context, items []db.Item[pronote.Homework]) (list []wording.Work, err error) {
	files, err := l.files(ctx, items)
	if err != nil {
		return nil, err
	}
	for _, done := range []bool{false, true} {
		for _, item := range items {
			h := item.Value
			if h.Done != done {
				continue
			}
			given := h.GivenOn
			if given.IsZero() {
				given = item.FirstSeen.Date
			}
			list = append(list, wording.Work{
				Subject: h.Subject, Text: h.Description, Due: h.DueOn, Given: given, Minutes: h.Minutes, Return: h.Return, Done: h.Done, Files: files[item.UID],
			})
		}
	}
	return list, nil
}

// files counts the attachments of homework, by its uid.
func (l *lookup) files(ctx context.Context, items []db.Item[pronote.Homework]) (map[string]int, error) {
	uids := make([]string, len(items))
	for i, item := range items {
		uids[i] = item.UID
	}
	return l.tx.AttachmentCounts(ctx, uids)
}

// schoolDays are the days of school of a child from one day to another, in order. A day
// of which all lessons are cancelled is one.
func (l *lookup) schoolDays(ctx context.Context, c Child, from, to civil.Date) (days []civil.Date, err error) {
	lessons, err := db.Lessons.Select(ctx, l.tx, c.within(from, to))
	if err != nil {
		return nil, err
	}
	off, err := l.off(ctx, c.Account)
	if err != nil {
		return nil, err
	}
	for day := from; day.Compare(to) <= 0; day = day.AddDays(1) {
		if len(on(day, lessons)) > 0 && !off(day) {
			days = append(days, day)
		}
	}
	return days, nil
}

// off tells the holidays of an account's school.
func (l *lookup) off(ctx context.Context, account string) (func(civil.Date) bool, error) {
	holidays, err := db.Holidays.Select(ctx, l.tx, db.Filter{Account: account})
	return func(day civil.Date) bool {
		for _, h := range holidays {
			if h.Value.Starts.Compare(day) <= 0 && day.Compare(h.Value.Ends) <= 0 {
				return true
			}
		}
		return false
	}, err
}
