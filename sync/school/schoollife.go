package school

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// schoolLife reads what feeds four tables in one request per period. It is
// scheduled under the name of the first.
var schoolLife = domain{
	Domain: psync.Domain{
		Name:     "absences",
		Schedule: "25 8-18 * * *",
		Tables:   []db.View{db.Absences.Listed(), db.Delays.Listed(), db.Punishments.Listed(), db.Detentions.Listed(), db.Observations.Listed()},
		Events:   []string{"absence.new", "absence.changed", "absence.removed", "delay.new", "delay.changed", "delay.removed", "punishment.new", "punishment.changed", "punishment.removed", "observation.new", "observation.changed", "observation.removed"},
		Files:    []string{db.Absences.Name, db.Punishments.Name},
	},
	read: func(ctx context.Context, v *visit) ([]mirror.Snapshot, error) {
		all, present := v.student.PeriodsOf(pronote.TabSchoolLife)
		terms := termsOf(all)
		return readEach(v.begun(terms, present), func(period pronote.Period) (mirror.Snapshot, error) {
			life, err := v.session.SchoolLife(ctx, v.student, period)
			return lifeSnapshot{
				absences:     lifeList(db.Absences, absenceMatcher, v.owner, period, terms, life.Absences, func(a pronote.Absence) pronote.Date { return a.StartsAt.Date }),
				delays:       lifeList(db.Delays, delayMatcher, v.owner, period, terms, life.Delays, func(d pronote.Delay) pronote.Date { return d.StartsAt.Date }),
				punishments:  lifeList(db.Punishments, punishmentMatcher, v.owner, period, terms, life.Punishments, func(p pronote.Punishment) pronote.Date { return p.GivenOn }),
				observations: lifeList(db.Observations, observationMatcher, v.owner, period, terms, life.Observations, func(o pronote.Observation) pronote.Date { return o.GivenOn }),
			}, err
		})
	},
}

// termsOf are the terms where there are any: this page goes by days, and all other
// periods have the days of the terms.
func termsOf(periods []pronote.Period) []pronote.Period {
	if !slices.ContainsFunc(periods, isTerm) {
		return periods
	}
	return slices.DeleteFunc(slices.Clone(periods), func(p pronote.Period) bool { return !isTerm(p) })
}

// lifeList leaves out what began in another term: an absence over the turn of
// two shows in both. Nil stays nil.
func lifeList[T any](table db.Table[T], m mirror.Matcher[T], owner db.Owner, in pronote.Period, terms []pronote.Period, rows []T, day func(T) pronote.Date) mirror.List[T] {
	l := mirror.ListOf(table, m, owner, db.PeriodSpan(in), rows)
	if rows == nil {
		return l
	}
	l.Rows = []T{}
	for _, row := range rows {
		elsewhere := false
		for _, term := range terms {
			elsewhere = elsewhere || term.Name != in.Name && term.Holds(day(row)) && !in.Holds(day(row))
		}
		if !elsewhere {
			l.Rows = append(l.Rows, row)
		}
	}
	return l
}

// The office corrects the end of an absence all the time and its beginning
// seldom. No pupil misses one hour twice: absences that overlap are the same.
var absenceMatcher = mirror.Matcher[pronote.Absence]{
	Identities: []func(pronote.Absence) string{
		func(a pronote.Absence) string { return mirror.Identity(a.StartsAt.String()) },
	},
	Group: func(pronote.Absence) string { return "" },
	Alike: func(a, b pronote.Absence) int {
		starts, ends := a.StartsAt.In(time.UTC), a.EndsAt.In(time.UTC)
		if s := b.StartsAt.In(time.UTC); s.After(starts) {
			starts = s
		}
		if e := b.EndsAt.In(time.UTC); e.Before(ends) {
			ends = e
		}
		return int(min(ends.Unix()-starts.Unix(), 1<<30)) // Sub would stop at 292 years
	},
}

// Nobody is late twice within an hour.
var delayMatcher = mirror.Matcher[pronote.Delay]{
	Identities: []func(pronote.Delay) string{
		func(d pronote.Delay) string { return mirror.Identity(d.StartsAt.String()) },
	},
	Group: func(d pronote.Delay) string { return d.StartsAt.Date.String() },
	Alike: func(a, b pronote.Delay) int {
		apart := (60*a.StartsAt.Hour + a.StartsAt.Minute) - (60*b.StartsAt.Hour + b.StartsAt.Minute)
		return 60 - max(apart, -apart)
	},
}

