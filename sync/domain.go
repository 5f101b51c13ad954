package sync

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// A Domain is all that the program must know of one kind of data. The
// configuration, the schedule, the routing, the files and the documentation read it
// here.
type Domain struct {
	Name     string   // under which it is scheduled and polled
	Schedule string   // the usual one, as cron has it, at the school
	Tables   []string // that it fills, as the mirror calls them
	Events   []Event  // that it may tell of
	Files    []string // of Tables, those whose rows may have files

	// read asks the school, for one pupil. It uses the network and no transaction;
	// what it returns is stored afterwards.
	read func(ctx context.Context, v *visit) ([]mirror.Snapshot, error)
}

// An Event is a kind of event there is.
type Event struct {
	Kind  string // such as "mark.new"
	Usual bool   // told to who does not choose
}

func usual(kinds ...string) (events []Event) {
	for _, kind := range kinds {
		events = append(events, Event{kind, true})
	}
	return events
}

func seldom(kinds ...string) (events []Event) {
	for _, kind := range kinds {
		events = append(events, Event{kind, false})
	}
	return events
}

// domains is the list of what is mirrored. The order is that of a poll.
var domains = []Domain{
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
func Domains() []Domain { return slices.Clone(domains) }

func namesOf(list []Domain) []string {
	names := make([]string, len(list))
	for i, d := range list {
		names[i] = d.Name
	}
	return names
}

// holdsAll reports whether a list has all domains of another.
func holdsAll(list, others []Domain) bool {
	names := namesOf(list)
	return !slices.ContainsFunc(others, func(d Domain) bool { return !slices.Contains(names, d.Name) })
}

// domainsNamed are the domains of some names, in the order of a poll.
func domainsNamed(names []string) (named []Domain, err error) {
	for _, name := range names {
		if !slices.Contains(namesOf(domains), name) {
			return nil, fmt.Errorf("no domain is named %q: choose %s", name, strings.Join(namesOf(domains), ", "))
		}
	}
	for _, d := range domains {
		if slices.Contains(names, d.Name) {
			named = append(named, d)
		}
	}
	return named, nil
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
	restore   map[string]bool // domains of which what is known is opened again, for files that lack

	store  *db.Store
	due    func(span db.Span) bool // whether a span that seldom changes is worth a request
	seldom func(span db.Span) bool // the same of a span that is large, or next to never changes
}
