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
	detentions := partsOf(db.Detentions, moves)
	tell := func(kind Kind, t telling) {
		t.Parts = detentions[t.item]
		switch {
		case kind == Added:
			o.events = append(o.events, t.event("punishment.new", whole.owner))
		case kind == Changed && (t.touches(punishmentColumns) || t.partsTouch(detentionColumns)):
			o.events = append(o.events, t.event("punishment.changed", whole.owner))
		}
	}
	told := map[int64]bool{}
	for _, c := range changes {
		told[c.Item] = true
		tell(c.Kind, tellingOf(db.Punishments, c))
	}
	for i, item := range whole.items {
		if !told[item] { // nothing changed, or only a detention
			tell(Changed, telling{Now: db.Punishments.JSON(whole.rows[i]), item: item})
		}
	}
	total.add(o)
	return nil
}
