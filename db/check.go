package db

import (
	"context"
	"errors"
	"fmt"
)

// Check reads the whole mirror. Its error is ErrCorrupt where something in it does not
// fit, or ErrDisk where the disk does not give it.
func (s *Store) Check(ctx context.Context) error {
	return s.View(ctx, func(tx *Tx) (err error) {
		rows, err := tx.query(ctx, `PRAGMA quick_check(1)`)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, rows.Close()) }()
		for rows.Next() {
			var found string
			if err := rows.Scan(&found); err != nil {
				return err
			}
			if found != "ok" {
				return fmt.Errorf("%w: %s", ErrCorrupt, found)
			}
		}
		return rows.Err()
	})
}
