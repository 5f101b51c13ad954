package ledger

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"
)

// A session is one connection with the statements that were prepared on it.
type session struct {
	d     *dialect
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
}

// openSession takes a connection of its own.
func openSession(ctx context.Context, d *dialect, db *sql.DB) (*session, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, failed(err)
	}
	return &session{d: d, conn: conn, stmts: map[string]*sql.Stmt{}}, nil
}

// drop gives the connection up: nothing is known of its state.
func (s *session) drop() {
	s.closeStatements()
	_ = s.conn.Raw(func(any) error { return driver.ErrBadConn })
	_ = s.conn.Close()
}

// close gives a sound connection back to its pool.
func (s *session) close() error {
	s.closeStatements()
	return s.conn.Close()
}

func (s *session) closeStatements() {
	for _, stmt := range s.stmts {
		_ = stmt.Close()
	}
	clear(s.stmts)
}

// stmt prepares a query once. Only queries of the program come here, so that the
// map does not grow.
func (s *session) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if stmt, ok := s.stmts[query]; ok {
		return stmt, nil
	}
	stmt, err := s.conn.PrepareContext(ctx, s.d.query(query))
	if err != nil {
		return nil, failed(err)
	}
	s.stmts[query] = stmt
	return stmt, nil
}

// run executes one of BEGIN, COMMIT and ROLLBACK.
func (s *session) run(ctx context.Context, command string) error {
	stmt, err := s.stmt(ctx, command)
	if err != nil {
		return err
	}
	_, err = stmt.ExecContext(ctx)
	return failed(err)
}

// A Tx is a transaction on the ledger.
type Tx struct {
	// Now is the instant at which all of the transaction happens.
	Now time.Time

	*session
	ctx   context.Context // of the whole transaction, which is shorter than a call
	rules *Rules
	wrote bool // whether the current job has written

	// What is known of the database for as long as nothing but moves are written.
	known   map[int64]*party  // accounts that are locked, as they are now
	buttons map[int64]*Button // nil for those that do not exist
	booked  []row             // what the database has still to be told
	text    int               // bytes of their descriptions
	moved   []*party          // and of whose balances
	broken  error             // why it could not be told
}

// forget is called before something is written that may change what is known.
func (tx *Tx) forget() error {
	err := tx.flush()
	clear(tx.known)
	clear(tx.buttons)
	return err
}

// exec runs a statement that writes and returns how many rows it met.
func (tx *Tx) exec(query string, args ...any) (int64, error) {
	if err := tx.forget(); err != nil {
		return 0, err
	}
	tx.wrote = true
	return tx.execKnown(query, args...)
}

// execKnown is exec for a statement whose effect on what is known is accounted for.
func (tx *Tx) execKnown(query string, args ...any) (int64, error) {
	s, err := tx.stmt(tx.ctx, query)
	if err != nil {
		return 0, err
	}
	result, err := s.ExecContext(tx.ctx, args...)
	if err != nil {
		return 0, failed(err)
	}
	n, err := result.RowsAffected()
	return n, failed(err)
}

// insert runs an INSERT that returns an identifier.
func (tx *Tx) insert(query string, args ...any) (id int64, err error) {
	if err := tx.forget(); err != nil {
		return 0, err
	}
	tx.wrote = true
	_, err = tx.oneKnown(query, args, &id)
	return id, err
}

// one scans the only row of a query and reports whether there is one.
func (tx *Tx) one(query string, args []any, into ...any) (bool, error) {
	if err := tx.flush(); err != nil {
		return false, err
	}
	return tx.oneKnown(query, args, into...)
}

// oneKnown is one for a query that does not see what is still to be written.
func (tx *Tx) oneKnown(query string, args []any, into ...any) (bool, error) {
	s, err := tx.stmt(tx.ctx, query)
	if err != nil {
		return false, err
	}
	err = s.QueryRowContext(tx.ctx, args...).Scan(into...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, failed(err)
}

// each calls scan for each row of a query.
func (tx *Tx) each(query string, args []any, scan func(*sql.Rows) error) error {
	if err := tx.flush(); err != nil {
		return err
	}
	return tx.eachKnown(query, args, scan)
}

// eachKnown is each for a query that does not see what is still to be written.
func (tx *Tx) eachKnown(query string, args []any, scan func(*sql.Rows) error) error {
	s, err := tx.stmt(tx.ctx, query)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(tx.ctx, args...)
	if err != nil {
		return failed(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := scan(rows); err != nil {
			return err
		}
	}
	return failed(rows.Err())
}

// texts returns the first column of a query.
func (tx *Tx) texts(query string, args ...any) ([]string, error) {
	list := []string{}
	err := tx.each(query, args, func(rows *sql.Rows) error {
		var text string
		err := rows.Scan(&text)
		list = append(list, text)
		return err
	})
	return list, err
}

// A Time is an instant as the database keeps it: local time, to the second.
type Time struct{ time.Time }

// Layout is how instants are written, in the database and on the wire.
const Layout = "2006-01-02 15:04:05"

// ParseTime reads an instant that is written like Layout.
func ParseTime(text string) (Time, error) {
	t, err := time.ParseInLocation(Layout, text, time.Local)
	if err != nil || t.Year() < 1 || t.Year() > 9999 {
		return Time{}, fmt.Errorf("%q is not an instant: write one like 2019-03-01 20:00:00", text)
	}
	return Time{t}, nil
}

// String writes the instant like Layout.
func (t Time) String() string { return t.Format(Layout) }

// MarshalJSON writes the instant like Layout.
func (t Time) MarshalJSON() ([]byte, error) { return []byte(t.Format(`"` + Layout + `"`)), nil }

// Value writes the instant for both kinds of database.
func (t Time) Value() (driver.Value, error) { return t.String(), nil }

// Scan reads what either kind of database gives.
func (t *Time) Scan(v any) (err error) {
	switch v := v.(type) {
	case string:
		*t, err = ParseTime(v)
		return err
	case time.Time: // of PostgreSQL, which knows no zone
		t.Time = time.Date(v.Year(), v.Month(), v.Day(), v.Hour(), v.Minute(), v.Second(), 0, time.Local)
		return nil
	}
	return fmt.Errorf("%T is not an instant", v)
}
