package sync

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
)

// A domain says all that the engine must know of one kind of data: its name,
// under which it is scheduled, and how to read it for one pupil. Reading uses
// the network and no transaction; what it returns is stored afterwards.
type domain struct {
	name string
	read func(ctx context.Context, v *visit) ([]snapshot, error)
}

// domains is the list of what is mirrored. The order is that of a poll.
var domains = []domain{marks, homework, infos}

// Domains names what can be scheduled and polled.
func Domains() []string {
	var names []string
	for _, d := range domains {
		names = append(names, d.name)
	}
	return names
}

// A visit is what reading a domain may use: one session, and one pupil of it.
type visit struct {
	session *pronote.Session
	student pronote.Student // of the session
	owner   db.Owner        // of the pupil's rows
	holder  db.Owner        // of rows that are addressed to the account; a pupil's own owner
	first   bool            // the first pupil of the poll, who reads for the holder too
	today   pronote.Date
	opening Opening

	store *db.Store
	due   func(span db.Span) bool // whether a span that seldom changes is worth a request
}

// A snapshot is what one poll saw of one domain for one owner. It knows how to
// store itself, and what to tell about it.
type snapshot interface {
	store(ctx context.Context, tx *db.Tx, at pronote.DateTime) (outcome, error)
}

// An outcome is what storing a snapshot came to.
type outcome struct {
	events                  []db.Event
	seen                    int // rows
	added, changed, removed int // rows written, the silent ones of a first look included
	doubted                 int // rows whose disappearance awaits the next poll
}

func (o *outcome) add(p outcome) {
	o.events = append(o.events, p.events...)
	o.seen += p.seen
	o.added += p.added
	o.changed += p.changed
	o.removed += p.removed
	o.doubted += p.doubted
}

// written reports whether anything was.
func (o outcome) written() bool { return o.added+o.changed+o.removed > 0 }

// A list is the part of a snapshot that belongs to one table.
type list[T any] struct {
	table   db.Table[T]
	matcher Matcher[T]
	owner   db.Owner
	span    db.Span // what was asked for, and therefore what may be concluded
	rows    []T
}

// store brings the mirror to what was seen. It returns the changes worth
// telling: what was added outside the span looked at before was there all along,
// for all that is known, and is left out.
func (l list[T]) store(ctx context.Context, tx *db.Tx, at pronote.DateTime) (news []Change[T], o outcome, err error) {
	mirror, err := l.table.Load(ctx, tx, l.owner.Student, l.span)
	if err != nil {
		return nil, o, err
	}
	l.matcher.Key = l.table.Key
	changes, doubted, err := l.believe(ctx, tx, mirror, Diff(mirror, l.rows, l.matcher))
	if err != nil {
		return nil, o, err
	}
	coverage, err := tx.Coverage(ctx, l.owner.Student, l.table.Name)
	if err != nil {
		return nil, o, err
	}
	o.seen, o.doubted = len(l.rows), doubted
	for _, c := range changes {
		covered := c.Kind != Added || l.table.Holds(coverage, c.New)
		if err := l.apply(ctx, tx, &c, covered, at); err != nil {
			return nil, o, err
		}
		switch c.Kind {
		case Added:
			o.added++
		case Changed:
			o.changed++
		case Removed:
			o.removed++
		}
		if covered {
			news = append(news, c)
		}
	}
	return news, o, tx.Cover(ctx, l.owner.Student, l.table.Name, l.span)
}

// believe holds removals back when too much disappeared at once: a list that
// lost a third of its rows, or all, is believed only if the next poll misses exactly
// the same. It returns the changes to apply and the number held back.
func (l list[T]) believe(ctx context.Context, tx *db.Tx, mirror []db.Row[T], changes []Change[T]) ([]Change[T], int, error) {
	var kept []Change[T]
	missing := sha256.New()
	removed := 0
	for _, c := range changes {
		if c.Kind != Removed {
			kept = append(kept, c)
			continue
		}
		removed++
		_, _ = fmt.Fprintln(missing, c.Item) // a hash accepts every write
	}
	suspected, err := tx.Suspicion(ctx, l.owner.Student, l.table.Name, l.span)
	if err != nil {
		return nil, 0, err
	}
	digest := ""
	if 3*removed >= len(mirror) && removed > 0 {
		digest = hex.EncodeToString(missing.Sum(nil)[:8])
	}
	switch {
	case digest != "" && digest != suspected:
		return kept, removed, tx.Suspect(ctx, l.owner.Student, l.table.Name, l.span, digest)
	case suspected != "":
		err = tx.Suspect(ctx, l.owner.Student, l.table.Name, l.span, "")
	}
	return changes, 0, err
}

// apply writes one change: the row, its version, and the record of the change
// unless it is the silent start of a mirror.
func (l list[T]) apply(ctx context.Context, tx *db.Tx, c *Change[T], covered bool, at pronote.DateTime) (err error) {
	record := db.Change{Kind: string(c.Kind), What: []string{}}
	switch c.Kind {
	case Added:
		c.Item, err = l.table.Add(ctx, tx, l.owner, l.matcher.Identities[0](c.New), c.New, at)
		record.After = l.table.JSON(c.New)
		if !covered {
			return err
		}
	case Changed:
		err = l.table.Replace(ctx, tx, l.owner, c.Item, c.New, at)
		record.What = l.table.Differences(c.Old, c.New)
		record.Before, record.After = l.table.JSON(c.Old, record.What...), l.table.JSON(c.New, record.What...)
	case Removed:
		err = l.table.Retire(ctx, tx, c.Item, at)
		record.Before = l.table.JSON(c.Old)
	default:
		err = errors.New("unknown kind of change " + string(c.Kind))
	}
	if err != nil {
		return err
	}
	record.Item = c.Item
	return tx.RecordChange(ctx, record, at)
}
