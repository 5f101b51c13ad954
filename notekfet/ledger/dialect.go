package ledger

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
	"regexp"
	"strings"
	"time"

	"github.com/gofrs/flock"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"

	"github.com/pronote-sync/pronote-sync/notekfet/migrations"
)

// A dialect is all that differs between the two kinds of database. Queries are
// the same text, with parameters written ?1, ?2.
type dialect struct {
	name      string
	goose     goose.Dialect
	steps     fs.FS
	forUpdate string         // behind a SELECT: rows are locked until the commit
	begin     string         // a transaction that writes
	look      string         // a transaction that reads one state
	number    *regexp.Regexp // what rewrites a parameter, nil when nothing does

	insert func(*Tx, []row) error    // writes rows, all with a number or all without
	shift  func(*Tx, []*party) error // writes what was moved

	connect   func(ctx context.Context, database string, o Options) (writer, readers *sql.DB, lock func() error, err error)
	create    func(database string) error
	cause     func(error) error
	trigger   string // a query for one enabled trigger by name
	integrity func(*Tx) ([]string, error)
	current   string   // a query for the number of a transaction
	outcome   string   // one for what became of that transaction
	tables    string   // a query that lists the tables there are
	lastUsed  string   // the last identifier that table {table}, column {column} has given, 0 when none
	useFrom   []string // make it go on behind {last}
	resume    string   // makes the identifiers of table {table}, column {column} go on behind the highest
}

// dialectOf chooses by the name of a database: an address of PostgreSQL, or else
// a file.
func dialectOf(database string) *dialect {
	if strings.HasPrefix(database, "postgres://") || strings.HasPrefix(database, "postgresql://") {
		return &postgres
	}
	return &lite
}

var lite = dialect{
	name: "SQLite", goose: goose.DialectSQLite3, steps: sub(migrations.SQLite, "sqlite"),
	begin: "BEGIN IMMEDIATE", look: "BEGIN",
	insert: insertOneByOne, shift: shiftOneByOne,
	connect: connectSQLite,
	create:  createFile,
	cause:   causeSQLite,
	trigger: `SELECT 1 FROM sqlite_schema WHERE type = 'trigger' AND name = ?1`, integrity: integritySQLite,
	lastUsed: `SELECT seq FROM sqlite_sequence WHERE name = '{table}'`,
	useFrom: []string{
		`DELETE FROM sqlite_sequence WHERE name = '{table}'`,
		`INSERT INTO sqlite_sequence (name, seq) SELECT '{table}', {last}`,
	},
	tables: `SELECT name FROM sqlite_schema WHERE type = 'table'`,
	resume: `SELECT 1`, // AUTOINCREMENT does so by itself
}

var postgres = dialect{
	name: "PostgreSQL", goose: goose.DialectPostgres, steps: sub(migrations.Postgres, "postgres"),
	forUpdate: " FOR UPDATE",
	begin:     "BEGIN", look: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
	insert: insertAsArrays, shift: shiftAsArrays,
	number:  regexp.MustCompile(`\?([0-9]+)`),
	connect: connectPostgres,
	create:  func(string) error { return nil },
	cause:   causePostgres,
	current: `SELECT coalesce(CAST(pg_current_xact_id_if_assigned() AS TEXT), '')`,
	outcome: `SELECT coalesce(pg_xact_status(CAST(CAST(?1 AS TEXT) AS xid8)), '')`,
	trigger: `SELECT 1 FROM pg_trigger WHERE tgname = ?1 AND tgenabled = 'O'`, integrity: integrityPostgres,
	lastUsed: `SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('{table}', '{column}')::regclass), 0)`,
	useFrom:  []string{`SELECT setval(pg_get_serial_sequence('{table}', '{column}'), {last})`},
	tables:   `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()`,
	resume:   `SELECT setval(pg_get_serial_sequence('{table}', '{column}'), coalesce(max({column}), 0) + 1, false) FROM {table}`,
}

