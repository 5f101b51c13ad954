package school

import (
	"context"

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
	o.Events = punishmentNews.Announce(whole, changes, detentions.Told(), files.Told())
	total.Add(o)
	return nil
}