var punishmentMatcher = mirror.Matcher[pronote.Punishment]{
	Identities: []func(pronote.Punishment) string{
		func(p pronote.Punishment) string {
			return mirror.Identity(p.GivenOn.String(), p.Kind, p.Nature, p.Giver, p.GivenAt.String())
		},
		func(p pronote.Punishment) string { return mirror.Identity(p.GivenOn.String(), p.Giver) },
	},
	Group: func(pronote.Punishment) string { return "" },
	Alike: alikePunishments,
	Keep: func(old pronote.Punishment, seen *pronote.Punishment) {
		if seen.Attachments == nil { // the answer did not have them
			seen.Attachments = old.Attachments
		}
	},
}

// alikePunishments weighs what two punishments share. The same teacher's next
// one of the same nature, for something else on another day, is another.
func alikePunishments(a, b pronote.Punishment) int {
	score := 0
	if a.Circumstances != "" && b.Circumstances != "" {
		score = 4 * mirror.Overlap(a.Circumstances, b.Circumstances) / 100
	}
	for _, same := range []struct {
		yes    bool
		weight int
	}{
		{a.GivenOn == b.GivenOn, 4},
		{a.GivenAt == b.GivenAt && !a.GivenAt.IsZero(), 1},
		{a.Giver == b.Giver, 2},
		{a.Nature == b.Nature, 2},
		{a.StartsAt == b.StartsAt && !a.StartsAt.IsZero(), 2},
	} {
		if same.yes {
			score += same.weight
		}
	}
	return score - 6
}

// The detentions of one punishment are few, and their order says which moved.
var detentionMatcher = mirror.Matcher[pronote.Detention]{
	Identities: []func(pronote.Detention) string{
		func(d pronote.Detention) string { return mirror.Identity(d.HeldOn.String(), d.StartsAt.String()) },
		func(d pronote.Detention) string { return mirror.Identity(d.HeldOn.String()) },
	},
	Group: func(pronote.Detention) string { return "" },
	Alike: func(pronote.Detention, pronote.Detention) int { return 1 },
}

var observationMatcher = mirror.Matcher[pronote.Observation]{
	Identities: []func(pronote.Observation) string{
		func(o pronote.Observation) string {
			return mirror.Identity(o.GivenOn.String(), o.Kind, o.Title, o.Giver, o.Comment)
		},
		func(o pronote.Observation) string {
			return mirror.Identity(o.GivenOn.String(), o.Kind, o.Title, o.Giver)
		},
	},
	Group: func(o pronote.Observation) string { return mirror.Identity(o.GivenOn.String(), o.Giver) },
	Alike: func(a, b pronote.Observation) int {
		score := 3*mirror.Overlap(a.Comment, b.Comment)/100 - 2
		if a.Title == b.Title {
			score += 2
		}
		if a.Kind == b.Kind {
			score++
		}
		return score
	},
}

type lifeSnapshot struct {
	absences     mirror.List[pronote.Absence]
	delays       mirror.List[pronote.Delay]
	punishments  mirror.List[pronote.Punishment]
	observations mirror.List[pronote.Observation]
}

func (s lifeSnapshot) Store(ctx context.Context, tx *db.Tx, at pronote.DateTime) (total mirror.Outcome, err error) {
	shrunk, err := s.shrunk(ctx, tx)
	if err != nil {
		return total, err
	}
	s.absences.Shrunk, s.delays.Shrunk, s.punishments.Shrunk, s.observations.Shrunk = shrunk, shrunk, shrunk, shrunk
	s.absences.Returns, s.delays.Returns, s.punishments.Returns, s.observations.Returns = true, true, true, true
	err = errors.Join(
		s.storeAbsences(ctx, tx, at, &total),
		storeShown(ctx, tx, at, &s.delays, &total, announceDelay),
		s.storePunishments(ctx, tx, at, &total),
		storeShown(ctx, tx, at, &s.observations, &total, announceObservation),
	)
	return total, err
}

