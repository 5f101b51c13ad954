package db

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/pronote-sync/pronote-sync/pronote"
)

func TestNewsIsWhatAppearedSince(t *testing.T) {
	t.Parallel()
	newStore(t).try(t, func(tx *Tx) {
		o := tx.owner(t, "lea", "MARTIN Léa")
		marks, work := rig[pronote.Mark]{Marks}, rig[pronote.Homework]{Homework}
		uids := map[string]string{}
		for i, name := range []string{"first look", "before", "at", "after", "changed"} {
			item := marks.add(t, tx, o, name, pronote.Mark{Title: name}, at(i))
			uids[name] = one[string](t, tx, `SELECT uid FROM _item WHERE id = ?`, item)
			kind := map[string]string{"first look": "", "changed": "changed"}
			if k, other := kind[name]; !other {
				must(t, tx.RecordChange(t.Context(), Change{Item: item, Kind: "added"}, at(i)))
			} else if k != "" {
				must(t, tx.RecordChange(t.Context(), Change{Item: item, Kind: k}, at(i)))
			}
		}
		must(t, tx.RecordChange(t.Context(), Change{Item: work.add(t, tx, o, "1", pronote.Homework{DueOn: at(0).Date}, at(3)), Kind: "added"}, at(3)))
		got, err := tx.News(t.Context(), "marks", at(2))
		if want := map[string]pronote.DateTime{uids["at"]: at(2), uids["after"]: at(3)}; !gocmp.Equal(got, want) || err != nil {
			t.Errorf("news: %v, want %v (%v)", got, want, err)
		}
	})
}

func TestTheLastChangeOfAnAccount(t *testing.T) {
	t.Parallel()
	newStore(t).try(t, func(tx *Tx) {
		o, other := tx.owner(t, "lea", "MARTIN Léa"), tx.owner(t, "tom", "MARTIN Tom")
		if last, err := tx.LastChange(t.Context(), "lea"); last != nil || err != nil {
			t.Errorf("the last of no changes: %+v, %v", last, err)
		}
		for i, whose := range []Owner{o, o, other} {
			item := rig[pronote.Mark]{Marks}.add(t, tx, whose, "1", pronote.Mark{}, at(i))
			must(t, tx.RecordChange(t.Context(), Change{Item: item, Kind: "added", Subject: "SVT", Title: "Volcans"}, at(i)))
		}
		last, err := tx.LastChange(t.Context(), "lea")
		must(t, err)
		last.UID = ""
		want := Recent{At: at(1), Domain: "marks", Kind: "added", Account: "lea", Student: "MARTIN Léa", Subject: "SVT", Title: "Volcans"}
		if diff := gocmp.Diff(want, *last); diff != "" {
			t.Errorf("-want +got:\n%s", diff)
		}
	})
}

func TestAttachmentsAreCounted(t *testing.T) {
	t.Parallel()
	newStore(t).try(t, func(tx *Tx) {
		o := tx.owner(t, "lea", "MARTIN Léa")
		work := rig[pronote.Homework]{Homework}.add(t, tx, o, "1", pronote.Homework{DueOn: at(0).Date}, at(0))
		uid := one[string](t, tx, `SELECT uid FROM _item WHERE id = ?`, work)
		files := rig[Part[pronote.Attachment]]{Attachments}
		for i := range 3 {
			item := files.add(t, tx, o, string(rune('a'+i)), Part[pronote.Attachment]{Of: work}, at(0))
			if i == 2 {
				must(t, Attachments.Retire(t.Context(), tx, item, at(1)))
			}
		}
		counts, err := tx.AttachmentCounts(t.Context(), []string{uid, "none"})
		if want := map[string]int{uid: 2}; !gocmp.Equal(counts, want) || err != nil {
			t.Errorf("%v, %v", counts, err)
		}
		if counts, err := tx.AttachmentCounts(t.Context(), nil); counts != nil || err != nil {
			t.Errorf("of nothing: %v, %v", counts, err)
		}
	})
}
