package db

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
)

// migrate brings the file to the schema that steps build. It has a connection
// of its own, without foreign keys: rebuilding a table with them on would delete
// its children. A step is taken whole or not at all.
func migrate(ctx context.Context, path string, steps fs.FS) (err error) {
	conn, err := sql.Open("sqlite", dsn(path, patient+"&_pragma=synchronous(FULL)"))
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, conn.Close()) }()
	conn.SetMaxOpenConns(1)

	current, err := schemaVersion(ctx, conn)
	if err != nil {
		return err
	}
	provider, newest, err := provide(conn, steps)
	switch {
	case err != nil:
		return err
	case current > newest:
		return ErrNewer
	case current == newest:
		return nil
	}
	if current > 0 {
		if err := keepCopy(ctx, path, current); err != nil {
			return fmt.Errorf("copy before the migration: %w", err)
		}
	}
	_, err = provider.Up(ctx)
	if err == nil || ctx.Err() != nil || causeOf(err) != nil {
		return err
	}
	return fmt.Errorf("the database %s cannot be used: %w (%w)", path, ErrMigration, err)
}

// provide prepares the steps and names the last.
func provide(conn *sql.DB, steps fs.FS) (*goose.Provider, int64, error) {
	store, err := database.NewStore(database.DialectSQLite3, goose.DefaultTablename)
	if err != nil {
		return nil, 0, err
	}
	provider, err := goose.NewProvider(goose.DialectCustom, conn, steps, goose.WithStore(checkedStore{store}))
	if err != nil {
		return nil, 0, err
	}
	sources := provider.ListSources()
	return provider, sources[len(sources)-1].Version, nil
}

// A checkedStore records a step that was taken only if no row lost what it
// refers to. The step and its record share a transaction, and are undone
// together.
type checkedStore struct{ database.Store }

func (s checkedStore) Insert(ctx context.Context, tx database.DBTxConn, r database.InsertRequest) error {
	var table string
	err := tx.QueryRowContext(ctx, `SELECT "table" FROM pragma_foreign_key_check LIMIT 1`).Scan(&table)
	if err == nil {
		return fmt.Errorf("rows of table %s lost what they refer to", table)
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	return s.Store.Insert(ctx, tx, r)
}

// schemaVersion is the last step that a file has taken, 0 for an empty file.
// The database of another program is refused.
func schemaVersion(ctx context.Context, conn *sql.DB) (version int64, err error) {
	var all, ours int
	err = conn.QueryRowContext(ctx, `SELECT count(*), count(*) FILTER (WHERE name = 'goose_db_version') FROM sqlite_schema`).Scan(&all, &ours)
	switch {
	case err != nil || all == 0:
		return 0, err
	case ours == 0:
		return 0, ErrCorrupt
	}
	err = conn.QueryRowContext(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version`).Scan(&version)
	return version, err
}

// checkVersion refuses a file whose schema is not exactly ours.
func checkVersion(ctx context.Context, conn *sql.DB, steps fs.FS) error {
	current, err := schemaVersion(ctx, conn)
	if err != nil {
		return err
	}
	_, newest, err := provide(conn, steps)
	switch {
	case err != nil:
		return err
	case current > newest:
		return ErrNewer
	case current == 0:
		return ErrMissing
	case current < newest:
		return ErrOlder
	}
	return nil
}

// keepCopy writes the mirror, as it is before a migration, beside it.
func keepCopy(ctx context.Context, path string, version int64) error {
	kept := fmt.Sprintf("%s.schema-%d", path, version)
	if err := os.Remove(kept); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err // the copy of an attempt that failed
	}
	return copyTo(ctx, path, kept)
}

// copyTo writes a copy for its owner's eyes only. It has a connection of its
// own, since one that cannot write cannot copy either.
func copyTo(ctx context.Context, from, to string) (err error) {
	// VACUUM INTO keeps the rights of a file that exists and is empty.
	file, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return explain(to, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(to))
		}
	}()
	if err := file.Close(); err != nil {
		return explain(to, err)
	}
	conn, err := sql.Open("sqlite", dsn(from, patient))
	if err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, `VACUUM INTO ?`, to)
	return explain(from, cmp.Or(err, conn.Close()))
}
