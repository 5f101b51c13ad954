package sync

import (
	"context"
	"slices"
	"time"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/sync/internal/today"
	"github.com/pronote-sync/pronote-sync/sync/internal/wording"
)

// digestKinds are the digests there are.
var digestKinds = []string{db.Evening, db.Week, db.Morning, remindsOf}

// lateBy is how long after its hour a digest still makes sense.
var lateBy = map[string]time.Duration{db.Evening: 4 * time.Hour, db.Week: 4 * time.Hour, db.Morning: 2 * time.Hour, remindsOf: 3 * time.Hour}

// dueDigest is a digest that is due and was not composed, "" for none.
func (m *mailbox) dueDigest(now time.Time) string {
	now = now.In(m.Location)
	for _, kind := range digestKinds {
		at := m.digestAt(kind, now)
		if !at.IsZero() && !now.Before(at) && now.Before(at.Add(lateBy[kind])) && m.digested[kind] != civil.DateTimeOf(now).Date {
			return kind
		}
	}
	return ""
}

// nextDigest is when a digest of any kind is due next, the zero time for never.
func (m *mailbox) nextDigest(now time.Time) (next time.Time) {
	if m.isPlain() {
		return next
	}
	for _, kind := range digestKinds {
		for days := range 8 {
			if at := m.digestAt(kind, now.In(m.Location).AddDate(0, 0, days)); at.After(now) {
				next = sooner(next, at)
				break
			}
		}
	}
	return next
}

// composeDigests makes letters of the digests that are due, and reports whether any
// was.
func (m *mailbox) composeDigests(ctx context.Context) (bool, error) {
	if m.Policy.isPlain() {
		return false, nil
	}
	if m.digested == nil {
		if err := m.rememberDigests(ctx); err != nil {
			return false, err
		}
	}
	now := m.engine.Now()
	kind := m.dueDigest(now)
	if kind == "" {
		return false, nil
	}
	err := m.draft(ctx, func(tx *db.Tx) error {
		if was, err := tx.HasDigest(ctx, m.Name, kind, civil.DateTimeOf(now.In(m.Location)).Date); err != nil || was {
			return err // before the clock was set back
		}
		if kind == remindsOf {
			return m.remind(ctx, tx, now)
		}
		if err := m.composeDigest(ctx, tx, kind, now); err != nil || kind != db.Evening {
			return err
		}
		return m.tellSilence(ctx, tx, now)
	})
	if err != nil {
		return false, err
	}
	m.digested[kind] = civil.DateTimeOf(now.In(m.Location)).Date
	return true, nil
}

// rememberDigests reads which digests were composed last.
func (m *mailbox) rememberDigests(ctx context.Context) error {
	last := map[string]civil.Date{}
	err := m.engine.Store.View(ctx, func(tx *db.Tx) error {
		for _, kind := range digestKinds {
			day, err := tx.LastDigest(ctx, m.Name, kind)
			if err != nil {
				return err
			}
			last[kind] = day
		}
		return nil
	})
	if err == nil {
		m.digested = last
	}
	return err
}

// silentFor is on how many days of school nothing changed before people are told so.
const silentFor = 7

// composeDigest makes a letter of what waits for a digest, and of what the mirror has
// for the days to come.
func (m *mailbox) composeDigest(ctx context.Context, tx *db.Tx, kind string, now time.Time) error {
	l := db.Letter{Recipient: m.Name, Channel: m.Channel, Kind: kind, Day: civil.DateTimeOf(now.In(m.Location)).Date}
	l.Composed, l.ComposedAt, l.Due = now, civil.DateTimeOf(now.In(m.Location)), now
	digest, err := m.readDigest(ctx, tx, kind, now)
	if err != nil {
		return err
	}
	var news []telling
	if kind != db.Morning {
		if news, err = m.newsOf(ctx, tx, now); err != nil {
			return err
		}
	}
	for _, t := range news {
		if !m.saidBy(digest, t) {
			digest.News = append(digest.News, m.named(t))
		}
	}
	worth := len(digest.News) > 0 || !digest.Empty()
	if kind == db.Morning {
		if worth, err = m.worthMorning(ctx, tx, digest, now); err != nil {
			return err
		}
	}
	skip := func(tx *db.Tx) error { return tx.Skip(ctx, l) }
	if !worth {
		tx.AtEnd(skip)
		return nil
	}
	message, err := m.engine.Wording.In(m.Language).Digest(digest.Digest, m.reader(now))
	if err != nil { // a mistake of ours: what waited for the digest leaves without it
		m.engine.Log.Error("digest given up", "recipient", m.Name, "digest", kind, "error", err)
		tx.AtEnd(skip)
		return nil
	}
	return m.postMessage(ctx, tx, l, message, news, now)
}

