package db

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// to addresses every event to some recipients, due at a second.
func to(second int, recipients ...string) func(Event) []Address {
	return func(Event) (list []Address) {
		for _, r := range recipients {
			list = append(list, Address{Recipient: r, Channel: "ntfy", Way: Now, Reason: "preset", Due: unix(second), DueAt: at(second)})
		}
		return list
	}
}

// enqueue puts events of these kinds into the outbox, as one poll does.
func (tx *Tx) enqueue(t fataler, o Owner, second int, route func(Event) []Address, kinds ...string) {
	t.Helper()
	var events []Event
	for _, kind := range kinds {
		events = append(events, Event{Kind: kind, Student: o.Student, Data: json.RawMessage(`{}`)})
	}
	if err := tx.Enqueue(t.Context(), o.Account, at(second), events, route); err != nil {
		t.Fatal(err)
	}
}

// next returns the kinds of what waits for a recipient, and the numbers of its
// deliveries.
func (tx *Tx) next(t fataler, recipient string, second int) (kinds string, ids []int64) {
	t.Helper()
	waiting, err := tx.Waiting(t.Context(), recipient, unix(second))
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, d := range waiting {
		list, ids = append(list, d.Event.Kind), append(ids, d.ID)
	}
	return strings.Join(list, " "), ids
}

// post makes a letter of deliveries, of as many parts as there are texts.
func (tx *Tx) post(t fataler, recipient string, second int, ids []int64, texts ...string) (parts []Letter) {
	t.Helper()
	for i, text := range texts {
		parts = append(parts, Letter{
			Recipient: recipient, Channel: "ntfy", Kind: News, Identity: fmt.Sprint(second, i), Composed: unix(second), ComposedAt: at(second),
			Title: "Maths", Text: text, Manner: json.RawMessage(`{}`), Due: unix(second),
		})
	}
	parts, err := tx.Post(t.Context(), parts, ids, nil)
	if err != nil {
		t.Fatal(err)
	}
	return parts
}

// due returns the second at which the next delivery is due, -1 when none is.
func (tx *Tx) due(t fataler, recipient string) int {
	t.Helper()
	due, err := tx.NextDue(t.Context(), recipient)
	if err != nil {
		t.Fatal(err)
	}
	if due.IsZero() {
		return -1
	}
	return int(due.Sub(start).Seconds())
}

