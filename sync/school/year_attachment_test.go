package school

import (
	"encoding/json"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/pronote/pronotetest/world"
)

// followAttachments moves the model of the attachments of one domain to the
// truth, within a span.
func followAttachments[T any](y *year, whole db.Table[T], owner db.Owner, span db.Span, truth []world.Row[T],
	place func(T) string, of func(T) []pronote.Attachment,
) {
	table := db.Attachments
	table.Name += "/" + whole.Name // the model of other domains is another
	followParts(y, whole, owner, span, truth, place, table, of)
}

// mirroredAttachments reads the attachments of one domain.
func mirroredAttachments[T any](whole db.Table[T]) func(y *year, tx *db.Tx, owner db.Owner) ([]string, error) {
	return func(y *year, tx *db.Tx, owner db.Owner) (list []string, err error) {
		rows, err := whole.Load(y.t.Context(), tx, owner.Student, db.Span{})
		if err != nil {
			return nil, err
		}
		names, items := map[int64]json.RawMessage{}, []int64(nil)
		for _, row := range rows {
			names[row.ID], items = whole.JSON(row.Value), append(items, row.ID)
		}
		parts, err := db.Attachments.LoadParts(y.t.Context(), tx, items)
		for _, part := range parts {
			list = append(list, partOf(names[part.Value.Of], db.Attachments.JSON(part.Value)))
		}
		return list, err
	}
}
