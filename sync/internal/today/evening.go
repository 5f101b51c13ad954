package today

import (
	"context"
	"slices"
	"time"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/sync/internal/wording"
)

// soon is how many days ahead the next day of school is told: from the eve of a long
// weekend to its end.
const soon = 5

// Tonight finds which digest the evening of the reader's day has: wording.Week on
// Sunday, none, "", on Saturday, and wording.Evening on the other days if there was
// school or will be on the next one.
func (r Reader) Tonight(ctx context.Context, tx *db.Tx) (wording.DigestKind, error) {
	today := r.Now.Date
	kind, from, to := wording.Evening, today, today.AddDays(1)
	switch today.Weekday() {
	case time.Saturday:
		return "", nil
	case time.Sunday:
		kind, from, to = wording.Week, today.AddDays(1), today.AddDays(7)
	}
	l, err := r.look(ctx, tx)
	if err != nil {
		return "", err
	}
	for _, c := range l.children {
		if days, err := l.schoolDays(ctx, c, from, to); err != nil || len(days) > 0 {
			return kind, err
		}
	}
	return "", nil
}

// Evening reads what there is to know of the next day of school. Day is zero where
// none is near.
func (r Reader) Evening(ctx context.Context, tx *db.Tx) (Digest, error) {
	return r.next(ctx, tx, wording.Evening, r.Now.Date.AddDays(1), soon)
}

// Morning reads what there is to know of the reader's day. Day is zero where it is none
// of school.
func (r Reader) Morning(ctx context.Context, tx *db.Tx) (Digest, error) {
	return r.next(ctx, tx, wording.Morning, r.Now.Date, 1)
}

// next reads the first day of school of some.
func (r Reader) next(ctx context.Context, tx *db.Tx, kind wording.DigestKind, from civil.Date, many int) (d Digest, err error) {
	l, err := r.look(ctx, tx)
	if err != nil {
		return d, err
	}
	d = l.digest(kind)
	at := make([][]civil.Date, len(l.children))
	for i, c := range l.children {
		if at[i], err = l.schoolDays(ctx, c, from.Monday(), from.AddDays(many+6)); err != nil {
			return d, err
		}
		for _, day := range at[i] {
			if day.Compare(from) >= 0 && day.DaysSince(from) < many && (d.Day.IsZero() || day.Compare(d.Day) < 0) {
				d.Day = day
			}
		}
	}
	for i, c := range l.children {
		inWeek := func(day civil.Date) bool { return day.Monday() == d.Day.Monday() }
		if d.Day.IsZero() || !slices.ContainsFunc(at[i], inWeek) {
			continue // in holidays of another zone
		}
		if err := l.addDay(ctx, &d, c, d.Day); err != nil {
			return d, err
		}
		if kind != wording.Morning {
			continue
		}
		if d.Children[len(d.Children)-1].Menu, err = l.lunch(ctx, c, d.Day); err != nil {
			return d, err
		}
	}
	return d, l.addUnsettled(ctx, &d)
}

// Unusual reports whether the day of a digest begins or ends at another hour than the
// timetable has it, for a child at least. What changes in between makes no other day.
func (d Digest) Unusual() bool {
	return slices.ContainsFunc(d.Children, func(p wording.Pupil) bool { return !p.UsualFrom.IsZero() })
}

// Empty reports whether the mirror has nothing to say but when the days begin and end
// as usual.
func (d Digest) Empty() bool {
	return len(d.Explain)+len(d.Sign)+len(d.Surveys) == 0 && !d.Unusual() && !slices.ContainsFunc(d.Children, func(p wording.Pupil) bool {
		return len(p.Changes) > 0 || len(p.Tests) > 0 || len(p.Work) > 0 || len(p.Ahead) > 0
	})
}
