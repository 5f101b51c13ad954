package sync

import (
	"cmp"
	"context"
	"encoding/json"
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

// A telling is what one letter says in one place: an event, the others of its cause,
// and those of other children that say the same.
type telling struct {
	folded
	facts facts
	names []string  // of the children, "" for none
	with  []telling // of the same cause
	times int
	told  []int64 // deliveries beside its own
}

// compose makes letters of what is due, and reports whether there was anything.
func (m *mailbox) compose(ctx context.Context) (composed bool, err error) {
	now := m.engine.Now()
	err = m.engine.Store.Update(ctx, func(tx *db.Tx) error {
		failing, err := tx.IsFailing(ctx, m.Name)
		if err != nil || failing {
			return err
		}
		waiting, err := tx.Waiting(ctx, m.Name, now.Add(max(m.Group, groupMarks)))
		if err != nil {
			return err
		}
		waiting = dueTogether(waiting, now)
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

// tellings ends what is not worth telling any more, and joins the rest.
func (m *mailbox) tellings(ctx context.Context, tx *db.Tx, waiting []db.Delivery, now time.Time) (list []telling, err error) {
	for _, f := range fold(waiting) {
		why, err := m.untold(ctx, tx, f, now)
		if err != nil {
			return nil, err
		}
		if why != "" {
			state := db.Silent
			if why == ReasonOver {
				state = db.Expired
			}
			if err := tx.End(ctx, append(f.before, f.ID), state, why); err != nil {
				return nil, err
			}
			continue
		}
		list = append(list, telling{folded: f, facts: factsOf(f.Event), names: childrenOf(f.Delivery), times: 1})
	}
	list = byCause(list)
	return m.joinAlike(list, now), nil
}

// untold is why an event that waited is not told after all, "" if it is.
func (m *mailbox) untold(ctx context.Context, tx *db.Tx, f folded, now time.Time) (Reason, error) {
	if f.undone {
		return ReasonUndone, nil
	}
	if isOverAt(f.Event, now.In(m.engine.zoneOf(f.Account, m.Location))) {
		return ReasonOver, nil
	}
	if f.Event.Item == 0 {
		return "", nil
	}
	last, _, err := tx.LastTold(ctx, m.Name, f.Event.Item)
	if err == nil && isKnown(f.Event, last) {
		return ReasonKnown, nil
	}
	return "", err
}

// rank orders tellings by gravity, and what leads before what follows from it.
func (t telling) rank() int {
	if t.facts.kind == "system.recovered" {
		return 0 // the heading of what changed meanwhile
	}
	rank := 2 * int(gravityOf(t.facts))
	if strings.HasPrefix(t.facts.kind, "lesson.") {
		rank++ // after the hours of the day, or the punishment
	}
	return rank
}

// byCause puts events of one cause together, the gravest first.
func byCause(list []telling) (led []telling) {
	slices.SortStableFunc(list, func(a, b telling) int { return cmp.Compare(a.rank(), b.rank()) })
	leads := map[string]int{}
	for _, t := range list {
		if t.Event.Cause == "" {
			led = append(led, t)
			continue
		}
		key := fmt.Sprintf("%d %d %s", t.AccountID, t.Event.Student, t.Event.Cause)
		if i, ok := leads[key]; ok {
			led[i].with = append(led[i].with, t)
			continue
		}
		leads[key] = len(led)
		led = append(led, t)
	}
	return led
}

// apart are the families of events that each child has for itself: each needs an answer
// of its own.
var apart = []string{"absence.*", "delay.*", "punishment.*", "observation.*", "mark.*", "average.*", "evaluation.*", "report.*"}

// summed are the families of which a letter says the sum, and not how often.
var summed = []string{"transaction.*"}

// joinAlike makes one telling of those that say the same of several children, or twice
// of one.
func (m *mailbox) joinAlike(list []telling, now time.Time) (joined []telling) {
	words, to := m.engine.Wording.In(m.Language), m.reader(now)
	said := map[string]int{}
	for _, t := range list {
		e := t.event()
		e.Child = ""
		alone, err := words.Message([]wording.Event{e}, to)
		key := alone.Title + "\n" + alone.Body
		if matchesAny(apart, t.facts.kind) {
			key = strings.Join(t.names, "\n") + "\n\n" + key
		}
		i, known := said[key]
		if err != nil || !known || matchesAny(summed, t.facts.kind) { // its letter will say what is wrong with it
			said[key] = len(joined)
			joined = append(joined, t)
			continue
		}
		first := &joined[i]
		if slices.Equal(first.names, t.names) {
			first.times++
		}
		for _, name := range t.names {
			if !slices.Contains(first.names, name) {
				first.names = append(first.names, name)
			}
		}
		first.told = append(first.told, t.deliveries()...)
	}
	return joined
}

// deliveries are the numbers of those that a telling tells.
func (t telling) deliveries() []int64 {
	ids := append([]int64{t.ID}, t.told...)
	for _, w := range t.with {
		ids = append(ids, w.deliveries()...)
	}
	return ids
}

// merged are the numbers of those that it takes the place of.
func (t telling) merged() []int64 {
	ids := slices.Clone(t.before)
	for _, w := range t.with {
		ids = append(ids, w.merged()...)
	}
	return ids
}

// event is a telling as it is worded.
func (t telling) event() wording.Event {
	e := wording.Event{Kind: t.Event.Kind, Data: t.Event.Data, Times: t.times}
	for _, w := range t.with {
		e.With = append(e.With, w.event())
	}
	return e
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
		if err := tx.End(ctx, append(t.deliveries(), t.merged()...), db.Failed, reasonWording); err != nil {
			return err
		}
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
		told, merged = append(told, t.deliveries()...), append(merged, t.merged()...)
		l.Night = l.Night || t.Reason == ReasonAlarm
	}
	var parts []db.Letter
	for i, part := range m.split(message) {
		l.Title, l.Text = part.Title, part.Body
		l.Identity = identityOf(l, told, i)
		parts = append(parts, l)
	}
	_, err = tx.Post(ctx, parts, told, merged)
	return err
}

// split makes the parts of a message that a channel delivers whole.
func (m *mailbox) split(message wording.Message) []wording.Message {
	if limit := notifiers.Limit(m.Channel); limit > 0 {
		return message.Split(limit)
	}
	return []wording.Message{message}
}

// A manner is how a letter is shown, besides its text.
type manner struct {
	Link   string          `json:"link,omitempty"`
	Level  notifiers.Level `json:"level,omitempty"`
	Thread string          `json:"thread,omitempty"`
	School string          `json:"school,omitempty"`
	Day    string          `json:"day,omitempty"`
}

// manner is how a letter is shown, and the letter that it corrects.
func (m *mailbox) manner(ctx context.Context, tx *db.Tx, l db.Letter, group []telling) (text json.RawMessage, amends int64, err error) {
	how := manner{Level: notifiers.Quiet}
	if len(group) > 0 {
		first := group[0]
		how.Link, how.School = m.engine.pageOf(first.Account)
		how.Level = first.level(l.ComposedAt.Date)
		day := first.Event.Day
		if day.IsZero() {
			day = first.At.Date
		}
		how.Thread = fmt.Sprintf("%s %s %s", first.Account, strings.Join(first.names, " "), day)
		how.Day = day.String()
	}
	if l.Kind != db.News {
		how.Level = notifiers.Quiet
	}
	if len(group) == 1 && len(group[0].with) == 0 && group[0].Event.Item != 0 && !strings.HasSuffix(group[0].Event.Kind, ".new") {
		_, last, err := tx.LastTold(ctx, m.Name, group[0].Event.Item)
		if err != nil {
			return nil, 0, err
		}
		if last.Receipt != "" && last.Alone {
			amends = last.ID
		}
	}
	text, err = json.Marshal(how)
	return text, amends, err
}

// level is how much an event may disturb.
func (t telling) level(today civil.Date) notifiers.Level {
	grave := gravityOf(t.facts)
	switch {
	case t.facts.isCare():
		return notifiers.Alarm
	case grave <= pressing && !strings.HasPrefix(t.facts.kind, "system.") && t.Event.Day.DaysSince(today) <= 1: // or of no day
		return notifiers.Urgent
	case grave >= quiet:
		return notifiers.Quiet
	}
	return notifiers.Normal
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

// pageOf is the page that people open to see what an account has, "" where there is
// none, and what its school is called.
func (e *Engine) pageOf(account string) (link, school string) {
	w, err := e.find(account)
	if err != nil {
		return "", ""
	}
	if strings.HasPrefix(w.account.URL, "http") {
		link = w.account.URL
	}
	return link, w.published.Load().School
}
