package today

import (
	"cmp"
	"context"
	"slices"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/sync/internal/wording"
)

// stale is for how many days what nobody explains is repeated.
const stale = 14

// addUnsettled adds what wants an answer: absences and lateness to explain, surveys.
// What somebody has seen is left out.
func (l *lookup) addUnsettled(ctx context.Context, d *Digest) error {
	for _, c := range l.children {
		f := c.within(l.Now.Date.AddDays(-stale), l.Now.Date.AddDays(1))
		absences, err := db.Absences.Select(ctx, l.tx, f)
		if err != nil {
			return err
		}
		for _, a := range absences {
			if v := a.Value; v.ToJustify && !v.Justified && !v.Settled && !l.seen[a.UID] {
				d.Explain = append(d.Explain, wording.Unsettled{Child: c.Name, From: v.StartsAt, To: v.EndsAt})
				d.say(a.UID)
			}
		}
		delays, err := db.Delays.Select(ctx, l.tx, f)
		if err != nil {
			return err
		}
		for _, late := range delays {
			if v := late.Value; v.ToJustify && !v.Justified && !v.Settled && !l.seen[late.UID] {
				d.Explain = append(d.Explain, wording.Unsettled{Child: c.Name, Late: true, Minutes: v.Minutes, From: v.StartsAt})
				d.say(late.UID)
			}
		}
	}
	slices.SortStableFunc(d.Explain, func(a, b wording.Unsettled) int { return a.From.Compare(b.From) })
	return l.addSurveys(ctx, d)
}

// addSurveys adds those that nobody has answered and that are still open. One that is
// shown to several children alike is said once.
func (l *lookup) addSurveys(ctx context.Context, d *Digest) error {
	for _, account := range l.Accounts {
		infos, err := db.Infos.Select(ctx, l.tx, db.Filter{Account: account})
		if err != nil {
			return err
		}
		for _, info := range infos {
			v, today := info.Value, l.Now.Date
			child := slices.IndexFunc(l.children, func(c Child) bool { return c.Account == account && c.Student == info.Student })
			begun := v.StartsOn.IsZero() || v.StartsOn.Compare(today) <= 0
			open := v.EndsOn.IsZero() || v.EndsOn.Compare(today) >= 0
			if !v.Survey || v.Answered || !begun || !open || l.seen[info.UID] || child < 0 && info.Student != "" {
				continue
			}
			survey := wording.Survey{Title: v.Title, Until: v.EndsOn}
			if child >= 0 {
				survey.Child = l.children[child].Name
			}
			d.say(info.UID)
			if i := slices.IndexFunc(d.Surveys, func(s wording.Survey) bool { return s.Title == survey.Title && s.Until == survey.Until }); i >= 0 {
				if d.Surveys[i].Child != survey.Child {
					d.Surveys[i].Child = "" // it is the family's
				}
				continue
			}
			d.Surveys = append(d.Surveys, survey)
		}
	}
	slices.SortStableFunc(d.Surveys, func(a, b wording.Survey) int { return cmp.Compare(a.Until.String(), b.Until.String()) })
	return nil
}
