package db

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// OpenToAsk is OpenReadOnly for statements of people, which can write nothing however
// they try.
func OpenToAsk(ctx context.Context, path string) (store *Store, err error) {
	if store, err = openToRead(ctx, path, asking); err != nil {
		return nil, err
	}
	// An attached file would be open for writing, even the mirror itself. The limit is
	// of a connection, so there must be no other.
	store.readers.SetMaxOpenConns(1)
	conn, err := store.readers.Conn(ctx)
	if err == nil {
		_, err = sqlite.Limit(conn, sqlite3.SQLITE_LIMIT_ATTACHED, 0)
		err = errors.Join(err, conn.Close())
	}
	if err != nil {
		return nil, errors.Join(explain(path, err), store.Close())
	}
	return store, nil
}

// Ask runs a person's statement, and calls each with every row of its answer. The slice of
// values is its to keep. An error of SQLite about the statement itself passes unchanged.
func (tx *Tx) Ask(ctx context.Context, statement string, each func(columns []string, values []any) error) (columns []string, err error) {
	rows, err := tx.tx.QueryContext(ctx, statement)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	if columns, err = rows.Columns(); err != nil {
		return nil, err
	}
	for rows.Next() {
		values, pointers := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			pointers[i] = &values[i]
		}
		if err := rows.Scan(pointers...); err != nil {
			return nil, err
		}
		if err := each(columns, values); err != nil {
			return nil, err
		}
	}
	return columns, rows.Err()
}

// Views names the views of the contract, in order of their names.
func (tx *Tx) Views(ctx context.Context) (names []string, err error) {
	_, err = tx.Ask(ctx, `SELECT name FROM sqlite_schema WHERE type = 'view' AND name NOT LIKE '\_%' ESCAPE '\' ORDER BY name`, func(_ []string, values []any) error {
		name, ok := values[0].(string)
		if !ok {
			return fmt.Errorf("a view is named %v", values[0])
		}
		names = append(names, name)
		return nil
	})
	return names, err
}

// Quoted is a name as SQL writes it.
func Quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