// shrunk reports whether the one list behind the four tables lost suspiciously
// much, though each table alone may have lost little.
func (s lifeSnapshot) shrunk(ctx context.Context, tx *db.Tx) (bool, error) {
	known, missing := 0, 0
	err := errors.Join(
		s.absences.Missing(ctx, tx, &known, &missing), s.delays.Missing(ctx, tx, &known, &missing),
		s.punishments.Missing(ctx, tx, &known, &missing), s.observations.Missing(ctx, tx, &known, &missing),
	)
	return mirror.Suspicious(known, missing), err
}

// storeShown stores one of several lists, unless the school does not show it, and
// adds what people are told of each change: an event of no kind is none.
func storeShown[T any](ctx context.Context, tx *db.Tx, at pronote.DateTime, l *mirror.List[T], total *mirror.Outcome, announce func(mirror.Change[T], mirror.Telling) db.Event) error {
	if l.Rows == nil {
		return nil
	}
	changes, o, err := l.Store(ctx, tx, at)
	if err != nil {
		return err
	}
	for _, c := range changes {
		t := mirror.TellingOf(l.Table, c)
		if e := announce(c, t); e.Kind != "" {
			o.Events = append(o.Events, t.Complete(e, l.Owner))
		}
	}
	total.Add(o)
	return nil
}

// storeAbsences stores the absences and their attachments, which make no events:
// the family handed them in.
func (s lifeSnapshot) storeAbsences(ctx context.Context, tx *db.Tx, at pronote.DateTime, total *mirror.Outcome) error {
	whole := &s.absences
	whole.Children = []mirror.Child[pronote.Absence]{mirror.AttachmentsOf(func(a pronote.Absence) mirror.Attached {
		return mirror.Attached{List: a.Attachments, Day: a.StartsAt.Date}
	})}
	return storeShown(ctx, tx, at, whole, total, func(c mirror.Change[pronote.Absence], t mirror.Telling) db.Event {
		if c.Kind == mirror.Removed && slices.ContainsFunc(whole.Rows, func(a pronote.Absence) bool { return absenceMatcher.Alike(c.Old, a) > 0 }) {
			return db.Event{} // the office made one of two, whose change is told
		}
		return announceAbsence(c, t, at)
	})
}

// The columns whose change people want to know. The end of an absence that is still
// open moves on with every hour; only the last move is news.
var (
	absenceColumns     = []string{"starts_at", "ends_at", "open", "justified", "reasons"}
	delayColumns       = []string{"starts_at", "minutes", "justified", "reasons"}
	observationColumns = []string{"title", "kind", "comment", "subject", "starts_at", "ends_at"}
)

// announceAbsence makes the event that a change is worth. One that was planned is not
// worth a message once it is over; all others count for as long as the year.
func announceAbsence(c mirror.Change[pronote.Absence], t mirror.Telling, at pronote.DateTime) db.Event {
	over := !c.New.Open && t.Touches([]string{"ends_at", "open"})
	e := db.Event{
		Kind:  mirror.KindOf("absence", c.Kind, over || t.Touches([]string{"starts_at", "justified", "reasons"})),
		Day:   c.Row().StartsAt.Date,
		Minor: t.Minor(absenceColumns, "reasons"),
	}
	if c.Row().Justified && c.Row().StartsAt.Compare(at) > 0 {
		e.Over = c.Row().EndsAt
	}
	if over && t.Only(absenceColumns, "open") {
		e.Minor = db.MinorEnded
	}
	return e
}

func announceDelay(c mirror.Change[pronote.Delay], t mirror.Telling) db.Event {
	return db.Event{
		Kind: mirror.KindOf("delay", c.Kind, t.Touches(delayColumns)), Day: c.Row().StartsAt.Date, Minor: t.Minor(delayColumns, "reasons"),
	}
}

func announceObservation(c mirror.Change[pronote.Observation], t mirror.Telling) db.Event {
	return db.Event{
		Kind:  mirror.KindOf("observation", c.Kind, t.Touches(observationColumns)),
		Day:   cmp.Or(c.Row().StartsAt.Date, c.Row().GivenOn),
		Minor: t.Minor(observationColumns, "title", "comment"),
	}
}
