package db

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"modernc.org/sqlite"

	"github.com/pronote-sync/pronote-sync/migrations"
)

// Store is an open mirror. Its methods may be called by several goroutines.
type Store struct {
	path    string
	writer  *sql.DB // one connection: writers queue for it, not within SQLite
	readers *sql.DB // connections that cannot write
}

// The options of connections. Each waits for another process's lock, never
// makes a file, and has a small cache because the machine is small. FULL,
// because a delivery that was acknowledged must stay acknowledged across a power
// cut.
const (
	patient = "mode=rw&_pragma=busy_timeout(10000)&_pragma=journal_size_limit(1048576)" // a log that stays is emptied
	common  = patient + "&_pragma=cache_size(-1024)&_pragma=temp_store(MEMORY)"
	reading = common + "&_pragma=query_only(1)"
	asking  = "mode=ro&_pragma=busy_timeout(10000)&_pragma=cache_size(-1024)&_pragma=temp_store(MEMORY)&_pragma=query_only(1)"
	alone   = patient + "&_pragma=query_only(1)&_pragma=locking_mode(EXCLUSIVE)" // the size of a cache would be set first, which looks at the file
	writing = common + "&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_txlock=immediate"
)

// Open opens the mirror at path, creating it for its owner's eyes only. A file
// of an older version is migrated, after a copy of it was kept beside it; one
// of a newer version is refused with ErrNewer. While another process migrates the
// file, Open waits for it.
func Open(ctx context.Context, path string) (*Store, error) {
	return openWith(ctx, path, migrations.FS)
}

// openWith is Open with the steps of another schema.
func openWith(ctx context.Context, path string, steps fs.FS) (*Store, error) {
	if err := create(path); err != nil {
		return nil, explain(path, err)
	}
	store, err := connectWriting(ctx, path, steps)
	if !errors.Is(err, ErrMissing) && !errors.Is(err, ErrOlder) {
		return store, err
	}
	if err := migrate(ctx, path, steps); err != nil {
		return nil, explain(path, err)
	}
	return connectWriting(ctx, path, steps)
}

// connectWriting connects to a mirror of the present schema. It looks at that by the
// connection which will write, since each that is opened has to read all of it, and
// changes nothing of a file that is none.
func connectWriting(ctx context.Context, path string, steps fs.FS) (*Store, error) {
	store, err := connect(ctx, path, writing, reading)
	if err != nil {
		return nil, err
	}
	if err = checkVersion(ctx, store.writer, steps); err == nil {
		err = keepLog(ctx, store.writer)
	}
	if err != nil {
		return nil, errors.Join(explain(path, err), store.Close())
	}
	return store, nil
}

// create makes an empty file if there is none. SQLite would make it for all to
// read, and the files beside it have the same rights.
func create(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return file.Close()
}

// OpenReadOnly opens an existing mirror for View and CopyTo alone, without
// migrating it. It works beside a running daemon, and writes nothing; only where
// a daemon was killed does Close tidy up the log that it left, as SQLite does.
func OpenReadOnly(ctx context.Context, path string) (*Store, error) {
	return openToRead(ctx, path, reading)
}

func openToRead(ctx context.Context, path, options string) (*Store, error) {
	store, err := openUnseen(ctx, path, options)
	if err != nil {
		return nil, err
	}
	if err := checkVersion(ctx, store.readers, migrations.FS); err != nil {
		return nil, errors.Join(explain(path, err), store.Close())
	}
	return store, nil
}

// openUnseen opens an existing file, of whatever schema.
func openUnseen(ctx context.Context, path, options string) (*Store, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, explain(path, ErrMissing)
	case err != nil:
		return nil, explain(path, err)
	case info.IsDir():
		return nil, explain(path, syscall.EISDIR)
	}
	store, err := connect(ctx, path, options, options)
	if errors.Is(err, ErrFull) {
		store, err = connectAlone(ctx, path)
	}
	return store, err
}

