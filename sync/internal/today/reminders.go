package today

import (
	"context"
	"encoding/json"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// A Reminder is a row that somebody has to answer, and has not.
type Reminder struct {
	Account string
	Student string // whom it is about, as the views name them; "" for the account
	ID      int64  // of the pupil; 0 for the account
	UID     string
	Data    json.RawMessage // of an event about it
}

// The days after which somebody is reminded of what waits.
const (
	remindUnread = 2  // of a letter that was not opened
	unreadFor    = 14 // and no more of an older one
)

// Reminders reads what a reader is to be reminded of on the evening of a day: absences
// and lateness of the days before that nobody has explained, surveys that close
// tomorrow, letters that were not opened, and the tests of tomorrow; nothing where there
// is a digest to say so. What somebody has seen is left out.
func (r Reader) Reminders(ctx context.Context, tx *db.Tx, withoutDigest bool) (list []Reminder, err error) {
	if !withoutDigest {
		return nil, nil
	}
	l, err := r.look(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, account := range l.Accounts {
		if err := l.remindOfLetters(ctx, account, &list); err != nil {
			return nil, err
		}
	}
	for _, c := range l.children {
		if err := l.remindOfChild(ctx, c, &list); err != nil {
			return nil, err
		}
	}
	for _, account := range l.Accounts {
		if err := l.remindOfSurveys(ctx, account, &list); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// remind adds a reminder of a row, unless somebody has seen it.
func remind[T any](l *lookup, list *[]Reminder, table db.Table[T], item db.Item[T], c Child, what string) {
	if l.seen[item.UID] {
		return
	}
	data := map[string]any{"now": table.JSON(item.Value), "of": map[string]string{"what": what}}
	*list = append(*list, Reminder{Account: item.Account, Student: c.Student, ID: c.ID, UID: item.UID, Data: mirror.DataOf(data)})
}

func (l *lookup) remindOfChild(ctx context.Context, c Child, list *[]Reminder) error {
	past, tomorrow := c.within(l.Now.Date.AddDays(-stale), l.Now.Date.AddDays(-1)), l.Now.Date.AddDays(1)
	absences, err := db.Absences.Select(ctx, l.tx, past)
	if err != nil {
		return err
	}
	for _, a := range absences {
		if v := a.Value; v.ToJustify && !v.Justified && !v.Settled {
			remind(l, list, db.Absences, a, c, "absence")
		}
	}
	delays, err := db.Delays.Select(ctx, l.tx, past)
	if err != nil {
		return err
	}
	for _, d := range delays {
		if v := d.Value; v.ToJustify && !v.Justified && !v.Settled {
			remind(l, list, db.Delays, d, c, "delay")
		}
	}
	lessons, err := db.Lessons.Select(ctx, l.tx, c.within(tomorrow, tomorrow))
	for _, test := range held(lessons) {
		if test.Value.Test {
			remind(l, list, db.Lessons, test, c, "test")
		}
	}
	return err
}

func (l *lookup) remindOfSurveys(ctx context.Context, account string, list *[]Reminder) error {
	infos, err := db.Infos.Select(ctx, l.tx, db.Filter{Account: account})
	for _, info := range infos {
		v := info.Value
		if left := v.EndsOn.DaysSince(l.Now.Date); v.Survey && !v.Answered && !v.EndsOn.IsZero() && left >= 0 && left <= 1 {
			remind(l, list, db.Infos, info, Child{}, "survey")
		}
	}
	return err
}

func (l *lookup) remindOfLetters(ctx context.Context, account string, list *[]Reminder) error {
	letters, err := l.unread(ctx, account)
	for _, d := range letters {
		row := map[string]any{"author": d.Value.Creator, "subject": d.Value.Subject}
		data := map[string]any{"now": row, "of": map[string]string{"what": "message"}}
		*list = append(*list, Reminder{Account: account, UID: d.UID, Data: mirror.DataOf(data)})
	}
	return err
}

// sinceOf is the day on which the mirror saw a row change last.
func sinceOf[T any](item db.Item[T]) civil.Date { return item.Changed.Date }
