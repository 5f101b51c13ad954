package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"

	"github.com/pressly/goose/v3"

	"github.com/pronote-sync/pronote-sync/migrations"
)

// migrate brings the file to the schema of this program. It has a connection of
// its own, without foreign keys: rebuilding a table with them on would delete
// its children.
func migrate(ctx context.Context, path string) (err error) {
	conn, err := sql.Open("sqlite", dsn(path, "_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	conn.SetMaxOpenConns(1)

	provider, err := provider(conn)
	if err != nil {
		return err
	}
	current, target, err := provider.GetVersions(ctx)
	switch {
	case err != nil:
		return err
	case current > target:
		return ErrNewer
	case current == target:
		return nil
	}
	if current > 0 {
		if err := keepCopy(ctx, conn, path, current); err != nil {
			return err
		}
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	return checkForeignKeys(ctx, conn)
}

func provider(conn *sql.DB) (*goose.Provider, error) {
	return goose.NewProvider(goose.DialectSQLite3, conn, migrations.FS)
}

// checkVersion refuses a file whose schema is not exactly ours.
func checkVersion(ctx context.Context, conn *sql.DB) error {
	var current int64
	err := conn.QueryRowContext(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version`).Scan(&current)
	if err != nil {
		return fmt.Errorf("%w (%w)", ErrCorrupt, err)
	}
	provider, err := provider(conn)
	if err != nil {
		return err
	}
	sources := provider.ListSources()
	target := sources[len(sources)-1].Version
	switch {
	case current > target:
		return ErrNewer
	case current < target:
		return ErrOlder
	}
	return nil
}

// keepCopy writes the mirror, as it is before a migration, beside it.
func keepCopy(ctx context.Context, conn *sql.DB, path string, version int64) error {
	backup := fmt.Sprintf("%s.schema-%d", path, version)
	if err := os.Remove(backup); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err // the copy of an attempt that failed
	}
	if err := copyTo(ctx, conn, backup); err != nil {
		return fmt.Errorf("copy before the migration: %w", err)
	}
	return nil
}

// copyTo writes a copy for its owner's eyes only.
func copyTo(ctx context.Context, conn *sql.DB, path string) error {
	// VACUUM INTO keeps the rights of a file that exists and is empty.
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, `VACUUM INTO ?`, path)
	return err
}

func checkForeignKeys(ctx context.Context, conn *sql.DB) error {
	var table string
	err := conn.QueryRowContext(ctx, `SELECT "table" FROM pragma_foreign_key_check LIMIT 1`).Scan(&table)
	if errors.Is(err, sql.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return fmt.Errorf("migrate the database: rows of table %s lost what they refer to", table)
}
