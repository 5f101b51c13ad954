package db

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/pronote-sync/pronote-sync/pronote"
)

// An Item is what the mirror shows of one thing, with its name for other programs.
type Item[T any] struct {
	UID              string
	Account, Student string // as the views name them; Student is "" for the holder's
	FirstSeen        pronote.DateTime
	Changed          pronote.DateTime // when it took on Value
	Value            T
}

// Select reads what the view of a table shows, narrowed by a filter, in the order in
// which it is listed. A value that is part of another row has that row's item.
func (t Table[T]) Select(ctx context.Context, tx *Tx, f Filter) (items []Item[T], err error) {
	columns := make([]string, 0, len(t.Columns)+1)
	if t.Parent != "" {
		columns = append(columns, "(SELECT id FROM _item WHERE _item.uid = "+strings.TrimSuffix(t.Parent, "_id")+"_uid)")
	}
	columns = append(columns, t.Columns...)
	narrowed, args := t.Listed().listed(f)
	query := "SELECT uid, account, student, first_seen_at, changed_at, " + strings.Join(columns, ", ") + " FROM " + t.Name + narrowed
	rows, err := tx.query(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("select %s: %w", t.Name, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var item Item[T]
	into := append([]any{&item.UID, &item.Account, &item.Student, (*instant)(&item.FirstSeen), (*instant)(&item.Changed)}, t.fields(&item.Value)...)
	for rows.Next() {
		item = Item[T]{}
		if err := rows.Scan(into...); err != nil {
			return nil, fmt.Errorf("select %s: %w", t.Name, err)
		}
		items = append(items, item)
	}
	return items, rows.Err()
}
