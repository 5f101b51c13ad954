package sync

import (
	"context"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
)

// punishmentNews leaves out that a parent has confirmed a punishment, and that a
// detention is over.
var punishmentNews = wholesNews[pronote.Punishment]{
	family:  "punishment",
	columns: []string{"kind", "nature", "reasons", "circumstances", "homework", "comment", "minutes", "starts_at", "ends_at", "barred_from"},
	ofParts: []string{"held_on", "starts_at", "minutes"},
}

// storePunishments stores the punishments, their detentions and what hangs on
// them, and tells of all at once: a punishment whose detention moved has changed.
func (s lifeSnapshot) storePunishments(ctx context.Context, tx *db.Tx, at pronote.DateTime, total *outcome) error {
	whole := &s.punishments
	if whole.rows == nil {
		return nil
	}
	consistsOf(whole, func(p *pronote.Punishment) *[]pronote.Attachment { return &p.Attachments }, db.Attachments)
	detentions := &parts[pronote.Punishment, pronote.Detention]{
		of: func(p pronote.Punishment) []pronote.Detention { return p.Detentions }, table: db.Detentions, matcher: detentionMatcher,
	}
	files := attachmentsOf(func(p pronote.Punishment) attached { return attached{p.Attachments, "", p.GivenOn} })
	whole.children = []child[pronote.Punishment]{detentions, files}
	changes, o, err := whole.store(ctx, tx, at)
	if err != nil {
		return err
	}
	o.events = punishmentNews.announce(whole, changes, detentions.told(), files.told())
	total.add(o)
	return nil
}
