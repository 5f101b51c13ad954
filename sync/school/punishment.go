package school

import (
	"context"
	"slices"
	"strconv"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// punishmentNews leaves out that a parent has confirmed a punishment, and that a
// detention is over.
var punishmentNews = mirror.WholesNews[pronote.Punishment]{
	Family:  "punishment",
	Columns: []string{"kind", "nature", "reasons", "circumstances", "homework", "comment", "minutes", "starts_at", "ends_at", "barred_from"},
	OfParts: []string{"held_on", "starts_at", "minutes"},
	Texts:   punishmentTexts,
}

// punishmentTexts are what is said of a punishment; the other columns are what it is.
var punishmentTexts = []string{"reasons", "circumstances", "homework", "comment"}

// causeOf is what a punishment and its detentions on the timetable have in common.
func causeOf(punishment int64) string { return "punishment " + strconv.FormatInt(punishment, 10) }

// weighPunishment says on which day a punishment is served next, if on any, and whether
// nothing changed but what is said of it.
func weighPunishment(p pronote.Punishment, t mirror.Telling, at pronote.DateTime, e *db.Event) {
	e.Cause, e.Day = causeOf(t.Item), p.StartsAt.Date
	for _, d := range p.Detentions {
		if d.HeldOn.Compare(at.Date) >= 0 && (e.Day.IsZero() || e.Day.Compare(at.Date) < 0 || d.HeldOn.Compare(e.Day) < 0) {
			e.Day = d.HeldOn
		}
	}
	onlyFiles := e.Kind == "punishment.changed" && t.Files != nil && t.Parts == nil && !t.Touches(punishmentNews.Columns)
	if e.Minor == "" && (onlyFiles || t.Only(punishmentNews.Columns, punishmentTexts...)) {
		e.Minor = db.MinorText
	}
}

// storePunishments stores the punishments with their detentions and attachments,
// and tells of all at once: a punishment whose detention moved has changed.
func (s lifeSnapshot) storePunishments(ctx context.Context, tx *db.Tx, at pronote.DateTime, total *mirror.Outcome) error {
	whole := &s.punishments
	if whole.Rows == nil {
		return nil
	}
	mirror.ConsistsOf(whole, func(p *pronote.Punishment) *[]pronote.Attachment { return &p.Attachments }, db.Attachments)
	detentions := &mirror.Parts[pronote.Punishment, pronote.Detention]{
		Of: func(p pronote.Punishment) []pronote.Detention { return p.Detentions }, Table: db.Detentions, Matcher: detentionMatcher,
	}
	files := mirror.AttachmentsOf(func(p pronote.Punishment) mirror.Attached {
		return mirror.Attached{List: p.Attachments, Day: p.GivenOn}
	})
	whole.Children = []mirror.Child[pronote.Punishment]{detentions, files}
	changes, o, err := whole.Store(ctx, tx, at)
	if err != nil {
		return err
	}
	news := punishmentNews
	news.Weigh = func(p pronote.Punishment, t mirror.Telling, e *db.Event) { weighPunishment(p, t, at, e) }
	o.Events = news.Announce(whole, changes, detentions.Told(), files.Told())
	total.Add(o)
	return rejoin(ctx, tx, whole, o.Events)
}

// rejoin makes the detentions that the timetable showed first one with the punishments
// that come: who waits for both gets one message.
func rejoin(ctx context.Context, tx *db.Tx, all *mirror.List[pronote.Punishment], events []db.Event) error {
	for i, item := range all.Items {
		if !slices.ContainsFunc(events, func(e db.Event) bool { return e.Item == item && e.Kind != "punishment.removed" }) {
			continue
		}
		for _, d := range all.Rows[i].Detentions {
			if err := tx.Rejoin(ctx, all.Owner.Student, d.HeldOn, d.StartsAt, causeOf(item)); err != nil {
				return err
			}
		}
	}
	return nil
}
