package today

import (
	"context"
	"slices"
	"time"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/sync/internal/wording"
)

// Week reads what the seven days after the reader's hold, and what the week of the
// reader's day has brought.
func (r Reader) Week(ctx context.Context, tx *db.Tx) (d Digest, err error) {
	l, err := r.look(ctx, tx)
	if err != nil {
		return d, err
	}
	d = l.digest(wording.Week)
	tomorrow, end := r.Now.Date.AddDays(1), r.Now.Date.AddDays(7)
	for _, c := range l.children {
		days, err := l.schoolDays(ctx, c, tomorrow, end)
		if err != nil {
			return d, err
		}
		if len(days) > 0 && (d.Day.IsZero() || days[0].Compare(d.Day) < 0) {
			d.Day = days[0]
		}
		if len(days) > 0 && days[len(days)-1].Compare(d.Last) > 0 {
			d.Last = days[len(days)-1]
		}
		if err := l.addDay(ctx, &d, c, tomorrow); err != nil {
			return d, err
		}
		p := &d.Children[len(d.Children)-1]
		if p.Ahead, err = l.ahead(ctx, &d, c, tomorrow, end); err != nil {
			return d, err
		}
		if p.Past, err = l.past(ctx, c); err != nil {
			return d, err
		}
	}
	return d, l.addUnsettled(ctx, &d)
}

// ahead are the tests, outings, councils and work of a child in some days, by day.
// Class councils are not for pupils.
func (l *lookup) ahead(ctx context.Context, d *Digest, c Child, from, to civil.Date) (list []wording.Ahead, err error) {
	lessons, err := db.Lessons.Select(ctx, l.tx, c.within(from, to))
	if err != nil {
		return nil, err
	}
	for _, one := range held(lessons) {
		v := one.Value
		a := wording.Ahead{Day: v.Starts.Date, Kind: "test", Subject: name(v)}
		switch {
		case v.Outing:
			a.Kind, a.Subject, a.From, a.To = "outing", v.Title, v.Starts, v.Ends
		case !v.Test || v.Kind == "council":
			continue
		}
		list = append(list, a)
		d.say(one.UID)
	}
	work, err := db.Homework.Select(ctx, l.tx, c.within(from, to))
	if err != nil {
		return nil, err
	}
	for _, w := range work {
		d.say(w.UID)
		a := wording.Ahead{Day: w.Value.DueOn, Kind: "homework", Subject: w.Value.Subject}
		if !w.Value.Done && !slices.Contains(list, a) { // two pieces of one subject are named once
			list = append(list, a)
		}
	}
	councils, err := l.councils(ctx, d, c, from, to)
	list = append(list, councils...)
	slices.SortStableFunc(list, func(a, b wording.Ahead) int { return a.Day.Compare(b.Day) })
	return list, err
}

func (l *lookup) councils(ctx context.Context, d *Digest, c Child, from, to civil.Date) (list []wording.Ahead, err error) {
	if !c.OfParent {
		return nil, nil
	}
	agenda, err := db.Agenda.Select(ctx, l.tx, c.within(from, to))
	if err != nil {
		return nil, err
	}
	for _, entry := range agenda {
		if v := entry.Value; v.Council {
			list = append(list, wording.Ahead{Day: v.Starts.Date, Kind: "council", Subject: v.Title})
			d.say(entry.UID)
		}
	}
	return list, nil
}

// past counts what the week of the reader's day has brought a child.
func (l *lookup) past(ctx context.Context, c Child) (p wording.Past, err error) {
	monday := l.Now.Date.Monday()
	f := c.within(monday, l.Now.Date)
	if p.Marks, err = l.newMarks(ctx, c, monday); err != nil {
		return p, err
	}
	if p.Before, err = overall(c)(db.Averages.SelectAt(ctx, l.tx, c.all(), civil.DateTime{Date: monday})); err != nil {
		return p, err
	}
	if p.Overall, err = l.overall(ctx, c); err != nil {
		return p, err
	}
	absences, err := db.Absences.Select(ctx, l.tx, f)
	if err != nil {
		return p, err
	}
	p.Absences = len(absences)
	for _, a := range absences {
		p.AbsentMinutes += int(a.Value.Hours.Value * 60)
	}
	delays, err := db.Delays.Select(ctx, l.tx, f)
	if err != nil {
		return p, err
	}
	p.Late = len(delays)
	for _, d := range delays {
		p.LateMinutes += d.Value.Minutes
	}
	lessons, err := db.Lessons.Select(ctx, l.tx, f)
	p.Lost = lostMinutes(lessons)
	return p, err
}

// newMarks counts the marks of a child that appeared since a day.
func (l *lookup) newMarks(ctx context.Context, c Child, since civil.Date) (n int, err error) {
	news, err := l.tx.News(ctx, db.Marks.Name, civil.DateTime{Date: since})
	if err != nil {
		return 0, err
	}
	marks, err := db.Marks.Select(ctx, l.tx, c.all())
	for _, m := range marks {
		if _, is := news[m.UID]; is {
			n++
		}
	}
	return n, err
}

// overall is the average of a child over all subjects in the current period, nil
// where it is unknown.
func (l *lookup) overall(ctx context.Context, c Child) (any, error) {
	return overall(c)(db.Averages.Select(ctx, l.tx, c.all()))
}

// overall finds that average among some.
func overall(c Child) func([]db.Item[pronote.Average], error) (any, error) {
	return func(items []db.Item[pronote.Average], err error) (any, error) {
		var found db.Item[pronote.Average]
		for _, a := range items {
			if a.Value.Subject == "" && (a.Value.Period == c.Period || c.Period == "") && a.Changed.Compare(found.Changed) >= 0 {
				found = a
			}
		}
		if !found.Value.Student.Known {
			return nil, err
		}
		return found.Value.Student.Value, err
	}
}

// lostMinutes are those of lessons that were cancelled without another in their place.
func lostMinutes(lessons []lesson) (minutes int) {
	taking := held(lessons)
	for _, l := range lessons {
		v := l.Value
		overlaps := func(other lesson) bool { return other.Value.Overlaps(v) }
		lost := v.Cancelled && v.Kind != "council" && !v.Outing && !v.Detention && v.Reason != "moved" && !v.Ends.IsZero()
		if lost && !slices.ContainsFunc(taking, overlaps) {
			minutes += int(v.Ends.In(time.UTC).Sub(v.Starts.In(time.UTC)) / time.Minute)
		}
	}
	return minutes
}
