package sync

import (
	"context"
	"sync"
	"time"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/sync/internal/wording"
)

// relearn is how often the subjects of the mirror are read again: there are new ones once
// a year.
const relearn = time.Hour

// subjects are those that the mirror has, so that messages do not call two of them the
// same.
type subjects struct {
	guard sync.Mutex
	own   map[string]string // a person's names
	known []string
	read  time.Time
}

// learn reads the subjects, unless it did so a moment ago.
func (s *subjects) learn(ctx context.Context, store *db.Store, now time.Time) error {
	s.guard.Lock()
	defer s.guard.Unlock()
	if age := now.Sub(s.read); age >= 0 && age < relearn && len(s.known) > 0 {
		return nil
	}
	return store.View(ctx, func(tx *db.Tx) (err error) {
		if s.known, err = tx.SubjectNames(ctx); err == nil {
			s.read = now
		}
		return err
	})
}

// names are what messages call subjects.
func (s *subjects) names() wording.Subjects {
	s.guard.Lock()
	defer s.guard.Unlock()
	return wording.Subjects{Own: s.own, Known: s.known}
}