func sub(all fs.FS, folder string) fs.FS {
	steps, err := fs.Sub(all, folder)
	if err != nil {
		panic(err) // the folder is part of the program
	}
	return steps
}

// query writes the parameters as the database wants them.
func (d *dialect) query(text string) string {
	if d.number == nil {
		return text
	}
	return d.number.ReplaceAllString(text, "$$$1")
}

// The options of SQLite. Writers wait for each other as long as a client can
// wait for an answer.
const (
	patience = "mode=rw&_pragma=busy_timeout(3000)&_pragma=temp_store(MEMORY)&_pragma=foreign_keys(1)"
	sqRead   = patience + "&_pragma=query_only(1)&_pragma=cache_size(-8192)"
	sqWrite  = patience + "&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=cache_size(-32768)" +
		"&_pragma=journal_size_limit(16777216)&_txlock=immediate"
)

func connectSQLite(_ context.Context, path string, o Options) (writer, readers *sql.DB, unlock func() error, err error) {
	unlock = func() error { return nil }
	if _, err := os.Stat(path); err != nil {
		return nil, nil, nil, err
	}
	if o.Exclusive {
		lock := flock.New(path + ".lock")
		held, err := lock.TryLock()
		switch {
		case err != nil:
			return nil, nil, nil, err
		case !held:
			return nil, nil, nil, ErrHeld
		}
		unlock = lock.Unlock
	}
	if writer, err = sql.Open("sqlite", dsn(path, sqWrite)); err != nil {
		return nil, nil, nil, errors.Join(err, unlock())
	}
	if readers, err = sql.Open("sqlite", dsn(path, sqRead)); err != nil {
		return nil, nil, nil, errors.Join(err, unlock())
	}
	return writer, readers, unlock, nil
}

func dsn(path, options string) string {
	return (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: options}).String()
}

// createFile makes an empty file for its owner's eyes only, where there is none.
func createFile(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return file.Close()
}

// held is the number of the advisory lock: "kfet" in ASCII.
const held = 0x6b666574

func connectPostgres(ctx context.Context, address string, o Options) (writer, readers *sql.DB, unlock func() error, err error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("%w: write postgres://user@host:5432/name", errors.New("the address of the database cannot be read")) // the library's error may quote the password
	}
	if o.Password != "" {
		config.Password = o.Password
	}
	config.ConnectTimeout = 3 * time.Second
	for name, value := range map[string]string{
		"application_name": "notekfet-server", "statement_timeout": "60000", "lock_timeout": "3000",
		"idle_in_transaction_session_timeout": "60000", "timezone": "UTC", "synchronous_commit": "on",
	} {
		config.RuntimeParams[name] = value
	}
	readers = stdlib.OpenDB(*config)
	var options []stdlib.OptionOpenDB
	if o.Exclusive {
		options = append(options, stdlib.OptionAfterConnect(takeLock))
	}
	writer = stdlib.OpenDB(*config, options...)
	var version int
	err = readers.QueryRowContext(ctx, `SELECT current_setting('server_version_num')::int`).Scan(&version)
	if err == nil && version < 130000 {
		err = ErrOldPostgres
	}
	if err != nil {
		return nil, nil, nil, errors.Join(err, writer.Close(), readers.Close())
	}
	return writer, readers, func() error { return nil }, nil
}

// lockWait is how long a server waits for the lock of one that was killed:
// PostgreSQL lets it go once it notices.
const lockWait = 3 * time.Second

