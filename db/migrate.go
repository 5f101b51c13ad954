package db

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
)

// migrate brings the file to the schema that steps build. A step is taken whole or
// not at all. If several processes find the same old file, one migrates it and the
// others wait.
func migrate(ctx context.Context, path string, steps fs.FS) (err error) {
	if old, err := isOlder(ctx, path, steps); err != nil || !old {
		return err
	}
	// The folder is locked, since a file for it would stay behind, and a lock on the
	// database itself would be dropped whenever this process closes the file.
	lock := flock.New(filepath.Dir(path), flock.SetFlag(os.O_RDONLY))
	if _, err := lock.TryLockContext(ctx, 20*time.Millisecond); err != nil {
		return cmp.Or(ctx.Err(), fmt.Errorf("lock the folder: %w", err))
	}
	defer func() { err = cmp.Or(err, lock.Close()) }()
	if old, err := isOlder(ctx, path, steps); err != nil || !old {
		return err // another process has done it meanwhile
	}
	return takeSteps(ctx, path, steps)
}

// isOlder reports whether a file lacks some of the steps.
func isOlder(ctx context.Context, path string, steps fs.FS) (old bool, err error) {
	conn, err := openSQL(path, patient)
	if err != nil {
		return false, err
	}
	defer func() { err = cmp.Or(err, conn.Close()) }()
	err = checkVersion(ctx, conn, steps)
	if errors.Is(err, ErrMissing) || errors.Is(err, ErrOlder) {
		return true, nil
	}
	return false, err
}

// takeSteps takes what steps a file lacks. It has a connection of its own, without
// foreign keys: rebuilding a table with them on would delete its children.
func takeSteps(ctx context.Context, path string, steps fs.FS) (err error) {
	conn, err := openSQL(path, patient+"&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		return err
	}
	defer func() { err = cmp.Or(err, conn.Close()) }()
	conn.SetMaxOpenConns(1)

	current, err := schemaVersion(ctx, conn, steps)
	if err != nil {
		return err
	}
	if current > 0 {
		if err := keepCopy(ctx, path, current); err != nil {
			return fmt.Errorf("copy before the migration: %w", err)
		}
	}
	provider, _, err := provide(conn, steps)
	if err != nil {
		return err
	}
	_, err = provider.Up(ctx)
	if err == nil || ctx.Err() != nil || causeOf(err) != nil {
		return err
	}
	return fmt.Errorf("the database %s cannot be used: %w (%w)", path, ErrMigration, err)
}

// provide prepares the steps and names the last.
func provide(conn *sql.DB, steps fs.FS) (*goose.Provider, int64, error) {
	store, err := database.NewStore(database.DialectSQLite3, "_schema")
	if err != nil {
		return nil, 0, err
	}
	provider, err := goose.NewProvider(goose.DialectCustom, conn, steps, goose.WithStore(checkedStore{store, steps}))
	if err != nil {
		return nil, 0, err
	}
	sources := provider.ListSources()
	return provider, sources[len(sources)-1].Version, nil
}

// A checkedStore keeps the table _schema, which names the steps that were taken and
// what they were: until a release freezes a step, it may be another tomorrow. A step
// is recorded only if no row lost what it refers to. The step and its record share a
// transaction, and are undone together.
type checkedStore struct {
	database.Store
	steps fs.FS
}

func (s checkedStore) CreateVersionTable(ctx context.Context, tx database.DBTxConn) error {
	_, err := tx.ExecContext(ctx, `CREATE TABLE _schema (
	id         INTEGER PRIMARY KEY,
	version_id INTEGER NOT NULL UNIQUE,
	is_applied INTEGER NOT NULL,
	tstamp     TIMESTAMP DEFAULT (datetime('now')),
	digest     TEXT NOT NULL DEFAULT '' -- of the step as it was taken
)`)
	return err
}

func (s checkedStore) Insert(ctx context.Context, tx database.DBTxConn, r database.InsertRequest) error {
	var table string
	err := tx.QueryRowContext(ctx, `SELECT "table" FROM pragma_foreign_key_check LIMIT 1`).Scan(&table)
	if err == nil {
		return fmt.Errorf("rows of table %s lost what they refer to", table)
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	digest, err := stepDigest(s.steps, r.Version)
	if err != nil {
		return err
	}
	if err := s.Store.Insert(ctx, tx, r); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE _schema SET digest = ? WHERE version_id = ?`, digest, r.Version)
	return err
}

// stepDigest is the digest of a step, "" when there is no step of that version.
func stepDigest(steps fs.FS, version int64) (string, error) {
	names, err := fs.Glob(steps, fmt.Sprintf("%05d_*.sql", version))
	if err != nil || len(names) == 0 {
		return "", err
	}
	content, err := fs.ReadFile(steps, names[0])
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:]), err
}

// schemaVersion is the last step that a file has taken, 0 for an empty file. It
// refuses the database of another program, and one that took a step which has been
// changed since.
func schemaVersion(ctx context.Context, conn *sql.DB, steps fs.FS) (version int64, err error) {
	var all, ours, early int
	err = conn.QueryRowContext(ctx, `SELECT count(*), count(*) FILTER (WHERE name = '_schema'), count(*) FILTER (WHERE name = 'goose_db_version')
		FROM sqlite_schema`).Scan(&all, &ours, &early)
	switch {
	case err != nil || all == 0:
		return 0, err
	case early > 0:
		return 0, ErrUnreleased
	case ours == 0:
		return 0, ErrCorrupt
	}
	rows, err := conn.QueryContext(ctx, `SELECT version_id, digest FROM _schema ORDER BY version_id`)
	if err != nil {
		return 0, err
	}
	defer func() { err = cmp.Or(err, rows.Close()) }()
	for rows.Next() {
		var taken string
		if err := rows.Scan(&version, &taken); err != nil {
			return 0, err
		}
		digest, err := stepDigest(steps, version)
		if err != nil {
			return 0, err
		}
		if digest != "" && digest != taken {
			return 0, ErrUnreleased
		}
	}
	return version, rows.Err()
}

// checkVersion refuses a file whose schema is not exactly ours.
func checkVersion(ctx context.Context, conn *sql.DB, steps fs.FS) error {
	current, err := schemaVersion(ctx, conn, steps)
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

// copyTo writes a copy for its owner's eyes only.
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
	return vacuumInto(ctx, from, to)
}

// vacuumInto copies into an empty file. It has a connection of its own, since one that
// cannot write cannot copy either.
func vacuumInto(ctx context.Context, from, to string) error {
	conn, err := openSQL(from, patient)
	if err != nil {
		return err
	}
	_, err = conn.ExecContext(ctx, `VACUUM INTO ?`, to)
	return explain(from, cmp.Or(ctx.Err(), err, conn.Close()))
}