func must(t fataler, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// A list of thousands that was published at once made each message read what was
// left for all of the next ones.
func TestThousandsOfEventsComeInParts(t *testing.T) {
	t.Parallel()
	newStore(t).try(t, func(tx *Tx) {
		a, err := tx.Account(t.Context(), "famille", "pronote", "", "parent")
		must(t, err)
		var events []Event
		var want []string
		for i := range 3*mostWaiting + 10 {
			want = append(want, fmt.Sprintf(`{"n":%d}`, i))
			events = append(events, Event{Kind: "mark.new", Data: json.RawMessage(want[i])})
		}
		must(t, tx.Enqueue(t.Context(), a.ID, at(0), events, to(5, "maman", "papa")))
		var got []string
		parts := 0
		for ; ; parts++ {
			waiting, err := tx.Waiting(t.Context(), "papa", unix(5))
			must(t, err)
			if len(waiting) == 0 {
				break
			}
			var ids []int64
			for _, d := range waiting {
				ids, got = append(ids, d.ID), append(got, string(d.Event.Data))
			}
			must(t, tx.Sent(t.Context(), tx.post(t, "papa", 5, ids, "many")[0], at(6), ""))
		}
		if parts != 4 || !slices.Equal(got, want) {
			t.Errorf("%d of %d events in %d parts, want all in order in a few", len(got), len(want), parts)
		}
	})
}

func TestWhatWaitsTellsAll(t *testing.T) {
	t.Parallel()
	newStore(t).try(t, func(tx *Tx) {
		a, err := tx.Account(t.Context(), "famille", "pronote", "", "parent")
		must(t, err)
		lea, err := tx.SaveStudent(t.Context(), a.ID, Student{Name: "MARTIN Léa", Alias: "Léa"})
		must(t, err)
		_, err = tx.SaveStudent(t.Context(), a.ID, Student{Name: "MARTIN Noé"})
		must(t, err)
		holder, err := tx.SaveStudent(t.Context(), a.ID, Student{Name: "famille", Holder: true})
		must(t, err)
		item, err := Infos.Add(t.Context(), tx, Owner{Account: a.ID, Student: holder.ID}, "a", Infos.zero(), at(0))
		must(t, err)
		events := []Event{
			{
				Kind: "mark.new", Student: lea.ID, Data: json.RawMessage(`{"now":{"title":"É"}}`),
				Cause: "day 2025-11-17", Day: at(0).Date, Over: at(7), Minor: MinorTitle,
			},
			{Kind: "info.new", Student: holder.ID, Item: item, Data: json.RawMessage(`{}`)},
			{Kind: "system.recovered", Data: json.RawMessage(`[]`)},
		}
		must(t, tx.Enqueue(t.Context(), a.ID, at(3605), events, to(5, "maman")))

		got, err := tx.Waiting(t.Context(), "maman", unix(5))
		must(t, err)
		uid := one[string](t, tx, `SELECT uid FROM infos`)
		want := []Delivery{
			{ID: 1, Event: events[0], At: at(3605), Way: Now, Reason: "preset", Due: unix(5), AccountID: a.ID, Account: "famille", Student: "Léa", Children: 2},
			{ID: 2, Event: events[1], At: at(3605), Way: Now, Reason: "preset", Due: unix(5), AccountID: a.ID, Account: "famille", Student: "", UID: uid, Children: 2},
			{ID: 3, Event: events[2], At: at(3605), Way: Now, Reason: "preset", Due: unix(5), AccountID: a.ID, Account: "famille", Student: "", Children: 2},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("batch (-want +got):\n%s", diff)
		}

		after, last, err := tx.EventsAfter(t.Context(), 1)
		must(t, err)
		if diff := cmp.Diff(events[1:], after); diff != "" || last != 3 {
			t.Errorf("events after the first (-want +got), last %d:\n%s", last, diff)
		}
		if none, last, err := tx.EventsAfter(t.Context(), 3); none != nil || last != 3 || err != nil {
			t.Errorf("events after the last: %v, %d, %v", none, last, err)
		}
	})
}

// TestLettersLeaveInOrder: the oldest that is due first, and those of one recipient
// wait for nobody else's.
func TestLettersLeaveInOrder(t *testing.T) {
	t.Parallel()
	newStore(t).try(t, func(tx *Tx) {
		o := tx.owner(t, "lea", "MARTIN Léa")
		tx.enqueue(t, o, 0, to(0, "maman", "papa"), "a1", "a2")
		tx.enqueue(t, o, 2, to(60, "maman"), "b") // after the night
		_, ids := tx.next(t, "maman", 0)
		tx.post(t, "maman", 0, ids, "one", "two")
		if got, _ := tx.next(t, "maman", 50); got != "" {
			t.Errorf("%q waits though a letter tells it", got)
		}
		if due := tx.due(t, "maman"); due != 0 {
			t.Errorf("next due at %d, want that of the letter", due)
		}
		for _, want := range []string{"one", "two"} {
			l, found, err := tx.NextLetter(t.Context(), "maman", unix(50))
			if err != nil || !found || l.Text != want {
				t.Fatalf("the next letter is %q (%v), want %q", l.Text, err, want)
			}
			if n := one[int](t, tx, `SELECT count(*) FROM _delivery WHERE state = 'sent'`); n != 0 {
				t.Errorf("%d deliveries are sent before the last part is", n)
			}
			must(t, tx.Sent(t.Context(), l, at(50), "4711"))
		}
		if n := one[int](t, tx, `SELECT count(*) FROM _delivery WHERE state = 'sent'`); n != 2 {
			t.Errorf("%d deliveries are sent, want 2", n)
		}
		if _, found, err := tx.NextLetter(t.Context(), "maman", unix(50)); found || err != nil {
			t.Errorf("there is another letter (%v)", err)
		}
		if due := tx.due(t, "maman"); due != 60 {
			t.Errorf("next due at %d, want 60", due)
		}
		if got, _ := tx.next(t, "papa", 50); got != "a1 a2" {
			t.Errorf("for papa waits %q", got)
		}
		if due := tx.due(t, "stranger"); due != -1 {
			t.Errorf("a stranger's is due at %d", due)
		}
	})
}

func TestDeliveryStates(t *testing.T) {
	t.Parallel()
	store := newStore(t)
	store.try(t, func(tx *Tx) {
		o := tx.owner(t, "lea", "MARTIN Léa")
		tx.enqueue(t, o, 0, to(0, "maman", "papa"), "mark.new")
		_, ids := tx.next(t, "maman", 0)
		check := func(what, want string) {
			t.Helper()
			row := func(recipient string) string {
				return one[string](t, tx, `
					SELECT state || ' ' || attempts || ' ' || coalesce(sent_at, '-') || ' ' || coalesce(last_error, '-') FROM deliveries WHERE recipient = ?`, recipient)
			}
			if got := row("maman"); got != want {
				t.Errorf("%s: the delivery is %q, want %q", what, got, want)
			}
			if got, want := row("papa"), "pending 0 - -"; got != want {
				t.Errorf("%s: the other's is %q, want %q", what, got, want)
			}
		}
		due := func(what string, want int) {
			t.Helper()
			if got := tx.due(t, "maman"); got != want {
				t.Errorf("%s: due at %d, want %d", what, got, want)
			}
		}
		check("enqueued", "pending 0 - -")
		l := tx.post(t, "maman", 0, ids, "fractions")[0]
		check("composed", "pending 0 - -")
		must(t, tx.Postpone(t.Context(), l, "no answer", 15*time.Second, unix(15), at(15)))
		check("postponed", "pending 1 - no answer")
		due("postponed", 15)
		must(t, tx.Hold(t.Context(), "maman", unix(10), at(10)))
		due("held for less", 15)
		must(t, tx.Hold(t.Context(), "maman", unix(20), at(20)))
		due("held", 20)
		if failing, err := tx.IsFailing(t.Context(), "maman"); !failing || err != nil {
			t.Errorf("it is failing: %t (%v)", failing, err)
		}

		l, found, err := tx.NextLetter(t.Context(), "maman", unix(20))
		if err != nil || !found || l.Attempts != 1 || l.TriedFor != 15*time.Second {
			t.Fatalf("the letter is %+v (%v), want one that was tried for a while", l, err)
		}
		must(t, tx.TakeApart(t.Context(), l))
		check("taken apart", "pending 1 - no answer")
		waiting, err := tx.Waiting(t.Context(), "maman", unix(20))
		if err != nil || len(waiting) != 1 || waiting[0].Attempts != 1 || waiting[0].TriedFor != 15*time.Second {
			t.Fatalf("what waits is %+v (%v), want one that was tried for a while", waiting, err)
		}
		l = tx.post(t, "maman", 20, ids, "fractions")[0]
		must(t, tx.GiveUp(t.Context(), l, Failed, "no such chat"))
		check("failed", "failed 2 - no such chat")
		due("failed", -1)
		for _, recipient := range []string{"papa", "stranger"} {
			if n, err := tx.Retry(t.Context(), recipient, unix(40), at(40)); n != 0 || err != nil {
				t.Errorf("Retry of %s: %d (%v), want none", recipient, n, err)
			}
		}
		if n, err := tx.Retry(t.Context(), "", unix(40), at(40)); n != 1 || err != nil {
			t.Errorf("Retry of all: %d (%v), want 1", n, err)
		}
		check("retried", "pending 0 - no answer")
		l = tx.post(t, "maman", 40, ids, "\uE000"+"14"+"\uE001")[0]
		must(t, tx.Sent(t.Context(), l, at(41), "4711"))
		check("sent", "sent 1 "+at(41).String()+" no answer")
		if got := one[string](t, tx, `SELECT text FROM deliveries WHERE recipient = 'maman'`); got != "14" {
			t.Errorf("the text is shown as %q, want it without covers", got)
		}
	})
}

// What follows a letter that failed waits as long, but another recipient's does not.
func TestPostponeKeepsTheOrder(t *testing.T) {
	t.Parallel()
	newStore(t).try(t, func(tx *Tx) {
		o := tx.owner(t, "lea", "MARTIN Léa")
		tx.enqueue(t, o, 0, to(0, "maman", "papa"), "a")
		tx.enqueue(t, o, 1, to(1, "maman"), "b")
		tx.enqueue(t, o, 2, to(99, "maman"), "c")
		_, ids := tx.next(t, "maman", 0)
		l := tx.post(t, "maman", 0, ids, "a")[0]
		must(t, tx.Postpone(t.Context(), l, "no answer", 15*time.Second, unix(20), at(20)))
		for _, step := range []struct {
			recipient string
			second    int
			want      string
		}{{"papa", 5, "a"}, {"maman", 19, ""}, {"maman", 20, "b"}} {
			if got, _ := tx.next(t, step.recipient, step.second); got != step.want {
				t.Errorf("%s at second %d: %q, want %q", step.recipient, step.second, got, step.want)
			}
		}
		if got := tx.due(t, "maman"); got != 20 {
			t.Errorf("next due at %d, want 20", got)
		}
	})
}

// What may leave at any hour is not held at night; after a failure it waits like the
// rest.
func TestAnAlarmIsNotHeldAtNight(t *testing.T) {
	t.Parallel()
	newStore(t).try(t, func(tx *Tx) {
		o := tx.owner(t, "lea", "MARTIN Léa")
		alarm := func(Event) []Address {
			return []Address{{Recipient: "maman", Channel: "ntfy", Way: Now, Reason: "alarm", Due: unix(0), DueAt: at(0)}}
		}
		tx.enqueue(t, o, 0, to(0, "maman"), "homework.new")
		tx.enqueue(t, o, 0, alarm, "observation.new")
		must(t, tx.Hold(t.Context(), "maman", unix(99), at(99)))
		got, ids := tx.next(t, "maman", 50)
		if got != "observation.new" {
			t.Errorf("at night %q is due", got)
		}
		letter := Letter{Recipient: "maman", Channel: "ntfy", Kind: News, Night: true, Composed: unix(50), Manner: json.RawMessage(`{}`), Due: unix(50)}
		parts, err := tx.Post(t.Context(), []Letter{letter}, ids, nil)
		must(t, err)
		must(t, tx.Hold(t.Context(), "maman", unix(99), at(99)))
		if got := tx.due(t, "maman"); got != 50 {
			t.Errorf("the alarm is due at %d, want 50", got)
		}
		must(t, tx.Postpone(t.Context(), parts[0], "no answer", 15*time.Second, unix(65), at(65)))
		if got := tx.due(t, "maman"); got != 65 {
			t.Errorf("the alarm is due again at %d, want 65", got)
		}
	})
}

func TestAbandon(t *testing.T) {
	t.Parallel()
	store := newStore(t)
	store.write(t, func(tx *Tx) error {
		o := tx.owner(t, "lea", "MARTIN Léa")
		tx.enqueue(t, o, 0, to(0, "maman", "papa", "l'école"), "a", "b")
		_, ids := tx.next(t, "papa", 0)
		return tx.Sent(t.Context(), tx.post(t, "papa", 0, ids[:1], "a")[0], at(1), "")
	})
	for _, test := range []struct {
		configured []string
		want       int64
		left       string
	}{
		{[]string{"maman", "papa", "l'école"}, 0, "maman 2, papa 1, l'école 2"},
		{[]string{"maman", `"`, "l'école"}, 1, "maman 2, l'école 2"},
		{[]string{}, 5, ""},
		{nil, 5, ""}, // nobody is told anything any more
	} {
		store.try(t, func(tx *Tx) {
			list, err := tx.Abandon(t.Context(), test.configured, "no longer configured")
			got := int64(0)
			for _, c := range list {
				got += int64(c.Pending)
			}
			if got != test.want || err != nil {
				t.Errorf("Abandon of all but %q: %d (%v), want %d", test.configured, got, err, test.want)
			}
			for recipient, n := range map[string]int{"maman": 2, "papa": 1, "l'école": 2} {
				kinds, _ := tx.next(t, recipient, 0)
				if left, want := len(strings.Fields(kinds)), strings.Contains(test.left, fmt.Sprint(recipient, " ", n)); (left == n) != want || !want && left > 0 {
					t.Errorf("without %q: %d deliveries of %s are left, of %d", test.configured, left, recipient, n)
				}
			}
			if failed := one[int64](t, tx, `SELECT count(*) FROM deliveries WHERE state = 'failed' AND last_error = 'no longer configured'`); failed != test.want {
				t.Errorf("%d deliveries failed, want %d", failed, test.want)
			}
		})
	}
}

// Another recipient gets what one did not get, but not twice.
func TestForward(t *testing.T) {
	t.Parallel()
	newStore(t).try(t, func(tx *Tx) {
		o := tx.owner(t, "lea", "MARTIN Léa")
		tx.enqueue(t, o, 0, to(0, "maman", "papa"), "both")
		tx.enqueue(t, o, 1, to(1, "maman"), "a", "b", "c")
		_, ids := tx.next(t, "maman", 0)
		l := tx.post(t, "maman", 0, ids, "both")[0]
		must(t, tx.Postpone(t.Context(), l, "no answer", time.Hour, unix(0), at(0)))
		must(t, tx.GiveUp(t.Context(), l, Failed, "gone"))
		_, ids = tx.next(t, "maman", 1)
		must(t, tx.GiveUp(t.Context(), tx.post(t, "maman", 1, ids[:1], "a")[0], Failed, "gone"))
		must(t, tx.Sent(t.Context(), tx.post(t, "maman", 1, ids[1:2], "b")[0], at(2), ""))
		n, err := tx.Forward(t.Context(), "maman", Address{Recipient: "papa", Channel: "email", Due: unix(9), DueAt: at(9)})
		if n != 2 || err != nil {
			t.Errorf("%d forwarded (%v), want 2", n, err)
		}
		if got, _ := tx.next(t, "papa", 9); got != "both a c" {
			t.Errorf("papa gets %q", got)
		}
		if got := one[string](t, tx, `SELECT group_concat(channel || ' ' || attempts || ' ' || tried_for || ' ' || due_at, ', ') FROM _delivery
			WHERE recipient = 'papa' AND channel <> 'ntfy'`); got != "email 0 0 "+at(9).String()+", email 0 0 "+at(9).String() {
			t.Errorf("forwarded %q, want two fresh ones by email", got)
		}
	})
}

func TestEnqueueRefuses(t *testing.T) {
	t.Parallel()
	store := newStore(t)
	var o Owner
	store.write(t, func(tx *Tx) error { o = tx.owner(t, "lea", "MARTIN Léa"); return nil })
	good := Event{Kind: "mark.new", Student: o.Student, Data: json.RawMessage(`{}`)}
	for name, test := range map[string]struct {
		account int64
		event   Event
		route   func(Event) []Address
	}{
		"the same recipient twice": {o.Account, good, to(0, "maman", "maman")},
		"data that is not JSON":    {o.Account, Event{Kind: "mark.new", Data: json.RawMessage(`{`)}, to(0)},
		"no data":                  {o.Account, Event{Kind: "mark.new"}, to(0)},
		"no account":               {99, good, to(0)},
		"no such student":          {o.Account, Event{Kind: "mark.new", Student: 99, Data: json.RawMessage(`{}`)}, to(0)},
		"no such item":             {o.Account, Event{Kind: "mark.new", Item: 99, Data: json.RawMessage(`{}`)}, to(0)},
	} {
		err := store.Update(t.Context(), func(tx *Tx) error {
			return tx.Enqueue(t.Context(), test.account, at(0), []Event{good, test.event}, test.route)
		})
		if err == nil || !strings.Contains(err.Error(), "mark.new") {
			t.Errorf("%s: %v, want a refusal", name, err)
		}
	}
	store.read(t, func(tx *Tx) error {
		if n := one[int](t, tx, `SELECT count(*) FROM _event`); n > 0 {
			t.Errorf("%d events of refused batches are left", n)
		}
		return nil
	})
}

// TestDeliveryConstraints writes what no program should.
func TestDeliveryConstraints(t *testing.T) {
	t.Parallel()
	store := newStore(t)
	store.write(t, func(tx *Tx) error {
		tx.enqueue(t, tx.owner(t, "lea", "MARTIN Léa"), 0, to(0, "maman"), "mark.new")
		_, ids := tx.next(t, "maman", 0)
		tx.post(t, "maman", 0, ids, "fractions")
		return nil
	})
	for _, query := range []string{
		`UPDATE _letter SET state = 'sent'`,
		`UPDATE _letter SET sent_at = '2025-11-17 08:00:00'`,
		`UPDATE _letter SET state = 'failed', sent_at = '2025-11-17 08:00:00'`,
		`UPDATE _letter SET kind = 'afternoon'`,
		`UPDATE _delivery SET state = 'lost'`,
		`UPDATE _delivery SET way = 'tomorrow'`,
		`UPDATE _delivery SET due = 'soon'`,
		`UPDATE _delivery SET letter_id = 99`,
		`INSERT INTO _delivery (event_id, recipient, channel, way, reason, due, due_at) VALUES (1, 'maman', 'email', 'now', '', 0, '')`,
		`INSERT INTO _delivery (event_id, recipient, channel, way, reason, due, due_at) VALUES (2, 'papa', 'email', 'now', '', 0, '')`,
	} {
		err := store.Update(t.Context(), func(tx *Tx) error { _, err := tx.exec(t.Context(), query); return err })
		if err == nil || errors.Is(err, ErrCorrupt) {
			t.Errorf("%s: %v, want a refusal", query, err)
		}
	}
}

func TestRecordChange(t *testing.T) {
	t.Parallel()
	newStore(t).try(t, func(tx *Tx) {
		o := tx.owner(t, "lea", "MARTIN Léa")
		id, err := Homework.Add(t.Context(), tx, o, "a", Homework.zero(), at(0))
		must(t, err)
		object := json.RawMessage(`{"done":1}`)
		for i, c := range []Change{
			{Item: id, Kind: "added", After: object},
			{Item: id, Kind: "changed", What: []string{"done"}, Before: object, After: object},
			{Item: id, Kind: "removed", What: []string{}, Before: object},
		} {
			must(t, tx.RecordChange(t.Context(), c, at(i)))
		}
		got := column[string](t, tx, `SELECT concat_ws(' ', at, domain, kind, what, coalesce(before, '-'), coalesce(after, '-')) FROM changes`)
		want := []string{
			at(0).String() + ` homework added [] - {"done":1}`,
			at(1).String() + ` homework changed ["done"] {"done":1} {"done":1}`,
			at(2).String() + ` homework removed [] {"done":1} -`,
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("changes (-want +got):\n%s", diff)
		}
		for _, c := range []Change{
			{Item: id, Kind: "forgotten"}, {Item: 99, Kind: "added"}, {Item: id, Kind: "added", After: json.RawMessage(`{`)},
		} {
			if err := tx.RecordChange(t.Context(), c, at(9)); err == nil {
				t.Errorf("recorded %+v", c)
			}
		}
	})
}

// zero is the least value that a table stores.
func (t *Table[T]) zero() (v T) {
	for i, field := range t.Fields(&v) {
		if d, ok := field.(*day); ok && t.Columns[i] == "due_on" {
			*d = day(at(0).Date)
		}
	}
	return v
}
