package sync

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// addUp makes news of typing errors that are none any more together with those before
// them: each of them is silent, and compared with what people were told last, or saw
// first, the text may say something else.
func addUp(ctx context.Context, tx *db.Tx, events []db.Event) error {
	for i := range events {
		e := &events[i]
		if e.Minor != db.MinorTypo || e.Item == 0 {
			continue
		}
		untold, err := tx.Untold(ctx, e.Item, db.MinorTypo, silentMinors)
		if err != nil {
			return err
		}
		if data, more := sum(append(untold, *e)); more {
			e.Minor, e.Data = "", data
		}
	}
	return nil
}

// sum is what some typing errors of one row come to, and whether that is more than one.
func sum(typos []db.Event) (data json.RawMessage, more bool) {
	texts := map[string]bool{} // the columns in which they are
	for i, e := range typos {
		var t mirror.Telling
		if json.Unmarshal(e.Data, &t) != nil {
			return nil, false
		}
		for column, before := range object(t.Before) {
			texts[column] = texts[column] || isTypo(before, object(t.Now)[column])
		}
		if i == 0 {
			data = e.Data
			continue
		}
		_, data, _ = join(db.Event{Kind: e.Kind, Data: data}, e)
	}
	var all mirror.Telling
	if json.Unmarshal(data, &all) != nil {
		return nil, false
	}
	was, is := object(all.Before), object(all.Now)
	return data, slices.ContainsFunc(all.What, func(column string) bool { return texts[column] && !isTypo(was[column], is[column]) })
}

// isTypo reports whether two values are texts that say the same but for a typing error.
func isTypo(before, now any) bool {
	was, isText := before.(string)
	is, isTextToo := now.(string)
	return isText && isTextToo && mirror.Typo(was, is)
}
