// Package today reads from the mirror what a family wants to know about some days:
// the next day of school, the week, what waits for an answer. It finds the facts;
// package wording says them.
package today

import (
	"cmp"
	"context"
	"slices"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/sync/internal/wording"
)

// A Reader is for whom the mirror is read, and when.
type Reader struct {
	Now      civil.DateTime
	Accounts []string                                    // by name, in the order of the configuration; others are not read
	Follows  func(account string, pupil db.Student) bool // nil for all pupils
	Call     func(student string) string                 // what the family calls a pupil whom the views name so; nil for the same
}

// A Child is a pupil whom a reader follows.
type Child struct {
	Account, Student string // as the views name them
	Name             string // to be said; "" where there is one child
	Class, School    string
	Period           string // the current one; "" when it is not known
	ID               int64
	OfParent         bool // whether a parent's account shows the child
}

// Children lists whom a reader follows, in the order of the accounts. Whoever two
// accounts show, as those of a parent and of the pupil, is the first one's.
func (r Reader) Children(ctx context.Context, tx *db.Tx) (children []Child, err error) {
	accounts, err := r.accounts(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, a := range accounts {
		pupils, err := tx.Students(ctx, a.ID)
		if err != nil {
			return nil, err
		}
		for _, p := range pupils {
			child := Child{
				Account: a.Name, Student: cmp.Or(p.Alias, p.Name), Class: p.Class, School: cmp.Or(p.School, a.School),
				Period: p.CurrentPeriod, ID: p.ID, OfParent: a.Kind == "parent",
			}
			child.Name = child.Student
			if r.Call != nil {
				child.Name = r.Call(child.Student)
			}
			if p.Holder || !p.LeftOn.IsZero() || r.Follows != nil && !r.Follows(a.Name, p) {
				continue
			}
			if !slices.ContainsFunc(children, child.is) {
				children = append(children, child)
			}
		}
	}
	if len(children) == 1 {
		children[0].Name = ""
	}
	return children, nil
}

// is reports whether two accounts show the same child.
func (c Child) is(other Child) bool {
	return c.Student == other.Student && c.School == other.School && c.Class == other.Class
}

// accounts are those that the reader reads. Bars have no school days.
func (r Reader) accounts(ctx context.Context, tx *db.Tx) ([]db.Account, error) {
	all, err := tx.Accounts(ctx)
	if err != nil {
		return nil, err
	}
	place := func(a db.Account) int { return slices.Index(r.Accounts, a.Name) }
	all = slices.DeleteFunc(all, func(a db.Account) bool { return place(a) < 0 || a.Source != "pronote" })
	slices.SortFunc(all, func(a, b db.Account) int { return cmp.Compare(place(a), place(b)) })
	return all, nil
}

// all is a filter for the rows of a child.
func (c Child) all() db.Filter { return db.Filter{Account: c.Account, Student: c.Student} }

// within is a filter for those from one day to another.
func (c Child) within(from, to civil.Date) db.Filter {
	f := c.all()
	f.Since, f.Until = from.String(), to.String()
	return f
}

// A Digest is what there is to say of some days, and which rows of the mirror that is.
type Digest struct {
	wording.Digest
	Followed []Child // those of the reader

	said map[string]bool // uids
	days map[Day]bool
}

// A Day is one of a pupil's.
type Day struct {
	Account, Student string // as the views name them
	Date             civil.Date
}

// Says reports whether a digest says what there is to know of the row of a uid, so
// that an event about it need not.
func (d Digest) Says(uid string) bool { return d.said[uid] }

// SaysDay reports whether a digest says when a day begins and ends.
func (d Digest) SaysDay(day Day) bool { return d.days[day] }

// say notes that rows are said.
func (d *Digest) say(uids ...string) {
	for _, uid := range uids {
		d.said[uid] = true
	}
}

// A lookup is one reading of the mirror.
type lookup struct {
	Reader
	tx       *db.Tx
	children []Child
	seen     map[string]bool // uids
}

func (r Reader) look(ctx context.Context, tx *db.Tx) (l *lookup, err error) {
	l = &lookup{Reader: r, tx: tx}
	if l.children, err = r.Children(ctx, tx); err != nil {
		return nil, err
	}
	l.seen, err = tx.SeenUIDs(ctx)
	return l, err
}

// digest begins one.
func (l *lookup) digest(kind wording.DigestKind) Digest {
	return Digest{Digest: wording.Digest{Kind: kind}, Followed: l.children, said: map[string]bool{}, days: map[Day]bool{}}
}
