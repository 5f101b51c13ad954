package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"os"

	"modernc.org/sqlite" // and names its errors
)

// openSQL opens a file with some options. Whoever fills the mirror keeps the log and its
// index beside it for good: who may only read the folder cannot make them, and without
// them cannot read the mirror while the daemon is stopped. Others leave what they find.
func openSQL(path, options string) (*sql.DB, error) {
	c, err := sqlite.NewConnector(dsn(path, options))
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector{c, path, options == writing}), nil
}

// A connector makes connections of which the last does not take the log away.
type connector struct {
	driver.Connector
	path    string
	lasting bool
}

// Connect implements driver.Connector.
func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	lasting := c.lasting
	if _, err := os.Lstat(c.path + "-wal"); err == nil {
		lasting = true
	}
	conn, err := c.Connector.Connect(ctx)
	if err != nil || !lasting {
		return conn, err
	}
	if file, ok := conn.(sqlite.FileControl); ok {
		if _, err := file.FileControlPersistWAL("main", 1); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
	}
	return conn, nil
}
