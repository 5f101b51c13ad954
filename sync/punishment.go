package sync

import (
	"context"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
)

// The columns whose change people want to know: not that a parent has confirmed
// a punishment, nor that a detention is over.
var (
	punishmentColumns = []string{"kind", "nature", "reasons", "circumstances", "homework", "comment", "minutes", "starts_at", "ends_at", "barred_from"}
	detentionColumns  = []string{"held_on", "starts_at", "minutes"}
)

// storePunishments stores the punishments and their detentions, and tells of
// both at once: a punishment whose detention moved has changed.
func (s lifeSnapshot) storePunishments(ctx context.Context, tx *db.Tx, at pronote.DateTime, total *outcome) error {
	whole := &s.punishments
	if whole.rows == nil {
		return nil
	}
	changes, o, err := whole.store(ctx, tx, at)
	if err != nil {
		return err
	}
	moves, parts, err := storeParts(ctx, tx, at, whole, func(p pronote.Punishment) []pronote.Detention { return p.Detentions }, db.Detentions, detentionMatcher)
	if err != nil {
		return err
	}
	o.add(parts)
	o.events = announceWholes(whole, changes, partsOf(db.Detentions, moves), "punishment", punishmentColumns, detentionColumns)
	total.add(o)
	return nil
}
