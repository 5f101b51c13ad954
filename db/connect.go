package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"os"

	"modernc.org/sqlite" // and names its errors
)

// openSQL opens a file with some options. Where the log and its index are beside it, they
// stay.
func openSQL(path, options string) (*sql.DB, error) {
	c, err := sqlite.NewConnector(dsn(path, options))
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector{c, path}), nil
}

// A connector makes connections of which the last does not take the log away.
type connector struct {
	driver.Connector
	path string
}

// Connect implements driver.Connector.
func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	_, missing := os.Lstat(c.path + "-wal")
	conn, err := c.Connector.Connect(ctx)
	if err != nil || missing != nil {
		return conn, err
	}
	if err := leaveLog(conn); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

// keepLog has the one connection of who fills the mirror keep the log and its index
// beside it for good: who may only read the folder cannot make them, and without them
// cannot read the mirror while the daemon is stopped.
func keepLog(ctx context.Context, writer *sql.DB) error {
	if _, err := writer.ExecContext(ctx, `PRAGMA journal_mode(WAL)`); err != nil {
		return err
	}
	conn, err := writer.Conn(ctx)
	if err != nil {
		return err
	}
	return errors.Join(conn.Raw(leaveLog), conn.Close())
}

// leaveLog has a connection leave the log where it is when it is closed.
func leaveLog(conn any) error {
	file, ok := conn.(sqlite.FileControl)
	if !ok {
		return nil
	}
	_, err := file.FileControlPersistWAL("main", 1)
	return err
}
