package today

import (
	"context"
	"slices"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
	"github.com/pronote-sync/pronote-sync/sync/internal/wording"
)

// longestSilence bounds how far back days of school are counted.
const longestSilence = 60

// Silence reads what changed last of what a reader follows, and on how many days of
// school since nothing did, the reader's included, at most those of 60 days. It is 0
// while a first mirror is incomplete.
func (r Reader) Silence(ctx context.Context, tx *db.Tx) (d Digest, days int, err error) {
	l, err := r.look(ctx, tx)
	if err != nil {
		return d, 0, err
	}
	d = l.digest(wording.Silence)
	accounts, err := r.accounts(ctx, tx)
	if err != nil {
		return d, 0, err
	}
	since := r.Now.Date.AddDays(-longestSilence)
	var last *db.Recent
	for _, a := range accounts {
		if a.MirroredAt.IsZero() {
			return d, 0, nil
		}
		since = later(since, a.MirroredAt.Date)
		changed, err := tx.LastChange(ctx, a.Name)
		if err != nil {
			return d, 0, err
		}
		if changed != nil && (last == nil || changed.At.Compare(last.At) > 0) {
			last = changed
		}
	}
	if last != nil {
		since = later(since, last.At.Date)
		d.LastDay, d.LastEvent = last.At.Date, l.eventOf(*last)
	}
	days, err = l.countSchoolDays(ctx, since.AddDays(1), r.Now.Date)
	return d, days, err
}

func later(a, b civil.Date) civil.Date {
	if a.Compare(b) > 0 {
		return a
	}
	return b
}

// families are what the events about rows of the domains are called.
var families = map[string]string{
	"marks": "mark", "averages": "average", "homework": "homework", "lessons": "lesson", "evaluations": "evaluation", "skills": "evaluation",
	"absences": "absence", "delays": "delay", "punishments": "punishment", "detentions": "punishment", "observations": "observation",
	"infos": "info", "messages": "message", "discussions": "message", "menus": "menu", "reports": "report", "report_subjects": "report",
	"agenda": "agenda", "wallets": "wallet", "persons": "person",
}

// eventOf is a change as the event that would have told it; its Kind is "" for a row
// that no event is about.
func (l *lookup) eventOf(c db.Recent) (e wording.Event) {
	family, turn := families[c.Domain], map[string]string{"added": "new", "changed": "changed", "removed": "removed"}[c.Kind]
	if family == "" {
		return e
	}
	if i := slices.IndexFunc(l.children, func(child Child) bool { return child.Account == c.Account && child.Student == c.Student }); i >= 0 {
		e.Child = l.children[i].Name
	}
	e.Kind = family + "." + turn
	e.Data = mirror.DataOf(map[string]any{"now": map[string]string{"subject": c.Subject, "title": c.Title}})
	return e
}

// countSchoolDays counts the days on which a child at least has school.
func (l *lookup) countSchoolDays(ctx context.Context, from, to civil.Date) (int, error) {
	all := map[civil.Date]bool{}
	for _, c := range l.children {
		days, err := l.schoolDays(ctx, c, from, to)
		if err != nil {
			return 0, err
		}
		for _, day := range days {
			all[day] = true
		}
	}
	return len(all), nil
}
