package db

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
)

// told enqueues an event of a kind for a recipient.
func (tx *Tx) told(t fataler, o Owner, kind string, a Address) {
	t.Helper()
	event := Event{Kind: kind, Student: o.Student, Data: []byte(`{"now":{}}`)}
	if err := tx.Enqueue(t.Context(), o.Account, at(0), []Event{event}, func(Event) []Address { return []Address{a} }); err != nil {
		t.Fatal(err)
	}
}

func TestFatesOfTheLastEvents(t *testing.T) {
	t.Parallel()
	newStore(t).try(t, func(tx *Tx) {
		o := tx.owner(t, "lea", "MARTIN Léa")
		to := func(who, way, reason string) Address {
			return Address{Recipient: who, Channel: "test", Way: way, Reason: reason, Due: unix(0), DueAt: at(0)}
		}
		tx.told(t, o, "mark.new", to("maman", Now, "preset"))
		tx.told(t, o, "homework.changed", to("maman", None, "typo"))
		tx.told(t, o, "average.changed", to("maman", None, "not_in_preset"))
		tx.told(t, o, "menu.new", to("papa", Now, "preset"))
		waiting, err := tx.Waiting(t.Context(), "maman", unix(1))
		must(t, err)
		letters, err := tx.Post(t.Context(), []Letter{{Recipient: "maman", Channel: "test", Kind: News, Identity: "a", Composed: unix(1), ComposedAt: at(1), Manner: []byte(`{}`), Due: unix(1)}}, []int64{waiting[0].ID}, nil)
		must(t, err)
		must(t, tx.Sent(t.Context(), letters[0], at(2), ""))
		fates, err := tx.Fates(t.Context(), "maman", []string{"not_in_preset"}, 10)
		must(t, err)
		var got []string
		for _, f := range fates {
			got = append(got, f.Event.Kind+" "+f.State+" "+f.Reason+" "+f.SentAt.String()+" "+f.Student)
		}
		want := []string{"homework.changed silent typo  MARTIN Léa", "mark.new sent preset " + at(2).String() + " MARTIN Léa"}
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
		if few, err := tx.Fates(t.Context(), "maman", nil, 1); len(few) != 1 || few[0].Event.Kind != "average.changed" || err != nil {
			t.Errorf("the last one: %+v, %v", few, err)
		}
		for who, n := range map[string]int{"maman": 1, "papa": 0} {
			if told, err := tx.ToldBy(t.Context(), letters[0].ID, who); len(told) != n || err != nil {
				t.Errorf("a letter to maman told %s %d events, %v", who, len(told), err)
			}
		}
	})
}
