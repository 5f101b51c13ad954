package db

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Readers are who may read the mirror besides its owner. The zero Readers leave the
// files as they are.
type Readers struct {
	Group string      // its name; "" for the one that the files have
	GID   int         // its number, where it has a name
	Mode  fs.FileMode // of the files; 0 to leave it
}

// LetIn gives the mirror, its log and the log's index the group and the mode of its
// readers. What is so already is not touched.
func (s *Store) LetIn(ctx context.Context, r Readers) error {
	if r == (Readers{}) {
		return nil
	}
	// SQLite makes the files beside the mirror when somebody reads.
	if err := s.View(ctx, func(tx *Tx) error { _, err := tx.Accounts(ctx); return err }); err != nil {
		return err
	}
	for _, path := range []string{s.path, s.path + "-wal", s.path + "-shm"} {
		if err := r.letIn(path); err != nil {
			return err
		}
	}
	return nil
}

func (r Readers) letIn(path string) error {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if r.Group != "" && !owned(info, r.GID) { // before the mode, which is not for the other group
		if err := os.Lchown(path, -1, r.GID); err != nil {
			return err
		}
	}
	if r.Mode != 0 && info.Mode().Perm() != r.Mode {
		return os.Chmod(path, r.Mode)
	}
	return nil
}

// Reach reports whether the readers can enter the folder of the mirror.
func (s *Store) Reach(r Readers) bool {
	info, err := os.Stat(filepath.Dir(s.path))
	if err != nil || r.Group == "" || info.Mode().Perm()&0o001 != 0 {
		return true
	}
	return info.Mode().Perm()&0o010 != 0 && owned(info, r.GID)
}
