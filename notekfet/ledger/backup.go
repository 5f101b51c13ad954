package ledger

import (
	"context"
	"errors"
	"fmt"
	"os"
)

// CopyTo writes the ledger, as it is now, to a new file, while it is in use. Only
// SQLite does so: PostgreSQL has pg_dump.
func (l *Ledger) CopyTo(ctx context.Context, path string) error {
	if l.d != &lite {
		return errors.New("a ledger in PostgreSQL is backed up with pg_dump: use that")
	}
	// VACUUM INTO keeps the rights of a file that exists and is empty.
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("the backup cannot be written, %w: choose a new file", err)
	}
	if err := file.Close(); err != nil {
		return err
	}
	conn, err := l.readers.Conn(ctx)
	if err != nil {
		return l.d.explain(l.database, errors.Join(err, os.Remove(path)))
	}
	defer conn.Close()
	// The connections that read are not allowed to write, and this is a write.
	for _, statement := range []string{`PRAGMA query_only(0)`, `VACUUM INTO ?`, `PRAGMA query_only(1)`} {
		var args []any
		if statement == `VACUUM INTO ?` {
			args = []any{path}
		}
		if _, err := conn.ExecContext(ctx, statement, args...); err != nil {
			return l.d.explain(l.database, errors.Join(err, os.Remove(path)))
		}
	}
	return syncFile(path)
}

// syncFile has a file reach the disk.
func syncFile(path string) error {
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}
