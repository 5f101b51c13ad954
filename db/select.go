package db

import (
	"context"
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
// which it is listed, or that of uid where other rows decide about that. A value that is part of another row has that row's item.
func (t *Table[T]) Select(ctx context.Context, tx *Tx, f Filter) ([]Item[T], error) {
	return t.selectFrom(ctx, tx, t.Name, f)
}

// SelectAt reads what the view showed at an instant.
func (t *Table[T]) SelectAt(ctx context.Context, tx *Tx, f Filter, at pronote.DateTime) ([]Item[T], error) {
	return t.selectFrom(ctx, tx, `(
		SELECT h.*, item.first_seen_at, h.valid_from AS changed_at
		FROM `+t.Name+`_history AS h JOIN _item AS item ON item.uid = h.uid
		WHERE h.valid_from <= ?1 AND coalesce(h.valid_to, '9999') > ?1)`, f, at.String())
}

// selectFrom selects from what has the columns of the view.
func (t *Table[T]) selectFrom(ctx context.Context, tx *Tx, from string, f Filter, args ...any) (items []Item[T], err error) {
	view := t.Listed()
	if view.joined {
		view.when, view.order = "first_seen_at", "uid"
	}
	narrowed, narrowing := view.listed(f)
	var item Item[T]
	into := append([]any{&item.UID, &item.Account, &item.Student, (*instant)(&item.FirstSeen), (*instant)(&item.Changed)}, t.fields(&item.Value)...)
	query := selection(t.Parent, t.Columns) + from + narrowed
	err = scanAll(ctx, tx, query, append(args, narrowing...), into, func(scan func() error) error {
		item = Item[T]{}
		err := scan()
		items = append(items, item)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("select %s: %w", t.Name, err)
	}
	return items, nil
}

// selection names the columns of a view that make an Item.
func selection(parent string, columns []string) string {
	if parent != "" {
		of := "(SELECT id FROM _item WHERE _item.uid = " + strings.TrimSuffix(parent, "_id") + "_uid)"
		columns = append([]string{of}, columns...)
	}
	return "SELECT uid, account, student, first_seen_at, changed_at, " + strings.Join(columns, ", ") + " FROM "
}
