package school

import (
	"context"
	"errors"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// A domain is what the program knows of one kind of data, and how it is read.
type domain struct {
	psync.Domain

	// read asks the school, for one pupil. It uses the network and no transaction;
	// what it returns is stored afterwards.
	read func(ctx context.Context, v *visit) ([]mirror.Snapshot, error)
}

// domains is the list of what is mirrored. The order is that of a poll.
var domains = []domain{
	marks,
	homework,
	lessons,
	contents,
	infos,
	discussions,
	menus,
	schoolAgenda,
	schoolLife,
	evaluations,
	staff,
	home,
	persons,
	reports,
}

// Domains are what can be scheduled and polled, in the order of a poll.
func Domains() (list psync.Domains) {
	for _, d := range domains {
		list = append(list, d.Domain)
	}
	return list
}

// A visit is what reading a domain may use: one session, and one pupil of it.
type visit struct {
	session   *pronote.Session
	student   pronote.Student // of the session
	owner     db.Owner        // of the pupil's rows
	holder    db.Owner        // of rows that are addressed to the account; a pupil's own owner
	number    int             // of the pupil in the session, from 0
	first     bool            // the first pupil of the poll, who reads for the holder too
	household *household
	today     pronote.Date
	now       pronote.DateTime
	opening   Opening
	spans     Spans
	restore   map[string]bool // domains whose known rows are opened again because files are missing

	store  *db.Store
	due    func(span db.Span) bool // whether a span that seldom changes is worth a request
	seldom func(span db.Span) bool // the same of a span that is large, or next to never changes
}

// readEach reads the parts of a domain, a request for each, up to the first that
// fails. A part that is unchanged, or for which read returns nothing, makes no
// snapshot.
func readEach[T any](parts []T, read func(T) (mirror.Snapshot, error)) (snapshots []mirror.Snapshot, err error) {
	for _, part := range parts {
		s, err := read(part)
		switch {
		case errors.Is(err, pronote.ErrUnchanged):
		case err != nil:
			return snapshots, err
		case s != nil:
			snapshots = append(snapshots, s)
		}
	}
	return snapshots, nil
}