// OpenExisting opens an existing mirror for reading and writing, as beside a running
// daemon. It neither makes one nor migrates it: that is for who fills it.
func OpenExisting(ctx context.Context, path string) (*Store, error) {
	there, err := OpenReadOnly(ctx, path)
	if err != nil {
		return nil, err
	}
	if err := there.Close(); err != nil {
		return nil, err
	}
	return connectWriting(ctx, path, migrations.FS)
}

func connect(ctx context.Context, path, writing, reading string) (*Store, error) {
	writer, err := openSQL(path, writing)
	if err != nil {
		return nil, err
	}
	writer.SetMaxOpenConns(1)
	readers, err := openSQL(path, reading)
	if err != nil {
		return nil, errors.Join(err, writer.Close())
	}
	readers.SetMaxOpenConns(2)
	store := &Store{path, writer, readers}
	if err := writer.PingContext(ctx); err != nil {
		return nil, errors.Join(explain(path, err), store.Close())
	}
	return store, nil
}

// connectAlone connects to read while nobody else does. SQLite then needs no file
// beside the database, for which a full disk has no room.
func connectAlone(ctx context.Context, path string) (*Store, error) {
	conn, err := openSQL(path, alone)
	if err != nil {
		return nil, err
	}
	conn.SetMaxOpenConns(1)
	store := &Store{path, conn, conn}
	if err := conn.PingContext(ctx); err != nil {
		return nil, errors.Join(explain(path, err), store.Close())
	}
	return store, nil
}

func dsn(path, options string) string {
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: options}).String()
}

// Close closes the mirror. What was committed is safe whether or not it is
// called.
func (s *Store) Close() error {
	return errors.Join(s.readers.Close(), s.writer.Close())
}

// Tx is a transaction. It remembers prepared statements, since a mirror of a
// year runs each of a few statements a thousand times.
type Tx struct {
	tx       *sql.Tx
	prepared map[string]*sql.Stmt
	atEnd    []func(*Tx) error
}

// AtEnd has f write before the transaction is committed, when all else is done, in the
// order of the calls.
func (tx *Tx) AtEnd(f func(*Tx) error) { tx.atEnd = append(tx.atEnd, f) }

// Update runs fn in a transaction that may write. An error of fn, or a panic,
// rolls it back. If fn writes nothing, nothing reaches the disk.
func (s *Store) Update(ctx context.Context, fn func(*Tx) error) error {
	return s.run(ctx, s.writer, fn)
}

// View runs fn in a transaction that sees one state of the mirror and cannot
// write.
func (s *Store) View(ctx context.Context, fn func(*Tx) error) error {
	return s.run(ctx, s.readers, fn)
}

// Draft runs fn in a transaction that sees one state of the mirror and keeps nobody from
// writing, and what it wants written AtEnd in a second one. It fails with ErrChanged, and
// nothing is written, if what basis tells of the mirror is not the same in both.
func (s *Store) Draft(ctx context.Context, basis func(*Tx) (string, error), fn func(*Tx) error) error {
	var was string
	var atEnd []func(*Tx) error
	err := s.View(ctx, func(tx *Tx) (err error) {
		if was, err = basis(tx); err == nil {
			err = fn(tx)
		}
		atEnd, tx.atEnd = tx.atEnd, nil
		return err
	})
	if err != nil || len(atEnd) == 0 {
		return err
	}
	return s.Update(ctx, func(tx *Tx) error {
		tx.atEnd = atEnd
		is, err := basis(tx)
		if err == nil && is != was {
			err = ErrChanged
		}
		return err
	})
}

// ErrChanged: the mirror has changed since a draft read it.
var ErrChanged = errors.New("the mirror has changed meanwhile")

func (s *Store) run(ctx context.Context, conns *sql.DB, fn func(*Tx) error) error {
	begun, err := conns.BeginTx(ctx, nil)
	if err != nil {
		return explain(s.path, cmp.Or(ctx.Err(), err)) // SQLite would say that it was interrupted
	}
	defer func() { _ = begun.Rollback() }() // after a commit it does nothing
	tx := &Tx{tx: begun, prepared: map[string]*sql.Stmt{}}
	if err := fn(tx); err != nil {
		return explain(s.path, err)
	}
	for _, f := range tx.atEnd {
		if err := f(tx); err != nil {
			return explain(s.path, err)
		}
	}
	return explain(s.path, begun.Commit())
}

