package sync

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/pronote-sync/pronote-sync/civil"
	"github.com/pronote-sync/pronote-sync/db"
	"github.com/pronote-sync/pronote-sync/notifiers"
	"github.com/pronote-sync/pronote-sync/pronote"
	"github.com/pronote-sync/pronote-sync/sync/internal/wording"
)

// withBot is a recipient whose bot is heard, or is not.
func withBot(t *testing.T, name string, hears bool) Recipient {
	t.Helper()
	n, err := notifiers.New("telegram", func(settings any) error {
		*settings.(*notifiers.Telegram) = notifiers.Telegram{Token: notifiers.NewSecret("1:a"), ChatID: 11, Bot: hears}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return Recipient{Name: name, Channel: "telegram", Notifier: n, Language: "fr", Location: time.UTC}
}

func TestWhichButtonsALetterHas(t *testing.T) {
	t.Parallel()
	letter := db.Letter{ID: 12, Kind: db.News}
	told := func(kinds ...string) (list []db.Delivery) {
		for _, kind := range kinds {
			list = append(list, db.Delivery{Event: db.Event{Kind: kind}})
		}
		return list
	}
	for name, c := range map[string]struct {
		letter db.Letter
		told   []db.Delivery
		hears  bool
		want   []string
	}{
		"to explain":  {letter, told("absence.new"), true, []string{"seen:12", "later:12"}},
		"one of more": {letter, told("homework.new", "survey.new"), true, []string{"seen:12", "later:12"}},
		"of a kind":   {letter, told("homework.new", "homework.changed"), true, []string{"mute:12"}},
		"of several":  {letter, told("homework.new", "mark.new"), true, nil},
		"of ours":     {letter, told("system.banned"), true, nil},
		"unheard":     {letter, told("absence.new"), false, nil},
		"a digest":    {db.Letter{ID: 12, Kind: db.Evening}, told("homework.new"), true, nil},
		"second part": {db.Letter{ID: 12, First: 11, Kind: db.News}, told("homework.new"), true, nil},
		"nothing":     {letter, nil, true, nil},
	} {
		var got []string
		for _, a := range withBot(t, "maman", c.hears).buttons(c.letter, c.told) {
			if got = append(got, a.Data); a.Label == "" {
				t.Errorf("%s: a button without a label", name)
			}
		}
		if !gocmp.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestPressedButtonsAreObeyedByTheirReaderOnly(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	store, err := db.Open(ctx, filepath.Join(t.TempDir(), "pronote.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	}()
	now := time.Date(2025, 11, 18, 12, 0, 0, 0, time.UTC)
	maman, papa := withBot(t, "maman", true), withBot(t, "papa", true)
	var letter, item, child int64
	update := func(f func(context.Context, *db.Tx) error) {
		t.Helper()
		if err := store.Update(ctx, func(tx *db.Tx) error { return f(ctx, tx) }); err != nil {
			t.Fatal(err)
		}
	}
	update(func(ctx context.Context, tx *db.Tx) error {
		a, err := tx.Account(ctx, "lea", "pronote", "https://0123456a.example/pronote/", "student")
		if err != nil {
			return err
		}
		s, err := tx.SaveStudent(ctx, a.ID, db.Student{Name: "MARTIN Léa"})
		if err != nil {
			return err
		}
		child = s.ID
		at := civil.DateTimeOf(now)
		item, err = db.Absences.Add(ctx, tx, db.Owner{Account: a.ID, Student: s.ID, AccountName: "lea", StudentName: s.Name}, "1", pronote.Absence{StartsAt: at}, at)
		if err != nil {
			return err
		}
		event := db.Event{Kind: "absence.new", Student: s.ID, Item: item, Data: []byte(`{"now":{"starts_at":"2025-11-18 08:00:00"}}`)}
		address := db.Address{Recipient: "maman", Channel: "telegram", Way: db.Now, Reason: ReasonPreset, Due: now, DueAt: at}
		if err := tx.Enqueue(ctx, a.ID, at, []db.Event{event}, func(db.Event) []db.Address { return []db.Address{address} }); err != nil {
			return err
		}
		waiting, err := tx.Waiting(ctx, "maman", now)
		if err != nil {
			return err
		}
		posted, err := tx.Post(ctx, []db.Letter{{Recipient: "maman", Channel: "telegram", Kind: db.News, Identity: "a", Composed: now, ComposedAt: at, Manner: []byte(`{}`), Due: now}}, []int64{waiting[0].ID}, nil)
		if err != nil {
			return err
		}
		letter = posted[0].ID
		return tx.Sent(ctx, posted[0], at, "")
	})
	answers := Answers{Store: store, Accounts: []string{"lea"}, Now: func() time.Time { return now }}
	press := func(who Recipient, data string) Button {
		t.Helper()
		done, err := answers.Press(ctx, who, data)
		if err != nil {
			t.Fatal(err)
		}
		return done
	}
	seen := fmt.Sprintf("seen:%d", letter)
	for _, data := range []string{"", "seen", "seen:", "seen:0", "seen:-1", "seen:1x", "seen:01", fmt.Sprintf("seen:+%d", letter), fmt.Sprintf("drop:%d", letter), fmt.Sprintf("seen:%d", letter+1)} {
		if done := press(maman, data); done != "" {
			t.Errorf("%q is obeyed as %s", data, done)
		}
	}
	if done := press(papa, seen); done != "" {
		t.Errorf("a button of maman's letter is obeyed for papa as %s", done)
	}
	state := func() (isSeen bool, mutes []db.Mute, waiting []db.Delivery) {
		update(func(ctx context.Context, tx *db.Tx) (err error) {
			if isSeen, err = tx.Seen(ctx, item); err != nil {
				return err
			}
			if mutes, err = tx.Mutes(ctx, now); err != nil {
				return err
			}
			waiting, err = tx.Waiting(ctx, "maman", now.Add(24*time.Hour))
			return err
		})
		return isSeen, mutes, waiting
	}
	if isSeen, mutes, waiting := state(); isSeen || mutes != nil || waiting != nil {
		t.Errorf("forged buttons have done something: %v, %v, %v", isSeen, mutes, waiting)
	}
	for _, b := range []Button{ButtonSeen, ButtonMute, ButtonLater, ButtonLater} {
		if done := press(maman, fmt.Sprintf("%s:%d", b, letter)); done != b {
			t.Errorf("%s is obeyed as %q", b, done)
		}
	}
	isSeen, mutes, waiting := state()
	if !isSeen || len(mutes) != 1 || mutes[0].Family != "absence" || mutes[0].Student != child || !mutes[0].Until.Equal(now.Add(mutedFor)) {
		t.Errorf("seen %v, muted %+v", isSeen, mutes)
	}
	if len(waiting) != 1 || waiting[0].Event.Kind != "reminder.due" || !waiting[0].Due.Equal(now.Add(laterBy)) || waiting[0].Event.Item != item {
		t.Errorf("to be told again: %+v", waiting)
	}
	if _, err := NewWording(nil, nil).In("fr").Message([]wording.Event{{Kind: waiting[0].Event.Kind, Data: waiting[0].Event.Data}}, maman.reads(civil.DateTimeOf(now))); err != nil {
		t.Errorf("the reminder cannot be worded: %v", err)
	}
}
