package sync

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/notifiers"
	"github.com/pronote-sync/pronote-sync/sync/internal/wording"
)

// This file makes letters of what is due to a recipient: one for each cause, one for
// each child, one after the quiet hours.

// compose makes letters of what is due, and reports whether there was anything.
func (m *mailbox) compose(ctx context.Context) (composed bool, err error) {
	if err := m.askAgain(ctx); err != nil {
		return false, err
	}
	now := m.engine.Now()
	err = m.draft(ctx, func(tx *db.Tx) error {
		composed = false
		failing, err := tx.IsFailing(ctx, m.Name)
		if err != nil || failing {
			return err
		}
		waiting, err := tx.Waiting(ctx, m.Name, now.Add(max(m.Group, groupMarks)))
		if err != nil {
			return err
		}
		waiting = dueTogether(waiting, now)
		if waiting, err = m.withMeanwhile(ctx, tx, waiting, now); err != nil {
			return err
		}
		if m.Quiet.Holds(now.In(m.Location)) { // what waits for others does not follow an alarm
			waiting = slices.DeleteFunc(waiting, func(d db.Delivery) bool { return d.Reason != ReasonAlarm })
		}
		if composed = len(waiting) > 0; !composed {
			return nil
		}
		tellings, err := m.tellings(ctx, tx, waiting, now)
		if err != nil {
			return err
		}
		for _, group := range m.groups(tellings) {
			if err := m.write(ctx, tx, group, now); err != nil {
				return err
			}
		}
		return nil
	})
	return composed, err
}

// dueTogether are the deliveries that are due, and those that only wait for others;
// none when none is due.
func dueTogether(waiting []db.Delivery, now time.Time) []db.Delivery {
	isDue := func(d db.Delivery) bool { return !d.Due.After(now) }
	if !slices.ContainsFunc(waiting, isDue) {
		return nil
	}
	return slices.DeleteFunc(waiting, func(d db.Delivery) bool { return !isDue(d) && d.Reason != ReasonGroup })
}

// mostDrafts is how often something is composed beside others who write.
const mostDrafts = 3

// draft composes, and stores what comes of it. Words take their time, in which others may
// write: if that changes what they say, it is composed anew.
func (m *mailbox) draft(ctx context.Context, compose func(*db.Tx) error) error {
	basis := func(tx *db.Tx) (string, error) { return tx.Basis(ctx, m.Name) }
	for range mostDrafts {
		if err := m.engine.Store.Draft(ctx, basis, compose); !errors.Is(err, db.ErrChanged) {
			return err
		}
	}
	return m.engine.Store.Update(ctx, compose)
}

// withMeanwhile adds to the news that a school answers again what has changed while it did
// not, and would else wait for the digest.
func (m *mailbox) withMeanwhile(ctx context.Context, tx *db.Tx, waiting []db.Delivery, now time.Time) ([]db.Delivery, error) {
	since := map[int64]civil.DateTime{} // by account
	for _, d := range waiting {
		if d.Event.Kind == "system.recovered" {
			since[d.AccountID] = outageOf(d)
		}
	}
	if len(since) == 0 {
		return waiting, nil
	}
	all, err := tx.Waiting(ctx, m.Name, now.Add(beyondDigest))
	return slices.DeleteFunc(all, func(d db.Delivery) bool {
		began, was := since[d.AccountID]
		isMeanwhile := was && d.Way == db.Digest && d.At.Compare(began) >= 0
		return !isMeanwhile && !slices.ContainsFunc(waiting, func(w db.Delivery) bool { return w.ID == d.ID })
	}), err
}

// outageOf is since when a school did not answer that answers again.
func outageOf(recovered db.Delivery) civil.DateTime {
	since, err := civil.ParseDateTime(factsOf(recovered.Event).text("since"))
	if err != nil {
		return recovered.At
	}
	return since
}

// groups are the tellings of one letter each: those of a child, or all that waited for
// the end of the quiet hours. What the program says of itself goes alone, but that
// PRONOTE answers again is the heading of what has changed meanwhile.
func (m *mailbox) groups(list []telling) (groups [][]telling) {
	waited := slices.ContainsFunc(list, func(t telling) bool {
		return t.Way == db.Digest || t.Reason == ReasonQuiet || t.facts.kind == "system.recovered"
	})
	at := map[string]int{}
	for n, t := range list {
		key := strings.Join(t.names, "\n")
		switch {
		case t.facts.kind == "system.recovered":
			key = "waited"
		case strings.HasPrefix(t.facts.kind, "system."):
			key = fmt.Sprint("system ", n)
		case waited:
			key = "waited"
		}
		i, ok := at[key]
		if !ok {
			i = len(groups)
			at[key], groups = i, append(groups, nil)
		}
		groups[i] = append(groups[i], t)
	}
	slices.SortStableFunc(groups, func(a, b []telling) int { return cmp.Compare(firstOf(a), firstOf(b)) })
	return groups
}

