package sync

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/pronote-sync/pronote-sync/db"
)

// A Domain is all that the program must know of one kind of data. The
// configuration, the schedule, the routing, the files and the documentation read it
// here.
type Domain struct {
	Name     string    // under which it is scheduled and polled
	Schedule string    // the usual one, as cron has it, on the account's clock
	Tables   []db.View // that it fills, and how they are listed
	Events   []string  // kinds of events that it may tell of, such as "mark.new"
	Files    []string  // of Tables, those whose rows may have files
}

// Domains are those of one source or of several, in the order of a poll.
type Domains []Domain

// Names are those under which they are scheduled.
func (d Domains) Names() []string {
	names := make([]string, len(d))
	for i, domain := range d {
		names[i] = domain.Name
	}
	return names
}

// holdsAll reports whether they have all of some others.
func (d Domains) holdsAll(others Domains) bool {
	names := d.Names()
	return !slices.ContainsFunc(others, func(o Domain) bool { return !slices.Contains(names, o.Name) })
}

// named are those of some names, in the order of a poll.
func (d Domains) named(names []string) (named Domains, err error) {
	for _, name := range names {
		if !slices.Contains(d.Names(), name) {
			return nil, fmt.Errorf("no domain is named %q: choose %s", name, strings.Join(d.Names(), ", "))
		}
	}
	for _, domain := range d {
		if slices.Contains(names, domain.Name) {
			named = append(named, domain)
		}
	}
	return named, nil
}

// Files are the tables whose rows may have files.
func (d Domains) Files() (tables []string) {
	for _, domain := range d {
		tables = append(tables, domain.Files...)
	}
	return tables
}

// polledWith is the domain that a poll must read for the files of a table.
func (d Domains) polledWith(table string) string {
	for _, domain := range d {
		if slices.ContainsFunc(domain.Tables, func(v db.View) bool { return v.Name == table }) {
			return domain.Name
		}
	}
	return table
}

// EventKinds are the kinds of events there are, those about the account itself included.
func (d Domains) EventKinds() (kinds []string) {
	for _, domain := range d {
		kinds = append(kinds, domain.Events...)
	}
	return append(kinds, systemEvents...)
}

// Match reports whether a pattern stands for any event.
func (d Domains) Match(pattern string) bool {
	return slices.ContainsFunc(d.EventKinds(), func(kind string) bool {
		ok, err := path.Match(pattern, kind)
		return ok && err == nil
	})
}

// Families are the patterns that match all events about one thing.
func (d Domains) Families() (families []string) {
	for _, kind := range d.EventKinds() {
		if pattern := familyOf(kind); !slices.Contains(families, pattern) {
			families = append(families, pattern)
		}
	}
	return families
}

// familyOf is the pattern of all events about the same thing.
func familyOf(kind string) string {
	return firstPart(kind) + ".*"
}
