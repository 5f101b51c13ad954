package school

import (
	"cmp"
	"context"
	"slices"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/pronote"
	psync "github.com/pronote-sync/pronote-sync/sync"
	"github.com/pronote-sync/pronote-sync/sync/internal/mirror"
)

// schoolAgenda reads the weeks of the school year, a request for each: those to come
// soon and those just past each time, the others to come once a week, those of the past
// once more when they are long over. The polls share what is left to read, so that
// none of them spends the budget of an hour.
var schoolAgenda = domain{
	Domain: psync.Domain{
		Name:     "agenda",
		Schedule: "30 17 * * *",
		Tables:   []db.View{db.Agenda.Listed()},
		Events:   []string{"agenda.new", "agenda.changed", "agenda.removed"},
		Files:    []string{db.Agenda.Name},
	},
	read: func(ctx context.Context, v *visit) ([]mirror.Snapshot, error) {
		mondays, err := v.agendaWeeks(ctx)
		if err != nil {
			return nil, err
		}
		return readEach(mondays, func(monday pronote.Date) (mirror.Snapshot, error) {
			entries, err := v.session.Agenda(ctx, v.student, monday)
			span := db.DaySpan(monday, monday.AddDays(6))
			return agendaSnapshot{
				List: mirror.ListOf(db.Agenda, agendaMatcher, v.owner, span, entries),
				now:  v.now, pupil: v.holder == v.owner, settled: v.today.DaysSince(monday)/7 > agendaPast,
			}, err
		})
	},
}

// The weeks that are read each time: those from this one on, and those just past, of
// which something may have been entered while nobody looked.
const (
	agendaSoon = 4
	agendaPast = 2
)

// agendaSettled is under what the coverage has the weeks that were read when they were
// long over. A week that was read before may have changed while the program was off.
const agendaSettled = "agenda settled"

// agendaWeeks are the Mondays of the weeks to read. Each week far ahead has its day
// of the week, so that a poll reads few of them, after a restart too. Of what is left
// to read, the weeks nearest to today come first, the past ones last.
func (v *visit) agendaWeeks(ctx context.Context) (mondays []pronote.Date, err error) {
	var known, settled []db.Span
	err = v.store.View(ctx, func(tx *db.Tx) (err error) {
		if known, err = tx.Coverage(ctx, v.owner.Student, db.Agenda.Name); err != nil {
			return err
		}
		settled, err = tx.Coverage(ctx, v.owner.Student, agendaSettled)
		return err
	})
	if err != nil {
		return nil, err
	}
	school, this := v.session.School(), v.today.Monday()
	var ahead, past []pronote.Date // never read, or not since they were over
	monday := school.Starts.Monday()
	for week := 0; monday.Compare(school.Ends) <= 0; week++ {
		weeks := monday.DaysSince(this) / 7
		within := func(spans []db.Span) bool {
			return db.Agenda.Holds(spans, pronote.AgendaEntry{Starts: pronote.DateTime{Date: monday}})
		}
		switch {
		case weeks >= -agendaPast && weeks < agendaSoon:
			mondays = append(mondays, monday)
		case weeks < 0 && !within(settled):
			past = append(past, monday)
		case weeks > 0 && !within(known):
			ahead = append(ahead, monday)
		case weeks > 0 && week%5+1 == int(v.today.Weekday()):
			mondays = append(mondays, monday)
		}
		monday = monday.AddDays(7)
	}
	slices.Reverse(past)
	unread := append(ahead, past...)
	return append(mondays, unread[:min(v.spans.Agenda, len(unread))]...), nil
}

var agendaMatcher = mirror.Matcher[pronote.AgendaEntry]{
	Identities: []func(pronote.AgendaEntry) string{
		func(e pronote.AgendaEntry) string { return mirror.Identity(e.Title, e.Starts.String(), e.Category) },
		func(e pronote.AgendaEntry) string { return mirror.Identity(e.Title, e.Category) },
		func(e pronote.AgendaEntry) string { return mirror.Identity(e.Starts.String(), e.Author, e.Category) },
	},
	Keep: func(old pronote.AgendaEntry, seen *pronote.AgendaEntry) {
		if seen.Attachments == nil { // the answer did not have them
			seen.Attachments = old.Attachments
		}
	},
}

type agendaSnapshot struct {
	mirror.List[pronote.AgendaEntry]
	now     pronote.DateTime
	pupil   bool // for whom councils are not
	settled bool // the week is long over
}

var agendaColumns = []string{"title", "starts_at", "ends_at", "all_day", "description"}

func (s agendaSnapshot) Store(ctx context.Context, tx *db.Tx, at pronote.DateTime) (mirror.Outcome, error) {
	mirror.ConsistsOf(&s.List, func(e *pronote.AgendaEntry) *[]pronote.Attachment { return &e.Attachments }, db.Attachments)
	files := mirror.AttachmentsOf(func(e pronote.AgendaEntry) mirror.Attached {
		return mirror.Attached{List: e.Attachments, Subject: e.Title, Day: e.Starts.Date}
	})
	s.Children, s.Returns = []mirror.Child[pronote.AgendaEntry]{files}, true
	changes, o, err := s.List.Store(ctx, tx, at)
	if err != nil {
		return o, err
	}
	if s.settled && o.Doubted == 0 {
		if err := tx.Cover(ctx, s.Owner.Student, agendaSettled, s.Span); err != nil {
			return o, err
		}
	}
	parts := mirror.PartsOf(db.Attachments, files.News)
	for _, c := range changes {
		t := mirror.TellingOf(db.Agenda, c)
		t.Parts = parts[c.Item]
		if kind := mirror.KindOf("agenda", c.Kind, t.Touches(agendaColumns) || t.Parts != nil); kind != "" && s.matters(c) {
			e := db.Event{Kind: kind, Day: c.Row().Starts.Date, Over: latest(pastAgenda(c.New), pastAgenda(c.Old)), Minor: minorAgenda(t)}
			o.Events = append(o.Events, t.Complete(e, s.Owner))
		}
	}
	return o, nil
}

// matters reports whether a change is of anything that is still to come, and for
// this reader.
func (s agendaSnapshot) matters(c mirror.Change[pronote.AgendaEntry]) bool {
	over := latest(pastAgenda(c.New), pastAgenda(c.Old))
	return over.Compare(s.now) > 0 && !(s.pupil && (c.New.Council || c.Old.Council))
}

// pastAgenda is when an entry is over: at its end, or else when it has begun. One of
// whole days is over at midnight.
func pastAgenda(e pronote.AgendaEntry) pronote.DateTime {
	last := cmp.Or(e.Ends, e.Starts)
	switch {
	case e.Starts.IsZero():
		return pronote.DateTime{}
	case e.AllDay:
		return pronote.DateTime{Date: last.AddDays(1)}
	}
	return last
}

// minorAgenda is why a change of an entry is hardly worth a message.
func minorAgenda(t mirror.Telling) string {
	if t.Only(agendaColumns, "title") && t.Like("title", mirror.Prefixed) {
		return db.MinorPrefix
	}
	return t.Minor(agendaColumns, "title", "description")
}