// firstOf is the number of the delivery in a letter that came first.
func firstOf(group []telling) int64 {
	first := group[0].ID
	for _, t := range group {
		first = min(first, t.ID)
	}
	return first
}

// words is what a letter says.
func (m *mailbox) words(group []telling, now time.Time) (wording.Message, error) {
	var events []wording.Event
	for _, t := range group {
		events = append(events, m.named(t))
	}
	return m.engine.Wording.In(m.Language).Message(events, m.reader(now))
}

// write words a letter and stores it. An event that cannot be worded, a mistake of ours,
// must not hold up what comes after.
func (m *mailbox) write(ctx context.Context, tx *db.Tx, group []telling, now time.Time) error {
	message, is, err := m.heading(ctx, tx, group, now)
	if !is {
		message, err = m.words(group, now)
	}
	if err == nil {
		return m.postMessage(ctx, tx, db.Letter{Kind: db.News}, message, group, now)
	}
	given, rest := group, []telling(nil)
	if len(group) > 1 {
		given, rest = m.wordless(group, now)
	}
	for _, t := range given {
		m.engine.Log.Error("message given up", "recipient", m.Name, "event", t.Event.Kind, "error", err)
		told, merged := t.deliveries()
		tx.AtEnd(func(tx *db.Tx) error { return tx.End(ctx, append(told, merged...), db.Failed, reasonWording) })
	}
	if len(rest) == 0 {
		return nil
	}
	return m.write(ctx, tx, rest, now)
}

// wordless are those of a group that cannot be worded, all of them if it is none by
// itself, and the rest.
func (m *mailbox) wordless(group []telling, now time.Time) (given, rest []telling) {
	for _, t := range group {
		if _, err := m.words([]telling{t}, now); err != nil {
			given = append(given, t)
		} else {
			rest = append(rest, t)
		}
	}
	if len(given) == 0 {
		return group, nil
	}
	return given, rest
}

// postMessage stores a message as a letter of a kind, in as many parts as its channel
// wants.
func (m *mailbox) postMessage(ctx context.Context, tx *db.Tx, l db.Letter, message wording.Message, group []telling, now time.Time) error {
	l.Recipient, l.Channel = m.Name, m.Channel
	l.Composed, l.ComposedAt, l.Due = now, civil.DateTimeOf(now.In(m.Location)), now
	manner, amends, err := m.manner(ctx, tx, l, group)
	if err != nil {
		return err
	}
	l.Manner, l.Amends = manner, amends
	var told, merged []int64
	for _, t := range group {
		its, before := t.deliveries()
		told, merged = append(told, its...), append(merged, before...)
		l.Night = l.Night || t.Reason == ReasonAlarm
	}
	var parts []db.Letter
	for i, part := range m.split(message) {
		l.Title, l.Text = part.Title, part.Body
		if i > 0 {
			l.Amends = 0 // or it would take the place of the first
		}
		l.Identity = identityOf(l, told, i)
		parts = append(parts, l)
	}
	tx.AtEnd(func(tx *db.Tx) error {
		_, err := tx.Post(ctx, parts, told, merged)
		return err
	})
	return nil
}

// split makes the parts of a message that a channel delivers whole.
func (m *mailbox) split(message wording.Message) []wording.Message {
	if limit := notifiers.Limit(m.Channel); limit > 0 {
		return message.Split(limit)
	}
	return []wording.Message{message}
}

// reader is who reads a letter that is worded now.
func (m *mailbox) reader(now time.Time) wording.Reader {
	return wording.Reader{Reveal: m.Reveal, NoClass: m.NoClass, Admin: m.Admin, Now: civil.DateTimeOf(now.In(m.Location)), Subjects: m.engine.subjects.names()}
}

// zoneOf is where the clocks of an account's school are, or else another place.
func (e *Engine) zoneOf(account string, or *time.Location) *time.Location {
	if w, err := e.find(account); err == nil {
		return w.account.Location
	}
	return or
}
