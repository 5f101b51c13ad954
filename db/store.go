package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"

	"modernc.org/sqlite" // registers the driver, and names its errors
)

// Store is an open mirror. Its methods may be called by several goroutines.
type Store struct {
	db      *sql.DB
	writing sync.Mutex // spares writers SQLite's busy waiting
}

// options of every connection: busy_timeout first, so that the rest may wait
// for a reader's lock; FULL because a delivery that was acknowledged must stay
// acknowledged across a power cut; a small cache because the machine is small.
const options = "_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=foreign_keys(1)" +
	"&_pragma=synchronous(FULL)&_pragma=cache_size(-1024)&_pragma=journal_size_limit(1048576)" +
	"&_pragma=temp_store(MEMORY)&_txlock=immediate"

// Open opens the mirror at path, creating it for its owner's eyes only. A file
// of an older version is migrated, after a copy of it was kept beside it; one
// of a newer version is refused with ErrNewer.
func Open(ctx context.Context, path string) (*Store, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("folder of the database: %w", err)
	}
	// SQLite would create the file for all to read, and its -wal and -shm after it.
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, explain(path, err)
	}
	if err := file.Close(); err != nil {
		return nil, err
	}
	if err := migrate(ctx, path); err != nil {
		return nil, explain(path, err)
	}
	return connect(ctx, path, options)
}

// OpenReadOnly opens an existing mirror for View alone, without migrating it.
// It works beside a running daemon.
func OpenReadOnly(ctx context.Context, path string) (*Store, error) {
	if _, err := os.Stat(path); err != nil {
		return nil, explain(path, err)
	}
	store, err := connect(ctx, path, "_pragma=busy_timeout(10000)&_pragma=query_only(1)")
	if err != nil {
		return nil, err
	}
	if err := checkVersion(ctx, store.db); err != nil {
		return nil, errors.Join(explain(path, err), store.Close())
	}
	return store, nil
}

func connect(ctx context.Context, path, options string) (*Store, error) {
	conns, err := sql.Open("sqlite", dsn(path, options))
	if err != nil {
		return nil, err
	}
	conns.SetMaxOpenConns(3) // a writer, a reader, and one to spare
	if err := conns.PingContext(ctx); err != nil {
		return nil, errors.Join(explain(path, err), conns.Close())
	}
	return &Store{db: conns}, nil
}

func dsn(path, options string) string {
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: options}).String()
}

// Close closes the mirror. What was committed is safe whether or not it is
// called.
func (s *Store) Close() error { return s.db.Close() }

// Tx is a transaction. It remembers prepared statements, since a mirror of a
// year runs each of a few statements a thousand times.
type Tx struct {
	tx       *sql.Tx
	prepared map[string]*sql.Stmt
}

// Update runs fn in a transaction that may write. An error of fn, or a panic,
// rolls it back. If fn writes nothing, nothing reaches the disk.
func (s *Store) Update(ctx context.Context, fn func(*Tx) error) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	return s.run(ctx, &sql.TxOptions{}, fn)
}

// View runs fn in a transaction that sees one state of the mirror and must not
// write.
func (s *Store) View(ctx context.Context, fn func(*Tx) error) error {
	return s.run(ctx, &sql.TxOptions{ReadOnly: true}, fn)
}

func (s *Store) run(ctx context.Context, options *sql.TxOptions, fn func(*Tx) error) error {
	tx, err := s.db.BeginTx(ctx, options)
	if err != nil {
		return explain("", err)
	}
	defer func() { _ = tx.Rollback() }() // after a commit it does nothing
	if err := fn(&Tx{tx: tx, prepared: map[string]*sql.Stmt{}}); err != nil {
		return explain("", err)
	}
	return explain("", tx.Commit())
}

func (tx *Tx) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	if stmt, ok := tx.prepared[query]; ok {
		return stmt, nil
	}
	stmt, err := tx.tx.PrepareContext(ctx, query) // closed with the transaction
	if err != nil {
		return nil, fmt.Errorf("%w in %s", err, query)
	}
	tx.prepared[query] = stmt
	return stmt, nil
}

func (tx *Tx) exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	stmt, err := tx.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	return stmt.ExecContext(ctx, args...)
}

func (tx *Tx) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	stmt, err := tx.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(ctx, args...)
}

// queryRow scans the only row of a query. It returns sql.ErrNoRows when there
// is none.
func (tx *Tx) queryRow(ctx context.Context, query string, args []any, into ...any) error {
	stmt, err := tx.prepare(ctx, query)
	if err != nil {
		return err
	}
	return stmt.QueryRowContext(ctx, args...).Scan(into...)
}

// Errors that a person can do something about. They are wrapped in a sentence.
var (
	ErrNewer    = errors.New("it was written by a newer version of pronote-sync: install that version, or start a new database")
	ErrOlder    = errors.New("it was written by an older version of pronote-sync: run pronote-sync sync once, which updates it")
	ErrCorrupt  = errors.New("it is damaged or is not a database: restore a copy, or move it away to start a new one")
	ErrBusy     = errors.New("another program keeps it locked: close that program and try again")
	ErrReadOnly = errors.New("it cannot be written to: check the owner and the rights of the file and of its folder")
	ErrFull     = errors.New("the disk is full: free some space, nothing is lost meanwhile")
	ErrMissing  = errors.New("it does not exist yet: run pronote-sync sync or pronote-sync run first")
)

// explain turns SQLite's result codes, and those of the file system, into our
// errors. Other errors pass unchanged.
func explain(path string, err error) error {
	if err == nil {
		return nil
	}
	if path == "" {
		path = "the database"
	} else {
		path = "the database " + path
	}
	switch {
	case errors.Is(err, ErrNewer), errors.Is(err, ErrOlder), errors.Is(err, ErrMissing):
		return fmt.Errorf("%s cannot be used: %w", path, err)
	case errors.Is(err, os.ErrNotExist):
		return fmt.Errorf("%s cannot be used: %w", path, ErrMissing)
	case errors.Is(err, os.ErrPermission):
		return fmt.Errorf("%s cannot be used: %w", path, ErrReadOnly)
	}
	var failure *sqlite.Error
	if !errors.As(err, &failure) {
		return err
	}
	if known := resultCodes[failure.Code()&0xff]; known != nil {
		return fmt.Errorf("%s cannot be used: %w (%w)", path, known, err)
	}
	return err
}

// resultCodes are SQLite's primary ones: BUSY, LOCKED, READONLY, CORRUPT, FULL,
// CANTOPEN, NOTADB.
var resultCodes = map[int]error{5: ErrBusy, 6: ErrBusy, 8: ErrReadOnly, 11: ErrCorrupt, 13: ErrFull, 14: ErrReadOnly, 26: ErrCorrupt}

// CopyTo writes the mirror, as it is now, to a new file.
func (s *Store) CopyTo(ctx context.Context, path string) error {
	return copyTo(ctx, s.db, path)
}
