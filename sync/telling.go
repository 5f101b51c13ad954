package sync

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/sync/internal/wording"
)

// A telling is what one letter says in one place: an event, the others of its cause,
// and those of other children that say the same.
type telling struct {
	folded
	facts facts
	names []string  // of the children, none where they need not be named
	with  []telling // of the same cause
	alike []telling // that say the same
	times int
}

// tellings ends what is not worth telling any more, and joins the rest.
func (m *mailbox) tellings(ctx context.Context, tx *db.Tx, waiting []db.Delivery, now time.Time) (list []telling, err error) {
	var kept []folded
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
			tx.AtEnd(func(tx *db.Tx) error { return tx.End(ctx, append(f.before, f.ID), state, why) })
			continue
		}
		kept = append(kept, f)
	}
	return m.joined(kept, now), nil
}

// joined are the tellings of events, in their order.
func (m *mailbox) joined(events []folded, now time.Time) (list []telling) {
	for _, f := range events {
		list = append(list, telling{folded: f, facts: factsOf(f.Event), names: childrenOf(f.Delivery), times: 1})
	}
	return m.joinAlike(byCause(list), now)
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

// apart are the families of events that each child has for itself, but for those that
// are of its class: each needs an answer of its own.
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
		if matchesAny(apart, t.facts.kind) && !t.facts.isOfClass() {
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
		first.alike = append(first.alike, t)
	}
	return joined
}

// deliveries are the numbers of those that a telling tells, and of those that these take
// the place of.
func (t telling) deliveries() (told, merged []int64) {
	told, merged = []int64{t.ID}, t.before
	for _, other := range slices.Concat(t.alike, t.with) {
		more, before := other.deliveries()
		told, merged = append(told, more...), slices.Concat(merged, before)
	}
	return told, merged
}

// event is a telling as it is worded.
func (t telling) event() wording.Event {
	e := wording.Event{Kind: t.Event.Kind, Data: t.Event.Data, Times: t.times}
	for _, w := range t.with {
		e.With = append(e.With, w.event())
	}
	return e
}
