// Package mirror brings the tables of the mirror to what a poll saw: it recognises
// rows without identifiers, holds back removals that are hard to believe, stores
// rows with what they have of their own, and says what there is to tell.
package mirror

import (
	"cmp"
	"context"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
)

// A Snapshot is what one poll saw of one domain for one owner. It knows how to
// store itself, and what to tell about it.
type Snapshot interface {
	Store(ctx context.Context, tx *db.Tx, at pronote.DateTime) (Outcome, error)
}

// An Outcome is what storing a snapshot came to.
type Outcome struct {
	Events                  []db.Event
	Seen                    int    // rows
	Added, Changed, Removed int    // rows written, the silent ones of a first look included
	Others                  int    // rows written that are not of the kind that is counted
	Doubted                 int    // rows whose disappearance awaits the next poll
	Doubt                   string // what no other poll can settle: a sentence for a person
	Files                   []ListedFile
}

// Add counts what storing another part of the snapshot came to.
func (o *Outcome) Add(p Outcome) {
	o.Events = append(o.Events, p.Events...)
	o.Seen += p.Seen
	o.Added += p.Added
	o.Changed += p.Changed
	o.Removed += p.Removed
	o.Others += p.Others
	o.Doubted += p.Doubted
	o.Doubt = cmp.Or(o.Doubt, p.Doubt)
	o.Files = append(o.Files, p.Files...)
}

// Written reports whether anything was.
func (o Outcome) Written() bool { return o.Added+o.Changed+o.Removed+o.Others > 0 }
