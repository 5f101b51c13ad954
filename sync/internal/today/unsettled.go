package today

import (
	"cmp"
	"context"
	"slices"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/sync/internal/wording"
)

// stale is for how many days what nobody explains is repeated.
const stale = 14

// addUnsettled adds what wants somebody: absences and lateness to explain, what is to be
// signed, letters, surveys. What somebody has seen is left out.
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
	if err := l.addUnsigned(ctx, d); err != nil {
		return err
	}
	if err := l.addUnread(ctx, d); err != nil {
		return err
	}
	return l.addSurveys(ctx, d)
}

// addUnsigned adds what the school wants parents to confirm: punishments, observations,
// and notices that are no surveys.
func (l *lookup) addUnsigned(ctx context.Context, d *Digest) error {
	for _, c := range l.children {
		if !c.OfParent {
			continue
		}
		f := c.within(l.Now.Date.AddDays(-stale), l.Now.Date)
		punishments, err := db.Punishments.Select(ctx, l.tx, f)
		if err != nil {
			return err
		}
		for _, p := range punishments {
			if v := p.Value; v.ReceiptWanted && !v.ReceiptGiven && !l.seen[p.UID] {
				d.Sign = append(d.Sign, wording.Unsigned{Child: c.Name, Kind: "punishment", Title: v.Nature, Day: v.GivenOn})
			}
		}
		observations, err := db.Observations.Select(ctx, l.tx, f)
		if err != nil {
			return err
		}
		for _, o := range observations {
			if v := o.Value; v.ReceiptWanted && !v.Read && !l.seen[o.UID] {
				d.Sign = append(d.Sign, wording.Unsigned{Child: c.Name, Kind: "observation", Title: v.Title, Day: v.GivenOn})
			}
		}
	}
	return l.addUnconfirmed(ctx, d)
}

// addUnconfirmed adds the notices of the last days that ask for a confirmation. One that
// several children have alike is said once.
func (l *lookup) addUnconfirmed(ctx context.Context, d *Digest) error {
	for _, account := range l.Accounts {
		asks, err := l.asking(ctx, account)
		if err != nil {
			return err
		}
		infos, err := db.Infos.Select(ctx, l.tx, db.Filter{Account: account})
		if err != nil {
			return err
		}
		for _, info := range infos {
			v, age := info.Value, l.Now.Date.DaysSince(sinceOf(info))
			child := slices.IndexFunc(l.children, func(c Child) bool { return c.Account == account && c.Student == info.Student })
			if v.Survey || !asks[info.UID] || age > stale || l.seen[info.UID] || child < 0 && info.Student != "" {
				continue
			}
			notice := wording.Unsigned{Kind: "info", Title: v.Title}
			if !slices.Contains(d.Sign, notice) {
				d.Sign = append(d.Sign, notice)
			}
		}
	}
	return nil
}

// asking are the notices of an account that ask for a confirmation, by uid.
func (l *lookup) asking(ctx context.Context, account string) (map[string]bool, error) {
	questions, err := l.tx.List(ctx, db.Questions.Listed(), db.Filter{Account: account})
	asks := map[string]bool{}
	for _, q := range questions {
		if uid, ok := q["info_uid"].(string); ok && q["kind"] == "acknowledgement" && q["expected"] == int64(1) && q["answered"] == int64(0) {
			asks[uid] = true
		}
	}
	return asks, err
}

// addUnread adds the letters that nobody has opened for some days.
func (l *lookup) addUnread(ctx context.Context, d *Digest) error {
	for _, account := range l.Accounts {
		letters, err := l.unread(ctx, account)
		if err != nil {
			return err
		}
		for _, letter := range letters {
			d.Unread = append(d.Unread, letter.Value.Creator)
		}
	}
	return nil
}

// unread are the discussions of an account with what nobody has opened for some days, and
// nobody says to have seen.
func (l *lookup) unread(ctx context.Context, account string) (list []db.Item[pronote.Discussion], err error) {
	discussions, err := db.Discussions.Select(ctx, l.tx, db.Filter{Account: account})
	for _, d := range discussions {
		age := l.Now.Date.DaysSince(sinceOf(d))
		if d.Value.Unread > 0 && age >= remindUnread && age <= unreadFor && !l.seen[d.UID] {
			list = append(list, d)
		}
	}
	return list, err
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
