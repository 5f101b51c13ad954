package school

import (
	"context"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// Enrol implements psync.Session: the snapshots are the pupils' periods and the
// calendar of the school, which the login has told.
func (s *Session) Enrol(e psync.Enrolment) ([]mirror.Snapshot, []db.Event) {
	s.people = e.People
	unread := map[string]bool{} // those who joined, and whose notices the session before has not read
	if before := s.source.household; before != nil && !e.Afresh {
		unread = before.unread()
	}
	s.household = householdOf(len(e.People))
	s.source.household = s.household
	school := s.School()
	year := db.Span{Low: school.Year, High: school.Year}
	var snapshots []mirror.Snapshot
	for i, student := range s.Students() {
		s.household.names[i] = student.Name
		s.household.joined[i] = e.People[i].Joined || unread[student.Name]
		snapshots = append(snapshots, told[pronote.Period]{mirror.ListOf(db.Periods, periodMatcher, e.People[i].Owner, year, student.Periods)})
	}
	return append(snapshots,
		told[pronote.Holiday]{mirror.ListOf(db.Holidays, holidayMatcher, e.Holder, year, school.Holidays)},
		told[pronote.Week]{mirror.ListOf(db.Weeks, weekMatcher, e.Holder, year, school.Weeks)},
	), s.upgrades(e)
}

// told is a list of what a login tells, which makes no events.
type told[T any] struct{ mirror.List[T] }

// Store implements mirror.Snapshot.
func (t told[T]) Store(ctx context.Context, tx *db.Tx, at pronote.DateTime) (mirror.Outcome, error) {
	_, o, err := t.List.Store(ctx, tx, at)
	return o, err
}

// upgrades tells people that the school has moved to a later release than the mirror
// remembers, or past what this program knows. Other patches do not count: schools
// take one every few weeks, and nobody would notice.
func (s *Session) upgrades(e psync.Enrolment) []db.Event {
	before, known := pronote.ParseVersion(e.Version)
	now := s.Version()
	before.Build, now.Build = -1, -1
	release := now.Year != before.Year || now.Minor != before.Minor
	if !known || now.Compare(before) <= 0 || !release && (before.Newer() || !now.Newer()) {
		return nil
	}
	return []db.Event{mirror.FactsEvent("system.upgraded", 0, map[string]any{
		"account": e.Holder.AccountName, "from": before.String(), "to": now.String(), "newer": now.Newer(),
	})}
}

var periodMatcher = mirror.Matcher[pronote.Period]{
	Identities: []func(pronote.Period) string{
		func(p pronote.Period) string { return mirror.Identity(p.Year, p.Name) },
	},
}

var holidayMatcher = mirror.Matcher[pronote.Holiday]{
	Identities: []func(pronote.Holiday) string{
		func(h pronote.Holiday) string { return mirror.Identity(h.Year, h.Name, h.Starts.String()) },
		func(h pronote.Holiday) string { return mirror.Identity(h.Year, h.Name) },
	},
}

var weekMatcher = mirror.Matcher[pronote.Week]{
	Identities: []func(pronote.Week) string{
		func(w pronote.Week) string { return mirror.Identity(w.Starts.String()) },
	},
}