// worthMorning reports whether a digest of the morning says what that of the evening
// before did not: another day than the timetable has it, since something changed after.
func (m *mailbox) worthMorning(ctx context.Context, tx *db.Tx, d today.Digest, now time.Time) (bool, error) {
	if d.Day.IsZero() || m.Preset != All && !d.Unusual() {
		return false, nil
	}
	evening, err := m.lastEvening(ctx, tx)
	if err != nil || m.Preset == All || evening.IsZero() || now.Sub(evening) > week {
		return err == nil, err
	}
	for _, c := range d.Followed {
		turned, err := tx.HasTurned(ctx, c.ID, d.Day, civil.DateTimeOf(evening.In(m.engine.zoneOf(c.Account, m.Location))))
		if err != nil || turned {
			return turned, err
		}
	}
	return false, nil
}

// week is how old a digest of the evening is at most whose day is the next one of school.
const week = 7 * 24 * time.Hour

// lastEvening is when the last digest of an evening was due, or of a week, the zero time
// for none.
func (m *mailbox) lastEvening(ctx context.Context, tx *db.Tx) (last time.Time, err error) {
	for kind, hour := range map[string]Hour{db.Evening: m.Digest, db.Week: m.Weekly} {
		day, err := tx.LastDigest(ctx, m.Name, kind)
		if err != nil {
			return last, err
		}
		if day.IsZero() || !hour.Set {
			continue
		}
		at := hour.On(time.Date(day.Year, day.Month, day.Day, 12, 0, 0, 0, m.Location))
		if at.After(last) {
			last = at
		}
	}
	return last, nil
}

// readDigest reads what the mirror has for a kind of digest.
func (m *mailbox) readDigest(ctx context.Context, tx *db.Tx, kind string, now time.Time) (today.Digest, error) {
	r := m.lookingAt(now)
	switch kind {
	case db.Week:
		return r.Week(ctx, tx)
	case db.Morning:
		return r.Morning(ctx, tx)
	}
	return r.Evening(ctx, tx)
}

// lookingAt is what a recipient reads of the mirror at an instant.
func (m *mailbox) lookingAt(now time.Time) today.Reader {
	r := today.Reader{Now: civil.DateTimeOf(now.In(m.Location)), Call: firstName}
	for _, a := range m.engine.Accounts {
		r.Accounts = append(r.Accounts, a.Name)
	}
	r.Follows = func(_ string, pupil db.Student) bool { return m.about(pupil) }
	return r
}

// newsOf are the tellings of what waits for a digest.
func (m *mailbox) newsOf(ctx context.Context, tx *db.Tx, now time.Time) ([]telling, error) {
	waiting, err := tx.Waiting(ctx, m.Name, now)
	if err != nil {
		return nil, err
	}
	waiting = slices.DeleteFunc(waiting, func(d db.Delivery) bool { return d.Way != db.Digest })
	return m.tellings(ctx, tx, waiting, now)
}

// saidBy reports whether a digest says what an event does.
func (m *mailbox) saidBy(d today.Digest, t telling) bool {
	if t.facts.kind == "day.changed" {
		return d.SaysDay(today.Day{Account: t.Account, Student: t.Student, Date: t.Event.Day})
	}
	return t.UID != "" && d.Says(t.UID)
}

// named is a telling as it is worded, with the children whom it is about.
func (m *mailbox) named(t telling) wording.Event {
	e := t.event()
	e.Child = m.engine.Wording.In(m.Language).Names(t.names)
	return e
}

// tellSilence tells on the evening of the day that nothing has changed for long, once:
// it is no failure, but it may look like one.
func (m *mailbox) tellSilence(ctx context.Context, tx *db.Tx, now time.Time) error {
	digest, days, err := m.lookingAt(now).Silence(ctx, tx)
	if err != nil || days != silentFor {
		return err
	}
	message, err := m.engine.Wording.In(m.Language).Digest(digest.Digest, m.reader(now))
	if err != nil {
		return err
	}
	return m.postMessage(ctx, tx, db.Letter{Kind: db.Evening, Day: civil.DateTimeOf(now.In(m.Location)).Date}, message, nil, now)
}
