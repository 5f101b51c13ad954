package db

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pronote-sync/pronote-sync/pronote"
)

func TestList(t *testing.T) {
	t.Parallel()
	newStore(t).try(t, func(tx *Tx) {
		for i, account := range []string{"lea", "noe"} {
			o := tx.owner(t, account, "MARTIN "+account)
			for day := range 3 {
				work := pronote.Homework{Subject: account, DueOn: at(0).AddDays(day), Description: fmt.Sprint("work ", day)}
				id, err := Homework.Add(t.Context(), tx, o, fmt.Sprint(day), work, at(10*i+day))
				must(t, err)
				must(t, tx.RecordChange(t.Context(), Change{Item: id, Kind: "added", After: Homework.JSON(work, "subject")}, at(10*i+day)))
			}
		}
		show := func(v View, f Filter, columns ...string) (lines []string) {
			records, err := tx.List(t.Context(), v, f)
			must(t, err)
			if records == nil {
				t.Errorf("%s %+v: nil, want an empty list, which JSON writes as []", v.Name, f)
			}
			for _, r := range records {
				var values []any
				for _, c := range columns {
					values = append(values, r[c])
				}
				line, err := json.Marshal(values)
				must(t, err)
				lines = append(lines, string(line))
			}
			return lines
		}
		for _, test := range []struct {
			filter Filter
			want   []string
		}{
			{Filter{}, []string{
				`["lea","2025-11-17"]`, `["noe","2025-11-17"]`, `["lea","2025-11-18"]`, `["noe","2025-11-18"]`, `["lea","2025-11-19"]`, `["noe","2025-11-19"]`,
			}},
			{Filter{Account: "lea"}, []string{`["lea","2025-11-17"]`, `["lea","2025-11-18"]`, `["lea","2025-11-19"]`}},
			{Filter{Student: "MARTIN noe", Since: "2025-11-18"}, []string{`["noe","2025-11-18"]`, `["noe","2025-11-19"]`}},
			{Filter{Account: "lea", Since: "2025-11-18", Until: "2025-11-18"}, []string{`["lea","2025-11-18"]`}},
			{Filter{Since: "2025-11-19", Limit: 1}, []string{`["lea","2025-11-19"]`}},
			{Filter{Account: "lea", Student: "MARTIN noe"}, nil},
			{Filter{Account: "' OR 1 --"}, nil},
		} {
			if diff := cmp.Diff(test.want, show(HomeworkView, test.filter, "account", "due_on")); diff != "" {
				t.Errorf("homework %+v (-want +got):\n%s", test.filter, diff)
			}
		}
		want := []string{
			`["2025-11-17 08:00:12","added",[],null,{"subject":"noe"}]`,
			`["2025-11-17 08:00:11","added",[],null,{"subject":"noe"}]`,
		}
		if diff := cmp.Diff(want, show(ChangesView, Filter{Limit: 2}, "at", "kind", "what", "before", "after")); diff != "" {
			t.Errorf("changes (-want +got):\n%s", diff)
		}
		for _, v := range []View{MarksView, InfosView} {
			if got := show(v, Filter{Since: "2025-01-01"}, "uid"); got != nil {
				t.Errorf("%s: %q, want none", v.Name, got)
			}
		}
	})
}

func TestCounts(t *testing.T) {
	t.Parallel()
	newStore(t).try(t, func(tx *Tx) {
		lea, noe := tx.owner(t, "lea", "MARTIN Léa"), tx.owner(t, "noe", "MARTIN Noé")
		for i, o := range []Owner{lea, lea, noe} {
			_, err := Homework.Add(t.Context(), tx, o, fmt.Sprint(i), Homework.zero(), at(i))
			must(t, err)
		}
		_, err := Staff.Add(t.Context(), tx, noe, "b", Staff.zero(), at(3))
		must(t, err)
		id, err := Marks.Add(t.Context(), tx, noe, "a", pronote.Mark{}, at(5))
		must(t, err)
		must(t, Marks.Retire(t.Context(), tx, id, at(6)))
		domains, err := tx.DomainCounts(t.Context(), []string{"marks", "homework", "staff"})
		must(t, err)
		want := []DomainCount{{"lea", "homework", 2, at(1).String()}, {"noe", "homework", 1, at(2).String()}, {"noe", "staff", 1, at(3).String()}}
		if diff := cmp.Diff(want, domains); diff != "" {
			t.Errorf("domains (-want +got):\n%s", diff)
		}

		tx.enqueue(t, lea, 0, to(0, "maman", "papa"), "a", "b", "c")
		_, ids := tx.next(t, "maman", 0)
		must(t, tx.Sent(t.Context(), tx.post(t, "maman", 0, ids[:1], "a")[0], at(1), ""))
		must(t, tx.GiveUp(t.Context(), tx.post(t, "maman", 0, ids[1:2], "b")[0], Failed, "no such chat"))
		deliveries, err := tx.DeliveryCounts(t.Context())
		must(t, err)
		wantDeliveries := []DeliveryCount{
			{Recipient: "maman", Channel: "ntfy", Sent: 1, Pending: 1, Failed: 1, LastError: "no such chat"},
			{Recipient: "papa", Channel: "ntfy", Pending: 3},
		}
		if diff := cmp.Diff(wantDeliveries, deliveries); diff != "" {
			t.Errorf("deliveries (-want +got):\n%s", diff)
		}
	})
}