// takeLock makes a connection that writes the only one of its kind: the lock
// lives as long as the connection does, and a new one takes it anew.
func takeLock(ctx context.Context, conn *pgx.Conn) error {
	for start := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		var ok bool
		if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1)`, int64(held)).Scan(&ok); err != nil || ok {
			return err
		}
		if time.Since(start) > lockWait {
			return ErrHeld
		}
	}
}

// Errors that a person can do something about.
var (
	ErrHeld        = errors.New("another notekfet-server has it: stop that one first")
	ErrNewer       = errors.New("it was written by a newer version of notekfet-server: install that version")
	ErrForeign     = errors.New("it is not a ledger of notekfet-server: name another, or an empty one")
	ErrMissing     = errors.New("it does not exist yet: run notekfet-server init or seed first")
	ErrCorrupt     = errors.New("it is damaged: restore a backup")
	ErrBusy        = errors.New("another program keeps it locked: close that program and try again")
	ErrReadOnly    = errors.New("it cannot be written to: check the owner and the rights of the file and of its folder")
	ErrFull        = errors.New("the disk is full: free some space, nothing is lost meanwhile")
	ErrUnreachable = errors.New("PostgreSQL cannot be reached: check that it runs, and its address")
	ErrLogin       = errors.New("PostgreSQL refuses the login: check the user, the password and pg_hba.conf")
	ErrUnknown     = errors.New("it went away in the middle of a change, and did not say in time whether that was made: read the history")
	ErrOldPostgres = errors.New("PostgreSQL is older than 13: upgrade it")
)

func causeSQLite(err error) error {
	failure, ok := errors.AsType[*sqlite.Error](err)
	if !ok {
		return nil
	}
	// SQLite's primary result codes: PERM, BUSY, LOCKED, READONLY, CORRUPT, FULL, CANTOPEN, NOTADB.
	return map[int]error{
		3: ErrReadOnly, 5: ErrBusy, 6: ErrBusy, 8: ErrReadOnly, 11: ErrCorrupt, 13: ErrFull, 14: ErrReadOnly, 26: ErrForeign,
	}[failure.Code()&0xff]
}

func causePostgres(err error) error {
	if failure, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch {
		case strings.HasPrefix(failure.Code, "28"): // invalid authorization
			return ErrLogin
		case failure.Code == "3D000": // no such database
			return ErrMissing
		case failure.Code == "53100":
			return ErrFull
		case failure.Code == "55P03", failure.Code == "57014":
			return ErrBusy
		case failure.Code == "25006", failure.Code == "42501":
			return ErrReadOnly
		}
		return nil
	}
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return ErrUnreachable
	}
	return nil
}

// A DatabaseError says what is wrong with a database, and what a person can do
// about it.
type DatabaseError struct{ error }

// Unwrap returns what the database said.
func (e *DatabaseError) Unwrap() error { return e.error }

// A failure is an error of the database, and not of what it was asked for.
type failure struct{ error }

func (f failure) Unwrap() error { return f.error }

func failed(err error) error {
	if err == nil {
		return nil
	}
	return failure{err}
}

// told explains an error where it is one of the database.
func (d *dialect) told(database string, err error) error {
	if _, ok := errors.AsType[failure](err); ok {
		return d.explain(database, err)
	}
	return err
}

// explain adds what a person can do to an error of the database.
func (d *dialect) explain(database string, err error) error {
	if err == nil {
		return nil
	}
	return &DatabaseError{d.explained(database, err)}
}

func (d *dialect) explained(database string, err error) error {
	known := []error{ErrHeld, ErrNewer, ErrForeign, ErrMissing, ErrOldPostgres, ErrUnknown}
	for _, k := range known {
		if errors.Is(err, k) {
			return fmt.Errorf("the database %s cannot be used: %w", plain(database), k)
		}
	}
	cause := d.cause(err)
	if cause == nil && errors.Is(err, fs.ErrPermission) {
		cause = ErrReadOnly
	}
	if cause == nil && errors.Is(err, fs.ErrNotExist) {
		cause = ErrMissing
	}
	if cause == nil {
		return fmt.Errorf("the database %s: %w", plain(database), err)
	}
	return fmt.Errorf("the database %s cannot be used: %w (%w)", plain(database), cause, err)
}

// plain is the name of a database without a password, which an address may have in
// two places.
func plain(database string) string {
	if dialectOf(database) == &lite {
		return cmp.Or(database, "without a name")
	}
	u, err := url.Parse(database)
	if err != nil {
		return "of PostgreSQL"
	}
	if u.User != nil {
		u.User = url.User(u.User.Username())
	}
	u.RawQuery = ""
	return u.String()
}