// CopyTo writes the mirror, as it is now, to a new file.
func (s *Store) CopyTo(ctx context.Context, path string) error {
	return copyTo(ctx, s.path, path)
}

func (tx *Tx) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	if stmt, ok := tx.prepared[query]; ok {
		return stmt, nil
	}
	stmt, err := tx.tx.PrepareContext(ctx, query) // closed with the transaction
	if err != nil {
		return nil, err
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

// ErrUnusable is what errors.Is finds in every error about the file itself, and in
// none about what is asked of it.
var ErrUnusable = errors.New("the database cannot be used")

// A condition is a reason why the file cannot be used.
type condition string

// Error implements error.
func (c condition) Error() string { return string(c) }

// Is makes a condition an ErrUnusable too.
func (condition) Is(target error) bool { return target == ErrUnusable }

// Cause is which of the errors below is in an error, nil when none is.
func Cause(err error) error {
	if c, ok := errors.AsType[condition](err); ok {
		return c
	}
	return nil
}

// Errors that a person can do something about. They are wrapped in a sentence.
var (
	ErrNewer      error = condition("it was written by a newer version of this program")
	ErrOlder      error = condition("it was written by an older version of this program, and must be opened for writing once")
	ErrUnreleased error = condition("it was made by a version of this program that was never released")
	ErrMigration  error = condition("its schema could not be updated")
	ErrCorrupt    error = condition("it is damaged or is not a mirror")
	ErrBusy       error = condition("another program keeps it locked")
	ErrReadOnly   error = condition("it cannot be written to")
	ErrFull       error = condition("the disk is full")
	ErrDisk       error = condition("the disk or the card does not read or write as it should")
	ErrMissing    error = condition("it does not exist yet")
)

// explain turns SQLite's result codes, and the errors of the file system, into
// ours, once. Other errors pass unchanged.
func explain(path string, err error) error {
	known := causeOf(err)
	if (known == ErrDisk || known == ErrReadOnly) && isFull(filepath.Dir(path)) {
		known = ErrFull
	}
	switch {
	case slices.Contains([]error{ErrNewer, ErrOlder, ErrUnreleased, ErrCorrupt, ErrMissing}, err):
		return fmt.Errorf("the database %s cannot be used: %w", path, err)
	case known == nil, errors.Is(err, known):
		return err
	}
	return fmt.Errorf("the database %s cannot be used: %w (%w)", path, known, err)
}

// isFull asks a disk whether it has room for what SQLite keeps beside a database: for
// want of room there, SQLite speaks of a broken disk, or of missing rights.
func isFull(dir string) bool {
	probe, err := os.CreateTemp(dir, "pronote-sync-")
	if err == nil {
		_, err = probe.Write(make([]byte, 64<<10))
		err = errors.Join(err, probe.Close(), os.Remove(probe.Name()))
	}
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

func causeOf(err error) error {
	if failure, ok := errors.AsType[*sqlite.Error](err); ok {
		return resultCodes[failure.Code()&0xff]
	}
	for _, e := range fileErrors {
		if errors.Is(err, e.err) {
			return e.known
		}
	}
	return nil
}

// resultCodes are SQLite's primary ones: PERM, BUSY, LOCKED, READONLY, IOERR,
// CORRUPT, FULL, CANTOPEN, NOTADB.
var resultCodes = map[int]error{
	3: ErrReadOnly, 5: ErrBusy, 6: ErrBusy, 8: ErrReadOnly, 10: ErrDisk, 11: ErrCorrupt, 13: ErrFull, 14: ErrReadOnly, 26: ErrCorrupt,
}

var fileErrors = []struct{ err, known error }{
	{os.ErrPermission, ErrReadOnly},
	{syscall.EROFS, ErrReadOnly},
	{syscall.ENOTDIR, ErrReadOnly},
	{syscall.EISDIR, ErrCorrupt},
	{syscall.ENOSPC, ErrFull},
	{syscall.EDQUOT, ErrFull},
	{syscall.EIO, ErrDisk},
}
